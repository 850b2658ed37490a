import JSON
import Model
import Rules

/// Fills the holes of a rule's templates from the current state of an alert.
struct TemplateContext {
  let alert: Alert
  let rule: Rule
  let settings: EventSettings

  func render(_ template: Template) -> String {
    template.parts.map { part in
      switch part {
      case .text(let text): text
      case .hole(let name, let filter): render(name, filter)
      }
    }.joined()
  }

  private func render(_ name: String, _ filter: Template.Filter?) -> String {
    switch filter {
    case .local:
      return moment(name).map { (LocalTime(zone: rule.timezone) ?? .utc).short($0) } ?? text(name)
    case .plural(let one, let few, let many):
      guard let count = number(name), name != "authors" || count >= 5 else { return text(name) }
      return russianPlural(count, one: one, few: few, many: many)
    case nil:
      return text(name)
    }
  }

  /// «—» for what is absent.
  private func text(_ name: String) -> String {
    if let moment = moment(name) { return moment.rfc3339 }
    // People read it: so few could be known one by one.
    if name == "authors", let authors = alert.measure.authors, authors < 5 { return "< 5" }
    if let number = number(name) { return JSONValue.number((number * 100).rounded() / 100).serialized }
    let region = alert.key["region"]
    let text: String? =
      switch name {
      case "narrative": alert.key["narrative"] ?? rule.narrative
      case "region.code": region
      case "region.name": region.map { settings.regionNames[$0] ?? $0 }
      case "rule.id": rule.id
      case "title": rule.title
      case "severity": alert.severity.rawValue
      default: nil
      }
    return text ?? "—"
  }

  private func moment(_ name: String) -> Moment? {
    switch name {
    case "first_seen": alert.firstPublished
    case "detected": alert.detected
    default: nil
    }
  }

  private func number(_ name: String) -> Double? {
    let measure = alert.measure
    return switch name {
    case "evidence.count": Double(alert.evidenceCount)
    case "sources": Double(measure.sources ?? alert.sources.count)
    case "score": measure.score
    case "threshold": measure.threshold
    case "items": measure.items.map(Double.init)
    case "reposts": measure.reposts.map(Double.init)
    case "count": measure.count.map(Double.init)
    case "authors": measure.authors.map(Double.init)
    case "ratio": measure.ratio
    case "z": measure.z
    case "peak": (measure.peak?.count).map(Double.init)
    default: nil
    }
  }
}
