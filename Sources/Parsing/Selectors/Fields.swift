import Model

/// Evaluates the selectors of a page's fields, and keeps which of them never matched.
struct Fields {
  private let page: HTMLPage
  private let document: Document
  /// The page has no `tbody`, which selectors copied from a browser name all the same.
  private let lacksTableBodies: Bool
  private var compiled: [String: CompiledSelector] = [:]
  private var used: [(field: String, selector: String)] = []
  private var matched: Set<String> = []

  init(page: HTMLPage, document: Document) {
    self.page = page
    self.document = document
    lacksTableBodies = !page.has("tbody")
  }

  /// The elements that are the entries, with a warning when there are none.
  mutating func items(_ selector: Selector) -> [HTMLPage.Node] {
    guard let compiled = compile("item", selector) else { return [] }
    let nodes = page.nodes(xpath(compiled))
    if nodes.isEmpty { tell("item", selector.text) }
    return nodes
  }

  /// The value of a field: the named attribute, or the text.
  mutating func text(_ field: String, _ selector: Selector?, _ node: HTMLPage.Node) -> String? {
    let text = value(field, selector, node) { found, attribute in
      if let attribute { return found.attribute(attribute) }
      // Where a `time` says it exactly, that is better than its words.
      let isExact = field == "date" && selector?.formats.contains { !$0.hasPrefix("auto") } != true
      return (isExact ? found.attribute("datetime") : nil) ?? found.text
    }
    guard let text, let selector else { return text }
    if selector.parse == .count, field != "comments", field != "views" {
      return CounterReader.count(text).map { String($0) }
    }
    return Fields.cut(text, selector)
  }

  /// The text as far as its selector wants it.
  static func cut(_ text: String, _ selector: Selector) -> String {
    var text = text
    if selector.firstLine {
      text = text.split(whereSeparator: \.isNewline).lazy.map { String($0).trimmingSpaces }.first { !$0.isEmpty } ?? ""
    }
    if let longest = selector.longest, text.count > longest {
      text = String(text.prefix(longest)).trimmingSpaces
    }
    return text
  }

  /// A date, in the forms that its selector names.
  mutating func date(_ selector: Selector?, _ node: HTMLPage.Node) -> Moment? {
    guard let selector, let text = text("date", selector, node) else { return nil }
    var isAutomatic = selector.formats.isEmpty
    for format in selector.formats {
      guard let pattern = DatePattern(format) else {
        isAutomatic = true
        continue
      }
      if let moment = pattern.read(text.trimmingSpaces, document.dates) { return document.plausible(moment, text) }
    }
    if isAutomatic { return document.date(text) }
    document.warn("date-unreadable", "the date «\(text.trimmingSpaces.shown)» has none of the forms given")
    return nil
  }

  /// An address: the named attribute, else `href`, else the first link inside.
  mutating func address(_ field: String, _ selector: Selector?, _ node: HTMLPage.Node) -> String? {
    let page = page
    return value(field, selector, node) { found, attribute in
      if let attribute { return found.attribute(attribute) }
      return found.attribute("href") ?? page.nodes(".//a[@href]", from: found).first?.attribute("href") ?? found.text
    }
  }

  /// Where the element a field was read from leads: its own address or that of a link around it.
  mutating func linkAround(_ selector: Selector?, _ field: String, _ node: HTMLPage.Node) -> String? {
    let page = page
    return value(field, selector, node) { found, _ in
      page.nodes("ancestor-or-self::a[@href][1]", from: found).first?.attribute("href")
    }
  }

  func firstAddress(in node: HTMLPage.Node) -> String? {
    node.attribute("href") ?? page.nodes(".//a[@href]", from: node).first?.attribute("href")
  }

  /// What the field holds, as HTML.
  mutating func html(_ field: String, _ selector: Selector?, _ node: HTMLPage.Node) -> [UInt8]? {
    value(field, selector, node, HTMLWriter.escaped) { found, attribute in
      guard let attribute else { return String(decoding: found.html, as: UTF8.self) }
      return found.attribute(attribute).map(HTMLWriter.escaped)
    }.map { Array($0.utf8) }
  }

  private mutating func value(
    _ field: String, _ selector: Selector?, _ node: HTMLPage.Node?, _ plain: (String) -> String = { $0 },
    _ read: (HTMLPage.Node, String?) -> String?
  ) -> String? {
    guard let selector, let compiled = compile(field, selector) else { return nil }
    switch page.find(xpath(compiled), from: node) {
    case .value(let text)?:
      guard !text.isEmpty else { return nil }
      matched.insert(field)
      return plain(text)
    case .nodes(let nodes)?:
      for found in nodes {
        guard let text = read(found, compiled.attribute) else { continue }
        matched.insert(field)
        return text
      }
      return nil
    case nil: return nil
    }
  }

  /// The value of a field of the whole page.
  mutating func pageText(_ field: String, _ selector: Selector) -> String? {
    value(field, selector, nil) { found, attribute in attribute.map { found.attribute($0) } ?? found.text }
  }

  private func xpath(_ selector: CompiledSelector) -> String {
    lacksTableBodies ? selector.withoutTableBodies ?? selector.xpath : selector.xpath
  }

  private mutating func compile(_ field: String, _ selector: Selector) -> CompiledSelector? {
    if let known = compiled[field] { return known }
    guard !used.contains(where: { $0.field == field }) else { return nil }
    used.append((field, selector.text))
    do {
      let made = try CompiledSelector(selector)
      compiled[field] = made
      return made
    } catch {
      matched.insert(field)
      let place = "column \(error.column) of «\(selector.text.shown)»"
      document.warn("selector-invalid", "the selector of \(field) cannot be used: \(error.message) (\(place))")
      return nil
    }
  }

  /// Warns of every field whose selector matched in no entry.
  func tellUnmatched() {
    for (field, selector) in used where field != "item" && !matched.contains(field) { tell(field, selector) }
  }

  private func tell(_ field: String, _ selector: String) {
    document.warn("selector-broken", "the selector of \(field), «\(selector.shown)», matches nothing")
  }
}
