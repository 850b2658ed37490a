import Alerting
import Engine
import Foundation
import JSON
import Model
import Monitor
import Rules
import Testing
import Text

/// The slow prototype of the rule language, where it lies beside the package, as an oracle: random rules and tapes
/// through both, the same events out of both.
@Suite("The engine and the prototype of the rule language") struct ReferenceTests {
  /// More of them, and others, by hand: NABAT_REFERENCE="SEED COUNT".
  private static let cases =
    ProcessInfo.processInfo.environment["NABAT_REFERENCE"]?.split(separator: " ").map(String.init) ?? ["100", "12"]

  @Test("say the same of random rules and tapes") func agree() throws {
    guard let prototype = ReferenceTests.prototype() else { return }
    // given
    let folder = FileManager.default.temporaryDirectory.appending(path: "nabat-reference-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try python([ReferenceTests.script, "make", folder] + ReferenceTests.cases)
    try #require(made.status == 0, "\(made.output)")
    let lexicon = try #require(Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)))
    // when
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) { try play("\(folder)/\(name)", lexicon) }
    // then
    let compared = try python([ReferenceTests.script, "compare", prototype, folder])
    #expect(compared.status == 0, "\(compared.output)")
  }

  /// Writes the events of one case, unless `check` refuses its rules.
  private func play(_ folder: String, _ lexicon: Lexicon) throws {
    let set = try RuleLoader.load(paths: ["\(folder)/a.rules.yaml"], types: Registry.ruleTypes)
    guard !set.hasErrors else { return }
    var reader = TapeReader { AuthorKey($0.utf8.reduce(1469) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }) }
    var lines: [TapeLine] = []
    var history: [HistoryLine] = []
    try TapeFile.forEachLine("\(folder)/tape.ndjson") { lines.append(try reader.read(line: $1)) }
    try TapeFile.forEachLine("\(folder)/history.ndjson") { history.append(try reader.readHistory(line: $1)) }
    let until = try #require(Moment(rfc3339: String(contentsOfFile: "\(folder)/until", encoding: .utf8)))
    let engine = Engine(rules: set.rules, lexicon: lexicon)
    engine.preload(history)
    engine.handle(lines)
    engine.advance(through: until)
    let events = engine.takeEvents().map { JSONValue.object($0.json).serialized + "\n" }
    try events.joined().write(toFile: "\(folder)/nabat.ndjson", atomically: false, encoding: .utf8)
  }

  /// The folder of the prototype; nil, with the reason printed, where it or what it needs is not there.
  private static func prototype() -> String? {
    let root = script.components(separatedBy: "/Tests/EngineTests/")[0]
    let parents = [root + "/..", root + "/../.."]
    guard
      let folder = parents.map({ $0 + "/shared/reference" }).first(where: {
        FileManager.default.fileExists(atPath: $0 + "/refnabat.py")
      })
    else {
      print("skipped: the prototype is not beside the package (../shared/reference)")
      return nil
    }
    guard let modules = try? python(["-c", "import pymorphy3, yaml, Stemmer"]), modules.status == 0 else {
      print("skipped: python3 with pymorphy3, PyYAML and PyStemmer is not installed")
      return nil
    }
    return folder
  }

  private static let script = #filePath.replacing("ReferenceTests.swift", with: "Fixtures/reference.py")

  private func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    try ReferenceTests.python(arguments)
  }

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
