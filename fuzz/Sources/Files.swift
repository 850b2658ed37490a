import Configuration
import JSON
import Matching
import Model
import YAML

extension FuzzTarget {
  static let tape = FuzzTarget(name: "tape", summary: "a line of a tape or of its history", longest: 4096) { bytes in
    var reader = TapeReader { AuthorKey(UInt64($0.utf8.count)) }
    if let line = try? reader.read(line: bytes) {
      let written = line.json
      precondition((try? reader.read(line: Array(written.utf8))) != nil, "what was written cannot be read")
    }
    bytes.withUnsafeBufferPointer { _ = try? reader.readHistory(line: $0) }
    if let text = (try? JSONValue(parsing: bytes))?.serialized {
      // 1E6 is written as a whole number and then is one: the texts are compared, not the values.
      let again = try? JSONValue(parsing: Array(text.utf8))
      precondition(again?.serialized == text, "JSON does not come back as it was")
    }
  }

  static let yaml = FuzzTarget(name: "yaml", summary: "a YAML document, and its form", longest: 4096) { bytes in
    let document = YAMLDocument(file: "t.yaml", bytes: bytes)
    do throws(RuleFormat.Refusal) {
      let formatted = try RuleFormat.formatted(document)
      let again = try RuleFormat.formatted(YAMLDocument(file: "t.yaml", bytes: Array(formatted.utf8)))
      precondition(again == formatted, "the form of a form is another one")
    } catch {
      precondition(error != .otherMeaning, "the form would mean something else")
    }
  }

  static let configuration = FuzzTarget(
    name: "configuration", summary: "nabat.yaml, a source file, a region file", longest: 4096
  ) { bytes in
    _ = ConfigurationLoader.kind(file: "t.yaml", bytes: bytes)
    _ = ConfigurationLoader.server(file: "t.yaml", bytes: bytes, names: KnownNames(sinks: sinks))
    _ = ConfigurationLoader.sources(files: [("t.yaml", bytes)])
    _ = ConfigurationLoader.regions(files: [("t.yaml", bytes)])
  }

  /// A kind of sink for each form of a key.
  private static let sinks = [
    SinkShape(
      type: "webhook", keys: [SinkKey("url", .webAddress, isRequired: true), SinkKey("secret", .secrets)]),
    SinkShape(
      type: "mail",
      keys: [
        SinkKey("to", .mailAddresses), SinkKey("smtp", .mailServer), SinkKey("path", .path), SinkKey("user", .text),
        SinkKey("template", .choiceOrPath(["a"])), SinkKey("kind", .choice(["a", "b"])),
      ]),
  ]
}
