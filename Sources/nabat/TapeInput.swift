import JSON
import Model
import Text

/// Tapes and history files as the verbs take them from the command line.
enum TapeInput {
  /// Calls `body` with batches of lines, in order. A bad line stops with its place, after the lines before it.
  static func forEachBatch(
    _ path: String, defaultLanguage: String = "ru", size: Int = 5000, _ body: ([TapeLine]) throws -> Void
  ) throws {
    var reader = TapeReader(defaultLanguage: defaultLanguage, authorKey: AuthorHash().key)
    var batch: [TapeLine] = []
    try forEachLine(path) { number, line in
      do {
        batch.append(try reader.read(line: line))
      } catch let error as TapeError {
        if !batch.isEmpty { try body(batch) }
        throw Stop(.rejected, "\(path):\(number): \(error.message)")
      }
      if batch.count == size {
        try body(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    if !batch.isEmpty { try body(batch) }
  }

  static func history(_ path: String) throws -> [HistoryLine] {
    var reader = TapeReader(authorKey: AuthorHash().key)
    var history: [HistoryLine] = []
    try forEachLine(path) { number, line in
      do {
        history.append(try reader.readHistory(line: line))
      } catch let error as TapeError {
        throw Stop(.rejected, "\(path):\(number): \(error.message)")
      }
    }
    return history
  }

  private static func forEachLine(_ path: String, _ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    do {
      try TapeFile.forEachLine(path, body)
    } catch let failure as TapeFile.Failure {
      switch failure {
      case .unreadable: throw Stop(.inputOutput, failure.message)
      case .lineTooLong: throw Stop(.rejected, failure.message)
      }
    }
  }
}
