import JSON
import Model
package import Rules
import YAML

extension RuleType {
  /// Something that should have come and did not.
  package static let absence = RuleType(
    name: "absence", summary: "a source falls silent, or nobody answers an alert in time",
    keys: [
      "per", "expect", "within", "active", "when_unreachable", "baseline_guard", "forget_after", "after", "when_met",
    ], shapes: AbsenceReader.shapes,
    read: { reading in
      let reader = AbsenceReader(reading)
      return reading.fields.has("after") ? reader.answer() : reader.silence()
    })
}

/// Reads what only an absence rule has, in either of its forms.
private struct AbsenceReader {
  let reading: RuleReading
  private var fields: Fields { reading.fields }
  private var complaints: Complaints { reading.complaints }

  private enum Unreachable: String, CaseIterable { case separate }
  private enum State: String, CaseIterable { case firing }
  private enum Work: String, CaseIterable { case responded }

  static var shapes: [String: JSONValue] {
    let counts = JSONSchema.closed(["gte", "gt"], ["gte": ["type": "number"], "gt": ["type": "number"]], atLeast: 1)
    return [
      "per": RuleSchema.fieldNames, "within": JSONSchema.span, "forget_after": JSONSchema.span,
      "expect": JSONSchema.anyOf([
        JSONSchema.closed(["count"], ["count": counts], required: ["count"]),
        JSONSchema.closed(
          ["rule", "same"], ["rule": JSONSchema.text, "same": RuleSchema.sharedFields], required: ["rule"]),
      ]),
      "when_unreachable": JSONSchema.choice(Unreachable.allCases.map(\.rawValue)),
      "baseline_guard": JSONSchema.closed(
        ["usual_per_window"], ["usual_per_window": RuleSchema.numberBounds], required: ["usual_per_window"]),
      "after": JSONSchema.closed(
        ["alert", "state"],
        ["alert": JSONSchema.text, "state": JSONSchema.choice(State.allCases.map(\.rawValue))], required: ["alert"]),
      "when_met": JSONSchema.closed(
        ["set", "note"], ["set": JSONSchema.choice(Work.allCases.map(\.rawValue)), "note": JSONSchema.text],
        required: ["set"]),
    ]
  }

  init(_ reading: RuleReading) { self.reading = reading }

  func silence() -> SilenceRule? {
    for name in ["expect", "within"] { fields.require(name) }
    refuse(["when_met"], hint: "it belongs to an absence with «after»")
    let per = fields.value("per").flatMap { complaints.fieldNames($0) } ?? []
    let bounds = fields.mapping("expect").map { expect -> [Bound<Double>] in
      expect.check(known: ["count"])
      expect.require("count")
      return expect.value("count").map { reading.lowerBounds($0) } ?? []
    }
    let within = fields.span("within")
    _ = fields.choice("when_unreachable", Unreachable.self)
    let usual = fields.mapping("baseline_guard").map { guarded -> [Bound<Double>] in
      guarded.check(known: ["usual_per_window"])
      guarded.require("usual_per_window")
      return guarded.value("usual_per_window").map { reading.bounds($0) } ?? []
    }
    let forgetAfter = fields.span("forget_after")
    if let within, let forgetAfter, forgetAfter <= within, let node = fields.value("forget_after") {
      let hint = "it must be longer than «within» \(within)"
      complaints.add(YAMLCause.value("«forget_after» \(forgetAfter) leaves no time to be missed", hint: hint), at: node)
    }
    guard let within, let bounds, !bounds.isEmpty else { return nil }
    var rule = SilenceRule(per: per, bounds: bounds, within: within)
    rule.active = reading.rule.active
    rule.usual = usual ?? []
    rule.forgetAfter = forgetAfter ?? max(.days(7), within * 2)
    return rule
  }

  func answer() -> AnswerRule? {
    for name in ["expect", "within"] { fields.require(name) }
    refuse(
      ["per", "when_unreachable", "baseline_guard", "forget_after"], hint: "it belongs to an absence without «after»")
    let after = fields.mapping("after").flatMap { after -> String? in
      after.check(known: ["alert", "state"])
      _ = after.choice("state", State.self)
      return reading.otherRules(after, "alert")
    }
    var same: [SharedField] = []
    let expected = fields.mapping("expect").flatMap { expect -> String? in
      expect.check(known: ["rule", "same"])
      same = reading.sharedFields(expect, "same")
      return reading.otherRule(expect, "rule")
    }
    let within = fields.span("within")
    let met = fields.mapping("when_met")
    met?.check(known: ["set", "note"])
    met?.require("set")
    let work = met?.choice("set", Work.self)
    let note = met?.string("note")
    guard let after, let expected, let within else { return nil }
    var rule = AnswerRule(after: after, expected: expected, same: same, within: within)
    rule.active = reading.rule.active
    rule.setsResponded = work == .responded
    rule.note = note
    return rule
  }

  private func refuse(_ names: [String], hint: String) {
    for name in names {
      guard let entry = fields.entry(name) else { continue }
      complaints.add(YAMLCause.value("«\(name)» has no meaning here", hint: hint), at: entry.key)
    }
  }
}
