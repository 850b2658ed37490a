package import Model

/// A kind of source, as `kind` names it in source files: what its answers must hold.
package struct SourceKind: Sendable {
  package var name: String
  /// For help and documentation.
  package var summary: String
  /// What is wrong with an answer that was read, in words for the officer; nil where nothing is.
  package var problem: @Sendable (Feed) -> String?

  package init(name: String, summary: String, problem: @escaping @Sendable (Feed) -> String?) {
    self.name = name
    self.summary = summary
    self.problem = problem
  }
}

extension SourceKind {
  package static let feed = SourceKind(
    name: "feed", summary: "RSS, Atom, RDF or JSON Feed, told apart by content"
  ) { feed in
    feed.kind == nil || feed.kind == "html" ? "ответ — не лента: проверьте адрес" + firstWarning(of: feed) : nil
  }

  package static let page = SourceKind(name: "page", summary: "an HTML list, read by selectors", problem: emptyPage)

  package static let article = SourceKind(
    name: "article", summary: "the comment counter of a single page", problem: emptyPage)

  private static let emptyPage: @Sendable (Feed) -> String? = { feed in
    if feed.items.isEmpty { return "на странице ничего не найдено: проверьте селекторы" + firstWarning(of: feed) }
    let isShort = feed.warnings.contains { $0.code == "few-items" }
    return isShort ? "на странице меньше записей, чем min_items: проверьте селекторы" : nil
  }

  private static func firstWarning(of feed: Feed) -> String { feed.warnings.first.map { " (\($0.text))" } ?? "" }
}
