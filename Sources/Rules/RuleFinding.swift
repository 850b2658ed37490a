import Model
import YAML

/// What is to say about a rule when all rules are known.
package struct RuleFinding: Sendable {
  package var rule: Rule
  package var cause: RuleCause

  package init(rule: Rule, cause: RuleCause) {
    self.rule = rule
    self.cause = cause
  }

  /// At the rule's id.
  var diagnostic: Diagnostic {
    Diagnostic(
      cause.code, cause.message, at: rule.idPlace, width: max(1, rule.id.unicodeScalars.count), hint: cause.hint)
  }
}
