package import YAML

extension PatternReading {
  /// Words of the `match` grammar that no term may be named.
  package static let reservedNames: Set<String> = [
    "and", "or", "not", "of", "all", "any", "them", "score", "hits", "и", "или", "не",
  ]

  /// Keys of a term.
  package static let termKeys = [
    "any", "all", "near", "list", "regex", "within", "order", "span", "weight", "cap", "not_after",
  ]

  /// Whether `match` could name this: a letter or `_`, then letters, digits, `_` and `-`.
  package static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return false }
    return text.unicodeScalars.allSatisfy { isNamePart($0) }
  }

  package static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber: true
    default: scalar.properties.isAlphabetic || scalar == "_" || scalar == "-"
    }
  }

  /// The terms of a mapping from names, in the order written.
  package func terms(_ fields: Fields) -> [Term] { fields.entries.compactMap { namedTerm($0) } }

  /// One entry of such a mapping.
  func namedTerm(_ entry: YAMLEntry) -> Term? {
    guard isUsableName(entry) else { return nil }
    if entry.value.isEmpty {
      complaints.add(YAMLCause.emptyValue(entry.name), at: entry.value.place)
      return nil
    }
    return term(entry)
  }

  private func isUsableName(_ entry: YAMLEntry) -> Bool {
    if PatternReading.reservedNames.contains(entry.name) {
      complaints.add(
        YAMLCause.value("a term may not be named «\(entry.name)»", hint: "it is a word of «match»"), at: entry.key)
      return false
    }
    guard PatternReading.isName(entry.name) else {
      let hint = "letters, digits, «_» and «-», a letter first"
      complaints.add(YAMLCause.value("«\(entry.name)» is no name for a term", hint: hint), at: entry.key)
      return false
    }
    return true
  }

  private func term(_ entry: YAMLEntry) -> Term? {
    guard entry.value.mapping != nil else {
      let hint = "write { any: [word, phrase] }"
      let cause = YAMLCause.shape(expected: "a mapping", found: entry.value.kind, hint: hint)
      if !entry.value.isDamaged { complaints.add(cause, at: entry.value) }
      return nil
    }
    guard let fields = Fields(entry.value, complaints) else { return nil }
    fields.check(known: PatternReading.termKeys)
    let weight = fields.value("weight").flatMap { bounded($0, -100...100, "weight") } ?? 0
    let cap = fields.value("cap").flatMap { bounded($0, 1...10, "cap") } ?? 1
    let notAfter = fields.mapping("not_after").flatMap { self.notAfter($0) }
    guard let body = body(of: entry, fields) else { return nil }
    if case .any(let patterns) = body, !patterns.isEmpty, patterns.allSatisfy(\.isStopWords) {
      complaints.add(RuleCause.stopWords(entry.name), at: entry.key)
    }
    if cap != cap.rounded(), let node = fields.value("cap") {
      complaints.add(RuleCause.weight("«cap» must be a whole number"), at: node)
    }
    return Term(
      name: entry.name, body: body, weight: weight, cap: Int(cap), notAfter: notAfter, place: entry.key.place)
  }

  private func body(of entry: YAMLEntry, _ fields: Fields) -> Term.Body? {
    let kinds = PatternReading.bodies.filter { fields.has($0) }
    guard kinds.count == 1 else {
      if kinds.count > 1, let second = fields.entry(kinds[1]) {
        let names = PatternReading.bodies.dropLast().joined(separator: ", ")
        complaints.add(YAMLCause.value("a term is one of \(names) and regex, not two of them"), at: second.key)
      } else {
        complaints.add(YAMLCause.missingKey("any"), at: entry.key)
      }
      return nil
    }
    if kinds[0] != "near" {
      for name in ["within", "order", "span"] {
        guard let extra = fields.entry(name) else { continue }
        complaints.add(RuleCause.near("«\(name)» belongs to «near»"), at: extra.key)
      }
    }
    switch kinds[0] {
    case "any": return fields.value("any").map { .any(patterns($0)) }
    case "all": return fields.value("all").map { .all(entries($0)) }
    case "list": return fields.value("list").map { .any(lists($0)) }
    case "regex": return fields.value("regex").map { .any(regex($0)) }
    default: return near(fields)
    }
  }

  /// What a term may consist of.
  static let bodies = ["any", "all", "near", "list", "regex"]

  /// The entries of `all`, each with the patterns of which one must stand in the text.
  private func entries(_ node: YAMLNode) -> [[Pattern]] {
    let nodes = node.sequence ?? [node]
    if nodes.isEmpty { complaints.add(YAMLCause.value("the list is empty"), at: node) }
    return nodes.map { element in
      guard element.mapping != nil, element["any"] != nil else { return entry(element) }
      return side(element)
    }
  }

  private func near(_ fields: Fields) -> Term.Body? {
    let within = fields.value("within").map { withinWords($0) } ?? 5
    let order = fields.choice("order", Term.Order.self) ?? .any
    let span = fields.choice("span", Term.NearSpan.self) ?? .sentence
    guard let node = fields.value("near") else { return nil }
    guard let sides = node.sequence, sides.count == 2 else {
      let found = node.sequence.map { "\($0.count)" } ?? node.kind
      complaints.add(
        RuleCause.near("«near» takes exactly two sides, not \(found)", hint: "near: [{ list: a }, { any: [b, c] }]"),
        at: node)
      return nil
    }
    return .near(side(sides[0]), side(sides[1]), within: within ?? 5, order: order, span: span)
  }

  /// One side of `near`: a pattern, `{ list: … }`, `{ any: […] }` or `{ regex: … }`.
  private func side(_ node: YAMLNode) -> [Pattern] {
    guard node.sequence == nil else {
      complaints.add(RuleCause.near("a side of «near» is a word, {list: …}, {any: […]} or {regex: …}"), at: node)
      return []
    }
    guard node.mapping != nil else { return pattern(node).map { [$0] } ?? [] }
    guard let fields = Fields(node, complaints) else { return [] }
    let kinds = ["list", "any", "regex"]
    fields.check(known: kinds)
    let given = fields.entries.filter { kinds.contains($0.name) }
    if given.count > 1 {
      complaints.add(RuleCause.near("a side of «near» is one of list, any and regex, not two"), at: given[1].key)
    }
    guard let kind = given.first?.name else {
      if fields.entries.isEmpty { complaints.add(RuleCause.near("a side of «near» without words"), at: node) }
      return []
    }
    guard let value = fields.value(kind) else { return [] }
    switch kind {
    case "list": return lists(value)
    case "any": return patterns(value)
    default: return regex(value)
    }
  }

  /// 1…50 words; E208 otherwise.
  package func withinWords(_ node: YAMLNode) -> Int? {
    guard let text = complaints.string(node) else { return nil }
    guard let words = Int(text), (1...50).contains(words) else {
      complaints.add(RuleCause.near("«within» is a number of words from 1 to 50, not \(text)"), at: node)
      return nil
    }
    return words
  }

  private func notAfter(_ fields: Fields) -> Term.NotAfter? {
    fields.check(known: ["words", "within"])
    fields.require("words")
    let within = fields.value("within").map { withinWords($0) } ?? 5
    guard let node = fields.value("words") else { return nil }
    return Term.NotAfter(words: patterns(node), within: within ?? 5)
  }

  private func bounded(_ node: YAMLNode, _ range: ClosedRange<Double>, _ name: String) -> Double? {
    guard let text = complaints.string(node) else { return nil }
    guard let value = Complaints.number(text), range.contains(value) else {
      let limits = "\(Complaints.written(range.lowerBound))…\(Complaints.written(range.upperBound))"
      complaints.add(RuleCause.weight("«\(name)» is a number in \(limits), not \(text)"), at: node)
      return nil
    }
    return value
  }
}
