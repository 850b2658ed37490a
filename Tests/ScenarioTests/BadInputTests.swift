import Foundation
import JSON
import Model
import Serving
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("A running server", .serialized) struct BadInputTests {
  @Test("stands broken, missing, failing, endless and silent sources, shows dirt cleaned, and goes on")
  func badSources() async throws {
    // given: a source that tells of the bridge in a title full of dirt, and the worst neighbours
    let dirty =
      [0x1B] + Array("[31mВ городе рухнул".utf8) + [0x00, 0x20, 0xFF] + Array(" мост\u{202E}\u{0085}".utf8) + [0x07]
    let asked = Atomic(0)
    let town = try Town(sources: [
      (
        "good",
        { _ in Town.feed([dirty] + (0...asked.add(1, ordering: .relaxed).newValue).map { Array("№\($0)".utf8) }) }
      ),
      ("torn", { _ in HTTPResponse(body: Array("<rss version=\"2.0\"><channel><item><title>Обор".utf8)) }),
      ("nothing", { _ in HTTPResponse(body: Array("\u{1}\u{2}plainly no feed".utf8)) }),
      ("gone", { _ in HTTPResponse(status: 404) }),
      ("failing", { _ in HTTPResponse(status: 500) }),
      (
        "endless",
        { _ in HTTPResponse(body: [UInt8](repeating: 0x20, count: 1 << 16), behaviour: .repeated(upTo: 100 << 20)) }
      ),
      ("silent", { _ in HTTPResponse(behaviour: .delay(.seconds(300))) }),
    ])
    let run = try town.start()

    // then: each says its own trouble on the console, and the rumour is found all the same
    for words in ["nothing: ответ — не лента", "gone: 404", "failing: 500", "endless: ответ больше 16 МБ"] {
      #expect(await eventually { run.output.contains(words) }, "\(words)")
    }
    #expect(await eventually { town.folder.text("var/alerts.ndjson").contains("alert.fired") })
    let before = asked.load(ordering: .relaxed)
    #expect(await eventually { asked.load(ordering: .relaxed) > before + 1 }, "the good source is asked no more")
    #expect(run.isRunning)

    // when: it is told to stop while one connection hangs
    run.signal(SIGTERM)
    let ended = await run.end(within: .seconds(10))
    #expect(ended.status == 0, "\(ended.errors)")
    let explained = try await ProgramRun.run(
      "explain", try #require(alert(of: town)), "--database", "var/nabat.db", in: town.folder.path)
    #expect(explained.status == 0)
    for text in [ended.output, ended.errors, explained.output] { #expect(!text.unicodeScalars.contains(where: isDirt)) }

    // and: the states of the sources are kept
    let store = try SQLiteStore(path: town.folder.file("var/nabat.db"), access: .readOnly)
    defer { store.close() }
    let states = Dictionary(uniqueKeysWithValues: try store.sourceStates().map { ($0.source, $0) })
    #expect(states["good"]?.lastError == nil && states["good"]?.lastSuccess != nil)
    for id in ["nothing", "gone", "failing", "endless"] { #expect(states[id]?.lastError != nil, "\(id)") }
  }

  @Test("leaves a broken rule file out, says so, and writes it to the alert log")
  func brokenRule() async throws {
    let town = try Town()
    try town.folder.write("rules/broken.rules.yaml", "format: 1\nrules: [\n")
    let run = try town.start()
    #expect(await eventually { town.folder.text("var/alerts.ndjson").contains("\"meta.rule_rejected\"") })
    #expect(run.errors.contains("broken.rules.yaml:"))
    #expect(town.folder.text("var/alerts.ndjson").contains("rules/broken.rules.yaml"))
    run.signal(SIGTERM)
    #expect(await run.end(within: .seconds(10)).status == 0)
  }

  @Test("goes on when whoever read its console has left")
  func closedConsole() async throws {
    let town = try Town(sources: [("good", { _ in Town.feed("В городе рухнул мост") })])
    let run = try town.start(shell: #"exec 3>status; { "$@"; echo $? >&3; } | head -n 1"#)
    #expect(await eventually { town.folder.text("var/alerts.ndjson").contains("alert.fired") })
    // The shell waits for the pipe's both ends: the server is named by its lock.
    let server = try #require(Int32(town.folder.text("var/nabat.db.lock").filter(\.isNumber)))
    kill(server, SIGTERM)
    #expect(await run.end(within: .seconds(10)).status == 0)
    #expect(town.folder.text("status") == "0\n")
  }

  @Test("ends with 74 when the disk is full, keeps what was committed, and finishes its work once there is room")
  func fullDisk() async throws {
    let folder = try TestFolder()
    // when: no file may grow beyond some hundred kilobytes
    let full = await (try ProgramRun(["demo", "--fast", "--dir", folder.path], shell: #"ulimit -f 300; exec "$@""#))
      .end()
    #expect(full.status == 74, "\(full.errors)")
    #expect(full.errors.contains("what was committed is kept"), "\(full.errors)")
    var store = try SQLiteStore(path: folder.file("var/nabat.db"), access: .readOnly)
    var kept = 0
    try store.tape(from: nil, to: nil) { _ in kept += 1 }
    let moment = try #require(try store.lastMoment())
    store.close()
    #expect(kept > 0)

    // then: with room it goes on from there
    let again = try await ProgramRun.run("demo", "--fast", "--dir", folder.path)
    #expect(again.status == 0, "\(again.errors)")
    store = try SQLiteStore(path: folder.file("var/nabat.db"), access: .readOnly)
    defer { store.close() }
    var later = 0
    try store.tape(from: nil, to: moment) { _ in later += 1 }
    #expect(later >= kept)
  }

  private func alert(of town: Town) -> String? {
    town.folder.text("var/alerts.ndjson").split(separator: "\n").lazy
      .compactMap { try? JSONValue(parsing: Array($0.utf8)) }
      .first { $0["type"]?.string == "alert.fired" }?["data"]?["alert"]?.string
  }

  /// Control characters but the line break, and marks that turn the direction of text.
  private func isDirt(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
