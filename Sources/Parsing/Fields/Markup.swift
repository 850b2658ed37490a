import Model

/// A text of a feed with how it is to be taken.
struct Markup {
  enum Form { case html, plain }
  var bytes: [UInt8]
  var form: Form
  /// What relative addresses inside are resolved against.
  var base: String

  /// RSS: text that is HTML once unescaped, or elements standing there unescaped.
  init?(rss element: XMLElement?, document: Document) {
    guard let element, !element.isBlank else { return nil }
    bytes = element.hasElements ? element.markup : Array((element.text ?? "").utf8)
    form = .html
    base = element.base(under: document.base)
  }

  /// A text construct of Atom 1.0 (`type`) or 0.3 (`mode` and a media type).
  init?(atom element: XMLElement?, document: Document) {
    guard let element, !element.isBlank else { return nil }
    base = element.base(under: document.base)
    let type = Bytes.lowercased(element.attribute(.type) ?? "")
    let mode = Bytes.lowercased(element.attribute(.mode) ?? "")
    if element.hasElements {
      bytes = element.markup
      form = .html
      return
    }
    let text = element.text ?? ""
    bytes = Array(text.utf8)
    let isMedia = type.contains("/")
    if mode == "base64" || (isMedia && mode.isEmpty && !Markup.isText(type) && !type.contains("json")) {
      guard let decoded = Base64.decode(text) else { return nil }
      bytes = UTF8Check.repaired(decoded)
      form = type.isEmpty || type == "text/plain" ? .plain : .html
      if form == .html, !bytes.contains(0x3C), !type.contains("html") { form = .plain }
      return
    }
    switch type {
    case "html", "xhtml", "text/html", "application/xhtml+xml": form = .html
    case "text/plain": form = .plain
    case "", "text", "application/json": form = mode == "escaped" ? .html : .plain
    // XML of another vocabulary, escaped: no HTML of ours, so shown as it stands (RFC 4287, section 4.1.3.3).
    case _ where type.hasSuffix("+xml") || type.hasSuffix("/xml"): form = mode == "escaped" ? .html : .plain
    default: form = .html
    }
    // «text» that is plainly escaped HTML: what most writers mean by it.
    if form == .plain, type.isEmpty, Markup.looksLikeHTML(text) { form = .html }
  }

  private static func isText(_ type: String) -> Bool {
    type.hasPrefix("text/") || type.hasSuffix("+xml") || type.hasSuffix("/xml")
  }

  static func looksLikeHTML(_ text: String) -> Bool {
    let bytes = Bytes.lowercased(text.utf8)
    return ["<p>", "<br", "<div", "<a ", "</a>", "</p>", "<img", "</b>", "</i>", "</em>", "</strong>", "</span>"]
      .contains { Bytes.find($0, in: bytes, from: 0) != nil }
  }

  /// As sanitised HTML.
  var html: String? {
    switch form {
    case .html: HTMLCleaner.clean(bytes, base: base)
    case .plain:
      Bytes.trimmed(bytes[...]).isEmpty
        ? nil : HTMLWriter.escaped(String(decoding: Bytes.trimmed(bytes[...]), as: UTF8.self))
    }
  }

  /// As a title: empty, not absent, where the document has one of markup alone, such as a picture.
  var title: String? { line ?? (form == .html && bytes.contains(0x3C) ? "" : nil) }

  /// As one line of plain text: for titles and names.
  var line: String? {
    let text = String(decoding: bytes, as: UTF8.self)
    switch form {
    case .html: return PlainText.line(text)
    case .plain: return PlainText.collapsed(Entities.decode(text))
    }
  }
}

extension Markup {
  /// An RSS field as sanitised HTML, without copying what is text alone.
  static func html(rss element: XMLElement, document: Document) -> String? {
    if element.hasElements { return Markup(rss: element, document: document)?.html }
    let base = element.base(under: document.base)
    return element.withText { HTMLCleaner.clean($0, base: base) }
  }

  /// An RSS title, likewise.
  static func title(rss element: XMLElement?, document: Document) -> String? {
    guard let element else { return nil }
    if element.hasElements { return Markup(rss: element, document: document)?.title }
    return element.withText { bytes in PlainText.line(bytes) ?? (bytes.contains(0x3C) ? "" : nil) }
  }
}

extension Document {
  /// The plain text of what an entry says, its content or its summary, where it is wanted.
  func plainText(of item: FeedItem) -> String? {
    guard options.wantsPlainText else { return nil }
    return (item.content ?? item.summary).flatMap(PlainText.text(clean:))
      ?? item.summary.flatMap(PlainText.text(clean:))
  }
}
