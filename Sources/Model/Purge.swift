/// A text by its source and its id there.
package struct TextName: Hashable, Sendable {
  package var source: String
  package var id: String

  package init(source: String, id: String) {
    self.source = source
    self.id = id
  }
}

/// What is old enough to go. Lines stay; what people wrote goes out of them.
package struct Purge: Sendable {
  package var textsBefore: Moment
  /// Texts that are evidence still.
  package var keeping: Set<TextName> = []
  package var nearMissesBefore: Moment
  /// Lines of the journal older than this go whole; its chain begins after them.
  package var journalBefore: Moment

  package init(textsBefore: Moment, nearMissesBefore: Moment, journalBefore: Moment) {
    self.textsBefore = textsBefore
    self.nearMissesBefore = nearMissesBefore
    self.journalBefore = journalBefore
  }
}

/// How much of it went, or would go.
package struct PurgeCount: Hashable, Sendable {
  package var texts = 0
  /// Old texts that stay because they are evidence.
  package var kept = 0
  package var nearMisses = 0
  package var journal = 0

  package init() {}
}
