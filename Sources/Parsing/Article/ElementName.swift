/// The elements that the reading of an article tells apart.
enum ElementName: UInt8 {
  /// Not an element: a run of text.
  case text
  /// Anything that runs along in a line, or that is unknown.
  case inline
  /// A block that says no more than that.
  case block
  case html, head, body, main, article, section, div, p, blockquote, pre, heading, title, list, item, definitions, term
  case table, row, cell, caption, figure, figcaption, a, br, hr, img, time, strong
  case aside, nav, header, footer, address
  case form, button, label, fieldset
  /// Its content is no text of the page: scripts, styles, drawings, players, fields of forms.
  case mute

  var isBlock: Bool {
    switch self {
    case .text, .inline, .a, .br, .img, .time, .strong, .label, .button, .mute: false
    default: true
    }
  }

  /// By the bytes of a lower-case name.
  static func named(_ name: UnsafeBufferPointer<UInt8>) -> ElementName {
    names[WordHash.of(name)] ?? .inline
  }

  private static let names: [UInt32: ElementName] = {
    var names: [UInt32: ElementName] = [:]
    for (element, spelled) in [
      (.html, "html"), (.head, "head"), (.body, "body"), (.main, "main"), (.article, "article"),
      (.section, "section"), (.div, "div center details summary hgroup"), (.p, "p"), (.blockquote, "blockquote"),
      (.pre, "pre listing xmp plaintext"), (.heading, "h1 h2 h3 h4 h5 h6"), (.title, "title"), (.list, "ul ol dir"),
      (.item, "li"), (.definitions, "dl"), (.term, "dt dd"), (.table, "table tbody thead tfoot"), (.row, "tr"),
      (.cell, "td th"), (.caption, "caption"), (.figure, "figure"), (.figcaption, "figcaption"), (.a, "a"),
      (.br, "br"), (.hr, "hr"), (.img, "img picture"), (.time, "time"), (.strong, "strong b"), (.aside, "aside"),
      (.nav, "nav menu"), (.header, "header"), (.footer, "footer"), (.address, "address"), (.form, "form"),
      (.button, "button"), (.label, "label"), (.fieldset, "fieldset legend"),
      (
        .mute,
        "script style noscript template iframe object embed applet svg canvas video audio select option optgroup"
          + " input textarea map area noframes noembed datalist dialog math progress meter rp rt frameset"
      ),
    ] as [(ElementName, String)] {
      for name in spelled.split(separator: " ") { names[WordHash.of(name.utf8)] = element }
    }
    return names
  }()
}

/// FNV-1a of 32 bits: names in small tables that are made here and looked up a thousand times a page.
enum WordHash {
  static let start: UInt32 = 0x811c_9dc5

  static func add(_ byte: UInt8, to hash: UInt32) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(start) { add($1, to: $0) } }
}
