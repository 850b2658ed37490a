import Model

extension DocumentKind {
  /// RSS in RDF: the items stand beside the channel.
  static let rdf = DocumentKind(
    name: "rdf", summary: "RSS 1.0 and 0.90",
    looksLike: { $0.rootName == "rdf:rdf" || $0.rootName == "rdf" },
    parse: { RSSReader(document: $0).feed(kind: "rdf") })
}
