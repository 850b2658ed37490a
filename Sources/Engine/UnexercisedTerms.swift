import Matching
package import Model
package import Rules
package import Text

/// Terms of claim rules that hit in no text of the rules' tests: nobody would notice what became of them.
package enum UnexercisedTerms {
  /// W411 at each such term, for rules that have tests.
  package static func find(_ rules: [Rule], lexicon: Lexicon?) -> [Diagnostic] {
    rules.flatMap { rule -> [Diagnostic] in
      guard !rule.tests.isEmpty, let claim = rule.body as? ClaimRule, !claim.terms.isEmpty else { return [] }
      let matcher = Matcher(CompiledClaims([rule], lexicon: lexicon), keepsAll: true)
      var idle = Set(claim.terms.map(\.name))
      for (title, body) in rule.tests.flatMap(texts) where !idle.isEmpty {
        for match in matcher.matches(title: title, body: body) {
          idle.subtract((match.account?.terms ?? []).filter { $0.hits > 0 }.map(\.name))
        }
      }
      return claim.terms.filter { idle.contains($0.name) }.map { term in
        let cause = RuleCause.notExercised(term.name)
        return Diagnostic(
          cause.code, cause.message, at: term.place, width: term.name.unicodeScalars.count, hint: cause.hint)
      }
    }
  }

  private static func texts(_ test: RuleTest) -> [(title: String?, body: String?)] {
    test.given.compactMap { given in
      switch given {
      case .item(_, _, let item): (item.title, item.body)
      case .comment(_, _, let comment), .comments(_, _, _, _, let comment): (nil, comment.text)
      default: nil
      }
    }
  }
}
