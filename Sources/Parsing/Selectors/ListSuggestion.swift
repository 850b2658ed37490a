package import Model

/// The list of publications that a news page shows, found by its repeated blocks: what `nabat sources suggest` prints.
package struct ListSuggestion: Sendable {
  package let list: PageList
  /// The name of built-in selectors that fit, in place of `list`.
  package let preset: String?
  /// What the suggested selectors give on the page they were found on.
  package let feed: Feed

  /// The best list of a page whose blocks have a link, better still a date; nil when there is none.
  package init?(_ payload: Payload, options: ReadingOptions) {
    let document = Document(payload, options: options)
    guard let page = document.page() else { return nil }
    if let preset = SourcePreset.all.first(where: { $0.isCertain && page.matches($0.list.item) }) {
      var source = Source(id: "page", kind: "page", url: payload.url, place: Place(file: ""))
      source.list = preset.list
      var tried = options
      tried.source = source
      list = preset.list
      self.preset = preset.name
      feed = DocumentReader.read(payload, options: tried)
      return
    }
    preset = nil
    let tree = PageBlocks(page)
    var best: (list: PageList, feed: Feed, value: Double)?
    for group in tree.groups(dates: document.dates).prefix(8) {
      guard let list = group.list else { continue }
      var source =
        options.source ?? Source(id: "page", kind: "page", url: payload.url, place: Place(file: ""))
      source.kind = "page"
      source.list = list
      var tried = options
      tried.source = source
      let feed = DocumentReader.read(payload, options: tried)
      let dated = feed.items.count { $0.published != nil }
      let named = feed.items.filter { $0.title != nil && $0.link != nil }
      // What was found must be what the page reads as: entries that lead to different places.
      guard named.count >= 3, Set(named.map(\.link)).count * 10 >= named.count * 8 else { continue }
      let title = Double(named.reduce(0) { $0 + min($1.title?.count ?? 0, 120) }) / Double(named.count)
      let value = Double(min(named.count, 30)) * (title + 5) * (dated * 2 >= named.count ? 3 : 1)
      if value > best?.value ?? 0 { best = (list, feed, value) }
    }
    guard let best else { return nil }
    list = best.list
    feed = best.feed
  }

  /// A whole source file to paste.
  ///
  /// - Parameter id: of the source.
  package func yaml(id: String, url: String, title: String?, lang: String?, timezone: String? = nil) -> String {
    var text = "format: 1\nsources:\n  - id: \(id)\n"
    if let title { text += "    title: \(ListSuggestion.quoted(title))\n" }
    text += "    kind: page\n    url: \(ListSuggestion.quoted(url))\n"
    if let timezone { text += "    timezone: \(timezone)\n" }
    if let lang { text += "    lang: \(lang)\n" }
    if let preset { return text + "    preset: \(preset)\n" }
    text += "    list:\n"
    for (field, selector) in list.selectors {
      text += "      \(field): \(ListSuggestion.quoted(selector.text))\n"
    }
    return text
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\""
  }
}

extension HTMLPage {
  /// Whether a selector finds something on the page.
  fileprivate func matches(_ selector: Selector) -> Bool {
    guard let compiled = try? CompiledSelector(selector) else { return false }
    return !nodes(compiled.xpath).isEmpty
  }
}

/// A page's elements with the names their author gave them, for finding what repeats.
struct PageBlocks {
  struct Element {
    var name: String
    var classes: [String] = []
    var id: String?
    var parent: Int
    var end = 0
    var text = ""
    var href: String?
    var datetime: String?
  }
  private(set) var elements: [Element] = []

  /// Elements that are looked at, and bytes of text kept of each.
  private static let limits = (elements: 50_000, text: 400)

  init(_ page: HTMLPage) {
    var builder = Builder()
    page.walk(&builder)
    elements = builder.elements
  }

  private struct Builder: HTMLTreeVisitor {
    var elements: [Element] = []
    private var open: [Int] = []

    mutating func enter(_ name: UnsafeBufferPointer<UInt8>) {
      guard elements.count < limits.elements else {
        open.append(-1)
        return
      }
      elements.append(
        Element(name: String(decoding: name, as: UTF8.self), parent: open.last { $0 >= 0 } ?? -1))
      open.append(elements.count - 1)
    }

    mutating func attribute(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
      guard let index = open.last, index >= 0 else { return }
      let text = String(decoding: value.prefix(1000), as: UTF8.self)
      if name.elementsEqual("class".utf8) {
        elements[index].classes = text.split(whereSeparator: \.isWhitespace).prefix(8).map(String.init)
      } else if name.elementsEqual("id".utf8) {
        elements[index].id = text
      } else if name.elementsEqual("href".utf8) {
        elements[index].href = text
      } else if name.elementsEqual("datetime".utf8) {
        elements[index].datetime = text
      }
    }

    mutating func leave() {
      if let index = open.popLast(), index >= 0 { elements[index].end = elements.count }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
      guard let index = open.last, index >= 0, let text = PlainText.collapsed(String(decoding: bytes, as: UTF8.self))
      else { return }
      // The texts of an element and of those around it, as far as titles and dates go.
      var element = index
      for _ in 0..<6 where element >= 0 {
        if elements[element].text.utf8.count < limits.text {
          elements[element].text += (elements[element].text.isEmpty ? "" : " ") + text
        }
        element = elements[element].parent
      }
    }
  }
}
