import Model
package import YAML

/// Reads patterns and terms, with the shared lists opened.
package struct PatternReading {
  package let complaints: Complaints
  package let vocabulary: Vocabulary
  /// Whether the dictionary has a word; nil where there is no dictionary.
  let knowsWord: (@Sendable (String) -> Bool)?

  /// The patterns of a list whose entries are texts or `{ list: name }`; a single one stands for a list of one.
  package func patterns(_ node: YAMLNode) -> [Pattern] {
    let nodes = node.sequence ?? [node]
    if nodes.isEmpty { complaints.add(YAMLCause.value("the list is empty"), at: node) }
    let patterns = nodes.flatMap { element -> [Pattern] in
      element.mapping == nil ? pattern(element).map { [$0] } ?? [] : listed(element)
    }
    adviseReflexives(patterns)
    return patterns
  }

  /// The patterns of `{ list: name }` or `{ list: [names] }`.
  private func listed(_ node: YAMLNode) -> [Pattern] {
    guard let fields = Fields(node, complaints) else { return [] }
    fields.check(known: ["list"], notSupported: ["regex", "all"])
    return fields.value("list").map { lists($0) } ?? []
  }

  /// The patterns of the lists a node names: one name or several.
  func lists(_ node: YAMLNode) -> [Pattern] {
    guard let sequence = node.sequence else { return list(node) }
    return sequence.flatMap { list($0) }
  }

  private func list(_ node: YAMLNode) -> [Pattern] {
    guard let name = complaints.string(node) else { return [] }
    if let patterns = vocabulary.list(name) { return patterns }
    let suggestion = Suggestion.nearest(to: name, among: vocabulary.listNames)
    complaints.add(RuleCause.unknownName(kind: "list", name: name, suggestion: suggestion), at: node)
    return []
  }

  /// One word or phrase of the mini-syntax.
  package func pattern(_ node: YAMLNode) -> Pattern? {
    if node.isEmpty {
      complaints.add(YAMLCause.value("a pattern without a word"), at: node.place)
      return nil
    }
    guard let text = complaints.string(node) else { return nil }
    complaints.adviseQuotes(node)
    var words: [Pattern.Word] = []
    let scalars = Array(text.unicodeScalars)
    var start = 0
    while start < scalars.count {
      guard !isBlank(scalars[start]) else {
        start += 1
        continue
      }
      let end = scalars[start...].firstIndex(where: isBlank) ?? scalars.count
      guard let word = word(scalars[start..<end], in: node, start..<end) else { return nil }
      words.append(word)
      start = end
    }
    if words.isEmpty {
      complaints.add(YAMLCause.value("a pattern without a word"), at: node)
      return nil
    }
    return Pattern(words: words, place: node.place)
  }

  private func word(_ scalars: ArraySlice<Unicode.Scalar>, in node: YAMLNode, _ range: Range<Int>) -> Pattern.Word? {
    let text = String(String.UnicodeScalarView(scalars))
    func refuse(_ cause: some Cause, at part: Range<Int>? = nil) -> Pattern.Word? {
      complaints.add(cause, in: node, part ?? range)
      return nil
    }
    switch scalars.first {
    case "^": return refuse(YAMLCause.notSupported("a pattern with «^»"))
    case "#": return refuse(YAMLCause.notSupported("a pattern for hashtags"))
    case "@": return refuse(YAMLCause.notSupported("a pattern for mentions"))
    default: break
    }
    if let tilde = scalars.lastIndex(of: "~"), tilde > scalars.startIndex {
      return refuse(YAMLCause.notSupported("a pattern with «~»"), at: tilde..<range.upperBound)
    }
    let isExact = scalars.first == "="
    let body = isExact ? scalars.dropFirst() : scalars
    guard body.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) else {
      return refuse(YAMLCause.value("«\(text)» holds neither a letter nor a digit"))
    }
    if let star = body.firstIndex(of: "*") {
      let stem = body[body.startIndex..<star]
      guard star == body.endIndex - 1, !isExact else {
        let plain = String(String.UnicodeScalarView(body.filter { $0 != "*" }))
        let cause = YAMLCause.value("a star may stand only at the end of a word", hint: "like \"\(plain)*\"")
        return refuse(cause, at: star..<star + 1)
      }
      guard stem.filter(\.properties.isAlphabetic).count >= 3 else {
        return refuse(YAMLCause.value("«\(text)»: at least 3 letters must stand before the star"))
      }
      return .prefix(String(String.UnicodeScalarView(stem)))
    }
    let word = String(String.UnicodeScalarView(body))
    if isExact { return .exact(word) }
    if let knowsWord, isRussian(body), !knowsWord(word.lowercased()) {
      complaints.add(RuleCause.unknownWord(word), in: node, range)
    }
    return .lemma(word)
  }

  private func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

  private func isRussian(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    scalars.allSatisfy { (0x410...0x44F).contains($0.value) || $0 == "ё" || $0 == "Ё" }
  }
}

extension PatternReading {
  /// Says once per verb that its reflexive form is a word of its own, where the dictionary has that and the list has not.
  private func adviseReflexives(_ patterns: [Pattern]) {
    guard let knowsWord else { return }
    let words = Set(patterns.compactMap { $0.singleLemma })
    for pattern in patterns {
      guard let word = pattern.singleLemma, word.hasSuffix("ть") || word.hasSuffix("ти"), pattern.place.line > 0,
        knowsWord(word), !words.contains(word + "ся"), knowsWord(word + "ся"),
        pattern.place.file == complaints.source.file
      else { continue }
      complaints.add(RuleCause.reflexive(word), at: pattern.place, width: word.unicodeScalars.count)
    }
  }
}

extension Pattern {
  /// The word of a pattern of one word in any form.
  var singleLemma: String? {
    guard words.count == 1, case .lemma(let word)? = words.first else { return nil }
    return word
  }

  /// Only words that almost every text has.
  var isStopWords: Bool {
    words.allSatisfy { word in
      switch word {
      case .lemma(let text), .exact(let text): Pattern.stopWords.contains(text.lowercased())
      case .prefix: false
      }
    }
  }

  private static let stopWords: Set<String> = [
    "и", "в", "во", "не", "на", "я", "он", "она", "оно", "они", "мы", "вы", "ты", "с", "со", "как", "а", "то", "но",
    "да", "по", "за", "у", "от", "из", "о", "об", "к", "ко", "же", "бы", "для", "что", "это", "этот", "так", "все",
    "весь", "быть", "или", "если", "при", "до", "под", "над", "ли", "уже", "ещё", "еще", "только", "который", "свой",
    "the", "a", "an", "of", "to", "and", "in", "is", "it", "that", "for", "on", "with", "as", "at", "by", "be", "or",
  ]
}

extension Complaints {
  /// W406: a plain value that other YAML readers take for a truth value, a number of minutes or nothing.
  package func adviseQuotes(_ node: YAMLNode) {
    guard let scalar = node.scalar, scalar.style == .plain, !scalar.isDamaged else { return }
    let text = scalar.text
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"]
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isSexagesimal =
      parts.count >= 2
      && parts.allSatisfy { !$0.isEmpty && $0.count <= 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    let isOctal = text.utf8.count > 1 && text.hasPrefix("0") && text.utf8.allSatisfy { (0x30...0x37).contains($0) }
    if words.contains(text.lowercased()) || isSexagesimal || isOctal { add(RuleCause.hazard(text), at: node) }
  }
}
