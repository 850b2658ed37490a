import Glibc
import JSON
import Model
import Parsing
import Rules

extension Verb {
  static let parse = Verb(
    name: "parse", summary: "Reads one saved feed or page and prints what it holds; never touches the network.",
    operands: "FILE", operandCount: 0...1,
    options: [
      Option("--url", "URL", "the address the bytes came from"),
      Option("--content-type", "TYPE", "what the answer said of its type"),
      Option("--http-header", "'K: V'", "another header of the answer; may be given again"),
      Option("--now", "TIME", "the time to judge dates by (RFC 3339); default: now"),
      Option("--tz", "ZONE", "the zone of dates without one (default UTC)"),
      Option("--source", "FILE", "a source file whose selectors read an HTML page"),
      Option("--batch", "LIST", "a file of lines {\"file\",\"url\",…}: one object a line is printed"),
      Option("--ndjson", nil, "with --batch; the only form there is"),
      Option("--json", nil, "JSON; the only form there is"),
    ], example: "nabat parse saved/feed.xml --url https://news.example/rss --json"
  ) { arguments in
    if let list = arguments["--batch"] {
      guard arguments.operands.isEmpty else { throw Stop(.usage, "FILE and --batch exclude each other") }
      return try ParseJob.runBatch(list, arguments)
    }
    guard let file = arguments.operands.first else { throw Stop(.usage, "FILE is missing; see: nabat parse --help") }
    guard let url = arguments["--url"] else { throw Stop(.usage, "--url is missing; see: nabat parse --help") }
    var headers: [String: String] = [:]
    for header in arguments.all("--http-header") {
      guard let colon = header.firstIndex(of: ":") else {
        throw Stop(.usage, "--http-header «\(header)» is not of the form 'Name: value'")
      }
      headers[header[..<colon].lowercased()] = header[header.index(after: colon)...].drop { $0 == " " }.description
    }
    if let type = arguments["--content-type"] { headers["content-type"] = type }
    let job = try ParseJob(
      file: file, url: url, headers: headers, now: DatabaseInput.moment("--now", in: arguments),
      zone: arguments["--tz"], sourceFile: arguments["--source"])
    var output = OutputBuffer()
    let feed = try job.run()
    output.line { bytes, flush in feed.writeJSON(into: &bytes, flush: flush) }
    output.flush()
    // The program ends: never taken down, the entries cost nothing more. Memory of this kind is not deinitialised.
    withUnsafeTemporaryAllocation(of: Feed.self, capacity: 1) { $0.initializeElement(at: 0, to: feed) }
    return .done
  }
}

/// One document to read.
struct ParseJob {
  var file: String
  var url: String
  var headers: [String: String]
  var now: Moment?
  var zone: String?
  var sourceFile: String?

  func run() throws -> Feed {
    let zone = zone ?? "UTC"
    guard LocalTime(zone: zone) != nil else { throw Stop(.usage, "--tz «\(zone)» is not a zone like Europe/Moscow") }
    let source = try sourceFile.map(SourceInput.firstSource)
    let payload = Payload(bytes: try FileInput.bytes(file), url: url, headers: headers)
    var options = ReadingOptions(
      now: now ?? SystemClock().now, timezone: source?.timezone ?? zone, contentType: headers["content-type"],
      source: source)
    options.wantsPlainText = false
    return DocumentReader.read(payload, options: options)
  }

  /// A list of documents, one object a line each.
  static func runBatch(_ list: String, _ arguments: Arguments) throws -> ExitCode {
    var output = OutputBuffer()
    var unreadable: Stop?
    let folder = list.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    do {
      try TapeFile.forEachLine(list) { number, line in
        guard let value = try? JSONValue(parsing: Array(line)), let file = value["file"]?.string,
          let url = value["url"]?.string
        else { throw Stop(.rejected, "\(list):\(number): a line must be an object with «file» and «url»") }
        var headers: [String: String] = [:]
        for member in value["headers"]?.object?.members ?? [] {
          headers[member.name.lowercased()] = member.value.string
        }
        if let type = value["content_type"]?.string { headers["content-type"] = type }
        let path = file.hasPrefix("/") || folder.isEmpty ? file : "\(folder)/\(file)"
        let job = ParseJob(
          file: path, url: url, headers: headers,
          now: try value["now"]?.string.flatMap { Moment(rfc3339: $0) } ?? DatabaseInput.moment("--now", in: arguments),
          zone: value["tz"]?.string ?? arguments["--tz"],
          sourceFile: value["source"]?.string ?? arguments["--source"])
        let feed: Feed
        do {
          feed = try job.run()
        } catch let stop as Stop where stop.code == .inputOutput {
          // One document that cannot be read does not end a list of thousands; the exit code tells of it.
          unreadable = unreadable ?? stop
          feed = Feed(unreadable: stop.message)
        }
        output.line { bytes, flush in feed.writeJSON(into: &bytes, flush: flush) }
      }
    } catch let failure as TapeFile.Failure {
      output.flush()
      throw Stop(.inputOutput, failure.message)
    } catch {
      output.flush()
      throw error
    }
    output.flush()
    if let unreadable { throw unreadable }
    return .done
  }
}

extension Feed {
  /// What stands for a document that could not be read.
  fileprivate init(unreadable reason: String) {
    self.init()
    warnings = [FeedWarning(code: "unreadable", text: reason)]
  }
}
