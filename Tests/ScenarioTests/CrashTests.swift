import Demo
import Glibc
import JSON
import Model
import Storage
import TestSupport
import Testing

@Suite("A server that is killed", .serialized) struct CrashTests {
  private static let kills = 20

  @Test("twenty times loses no alert, tells none under a second id, and leaves a tape that replays to its journal")
  func twentyKills() async throws {
    let folder = try TestFolder()
    let demo = ["demo", "--fast", "--dir", folder.path]
    var random = SeededGenerator(seed: 20_260_302)

    // when: killed a random moment after its console came to every fifth minute of the story, so that the kills are
    // spread over it however slow the machine is; or, every fifth time, soon after the start
    for number in 1...CrashTests.kills {
      let run = try ProgramRun(demo)
      let target = number % 5 == 0 ? 0 : 9 * 60 + 5 * number
      let pause = Duration.milliseconds(Int.random(in: 0...60, using: &random))
      let isKilled = await run.kill(pause) { CrashTests.minute(of: $0) >= target }
      #expect(isKilled, "the story ended before kill \(number): \(run.errors)")
      #expect(await run.end().status == 128 + SIGKILL)
    }
    // The kills were spread over the story, not all at its beginning.
    let killedStore = try SQLiteStore(path: folder.file("var/nabat.db"), access: .readOnly)
    let reached = try #require(try killedStore.lastMoment())
    killedStore.close()
    let story = try DemoStory()
    let share = Double((reached - story.start).milliseconds) / Double((story.end - story.start).milliseconds)
    #expect(share > 0.5, "the last kill came after \(share) of the story")
    let last = await (try ProgramRun(demo)).end()
    #expect(last.status == 0, "\(last.errors)")

    // then: the receiver has everything, once
    let outcome = try Outcome(of: folder)
    let fired = outcome.received.filter { $0["type"]?.string == "alert.fired" }
    for expected in DemoStory.expectations {
      let matching = fired.filter {
        $0["data"]?["rule"]?["id"]?.string == expected.rule
          && $0["data"]?["key"]?["narrative"]?.string == expected.key["narrative"]
          && $0["data"]?["key"]?["region"]?.string == expected.key["region"]
      }
      #expect(matching.count == 1, "\(expected.rule)")
    }
    var ids: [String: Set<String>] = [:]
    for message in outcome.received + outcome.journal
      + outcome.outbox.compactMap({ try? JSONValue(parsing: Array($0.body.utf8)) })
    {
      let alert = message["data"]?["alert"]?.string ?? ""
      guard !alert.isEmpty else { continue }
      ids["\(alert) \(message["data"]?["seq"]?.integer ?? 0)", default: []].insert(message["id"]?.string ?? "")
    }
    #expect(ids.allSatisfy { $0.value.count == 1 }, "\(ids.filter { $0.value.count != 1 })")

    // and: journal and outbox tell the same
    let firedInJournal = outcome.alerts.filter { $0["type"]?.string == "alert.fired" }.map {
      $0["data"]?["alert"]?.string
    }
    #expect(Set(firedInJournal).count == firedInJournal.count)
    #expect(outcome.outbox.allSatisfy { $0.state == .delivered || $0.state == .superseded })
    for event in outcome.alerts where event["data"]?["stage"]?.string == "sent" {
      let rows = outcome.outbox.filter { $0.message == event["id"]?.string }
      #expect(Set(rows.map(\.sink)) == ["duty", "log"], "\(event["id"]?.string ?? "")")
      #expect(rows.count == 2)
    }
    try await expectReplay(of: folder, outcome)
  }

  /// The latest time of day on the console, in minutes; 0 where there is none yet.
  private static func minute(of output: String) -> Int {
    output.split(separator: "\n").compactMap { line in
      let parts = line.prefix { $0 != " " }.split(separator: ":").compactMap { Int($0) }
      return parts.count == 2 ? parts[0] * 60 + parts[1] : nil
    }.max() ?? 0
  }

  @Test("or ends by itself leaves a tape that replays to the same alert events")
  func recordedTape() async throws {
    let folder = try TestFolder()
    #expect(try await ProgramRun.run("demo", "--fast", "--dir", folder.path).status == 0)
    try await expectReplay(of: folder, Outcome(of: folder))
  }

  /// The recorded tape, replayed, gives the alert events of the journal byte for byte.
  private func expectReplay(of folder: TestFolder, _ outcome: Outcome) async throws {
    let tape = try await ProgramRun.run("tape", "--database", folder.file("var/nabat.db"))
    #expect(tape.status == 0)
    try folder.write("tape.ndjson", tape.output)
    let replay = try await ProgramRun.run(
      "replay", "--rules", folder.file("rules"), "--tape", folder.file("tape.ndjson"), "--history",
      folder.file("history.ndjson"), "--config", folder.file("nabat.yaml"))
    #expect(replay.status == 0, "\(replay.errors)")
    let replayed = replay.output.split(separator: "\n").map(String.init).filter { $0.contains("\"type\":\"alert.") }
    #expect(replayed == outcome.alerts.map(\.serialized))
  }
}

/// What a demo left behind.
private struct Outcome {
  var received: [JSONValue]
  var journal: [JSONValue] = []
  var outbox: [OutboxRow]
  var alerts: [JSONValue] { journal.filter { $0["type"]?.string?.hasPrefix("alert.") ?? false } }

  init(of folder: TestFolder) throws {
    received = try folder.text("var/received.ndjson").split(separator: "\n").map {
      try JSONValue(parsing: Array($0.utf8))
    }
    let store = try SQLiteStore(path: folder.file("var/nabat.db"), access: .readOnly)
    defer { store.close() }
    var rows: [JSONValue] = []
    try store.journal(alert: nil, from: nil) { rows.append(try JSONValue(parsing: Array($0.json.utf8))) }
    journal = rows
    outbox = try store.deliveries(state: nil, limit: 10_000)
  }
}
