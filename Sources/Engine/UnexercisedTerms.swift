import Matching
package import Model
package import Rules
package import Text

/// Terms of claim rules that hit in no text of the rules' tests: nobody would notice what became of them.
package enum UnexercisedTerms {
  /// W411 at each such term, for rules that have tests.
  package static func find(_ rules: [Rule], lexicon: Lexicon?) -> [Diagnostic] {
    // A rule never changes what another one matches: those of one file are compiled together.
    Dictionary(grouping: rules, by: \.place.file).sorted { $0.key < $1.key }.flatMap { find(inFile: $1, lexicon) }
  }

  private static func find(inFile rules: [Rule], _ lexicon: Lexicon?) -> [Diagnostic] {
    let tested = rules.filter { !$0.tests.isEmpty && !(($0.body as? ClaimRule)?.terms.isEmpty ?? true) }
    guard !tested.isEmpty else { return [] }
    let matcher = Matcher(CompiledClaims(tested, lexicon: lexicon), keepsAll: true)
    return tested.enumerated().flatMap { index, rule -> [Diagnostic] in
      guard let claim = rule.body as? ClaimRule else { return [] }
      var idle = Set(claim.terms.map(\.name))
      for (title, body) in rule.tests.flatMap(texts) where !idle.isEmpty {
        for match in matcher.matches(title: title, body: body) where match.rule == index {
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
