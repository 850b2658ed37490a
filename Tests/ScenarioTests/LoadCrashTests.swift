import Foundation
import Glibc
import JSON
import Model
import Serving
import Storage
import Synchronization
import TestSupport
import Testing

/// A receiver that mostly does its work, but answers 500, hangs or cuts off as often as it is told.
private final class MoodyReceiver: Sendable {
  private struct State {
    var random: SeededGenerator
    /// Of 100 requests.
    var troubled = 60
    var taken: [JSONValue] = []
    var refused = 0
  }
  private final class Box: Sendable {
    let state: Mutex<State>
    init(seed: UInt64) { state = Mutex(State(random: SeededGenerator(seed: seed))) }
  }
  private let box: Box
  private let server: HTTPServer
  var url: String { server.url }

  init(seed: UInt64) throws {
    let box = Box(seed: seed)
    self.box = box
    server = try HTTPServer { request in
      let mood = box.state.withLock {
        Int.random(in: 0..<100, using: &$0.random) < $0.troubled ? Int.random(in: 0..<3, using: &$0.random) : -1
      }
      if mood >= 0 { box.state.withLock { $0.refused += 1 } }
      switch mood {
      case 0: return HTTPResponse(status: 500)
      case 1:
        // It takes the message and is gone before it says so: the message comes again, under the same id.
        MoodyReceiver.take(request, box)
        return HTTPResponse(status: 503)
      case 2:
        usleep(300_000)
        return HTTPResponse(status: 504)
      default:
        MoodyReceiver.take(request, box)
        return HTTPResponse(status: 204)
      }
    }
  }

  private static func take(_ request: HTTPRequest, _ box: Box) {
    guard let body = try? JSONValue(parsing: request.body) else { return }
    box.state.withLock { $0.taken.append(body) }
  }

  func calmDown() { box.state.withLock { $0.troubled = 0 } }
  var taken: [JSONValue] { box.state.withLock { $0.taken } }
  var refused: Int { box.state.withLock { $0.refused } }
  func stop() { server.stop() }
}

/// Sources that tell of ever more claims, and of each again and again.
private final class Rumour: Sendable {
  static let things = [
    "мост", "завод", "стадион", "театр", "вокзал", "магазин", "склад", "гараж", "подъезд", "забор", "памятник", "цирк",
    "музей", "рынок", "архив", "телеграф", "ангар", "маяк", "причал", "элеватор",
  ]
  private let count = Atomic(0)
  /// How many texts a source has in the end.
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// All that there is to tell is told from now on.
  func finish() { count.store(4 * limit, ordering: .relaxed) }

  func feed(_ name: String) -> HTTPResponse {
    let told = count.add(1, ordering: .relaxed).newValue / 4
    let titles = (0..<min(limit, told)).map { number in
      "Рухнул \(Rumour.things[number % Rumour.things.count]), говорят в квартале \(number) \(name)"
    }
    return Town.feed(titles.map { Array($0.utf8) })
  }

  /// A rule for each thing.
  static var rules: String {
    let rule = Town.rule.split(separator: "  - id:").last.map { "  - id:" + $0 } ?? ""
    let tests = rule.firstRange(of: "        tests:").map { rule[..<$0.lowerBound] } ?? rule[...]
    return "format: 1\nrules:\n"
      + things.enumerated().map { number, thing in
        String(tests).replacing("claim.bridge", with: "claim.c\(number)").replacing(
          "рухнуть мост", with: "рухнуть \(thing)"
        )
        .replacing("narrative: bridge", with: "narrative: c\(number)")
      }.joined()
  }
}

@Suite("A server under load that is killed, on a disk that breaks", .serialized) struct LoadCrashTests {
  /// `make crash` asks for more.
  private static let kills = ProcessInfo.processInfo.environment["NABAT_KILLS"].flatMap { Int($0) } ?? 20

  @Test("keeps every alert, under one id each, whatever the receiver and the disk do")
  func underLoad() async throws {
    // given: ten regions' sources, and a receiver in a bad mood
    let receiver = try MoodyReceiver(seed: 7)
    defer { receiver.stop() }
    let rumour = Rumour(limit: 3 * LoadCrashTests.kills)
    let town = try Town(sources: (0..<10).map { number in ("s\(number)", { _ in rumour.feed("s\(number)") }) })
    let folder = town.folder
    var feeds = folder.text("feeds/town.yaml")
    for number in 0..<10 {
      feeds = feeds.replacing("{ id: s\(number),", with: "{ id: s\(number), region: XA-\(number),")
    }
    try folder.write("feeds/town.yaml", feeds)
    try folder.write("rules/bridge.rules.yaml", Rumour.rules)
    try folder.write("var/secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    try folder.write(
      "nabat.yaml", Town.configuration(sinks: Town.sink.replacing("http://127.0.0.1:9", with: receiver.url)))
    let shim = try await faultyDisk(in: folder)
    var random = SeededGenerator(seed: 20_261_124)

    // when: killed at random moments; every third time the disk fills up or breaks at a random write instead
    var killed = 0
    var broken: [Int32: Int] = [:]
    for number in 1...LoadCrashTests.kills {
      var environment: [String: String] = [:]
      if let shim, number % 3 == 0 {
        let error = number % 2 == 0 ? ENOSPC : EIO
        environment = [
          "LD_PRELOAD": shim, "FAULT_PATH": "/var/nabat.db", "FAULT_ERROR": String(error),
          "FAULT_AFTER": String(Int.random(in: 0...60, using: &random)),
        ]
      }
      let run = try ProgramRun(["run"], in: folder.path, environment: environment)
      let pause = Duration.milliseconds(Int.random(in: 100...1500, using: &random))
      if environment.isEmpty {
        if await run.kill(pause, after: { _ in true }) { killed += 1 }
      } else if !(await eventually(within: .seconds(10)) { !run.isRunning }) {
        run.signal(SIGKILL)
        killed += 1
      }
      let status = await run.end().status
      if status != 128 + SIGKILL {
        // The disk was faster: the server says so and ends.
        #expect(status == 74, "\(status): \(run.errors)")
        broken[status, default: 0] += 1
      }
    }
    // then: left alone, it delivers all that is there
    receiver.calmDown()
    rumour.finish()
    // What failed would wait for minutes: it is sent again at once, with the ids that it had.
    let again = try await ProgramRun.run(
      "deliveries", "replay", "--endpoint", "duty", "--state", "waiting", "--database", folder.file("var/nabat.db"))
    #expect(again.status == 0, "\(again.errors)")
    let last = try ProgramRun(["run"], in: folder.path)
    let isDone = await eventually(within: .seconds(240)) { LoadCrashTests.itemCount(folder) == 10 * rumour.limit }
    let isQuiet = await eventually(within: .seconds(240)) { LoadCrashTests.isQuiet(folder) }
    last.signal(SIGTERM)
    #expect(await last.end().status == 0)
    #expect(isDone, "not all claims were told of")
    #expect(isQuiet, "messages are still waiting")

    let store = try SQLiteStore(path: folder.file("var/nabat.db"), access: .readOnly)
    defer { store.close() }
    var journal: [JSONValue] = []
    try store.journal(alert: nil, from: nil) { journal.append(try JSONValue(parsing: $0.json)) }
    let alerts = journal.filter { $0["type"]?.string?.hasPrefix("alert.") ?? false }
    let outbox = try store.deliveries(state: nil, limit: 1_000_000)
    #expect(Set(alerts.compactMap { $0["data"]?["alert"]?.string }).count == 200)
    // every alert event is a message to the receiver, delivered or replaced by a newer one of its alert
    let states = Dictionary(
      outbox.filter { $0.sink == "duty" }.map { ($0.message, $0.state) }, uniquingKeysWith: { first, _ in first })
    let taken = receiver.taken
    let got = Set(taken.compactMap { $0["id"]?.string })
    for event in alerts {
      let id = event["id"]?.string ?? ""
      let state = try #require(states[id], "\(id) is in no outbox")
      #expect(state == .delivered || state == .superseded, "\(id)")
      if state == .delivered { #expect(got.contains(id), "\(id) was not received") }
    }
    // one id for each change of an alert, in all places
    var ids: [String: Set<String>] = [:]
    for message in taken + alerts where message["data"]?["alert"] != nil {
      let name = "\(message["data"]?["alert"]?.string ?? "")/\(message["data"]?["seq"]?.integer ?? 0)"
      ids[name, default: []].insert(message["id"]?.string ?? "")
    }
    #expect(ids.allSatisfy { $0.value.count == 1 }, "\(ids.filter { $0.value.count != 1 })")
    // and the recorded tape gives the same alerts
    let tape = try await ProgramRun.run("tape", "--database", folder.file("var/nabat.db"))
    try folder.write("tape.ndjson", tape.output)
    let replay = try await ProgramRun.run(
      "replay", "--rules", folder.file("rules"), "--tape", folder.file("tape.ndjson"), "--config",
      folder.file("nabat.yaml"))
    #expect(replay.status == 0, "\(replay.errors)")
    let replayed = replay.output.split(separator: "\n").filter { $0.contains("\"type\":\"alert.") }.map(String.init)
    #expect(replayed.map(LoadCrashTests.essence) == alerts.map { LoadCrashTests.essence($0.serialized) })
    print(
      "crash: \(killed) kills, \(broken.values.reduce(0, +)) ends by a broken disk\(shim == nil ? " (no compiler: none broken)" : ""); "
        + "\(Set(alerts.compactMap { $0["data"]?["alert"]?.string }).count) alerts with \(alerts.count) changes, "
        + "\(taken.count) messages taken under \(got.count) ids, \(receiver.refused) answers of trouble; "
        + "journal, outbox, receiver and replay agree")
  }

  /// An event without what only a running server adds: the anchor of its journal.
  private static func essence(_ text: String) -> String {
    guard var event = (try? JSONValue(parsing: text))?.object, var data = event["data"]?.object else { return text }
    data["journal_head"] = nil
    event["data"] = .object(data)
    return JSONValue.object(event).serialized
  }

  private static func itemCount(_ folder: TestFolder) -> Int {
    guard let store = try? SQLiteStore(path: folder.file("var/nabat.db"), access: .readOnly) else { return 0 }
    defer { store.close() }
    var count = 0
    try? store.identities { kind, _, _ in if kind == "item" { count += 1 } }
    return count
  }

  private static func isQuiet(_ folder: TestFolder) -> Bool {
    guard let store = try? SQLiteStore(path: folder.file("var/nabat.db"), access: .readOnly) else { return false }
    defer { store.close() }
    let waiting = (try? store.deliveries(DeliveryQuery(sink: "duty", states: [.waiting]), limit: 1)) ?? []
    return waiting.isEmpty
  }

  /// The library that breaks the disk, compiled for this run; nil where there is no compiler.
  private func faultyDisk(in folder: TestFolder) async throws -> String? {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/faulty-disk.c").path
    let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/g++"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    guard let compiler else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: compiler)
    process.arguments = ["-x", "c", "-shared", "-fPIC", "-o", folder.file("faulty-disk.so"), source, "-ldl"]
    try process.run()
    #expect(await eventually(within: .seconds(60)) { !process.isRunning })
    return process.terminationStatus == 0 ? folder.file("faulty-disk.so") : nil
  }
}
