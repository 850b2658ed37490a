package import Model
import Rules

/// Alerts that rest on other alerts, answer them, or take their place.
extension AlertBook {
  /// The firing with the evidence of the alerts that it joins, each text once.
  func gathered(_ firing: Firing, besides known: Alert?) -> Firing {
    guard !firing.joins.isEmpty else { return firing }
    var firing = firing
    struct Name: Hashable {
      var source: String
      var id: String
    }
    var taken = Set((known?.evidence ?? []).map { Name(source: $0.source, id: $0.id) })
    let likenesses = known?.likenesses ?? []
    for alert in firing.joins.compactMap({ alerts[$0] }) {
      for content in alert.evidence where taken.insert(Name(source: content.source, id: content.id)).inserted {
        // That it is a repost was told of the alert that it comes from.
        if content.likeness.isEmpty || !likenesses.contains(content.likeness) { firing.evidence.append(content) }
      }
      firing.firstPublished = min(firing.firstPublished ?? alert.firstPublished, alert.firstPublished)
    }
    return firing
  }

  /// Lets an alert speak for others. A rule that only its author hears silences nobody.
  mutating func absorb(_ children: [String], into id: String?, _ rule: Rule, now: Moment) {
    let status = Event.effectiveStatus(rule, now: now)
    guard let id, status == .stable || status == .deprecated else { return }
    for child in children where child != id {
      guard var alert = alerts[child], alert.absorbedBy != id else { continue }
      alert.absorbedBy = id
      store(alert)
    }
  }

  /// While the alert that speaks for it fires or waits for an answer.
  func isAbsorbed(_ alert: Alert) -> Bool {
    guard let other = alert.absorbedBy.flatMap({ alerts[$0] }) else { return false }
    return other.work != .closed && (other.condition == .firing || other.isOpen)
  }

  /// An observed answer: deadlines and repeats end. Nothing for an alert that is responded or closed already.
  package mutating func respond(_ id: String, note: String?, now: Moment) {
    guard var alert = alerts[id], alert.isOpen else { return }
    tellPending(before: nil)
    respond(&alert, by: nil, note: note, url: nil, now: now)
  }
}
