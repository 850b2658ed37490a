import Glibc
import JSON
package import Model

/// A line on standard error for every event, with the bell: the last resort where nothing else could be reached.
package struct ConsoleSink: Sink {
  private let offset: @Sendable (Moment) -> Span
  private let write: @Sendable (String) -> Bool

  /// - Parameter write: false where the text could not be written.
  package init(offset: @escaping @Sendable (Moment) -> Span, write: @escaping @Sendable (String) -> Bool) {
    self.offset = offset
    self.write = write
  }

  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    guard let event = try? JSONValue(parsing: message.body) else { return .refused("the message is no event") }
    let line = ConsoleLine(colour: false, offset: offset).text(for: event)
    return write("\u{07}\(line)\n") ? .status(200) : .failed("standard error cannot be written")
  }
}

extension SinkKind {
  package static let console = SinkKind(
    name: "console", summary: "A line on standard error with the bell; mostly as a fallback", isForPeople: true
  ) { _, context throws(SinkError) in
    ConsoleSink(offset: context.offset) { text in
      let bytes = Array(text.utf8)
      return bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) } == bytes.count
    }
  }
}
