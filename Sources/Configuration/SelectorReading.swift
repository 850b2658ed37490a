import Model
import YAML

/// Reads how the parts of a page are found. Selectors stay text here: Parsing knows their languages.
struct SelectorReading {
  let complaints: Complaints
  let problem: SelectorProblem

  /// Of `list`; all but the last are selectors.
  static let keysOfList = [
    "item", "title", "link", "date", "summary", "content", "id", "comments", "views", "comments_url", "min_items",
  ]
  /// Of a selector that is an object.
  static let keys = ["select", "formats", "parse", "first_line", "max", "html"]
  enum Parse: String, CaseIterable { case count, date, text }
  enum Origin: String, CaseIterable { case jsonld, microdata, selector }

  func list(_ fields: Fields) -> PageList? {
    fields.check(known: SelectorReading.keysOfList)
    fields.require("item")
    let item = selector("item", fields)
    var list = PageList(item: item ?? Selector("", place: fields.node.place))
    list.title = selector("title", fields)
    list.link = selector("link", fields)
    list.date = selector("date", fields)
    list.summary = selector("summary", fields)
    list.content = selector("content", fields)
    list.id = selector("id", fields)
    list.comments = selector("comments", fields)
    list.views = selector("views", fields)
    _ = selector("comments_url", fields)
    _ = fields.integer("min_items", in: 1...10_000)
    fields.noEffect("comments_url", "min_items")
    return item == nil ? nil : list
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
    for origin in fields.sequence("from") ?? [] { _ = complaints.choice(origin, Origin.self) }
    _ = fields.choice("parse", Parse.self)
    fields.noEffect("from", "parse")
    guard let select = fields.value("select") else { return .auto }
    return selector(select).map { .selector($0) }
  }

  private func selector(_ name: String, _ fields: Fields) -> Selector? {
    guard let node = fields.value(name) else { return nil }
    guard node.mapping != nil else { return selector(node) }
    guard let object = Fields(node, complaints) else { return nil }
    object.check(known: SelectorReading.keys)
    object.require("select")
    if let formats = object.value("formats") { _ = complaints.strings(formats) }
    _ = object.choice("parse", Parse.self)
    _ = object.flag("first_line")
    _ = object.integer("max", in: 1...1_000_000)
    _ = object.flag("html")
    object.noEffect("formats", "parse", "first_line", "max", "html")
    return object.value("select").flatMap { selector($0) }
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
