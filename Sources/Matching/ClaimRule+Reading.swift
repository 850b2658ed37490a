import JSON
import Model
package import Rules
import YAML

extension RuleType {
  /// Finds a claim by words, phrases and their nearness.
  package static let claim = RuleType(
    name: "claim", summary: "a claim, told by terms that add up to a score",
    keys: ["terms", "match", "unless", "fields"],
    shapes: [
      "terms": JSONSchema.map(RuleSchema.term), "match": JSONSchema.string,
      "unless": JSONSchema.list(RuleSchema.exception),
      "fields": JSONSchema.closed(ClaimRule.fieldNames, ClaimRule.factorShapes),
    ],
    read: { reading in
      var reader = ClaimReader(reading)
      return reader.rule()
    }, compare: { ImpliedRules.complaints($0) })
}

extension ClaimRule {
  /// Fields that `fields` may weigh.
  static let fieldNames = ["title", "body"]
  fileprivate static var factorShapes: [String: JSONValue] {
    Dictionary(uniqueKeysWithValues: fieldNames.map { ($0, JSONSchema.number(0...5)) })
  }
}

/// Reads what only a claim rule has.
private struct ClaimReader {
  private let reading: RuleReading
  private let complaints: Complaints
  private let own: [Term]
  /// Errors that were there before this part was read: with new ones the rule is not judged as a whole.
  private let errors: Int
  private let diagnostics: Int
  /// The entries of `terms`, those that were refused too.
  private let written: Fields?
  /// Entries of `unless`, as far as they could be read.
  private var exceptionNodes: [YAMLNode] = []
  private let ownNames: Set<String>

  init(_ reading: RuleReading) {
    self.reading = reading
    complaints = reading.complaints
    errors = complaints.errorCount
    diagnostics = complaints.diagnostics.count
    written = reading.fields.mapping("terms")
    own = written.map { reading.patterns.terms($0) } ?? []
    ownNames = Set(own.map(\.name))
  }

  mutating func rule() -> ClaimRule? {
    let fields = reading.fields
    var shared: [String: Term] = [:]
    let factors = factors()
    var exceptions: [ClaimRule.Exception] = []
    for node in fields.sequence("unless") ?? [] {
      guard let exception = exception(node, &shared) else { continue }
      exceptions.append(exception)
      exceptionNodes.append(node)
    }
    for filter in reading.filters {
      for node in filter.exceptions {
        guard var exception = exception(node, &shared) else { continue }
        exception.until = filter.until
        exceptions.append(exception)
      }
    }
    guard let matchNode = fields.entry("match")?.value else {
      guard fields.has("terms") else {
        fields.require("terms")
        return nil
      }
      let rule = ClaimRule(
        terms: own, sharedTerms: sorted(shared), match: .anyOfThem, unless: exceptions, fields: factors)
      check(rule, nil)
      return rule
    }
    guard let node = fields.value("match"), matchNode.scalar != nil, let text = complaints.string(node) else {
      if matchNode.scalar == nil { _ = complaints.string(matchNode) }
      return nil
    }
    guard let syntax = syntax(text, node), resolve(syntax, node, &shared) else { return nil }
    let rule = ClaimRule(
      terms: own, sharedTerms: sorted(shared), match: syntax.expression, unless: exceptions, fields: factors)
    check(rule, (syntax, node))
    return rule
  }

  private func syntax(_ text: String, _ node: YAMLNode) -> MatchSyntax? {
    do {
      return try MatchSyntax(text)
    } catch {
      complaints.add(RuleCause.grammar(error.message, hint: error.hint), in: node, error.range)
      return nil
    }
  }

  /// Finds every name of `match`; false when one is unknown.
  private func resolve(_ syntax: MatchSyntax, _ node: YAMLNode, _ shared: inout [String: Term]) -> Bool {
    var isSound = true
    for name in syntax.names where !isKnown(name.name, &shared) {
      complaints.add(unknownTerm(name.name), in: node, name.range)
      isSound = false
    }
    let terms = written?.entries.map(\.name) ?? []
    for count in syntax.counts {
      guard case .count(_, of: .glob(let glob)) = count.expression,
        !terms.contains(where: { MatchExpression.Selection.fits($0, glob: glob) })
      else { continue }
      complaints.add(unknownTerm(glob), in: node, count.selection)
      isSound = false
    }
    return isSound
  }

  private func isKnown(_ name: String, _ shared: inout [String: Term]) -> Bool {
    if ownNames.contains(name) { return true }
    if let term = reading.vocabulary.term(name) {
      shared[name] = term
      return true
    }
    // A term that was refused is complained about where it stands.
    return written?.has(name) ?? false
  }

  private func unknownTerm(_ name: String) -> RuleCause {
    let known = own.map(\.name) + (name.contains("*") ? [] : reading.vocabulary.termNames)
    return .unknownName(kind: "term", name: name, suggestion: reading.vocabulary.suggestion(for: name, among: known))
  }

  private func sorted(_ terms: [String: Term]) -> [Term] {
    terms.values.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
  }
}

extension ClaimReader {
  private enum Then: String, CaseIterable { case drop, refutation, label }
  private enum Scope: String, CaseIterable { case near, sentence, title, document }

  private func exception(_ node: YAMLNode, _ shared: inout [String: Term]) -> ClaimRule.Exception? {
    guard let fields = Fields(node, complaints) else { return nil }
    fields.check(known: ["term", "any", "scope", "within", "then", "label"])
    let within = fields.value("within").flatMap { reading.patterns.withinWords($0) } ?? 5
    let scope = fields.choice("scope", Scope.self) ?? .document
    let then = fields.choice("then", Then.self) ?? .drop
    if scope != .near, let entry = fields.entry("within") {
      complaints.add(RuleCause.near("«within» belongs to «scope: near»"), at: entry.key)
    }
    if then != .label, let entry = fields.entry("label") {
      complaints.add(YAMLCause.value("«label» belongs to «then: label»"), at: entry.key)
    }
    guard let cue = cue(fields, &shared), let outcome = outcome(then, cue, fields) else { return nil }
    let place: ClaimRule.Exception.Scope =
      switch scope {
      case .near: .near(within: within)
      case .sentence: .sentence
      case .title: .title
      case .document: .document
      }
    return ClaimRule.Exception(cue: cue, scope: place, outcome: outcome)
  }

  /// Without a `label` of its own an exception that labels takes the name of its term.
  private func outcome(
    _ then: Then, _ cue: ClaimRule.Exception.Cue, _ fields: Fields
  ) -> ClaimRule.Exception.Outcome? {
    switch then {
    case .drop: return .drop
    case .refutation: return .refutation
    case .label:
      if case .term(let name) = cue, !fields.has("label") { return .label(name) }
      fields.require("label")
      guard let node = fields.value("label"), let name = complaints.string(node) else { return nil }
      guard PatternReading.isName(name) else {
        let hint = "letters, digits, «_» and «-», a letter first"
        complaints.add(YAMLCause.value("«\(name)» is no name for a label", hint: hint), at: node)
        return nil
      }
      return .label(name)
    }
  }

  private func cue(_ fields: Fields, _ shared: inout [String: Term]) -> ClaimRule.Exception.Cue? {
    if fields.has("term"), let any = fields.entry("any") {
      complaints.add(YAMLCause.value("either «term» or «any», not both"), at: any.key)
      return nil
    }
    if let node = fields.value("any") { return .any(reading.patterns.patterns(node)) }
    if !fields.has("any") { fields.require("term") }
    guard let node = fields.value("term"), let name = complaints.string(node) else { return nil }
    guard isKnown(name, &shared) else {
      complaints.add(unknownTerm(name), at: node)
      return nil
    }
    return .term(name)
  }

  private func factors() -> [String: Double] {
    var factors: [String: Double] = [:]
    guard let fields = reading.fields.mapping("fields") else { return factors }
    for entry in fields.entries {
      switch entry.name {
      case "title", "body": factors[entry.name] = fields.number(entry.name, in: 0...5)
      case "tags": complaints.add(YAMLCause.notSupported("the field «tags»"), at: entry.key)
      default:
        let suggestion = Suggestion.nearest(to: entry.name, among: ["title", "body"])
        complaints.add(RuleCause.unknownField(entry.name, suggestion: suggestion), at: entry.key)
      }
    }
    return factors
  }

  /// Whether the sum of the weights can be told in spite of errors elsewhere in the terms.
  private var weightsAreKnown: Bool {
    guard let terms = written else { return own.isEmpty }
    let ofThisRule = complaints.diagnostics.dropFirst(diagnostics)
    guard terms.entries.count == own.count, !ofThisRule.contains(where: { $0.code == "E207" }) else { return false }
    let known = PatternReading.termKeys
    return terms.entries.allSatisfy { entry in
      (entry.value.mapping ?? []).map(\.name).filter { !known.contains($0) }.allSatisfy { name in
        !["weight", "cap"].contains(Suggestion.nearest(to: name, among: known))
      }
    }
  }

  /// Whether the rule as a whole can do what it says.
  private func check(_ rule: ClaimRule, _ match: (syntax: MatchSyntax, node: YAMLNode)?) {
    let isComment = reading.rule.stream == .comment
    if let match, weightsAreKnown {
      let bounds = rule.compiledMatch.boundsOfScores(HitBounds(terms: rule.terms.count + rule.sharedTerms.count))
      for (score, bounds) in zip(match.syntax.scores, bounds) {
        let range = ScoreRange(rule, isComment: isComment, bounds)
        guard let cause = range.cause(for: score, in: match.node.scalar?.text ?? "") else { continue }
        complaints.add(cause, in: match.node, score.range)
      }
    }
    for part in (match?.syntax.counts ?? []) + (match?.syntax.hits ?? []) {
      guard let match, let reason = rule.reasonNeverToHold(part.expression, isComment: isComment) else { continue }
      complaints.add(RuleCause.neverHolds(part.expression.written, reason: reason), in: match.node, part.range)
    }
    guard complaints.errorCount == errors else { return }
    if rule.asksForNothing {
      let node = match?.node ?? reading.fields.entry("terms")?.key ?? reading.fields.node
      let hint = match == nil ? "give a term a weight of 0 or more" : "name a term without «not»"
      complaints.add(RuleCause.onlyNegative(hint: hint), at: node)
    }
    let ways = rule.compiledMatch.boundsOfWays(terms: rule.terms.count + rule.sharedTerms.count)
    if let match, ways.allSatisfy({ $0.contradiction != nil }), let term = ways.first?.contradiction {
      let reason = "«\((rule.terms + rule.sharedTerms)[term].name)» would have to be there and not to be there"
      complaints.add(RuleCause.neverHolds(rule.match.written, reason: reason), at: match.node)
    } else {
      checkExceptions(rule, ways)
    }
    let named = Set(match?.syntax.names.map(\.name) ?? []).union(
      match?.syntax.counts.flatMap { count -> [String] in
        if case .count(_, let selection) = count.expression { rule.names(selection) } else { [] }
      } ?? [])
    let exceptions = rule.exceptionTerms
    let usesAll = match == nil
    for term in rule.terms where term.weight == 0 && !named.contains(term.name) && !exceptions.contains(term.name) {
      guard !usesAll, let entry = written?.entry(term.name) else { continue }
      complaints.add(RuleCause.unused(kind: "term", name: term.name), at: entry.key)
    }
  }

  /// Says which of the rule's own exceptions apply whenever `match` holds.
  private func checkExceptions(_ rule: ClaimRule, _ ways: [HitBounds]) {
    let terms = rule.terms + rule.sharedTerms
    for (exception, node) in zip(rule.unless, exceptionNodes) {
      if case .label = exception.outcome { continue }
      guard exception.scope != .title else { continue }
      let cue: Term? =
        switch exception.cue {
        case .term(let name): rule.termIndex[name].map { terms[$0] }
        case .any(let patterns): Term(name: "", body: .any(patterns))
        }
      guard let cue else { continue }
      let causes = ways.map { way in
        way.present.first { term in
          // Another entry of `all` may stand far from the one that makes the hit.
          if case .all(let entries) = terms[term].body, exception.scope != .document {
            return cue.covers(Term(name: "", body: .any(entries.first ?? [])))
          }
          return cue.covers(terms[term])
        }
      }
      guard let first = causes.first ?? nil, causes.allSatisfy({ $0 != nil }) else { continue }
      complaints.add(RuleCause.swallowed(by: terms[first].name), at: node)
    }
  }
}
