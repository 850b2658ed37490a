import Model
import YAML

extension Complaints {
  /// `sla`: what it does not say is taken from `base`.
  func deadlines(_ fields: Fields, under base: Deadlines) -> Deadlines {
    fields.check(known: ["acknowledge", "respond", "hard", "from"])
    var deadlines = base
    if let span = fields.span("acknowledge") { deadlines.acknowledge = span }
    if let span = fields.span("respond") { deadlines.respond = span }
    if let span = fields.span("hard") { deadlines.hard = span }
    if let from = fields.choice("from", Deadlines.Origin.self) { deadlines.from = from }
    if deadlines.respond > deadlines.hard, let node = fields.value("respond") ?? fields.value("hard") {
      let message = "«respond» \(deadlines.respond) is later than «hard» \(deadlines.hard)"
      add(YAMLCause.value(message), at: node)
    }
    return deadlines
  }
}
