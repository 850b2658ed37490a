import Model
import YAML

/// Reads how the parts of a page are found. Selectors stay text here: Parsing knows their languages.
struct SelectorReading {
  let complaints: Complaints
  let problem: SelectorProblem
  let formatProblem: FormatProblem

  /// Of `list`; all but the last are selectors.
  static let keysOfList = [
    "item", "title", "link", "date", "summary", "content", "id", "comments", "views", "comments_url", "min_items",
  ]
  /// Of a selector that is an object.
  static let keys = ["select", "formats", "parse", "first_line", "max", "html"]

  /// - Parameter preset: built-in selectors, which those of the file stand before.
  func list(_ fields: Fields, preset: PageList?) -> PageList? {
    fields.check(known: SelectorReading.keysOfList)
    if preset == nil { fields.require("item") }
    let item = selector("item", fields)
    var list = preset ?? PageList(item: item ?? Selector("", place: fields.node.place))
    if let item { list.item = item }
    list.title = selector("title", fields) ?? list.title
    list.link = selector("link", fields) ?? list.link
    list.date = selector("date", fields) ?? list.date
    list.summary = selector("summary", fields) ?? list.summary
    list.content = selector("content", fields) ?? list.content
    list.id = selector("id", fields) ?? list.id
    list.comments = selector("comments", fields) ?? list.comments
    list.views = selector("views", fields) ?? list.views
    list.commentsURL = selector("comments_url", fields) ?? list.commentsURL
    list.leastItems = fields.integer("min_items", in: 1...10_000) ?? list.leastItems
    return item == nil && preset == nil ? nil : list
  }

  /// `auto`, `off`, a selector, or `{ select, from, parse }`.
  func comments(_ node: YAMLNode) -> Source.CommentReading? {
    switch node.scalar?.text {
    case "auto": return .auto
    case "off": return .off
    case .some: return selector(node).map { .selector($0) }
    case nil: break
    }
    guard let fields = Fields(node, complaints) else { return nil }
    fields.check(known: ["select", "from", "parse"])
    let origins = (fields.sequence("from") ?? []).compactMap { complaints.choice($0, CommentOrigin.self) }
    if let parse = fields.choice("parse", Selector.Parse.self), parse != .count, let node = fields.value("parse") {
      complaints.add(YAMLCause.value("a counter is parsed as a count", hint: "parse: count"), at: node)
    }
    let select = fields.value("select").flatMap { selector($0) }
    guard origins.isEmpty else {
      if origins.contains(.selector) { fields.require("select") }
      return .origins(origins, select)
    }
    return select.map { .selector($0) } ?? .auto
  }

  private func selector(_ name: String, _ fields: Fields) -> Selector? {
    guard let node = fields.value(name) else { return nil }
    guard node.mapping != nil else { return selector(node) }
    guard let object = Fields(node, complaints) else { return nil }
    object.check(known: SelectorReading.keys)
    object.require("select")
    let formats = object.value("formats").flatMap { complaints.strings($0) } ?? []
    for format in formats {
      guard let problem = formatProblem(format), let node = object.value("formats") else { continue }
      complaints.add(
        YAMLCause.value("«\(format)» is no form of a date: \(problem)", hint: "such as \"%d.%m.%Y %H:%M\", or auto"),
        at: node)
    }
    let parse = object.choice("parse", Selector.Parse.self)
    let firstLine = object.flag("first_line")
    let longest = object.integer("max", in: 1...1_000_000)
    let html = object.flag("html")
    guard var selector = object.value("select").flatMap({ selector($0) }) else { return nil }
    selector.formats = formats
    selector.parse = parse
    selector.firstLine = firstLine ?? false
    selector.longest = longest
    selector.keepsMarkup = html ?? true
    return selector
  }

  private func selector(_ node: YAMLNode) -> Selector? {
    guard let text = complaints.string(node) else { return nil }
    let isBlank = text.allSatisfy(\.isWhitespace) || text == "@" || text == "xpath:"
    guard !isBlank, text.utf8.count <= 1000 else {
      complaints.add(
        YAMLCause.value("«\(text)» selects nothing", hint: "CSS such as \"a@href\", or xpath: and an expression"),
        at: node)
      return nil
    }
    if let found = problem(text) {
      complaints.add(YAMLCause.value(found.message), in: node, max(0, found.column - 1)..<max(1, found.column))
      return nil
    }
    return Selector(text, place: node.place)
  }
}
