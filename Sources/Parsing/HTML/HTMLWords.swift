/// What of HTML survives sanitising, and what breaks lines in its plain text.
enum HTMLWords {
  /// What an element is written as: itself where it is kept; a bare `div` or `span` where its text stays and only its
  /// meaning goes; nil where its tags go without a trace.
  ///
  /// A form's parts keep their places, so that blocks stay blocks; what HTML does not know is shown in the line, as a
  /// `span` is (HTML, section 3.2.2, HTMLUnknownElement).
  static func written(_ name: String) -> String? {
    if kept.contains(name) { return name }
    if removed.contains(name) { return nil }
    return bare.contains(name) ? "div" : "span"
  }

  /// Elements that load, frame or steer: nothing of them is left but the text inside.
  private static let removed: Set<String> = [
    "object", "embed", "iframe", "applet", "param", "frame", "frameset", "base", "basefont", "link", "meta", "bgsound",
    "isindex", "html", "body", "layer", "ilayer", "portal",
  ]

  /// Blocks that may not stay as what they are.
  private static let bare: Set<String> = [
    "form", "fieldset", "legend", "option", "optgroup", "select", "noscript", "main", "hgroup", "search", "multicol",
    "listing", "xmp", "plaintext",
  ]

  /// Elements that are kept. What becomes of others: `written`.
  static let kept: Set<String> = [
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blockquote",
    "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dialog", "dir", "div",
    "dl",
    "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i",
    "img", "ins", "kbd", "li", "map", "mark", "menu", "meter", "nav", "ol", "p", "picture", "pre", "progress", "q",
    "s", "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "wbr",
  ]

  /// Elements that go with everything in them.
  static let dropped: Set<String> = [
    "script", "style", "noframes", "template", "head", "title", "noembed",
  ]

  static let attributes: Set<String> = [
    "abbr", "align", "alt", "axis", "border", "cellpadding", "cellspacing", "char", "charoff", "cite", "class",
    "clear", "color", "cols", "colspan", "compact", "coords", "datetime", "dir", "face", "frame", "headers", "height",
    "href", "hreflang", "hspace", "id", "lang", "longdesc", "max", "media", "min", "name", "nohref", "noshade",
    "nowrap", "poster", "rel", "rev", "rows", "rowspan", "rules", "scope", "shape", "size", "span", "src", "start",
    "summary", "tabindex", "title", "type", "usemap", "valign", "value", "volume", "vspace", "width", "controls",
    "loop", "reversed", "xml:lang",
  ]

  /// Attributes that hold an address: made absolute, dropped unless it is a web address or `mailto:`.
  static let addresses: Set<String> = ["href", "src", "cite", "longdesc", "poster", "usemap"]

  /// Elements that stand on lines of their own.
  static let blocks: Set<String> = [
    "address", "article", "aside", "blockquote", "br", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
    "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
  ]
}
