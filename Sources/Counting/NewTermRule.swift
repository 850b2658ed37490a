import JSON
package import Model
package import Rules
import YAML

/// The own part of `type: new-term`: a value that was not seen for a long time, or never.
package struct NewTermRule: RuleBody, Hashable {
  package var value: EventValue
  /// Field names that tell one group from another; each knows its own values.
  package var per: [String]
  /// A value that was not seen for so long is new again.
  package var forgetAfter: Span = .days(30)
  /// For so long from the first event on everything is new, and nothing is said.
  package var learn: Span = .days(7)

  package var memory: Span? { forgetAfter }

  package func countsLike(_ earlier: any RuleBody) -> Bool {
    guard let earlier = earlier as? NewTermRule else { return false }
    return value == earlier.value && per == earlier.per && forgetAfter == earlier.forgetAfter
  }

  package func makeEvaluator(for rule: Rule) -> any Evaluator { NewTermEvaluator(rule: rule, body: self) }
}

extension RuleType {
  /// A value never seen before.
  package static let newTerm = RuleType(
    name: "new-term", summary: "a topic, hashtag or host of links that was not seen before",
    keys: ["of", "per", "forget_after", "learn"],
    shapes: [
      "of": JSONSchema.choice(EventValue.allCases.filter { $0 != .author }.map(\.rawValue)),
      "per": RuleSchema.fieldNames, "forget_after": JSONSchema.span, "learn": JSONSchema.span,
    ],
    read: { reading in
      let fields = reading.fields
      fields.require("of")
      // Authors are people: a new one is nobody's business.
      let value = reading.eventValue("of", among: EventValue.allCases.filter { $0 != .author })
      let per = fields.value("per").flatMap { reading.complaints.fieldNames($0) } ?? []
      let forgetAfter = fields.span("forget_after")
      let learn = fields.span("learn", zero: true)
      guard let value else { return nil }
      var rule = NewTermRule(value: value, per: per)
      if let forgetAfter { rule.forgetAfter = forgetAfter }
      if let learn { rule.learn = learn }
      return rule
    })
}
