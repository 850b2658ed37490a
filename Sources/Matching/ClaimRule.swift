package import Rules

/// The own part of `type: claim`: terms that add up to a score, a condition over them, and exceptions.
package struct ClaimRule: RuleBody, Hashable {
  /// The rule's own terms, in the order written.
  package var terms: [Term]
  /// Shared terms that `match` or `unless` name, in the order of their names' bytes.
  package var sharedTerms: [Term]
  package var match: MatchExpression
  package var unless: [Exception]
  /// Factor 0…5 by field (`title`, `body`); a field not listed counts 1, 0 switches it off.
  package var fields: [String: Double]

  package init(
    terms: [Term], sharedTerms: [Term] = [], match: MatchExpression, unless: [Exception] = [],
    fields: [String: Double] = [:]
  ) {
    self.terms = terms
    self.sharedTerms = sharedTerms
    self.match = match
    self.unless = unless
    self.fields = fields
  }

  /// One entry of `unless`.
  package struct Exception: Hashable, Sendable {
    package enum Cue: Hashable, Sendable {
      case term(String)
      case any([Pattern])
    }
    package enum Scope: Hashable, Sendable {
      case near(within: Int)
      case sentence, title, document
    }
    package enum Outcome: Hashable, Sendable {
      /// The text is something else: no alert.
      case drop
      /// The text refutes the claim: a note, no alert.
      case refutation
      /// The alert is raised and carries the label; the exceptions after this one are tried too.
      case label(String)
    }
    /// `unless debunk near 10: refutation`, for explanations.
    package var written: String {
      let words =
        switch cue {
        case .term(let name): name
        case .any: "one of its words"
        }
      let place =
        switch scope {
        case .near(let within): "near \(within)"
        case .sentence: "in the sentence"
        case .title: "in the title"
        case .document: "anywhere"
        }
      let result =
        switch outcome {
        case .drop: "no alert"
        case .refutation: "a refutation"
        case .label(let name): "the label \(name)"
        }
      return "unless \(words) \(place): \(result)"
    }
    package var cue: Cue
    package var scope: Scope
    package var outcome: Outcome
    /// The last day on which it holds; nil for ever.
    package var until: ValidUntil?

    package init(cue: Cue, scope: Scope = .document, outcome: Outcome = .drop, until: ValidUntil? = nil) {
      self.until = until
      self.cue = cue
      self.scope = scope
      self.outcome = outcome
    }
  }
}
