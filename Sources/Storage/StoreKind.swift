package import Model

/// How a store is opened.
package enum StoreAccess: Sendable {
  /// As the one writer.
  case readWrite
  /// Beside a running server; changes are refused.
  case readOnly
}

/// One kind of store: what the registry lists.
package struct StoreKind: Sendable {
  package var name: String
  package var summary: String
  /// Opens the store at a path; throws `StoreError`.
  package var open: @Sendable (_ path: String, _ access: StoreAccess) throws -> any Store

  package init(
    name: String, summary: String, open: @escaping @Sendable (_ path: String, _ access: StoreAccess) throws -> any Store
  ) {
    self.name = name
    self.summary = summary
    self.open = open
  }
}

extension StoreKind: CustomStringConvertible {
  package var description: String { name }
}

extension StoreKind {
  package static let memory = StoreKind(
    name: "memory", summary: "in memory, gone with the process; for replays and tests"
  ) { _, _ in MemoryStore() }

  package static let sqlite = StoreKind(
    name: "sqlite", summary: "one SQLite file with a write-ahead log; one writer, many readers"
  ) { path, access in try SQLiteStore(path: path, access: access) }
}
