/// What of HTML survives sanitising, and what breaks lines in its plain text.
enum HTMLWords {
  /// Elements that are kept. Others lose their tags and keep their text.
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
    "script", "style", "noframes", "template", "head", "title", "svg", "math", "select", "textarea", "noembed",
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
