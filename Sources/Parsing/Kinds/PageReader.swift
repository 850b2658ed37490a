import Model

extension DocumentKind {
  static let page = DocumentKind(
    name: "html", summary: "an HTML page: no feed, but it may name one",
    looksLike: { $0.opensAsPage || $0.rootName?.hasPrefix("html") == true || $0.rootName == "xhtml:html" },
    parse: { _ in Feed(kind: "html") })
}
