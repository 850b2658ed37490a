import JSON
package import Model
import Rules

/// Alerts of which nobody wants to hear for a time.
extension AlertBook {
  mutating func silence(_ wish: Silence.Wish, _ signature: OfficerAct.Signature, now: Moment) {
    var silence = Silence(wish, by: signature.by, at: now)
    silences[silence.id] = silence
    for alert in matched(by: silence) { silence.held[alert.id] = alert.size }
    silences[silence.id] = silence
    changedSilences.insert(silence.id)
    schedule(silence)
  }

  mutating func unsilence(_ name: Silence.Name, now: Moment) throws(Refusal) {
    end(try silenceID(name), now: now)
  }

  /// The latest that fits.
  func silenceID(_ name: Silence.Name) throws(Refusal) -> String {
    switch name {
    case .id(let id):
      guard silences[id] != nil else { throw Refusal("there is no silence «\(id)»") }
      return id
    case .match(let match):
      let found = silences.values.filter { $0.match == match }.max { ($0.since, $0.id) < ($1.since, $1.id) }
      guard let found else { throw Refusal("there is no silence with these matchers") }
      return found.id
    }
  }

  /// The alerts that a silence would hold now: those that fire or wait for an answer. In the order of their ids.
  ///
  /// - Parameter act: the line of the act.
  package func preview(silence act: Act) throws(Refusal) -> [Alert] {
    guard case .silence(let wish, let signature) = try OfficerAct(act) else { throw Refusal("the act is no silence") }
    return matched(by: Silence(wish, by: signature.by, at: Moment(milliseconds: 0)))
  }

  private func matched(by silence: Silence) -> [Alert] {
    alerts.values.filter { alert in
      (alert.condition == .firing || alert.isOpen) && rules[alert.rule].map { silence.matches(alert, $0) } ?? false
    }.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  mutating func schedule(_ silence: Silence) { wakes.append(Wake(target: .silence(silence.id), due: silence.nextLook)) }

  // MARK: Holding

  /// Whether a silence holds the notices of the alert now; notes that it does.
  mutating func isSilenced(_ alert: Alert, _ rule: Rule, now: Moment) -> Bool {
    var isHeld = false
    for id in silenceIDs {
      guard var silence = silences[id], silence.until.map({ $0 > now }) ?? true, silence.matches(alert, rule) else {
        continue
      }
      if silence.held[alert.id] == nil { silence.held[alert.id] = alert.size }
      silence.lastMatch = now
      silences[id] = silence
      changedSilences.insert(id)
      if !silence.lets(alert) { isHeld = true }
    }
    return isHeld
  }

  /// Whether the alert has just grown out of a silence.
  mutating func breaksSilence(_ alert: Alert) -> Bool {
    var breaks = false
    for id in silenceIDs {
      guard var silence = silences[id], let before = silence.held[alert.id], let growth = silence.unless.growth,
        !silence.broken.contains(alert.id), before > 0, alert.size >= growth * before
      else { continue }
      silence.broken.insert(alert.id)
      silences[id] = silence
      changedSilences.insert(id)
      breaks = true
    }
    return breaks
  }

  private var silenceIDs: [String] {
    silences.isEmpty ? [] : silences.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  // MARK: The end

  package mutating func wake(silence id: String, at due: Moment) {
    guard var silence = silences[id], silence.nextLook <= due else { return }
    if silence.until.map({ $0 <= due }) ?? false { return end(id, now: due) }
    // It has told nobody anything for long; but what it holds may fire all the same.
    guard matched(by: silence).contains(where: { $0.condition == .firing }) else { return end(id, now: due) }
    silence.lastMatch = due
    silences[id] = silence
    changedSilences.insert(id)
    schedule(silence)
  }

  /// Ends those that last until what they match is cleared.
  mutating func endSilences(untilClearedOf alert: Alert, now: Moment) {
    for id in silenceIDs {
      guard let silence = silences[id], silence.until == nil, silence.held[alert.id] != nil,
        !matched(by: silence).contains(where: { $0.condition == .firing })
      else { continue }
      end(id, now: now)
    }
  }

  private mutating func end(_ id: String, now: Moment) {
    guard let silence = silences.removeValue(forKey: id) else { return }
    changedSilences.insert(id)
    for alert in matched(by: silence) where alert.condition == .firing && alert.work != .closed {
      if !silence.lets(alert) { tell(alert.id, Telling([.silenceEnded]), now: now) }
    }
  }
}

extension Alert {
  /// How much there is of it, for telling growth: texts, or what its counts count.
  var size: Double { Double(parts.isEmpty ? evidenceCount : measure.count ?? evidenceCount) }
}

extension Silence {
  func matches(_ alert: Alert, _ rule: Rule) -> Bool {
    Silence.matches(match, alert, rule)
  }

  static func matches(_ match: [Field: [String]], _ alert: Alert, _ rule: Rule) -> Bool {
    match.allSatisfy { field, wanted in
      let values: [String?] =
        switch field {
        case .rule: [alert.rule]
        case .region: [alert.key["region"] ?? alert.regions.only]
        case .narrative: [alert.key["narrative"] ?? (rule.type == "claim" ? rule.narrative : nil)]
        case .severity: [alert.severity.rawValue]
        case .source: [alert.key["source"] ?? alert.sources.only]
        case .tag: rule.tags
        }
      return values.contains { value in
        guard let value else { return false }
        return wanted.contains { field == .rule ? Glob.fits(value, $0) : $0.utf8.elementsEqual(value.utf8) }
      }
    }
  }

  /// A field of an alert, for grouping by it.
  static func value(_ name: String, of alert: Alert, _ rule: Rule) -> String? {
    switch name {
    case "rule": alert.rule
    case "severity": alert.severity.rawValue
    case "narrative": alert.key["narrative"] ?? (rule.type == "claim" ? rule.narrative : nil)
    default: alert.key[name]
    }
  }

  /// Whether the alert is told in spite of it.
  func lets(_ alert: Alert) -> Bool {
    broken.contains(alert.id) || unless.severity.map { alert.severity >= $0 } ?? false
  }
}

extension Set {
  /// The member where there is just one.
  fileprivate var only: Element? { count == 1 ? first : nil }
}
