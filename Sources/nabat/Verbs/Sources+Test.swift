import Configuration
import Delivering
import JSON
import Model
import Monitor
import Parsing
import Rules

extension Verb.SourceAction {
  /// What each selector of a source matches on a page.
  static let test = Verb.SourceAction(name: "test", usage: "test FILE") { arguments, operands in
    guard let file = operands.first, operands.count == 1 else {
      throw Stop(.usage, "name one source file; see: nabat sources --help")
    }
    var sources = try SourceInput.sources(file)
    if let id = arguments["--source"] {
      sources = sources.filter { $0.id == id }
      guard !sources.isEmpty else { throw Stop(.usage, "\(file) has no source «\(id)»") }
    } else if arguments["--file"] != nil {
      sources = Array(sources.prefix(1))
    }
    let now = try DatabaseInput.moment("--now", in: arguments) ?? SystemClock().now
    var isSound = true
    var output = OutputBuffer()
    for source in sources {
      let payload: Payload
      if let saved = arguments["--file"] {
        payload = Payload(bytes: try FileInput.bytes(saved), url: source.url)
      } else if source.kind == "spool" {
        continue
      } else {
        payload = try await FetchedPage.payload(
          source.url, contact: arguments["--contact"] ?? source.contact,
          allowsPrivate: arguments.has("--allow-private") || source.allowPrivate,
          certificateFile: source.certificateFile)
      }
      let trial = SelectorTrial(
        payload,
        options: ReadingOptions(
          now: now, timezone: source.timezone, contentType: payload.headers["content-type"], source: source))
      let problem = Registry.sourceKinds.first { $0.name == source.kind }?.problem(trial.feed)
      isSound = isSound && problem == nil && (source.list == nil || trial.isSound)
      if arguments.has("--json") {
        var members = JSONObject(["source": .string(source.id)])
        for member in trial.json.object?.members ?? [] { members[member.name] = member.value }
        output.line(JSONValue.object(members).serialized)
      } else {
        show(trial, of: source, problem, &output)
      }
    }
    output.flush()
    return isSound ? .done : .failed
  }

  private static func show(
    _ trial: SelectorTrial, of source: Source, _ problem: String?, _ output: inout OutputBuffer
  ) {
    output.line("\(source.id): \(russianCount(trial.feed.items.count))")
    for row in trial.rows {
      output.line(plainText("  \(row.field)  «\(row.selector)»  \(row.matches) of \(row.of)"))
      for sample in row.samples where row.field != "item" {
        let read = sample.value.map { " → \($0)" } ?? (sample.isUnderstood ? "" : " → cannot be read")
        output.line(plainText("    \(sample.text)\(sample.value == sample.text ? "" : read)"))
      }
    }
    if trial.rows.isEmpty {
      for item in trial.feed.items.prefix(3) {
        let parts = [item.published?.rfc3339, item.title, item.link, item.commentCount.map { "\($0) comments" }]
        output.line(plainText("    " + parts.compactMap { $0 }.joined(separator: "  ")))
      }
    }
    for warning in trial.feed.warnings.prefix(10) { output.line(plainText("  warning: \(warning.text)")) }
    if let problem { output.line(plainText("  \(problem)")) }
  }

  private static func russianCount(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }
}
