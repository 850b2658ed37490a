package import Alerting
package import JSON
package import Model
import Rules

/// What officers see of the engine, and what they may ask before they act.
extension Engine {
  /// Counts a text as an answer where it is one: a refutation of a rule's claim, or what an official source says on the
  /// topic.
  func watchAnswer(_ observation: Observation, _ matches: [Match], stream: Rule.Stream) {
    let isOfficial = observation.fields.sourceClass == "official"
    let source = observation.content.source
    var answered: Set<String> = []
    for match in matches where match.outcome == .refutation && rules[match.rule].stream == stream {
      let rule = rules[match.rule]
      var fields = observation.fields
      fields.narrative = rule.narrative
      guard rule.admits(observation), let key = rule.keyValues(rule.key, in: fields),
        let id = book.latestID(of: rule, key), answered.insert(id).inserted
      else { continue }
      book.refute(rule: rule, key: key, source: source)
    }
    if isOfficial, !observation.narratives.isEmpty {
      book.officialSpeaks(
        of: observation.narratives, region: observation.fields.region, source: source, besides: answered)
    }
  }

  /// All alerts, in no order.
  package var alerts: [Alert] { Array(book.alerts.values) }
  /// Those in force, in no order.
  package var silences: [Silence] { Array(book.silences.values) }

  /// Why an act would be refused now; nil where it would be carried out.
  package func objection(to act: Act) -> Refusal? { book.objection(to: act) }

  /// The alerts that a silence would hold now.
  package func preview(silence act: Act) throws(Refusal) -> [Alert] { try book.preview(silence: act) }

  /// An alert's name for a tape: its rule and key where it is the latest of them, else as it was given.
  package func lasting(name: JSONValue) -> JSONValue {
    guard let alert = name.string.flatMap({ book.alerts[$0] }), book.isLatest(alert) else { return name }
    return ["rule": .string(alert.rule), "key": alert.key.json]
  }
}
