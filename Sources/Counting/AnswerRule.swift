package import Model
package import Rules

/// The own part of `type: absence` after an alert: no answer to it within a time.
package struct AnswerRule: RuleBody, Hashable {
  /// A pattern for the ids of rules whose alerts wait for an answer.
  package var after: String
  /// The rule whose firing is the answer.
  package var expected: String
  package var same: [SharedField]
  /// Of active time.
  package var within: Span
  package var active: ActiveHours?
  /// The answer in time makes the alert `responded`.
  package var setsResponded = false
  package var note: String?

  package func makeEvaluator(for rule: Rule) -> any Evaluator { AnswerEvaluator(rule: rule, body: self) }

  package var watchesRules: Bool { true }
  package func watches(_ rule: String) -> Bool { rule == expected || Glob.fits(rule, after) }
  package func isParent(_ rule: String) -> Bool { Glob.fits(rule, after) }
}
