package import Model

extension Store {
  /// The stored tape as lines, in the order of arrival; a row that cannot be read is passed over.
  ///
  /// - Parameter wanted: rows that it leaves out are not read at all.
  package func lines(
    from: Moment? = nil, to: Moment? = nil, where wanted: (TapeRow) -> Bool = { _ in true },
    _ body: (TapeLine) throws -> Void
  ) throws {
    var reader = TapeReader(authorKey: AuthorHash().key)
    try tape(from: from, to: to) { row in
      guard wanted(row), let line = try? reader.read(line: Array(row.line)) else { return }
      try body(line)
    }
  }

  /// The same in batches, as an engine takes them; the last one may be shorter or empty.
  package func batches(
    from: Moment? = nil, to: Moment? = nil, size: Int = 5000, _ body: ([TapeLine]) throws -> Void
  ) throws {
    var batch: [TapeLine] = []
    try lines(from: from, to: to) { line in
      batch.append(line)
      guard batch.count == size else { return }
      try body(batch)
      batch.removeAll(keepingCapacity: true)
    }
    try body(batch)
  }
}
