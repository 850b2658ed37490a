import Model
package import Parsing

extension SourceKind {
  /// Tapes that other programs put into a folder.
  package static let spool = SourceKind(
    name: "spool", summary: "tapes that other programs put into a folder: appeals, comments of closed networks"
  ) { _ in nil }
}

/// Looks into the folder of a spool again and again, and hands what is new to the pipeline.
struct SpoolWatch: Sendable {
  let source: Source
  let pipeline: Pipeline
  let salt: AuthorSalt
  let clock: any WallClock
  let onPoll: @Sendable (SourceDesk.PollReport) async -> Void

  /// Records of how far a file was read.
  private static let record = "spool"

  func run() async throws {
    let salt = salt
    let stored = try await pipeline.spoolMarks(of: source.id)
    var reader = SpoolReader(source: source, marks: stored) { salt.key(for: $0, at: $1) }
    var lastError: String?
    var failures = 0
    while true {
      try Task.checkCancellation()
      let now = clock.now
      var state = SourceState(source: source.id)
      state.lastAttempt = now
      state.next = now + source.every
      var hasMore = false
      do {
        let batch = try reader.read(now: now)
        hasMore = batch.hasMore
        // Before the lines are committed: after a crash a bad line is told twice rather than never.
        try SpoolReader.setAside(batch.rejected, folder: source.url)
        state.lastSuccess = now
        if !batch.lines.isEmpty || !batch.marks.isEmpty || failures > 0 || !batch.rejected.isEmpty {
          let records = batch.marks.map { mark in
            RecordChange(
              kind: SpoolWatch.record, key: "\(source.id)\n\(mark.file)",
              value: mark.offset.map { Array(String($0).utf8) })
          }
          let words = batch.rejected.first.map { first in
            "\(first.file): отложено строк: \(batch.rejected.count); \(first.reason)"
          }
          state.lastError = words
          state.failures = words == nil ? 0 : 1
          let fresh = try await pipeline.ingest(batch.lines, sources: [state], records: records)
          await onPoll(
            SourceDesk.PollReport(source: source, at: now, fresh: fresh, failure: words, isCommentFeed: false))
        }
        failures = 0
        lastError = nil
      } catch let error as StoreError {
        guard case .inputOutput(let words) = error else { throw error }
        failures += 1
        state.lastError = "папка не читается: \(words)"
        state.failures = failures
        if lastError != words {
          lastError = words
          let lines: [TapeLine] = [.fetch(at: now, Fetch(source: source.id, status: 0))]
          _ = try await pipeline.ingest(lines, sources: [state])
          await onPoll(
            SourceDesk.PollReport(source: source, at: now, fresh: 0, failure: state.lastError, isCommentFeed: false))
        }
      }
      if !hasMore { try await clock.sleep(until: now + source.every, tolerance: nil) }
    }
  }
}

extension Pipeline {
  /// How far the files of a spool were read.
  func spoolMarks(of source: String) throws -> [String: Int] {
    var marks: [String: Int] = [:]
    for (key, value) in try store.records(kind: "spool") where key.hasPrefix(source + "\n") {
      marks[String(key.dropFirst(source.count + 1))] = Int(String(decoding: value, as: UTF8.self))
    }
    return marks
  }
}
