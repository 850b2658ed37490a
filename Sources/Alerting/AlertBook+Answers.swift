import Model
package import Rules

/// The answer watched: how far it has spread beside the claim, and whether the claim grows on after it.
extension AlertBook {
  /// A text that says of a rule's claim that it is false: it counts as answer to the alert of its key. What makes an
  /// alert responded is for its rules to say (`when_met`), and for officers.
  package mutating func refute(rule: Rule, key: Key, source: String) {
    guard let id = latestID(of: rule, key) else { return }
    count(source, on: id)
  }

  /// A text of an official source on a topic: it counts as answer to the alerts on it, unless it is evidence of them.
  package mutating func officialSpeaks(
    of narratives: [String], region: String?, source: String, besides known: Set<String>
  ) {
    let answered = alerts.values.filter { alert in
      guard let rule = rules[alert.rule], rule.type == "claim", rule.severity != .info else { return false }
      let isAbout = narratives.contains(alert.key["narrative"] ?? rule.narrative)
      return isAbout && (alert.key["region"].map { $0 == region } ?? true) && !known.contains(alert.id)
        && latest[alert.fingerprint] == alert.id && alert.work != .closed
    }
    for alert in answered.sorted(by: { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) })
    where !alert.sources.contains(source) {
      count(source, on: alert.id)
    }
  }

  private mutating func count(_ source: String, on id: String) {
    guard var alert = alerts.removeValue(forKey: id) else { return }
    alert.answers += 1
    alert.answerSources.insert(source)
    store(alert)
  }

  /// The alert of a rule with a key, to leave it out of what else a text answers.
  package func latestID(of rule: Rule, _ key: Key) -> String? {
    latest[Identity.fingerprint(rule: rule.fingerprintID, key: key)]
  }
}

extension Alert {
  /// How often the claim was told: texts and what repeats them.
  var spread: Int { evidenceCount + (measure.reposts ?? 0) }

  /// Whether the claim has grown on after the answer: as much again as before it, and more than a straggler or two.
  var outgrewAnswer: Bool {
    guard work == .responded, let before = spreadAtAnswer else { return false }
    return spread - before >= max(Alert.stragglers, before)
  }

  private static let stragglers = 3
}
