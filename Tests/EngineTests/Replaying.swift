import Alerting
import Engine
import JSON
import Model
import Monitor
import Rules
import Testing
import Text

/// Plays tape lines through rules, as `replay --all` does.
enum Replaying {
  /// The events; `until` runs the clock on.
  static func events(
    _ rules: String, _ tape: [String], history: [String] = [], until: String? = nil,
    settings: EngineSettings = EngineSettings()
  ) throws -> [JSONValue] {
    let engine = try engine(rules, settings: settings)
    var reader = TapeReader { _ in AuthorKey(0) }
    engine.preload(try history.map { try read($0) { try reader.readHistory(line: $0) } })
    let lines = try lines(tape)
    engine.handle(lines)
    if let end = try until.map({ try #require(Moment(rfc3339: $0)) }) ?? lines.last?.at { engine.advance(through: end) }
    return engine.takeEvents().map { .object($0.json) }
  }

  /// An engine that runs the rules, which must be without errors.
  static func engine(_ rules: String, settings: EngineSettings = EngineSettings()) throws -> Engine {
    let lexicon = try #require(Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)), "run scripts/setup")
    let set = RuleLoader.load(texts: [("t.rules.yaml", Array(rules.utf8))], types: Registry.ruleTypes)
    try #require(!set.hasErrors, "\(set.diagnostics)")
    return Engine(rules: set.rules, lexicon: lexicon, settings: settings)
  }

  /// Lines of a tape as the engine takes them.
  static func lines(_ tape: [String]) throws -> [TapeLine] {
    var reader = TapeReader { AuthorKey($0.utf8.reduce(1469) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }) }
    return try tape.map { try read($0) { try reader.read(line: $0) } }
  }

  private static func read<Value>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value) throws -> Value
  {
    var text = text
    return try text.withUTF8(body)
  }

  /// An item of region R1 at 06:00 UTC, or another time of 2026-03-02.
  static func item(
    _ id: String, at: String = "06:00:00", published: String? = nil, source: String = "s", title: String? = nil,
    _ body: String? = nil, more: String = ""
  ) -> String {
    func quoted(_ text: String) -> String { JSONValue.string(text).serialized }
    let texts = [("title", title), ("body", body)].compactMap { name, text in text.map { ",\"\(name)\":\(quoted($0))" }
    }
    let event = published.map { ",\"published\":\"2026-03-02T\($0)Z\"" } ?? ""
    return "{\"kind\":\"item\",\"at\":\"2026-03-02T\(at)Z\",\"id\":\"\(id)\",\"source\":\"\(source)\",\"region\":\"R1\""
      + texts.joined() + event + more + "}"
  }

  static func comment(
    _ id: String, at: String, published: String? = nil, narrative: String? = "n", author: String? = nil,
    text: String = "да", more: String = ""
  ) -> String {
    let event = published.map { ",\"published\":\"2026-03-02T\($0)Z\"" } ?? ""
    let topic = narrative.map { ",\"narrative\":\"\($0)\"" } ?? ""
    return "{\"kind\":\"comment\",\"at\":\"2026-03-02T\(at)Z\",\"id\":\"\(id)\",\"source\":\"s\",\"region\":\"R1\","
      + "\"author\":\"\(author ?? id)\",\"text\":\"\(text)\"" + topic + event + more + "}"
  }

  static func tick(_ at: String) -> String { "{\"kind\":\"tick\",\"at\":\"2026-03-02T\(at)Z\"}" }

  /// `alert.fired 06:00:00` …, of events whose type begins so; without `alert.updated`: reminders and growth are a story
  /// of their own.
  static func told(_ events: [JSONValue], _ prefix: String = "alert.") -> [String] {
    events.compactMap { event in
      guard let type = event["type"]?.string, type.hasPrefix(prefix), type != "alert.updated",
        let time = event["time"]?.string
      else { return nil }
      return "\(type) \(time.dropFirst(11).dropLast())"
    }
  }
}
