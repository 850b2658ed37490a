import Model
import Text
package import YAML

/// Reads patterns and terms, with the shared lists opened.
package struct PatternReading {
  package let complaints: Complaints
  package let vocabulary: Vocabulary
  /// Whether the dictionary has a word, each asked once; nil where there is no dictionary.
  let knowsWord: ((String) -> Bool)?

  package init(complaints: Complaints, vocabulary: Vocabulary, knowsWord: (@Sendable (String) -> Bool)?) {
    self.complaints = complaints
    self.vocabulary = vocabulary
    self.knowsWord = knowsWord.map { ask in { vocabulary.knows($0, ask) } }
  }

  /// The patterns of a list whose entries are texts, `{ list: name }` or `{ regex: … }`; a single one stands for a list
  /// of one.
  package func patterns(_ node: YAMLNode) -> [Pattern] {
    let nodes = node.sequence ?? [node]
    if nodes.isEmpty { complaints.add(YAMLCause.value("the list is empty"), at: node) }
    let patterns = nodes.flatMap { entry($0) }
    adviseReflexives(patterns)
    return patterns
  }

  /// The patterns of one entry: a text, `{ list: name }`, `{ list: [names] }` or `{ regex: … }`.
  func entry(_ node: YAMLNode) -> [Pattern] {
    guard node.mapping != nil else { return pattern(node).map { [$0] } ?? [] }
    guard let fields = Fields(node, complaints) else { return [] }
    let kinds = ["list", "regex"]
    fields.check(known: kinds)
    guard let first = fields.entries.first(where: { kinds.contains($0.name) }) else {
      if fields.entries.isEmpty { complaints.add(YAMLCause.value("an entry without words"), at: node) }
      return []
    }
    if let second = fields.entries.first(where: { kinds.contains($0.name) && $0.name != first.name }) {
      complaints.add(YAMLCause.value("an entry is either a list or a regex, not both"), at: second.key)
    }
    guard let value = fields.value(first.name) else { return [] }
    return first.name == "list" ? lists(value) : regex(value)
  }

  /// The pattern of a regular expression.
  func regex(_ node: YAMLNode) -> [Pattern] {
    guard let text = complaints.string(node) else { return [] }
    guard text.contains(where: { !$0.isWhitespace }) else {
      complaints.add(YAMLCause.value("a regular expression without a character"), at: node)
      return []
    }
    if let problem = ExpressionSet.problem(with: text) {
      complaints.add(
        YAMLCause.value("«\(text)» is no regular expression Nabat can run: \(problem.text)", hint: problem.hint),
        at: node)
      return []
    }
    if let reason = ExpressionSet.slowness(of: text) { complaints.add(RuleCause.slowPattern(reason), at: node) }
    return [Pattern(regex: text, place: node.place)]
  }

  /// The patterns of the lists a node names: one name or several.
  func lists(_ node: YAMLNode) -> [Pattern] {
    guard let sequence = node.sequence else { return list(node) }
    return sequence.flatMap { list($0) }
  }

  private func list(_ node: YAMLNode) -> [Pattern] {
    guard let name = complaints.string(node) else { return [] }
    if let patterns = vocabulary.list(name) { return patterns }
    let suggestion = vocabulary.suggestion(for: name, among: vocabulary.listNames)
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
    func refuse(_ cause: any Cause, at part: Range<Int>?) -> Pattern.Word? {
      complaints.add(cause, in: node, part ?? range)
      return nil
    }
    if let tilde = scalars.lastIndex(of: "~"), tilde > scalars.startIndex { return fuzzyWord(scalars, tilde, refuse) }
    if let sign = scalars.first, ["^", "#", "@"].contains(sign) { return signedWord(scalars, sign, refuse) }
    let isExact = scalars.first == "="
    let body = isExact ? scalars.dropFirst() : scalars
    guard body.contains(where: isWordy) else {
      return refuse(YAMLCause.value("«\(text)» holds neither a letter nor a digit"), at: nil)
    }
    if let star = body.firstIndex(of: "*") {
      let stem = body[body.startIndex..<star]
      guard star == body.endIndex - 1, !isExact else {
        let plain = String(String.UnicodeScalarView(body.filter { $0 != "*" }))
        let cause = YAMLCause.value("a star may stand only at the end of a word", hint: "like \"\(plain)*\"")
        return refuse(cause, at: star..<star + 1)
      }
      guard stem.filter(\.properties.isAlphabetic).count >= 3 else {
        return refuse(YAMLCause.value("«\(text)»: at least 3 letters must stand before the star"), at: nil)
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

  /// A word with `^`, `#` or `@` before it.
  private func signedWord(
    _ scalars: ArraySlice<Unicode.Scalar>, _ sign: Unicode.Scalar, _ refuse: (any Cause, Range<Int>?) -> Pattern.Word?
  ) -> Pattern.Word? {
    let text = String(String.UnicodeScalarView(scalars))
    let body = scalars.dropFirst()
    let word = String(String.UnicodeScalarView(body))
    guard body.contains(where: isWordy) else {
      return refuse(YAMLCause.value("«\(text)» holds neither a letter nor a digit"), nil)
    }
    if let stray = body.firstIndex(where: { PatternReading.signs.contains($0) }) {
      let cause = YAMLCause.value("«\(body[stray])» cannot stand in «\(text)»", hint: PatternReading.oneSign)
      return refuse(cause, stray..<stray + 1)
    }
    switch sign {
    case "^": return .cased(word)
    case "#": return .hashtag(word)
    default: return .mention(word)
    }
  }

  private static let signs: Set<Unicode.Scalar> = ["*", "=", "^", "#", "@", "~"]
  private static let oneSign = "a word takes one of = ^ # @ * ~"

  /// `дамба~1`: one slip at most, in a word of five letters or more.
  private func fuzzyWord(
    _ scalars: ArraySlice<Unicode.Scalar>, _ tilde: Int, _ refuse: (any Cause, Range<Int>?) -> Pattern.Word?
  ) -> Pattern.Word? {
    let body = scalars[scalars.startIndex..<tilde]
    let word = String(String.UnicodeScalarView(body))
    guard String(String.UnicodeScalarView(scalars[(tilde + 1)...])) == "1" else {
      return refuse(YAMLCause.value("only «~1» exists: one slip", hint: "like \"\(word)~1\""), tilde..<scalars.endIndex)
    }
    if let stray = body.firstIndex(where: { PatternReading.signs.contains($0) }) {
      let cause = YAMLCause.value("«\(body[stray])» cannot stand with «~1»", hint: PatternReading.oneSign)
      return refuse(cause, stray..<stray + 1)
    }
    let letters = body.count(where: \.properties.isAlphabetic)
    guard letters >= 5 else {
      let message = "«\(word)~1»: a word with a slip needs 5 letters, this one has \(letters)"
      return refuse(YAMLCause.value(message, hint: "write \"\(word)\" or its other spellings"), nil)
    }
    return .fuzzy(word)
  }

  private func isWordy(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
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
    regex == nil
      && words.allSatisfy { word in
        switch word {
        case .lemma(let text), .exact(let text), .cased(let text): Pattern.stopWords.contains(text.lowercased())
        case .prefix, .fuzzy, .hashtag, .mention: false
        }
      }
  }

  /// Whether almost every text has it.
  package static func isStopWord(_ word: String) -> Bool { stopWords.contains(word) }

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
