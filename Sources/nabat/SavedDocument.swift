import Dispatch
import JSON
import Model
import Parsing
import Rules
import Synchronization

/// A document in a file, with what is known of it: what `parse` and `extract` read.
struct SavedDocument: Sendable {
  var file: String
  var url: String
  /// Lower-case names.
  var headers: [String: String]
  var now: Moment?
  var zone: String?
  var sourceFile: String?

  /// The options that name one document, or a list of them.
  static let options = [
    Verb.Option("--url", "URL", "the address the bytes came from"),
    Verb.Option("--content-type", "TYPE", "what the answer said of its type"),
    Verb.Option("--http-header", "'K: V'", "another header of the answer; may be given again"),
    Verb.Option("--now", "TIME", "the time to judge dates by (RFC 3339); default: now"),
    Verb.Option("--tz", "ZONE", "the zone of dates without one (default UTC)"),
    Verb.Option("--batch", "LIST", "a file of lines {\"file\",\"url\",…}: one object a line is printed"),
    Verb.Option("--ndjson", nil, "with --batch; the only form there is"),
    Verb.Option("--json", nil, "JSON; the only form there is"),
  ]

  /// The one that a command line names.
  init(_ arguments: Arguments, of verb: String) throws {
    guard let file = arguments.operands.first else { throw Stop(.usage, "FILE is missing; see: nabat \(verb) --help") }
    guard let url = arguments["--url"] else { throw Stop(.usage, "--url is missing; see: nabat \(verb) --help") }
    self.file = file
    self.url = url
    headers = [:]
    for header in arguments.all("--http-header") {
      guard let colon = header.firstIndex(of: ":") else {
        throw Stop(.usage, "--http-header «\(header)» is not of the form 'Name: value'")
      }
      headers[header[..<colon].lowercased()] = header[header.index(after: colon)...].drop { $0 == " " }.description
    }
    if let type = arguments["--content-type"] { headers["content-type"] = type }
    now = try DatabaseInput.moment("--now", in: arguments)
    zone = arguments["--tz"]
    sourceFile = arguments["--source"]
  }

  /// A line of a list; nil when it is none.
  private init?(line: [UInt8], in folder: String, _ arguments: Arguments) throws {
    guard let value = try? JSONValue(parsing: line), let file = value["file"]?.string, let url = value["url"]?.string
    else { return nil }
    self.file = file.hasPrefix("/") || folder.isEmpty ? file : "\(folder)/\(file)"
    self.url = url
    headers = [:]
    for member in value["headers"]?.object?.members ?? [] { headers[member.name.lowercased()] = member.value.string }
    if let type = value["content_type"]?.string { headers["content-type"] = type }
    now =
      try value["now"]?.string.flatMap { Moment(rfc3339: $0) } ?? DatabaseInput.moment("--now", in: arguments)
    zone = value["tz"]?.string ?? arguments["--tz"]
    sourceFile = value["source"]?.string ?? arguments["--source"]
  }

  func payload() throws -> Payload { Payload(bytes: try FileInput.bytes(file), url: url, headers: headers) }

  func readingOptions() throws -> ReadingOptions {
    let zone = zone ?? "UTC"
    guard LocalTime(zone: zone) != nil else { throw Stop(.usage, "--tz «\(zone)» is not a zone like Europe/Moscow") }
    let source = try sourceFile.map(SourceInput.firstSource)
    return ReadingOptions(
      now: now ?? SystemClock().now, timezone: source?.timezone ?? zone, contentType: headers["content-type"],
      source: source)
  }

  /// Reads the documents of a list on all processors, and prints one object a line each, in the order of the list.
  ///
  /// - Parameters:
  ///   - write: puts a result out as JSON; may flush on its way.
  ///   - unreadable: what stands for a document that could not be read, with the reason.
  static func forEach<Result: Sendable>(
    in list: String, _ arguments: Arguments, read: @Sendable (SavedDocument) throws -> Result,
    write: @escaping (Result, inout [UInt8], (inout [UInt8]) -> Void) -> Void, unreadable: (String) -> Result
  ) throws -> ExitCode {
    guard arguments.operands.isEmpty else { throw Stop(.usage, "FILE and --batch exclude each other") }
    var output = OutputBuffer()
    var firstFailure: Stop?
    var waiting: [SavedDocument] = []
    func readWaiting() throws {
      let documents = waiting
      waiting = []
      let outcomes = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: documents.count))
      DispatchQueue.concurrentPerform(iterations: documents.count) { number in
        let outcome = Swift.Result { try read(documents[number]) }
        outcomes.withLock { $0[number] = outcome }
      }
      for outcome in outcomes.withLock({ $0 }) {
        let result: Result
        do {
          guard let read = try outcome?.get() else { continue }
          result = read
        } catch let stop as Stop where stop.code == .inputOutput {
          // One document that cannot be read does not end a list of thousands; the exit code tells of it.
          firstFailure = firstFailure ?? stop
          result = unreadable(stop.message)
        }
        output.line { bytes, flush in write(result, &bytes, flush) }
      }
    }
    let folder = list.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    do {
      try TapeFile.forEachLine(list) { number, line in
        guard let document = try SavedDocument(line: Array(line), in: folder, arguments) else {
          throw Stop(.rejected, "\(list):\(number): a line must be an object with «file» and «url»")
        }
        waiting.append(document)
        if waiting.count == chunk { try readWaiting() }
      }
      try readWaiting()
    } catch let failure as TapeFile.Failure {
      try readWaiting()
      output.flush()
      throw Stop(.inputOutput, failure.message)
    } catch {
      // What stood before the line that stopped it is printed all the same.
      try readWaiting()
      output.flush()
      throw error
    }
    output.flush()
    if let firstFailure { throw firstFailure }
    return .done
  }

  /// Documents that are read side by side.
  private static let chunk = 16
}
