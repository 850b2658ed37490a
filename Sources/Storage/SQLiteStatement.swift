import CSQLite
import Model

/// A value on its way into a statement.
enum SQLiteValue {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])

  init(_ moment: Moment?) { self = moment.map { .integer($0.milliseconds) } ?? .null }
  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
}

/// One prepared statement, kept by its connection. Reset after every use.
final class SQLiteStatement {
  private let raw: OpaquePointer
  private unowned let connection: SQLiteConnection

  init(_ raw: OpaquePointer, of connection: SQLiteConnection) {
    self.raw = raw
    self.connection = connection
  }

  deinit { sqlite3_finalize(raw) }

  /// Runs the statement to its end.
  func run(_ values: SQLiteValue...) throws(StoreError) { try run(values) }

  func run(_ values: [SQLiteValue]) throws(StoreError) {
    try each(values) { _ in }
  }

  /// Runs the statement, which gives no rows, with what was bound. Gives SQLite's code.
  func step() -> Int32 {
    let code = sqlite3_step(raw)
    sqlite3_reset(raw)
    return code == SQLITE_DONE ? SQLITE_OK : code
  }

  func bind(_ number: Int64, at index: Int32) throws(StoreError) {
    try connection.check(sqlite3_bind_int64(raw, index, number))
  }

  // What is bound below is not copied: it is there until `body`, which takes the step, is over, and no longer. Values nest.

  /// The outermost of them.
  func run(with text: String, at index: Int32, _ body: () -> Int32) throws(StoreError) {
    try connection.check(with(text, at: index, body))
  }

  func with(_ text: String, at index: Int32, _ body: () -> Int32) -> Int32 {
    var text = text
    return text.withUTF8 { with(text: UnsafeRawBufferPointer($0), at: index, body) }
  }

  /// - Parameter text: valid UTF-8.
  func with(text: ArraySlice<UInt8>, at index: Int32, _ body: () -> Int32) -> Int32 {
    text.withUnsafeBytes { with(text: $0, at: index, body) }
  }

  func with(blob: [UInt8], at index: Int32, _ body: () -> Int32) -> Int32 {
    blob.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, !bytes.isEmpty else {
        let code = sqlite3_bind_zeroblob(raw, index, 0)
        return code == SQLITE_OK ? body() : code
      }
      return with(sqlite3_bind_blob(raw, index, start, Int32(clamping: bytes.count), nil), at: index, body)
    }
  }

  private func with(text: UnsafeRawBufferPointer, at index: Int32, _ body: () -> Int32) -> Int32 {
    text.withMemoryRebound(to: CChar.self) { chars in
      // An empty buffer may have no address, and to bind null is another thing.
      guard let start = chars.baseAddress else {
        let code = nabat_sqlite3_bind_text(raw, index, "", 0)
        return code == SQLITE_OK ? body() : code
      }
      return with(sqlite3_bind_text(raw, index, start, Int32(clamping: chars.count), nil), at: index, body)
    }
  }

  private func with(_ code: Int32, at index: Int32, _ body: () -> Int32) -> Int32 {
    guard code == SQLITE_OK else { return code }
    let result = body()
    sqlite3_bind_null(raw, index)
    return result
  }

  /// Runs the statement and hands out its rows one by one.
  func each(_ values: [SQLiteValue] = [], _ body: (SQLiteRow) -> Void) throws(StoreError) {
    defer { sqlite3_reset(raw) }
    for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
    while true {
      switch sqlite3_step(raw) {
      case SQLITE_ROW: body(SQLiteRow(raw: raw))
      case SQLITE_DONE: return
      case let code: try connection.check(code)
      }
    }
  }

  private func bind(_ value: SQLiteValue, at index: Int32) throws(StoreError) {
    let code: Int32
    switch value {
    case .null: code = sqlite3_bind_null(raw, index)
    case .integer(let number): code = sqlite3_bind_int64(raw, index, number)
    case .text(var text):
      code = text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { chars in
          // An empty buffer may have no address, and to bind null is another thing.
          guard let start = chars.baseAddress else { return nabat_sqlite3_bind_text(raw, index, "", 0) }
          return nabat_sqlite3_bind_text(raw, index, start, Int32(clamping: chars.count))
        }
      }
    case .blob(let bytes):
      code = bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(raw, index, 0) }
        return nabat_sqlite3_bind_blob(raw, index, start, Int32(clamping: bytes.count))
      }
    }
    try connection.check(code)
  }
}

/// The row a statement stands on. Valid inside the closure that receives it.
struct SQLiteRow {
  fileprivate let raw: OpaquePointer

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(raw, column) }
  func int(_ column: Int32) -> Int { Int(integer(column)) }
  func moment(_ column: Int32) -> Moment { Moment(milliseconds: integer(column)) }
  func optionalMoment(_ column: Int32) -> Moment? { isNull(column) ? nil : moment(column) }

  func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(raw, column) else { return "" }
    return String(
      decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(raw, column))), as: UTF8.self)
  }
  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(raw, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(raw, column))))
  }

  private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }
}
