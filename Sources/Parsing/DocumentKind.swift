import Model

/// A kind of document Nabat can read: one file in Kinds/ and one line here.
struct DocumentKind: Sendable {
  let name: String
  let summary: String
  /// Whether the document is of this kind, by its content.
  let looksLike: @Sendable (Document) -> Bool
  let parse: @Sendable (Document) -> Feed

  /// In the order they are asked; the first that says yes reads the document.
  static let all: [DocumentKind] = [.article, .list, .jsonFeed, .atom, .rdf, .rss, .page]
}
