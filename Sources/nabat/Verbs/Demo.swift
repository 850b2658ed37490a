import Alerting
import Configuration
import Delivering
import Demo
import Glibc
import Model
import Monitor
import Serving
import Synchronization

extension Verb {
  static let demo = Verb(
    name: "demo", summary: "Plays a rumour in an invented region, over real HTTP on this machine, start to answer.",
    options: [
      Option("--fast", nil, "plays the two hours of the story in a few seconds instead of two minutes"),
      Option("--serve", nil, "keeps running after the story, until Ctrl-C"),
      Option(
        "--dir", "DIR",
        "where configuration, database and log go (default: a new temporary folder);\n"
          + String(repeating: " ", count: 18) + "a folder of an earlier run goes on where that stopped"),
      Option("--history", "FILE", "other counts from before, for baselines"),
    ], example: "nabat demo --fast"
  ) { arguments in
    let directory = try arguments["--dir"] ?? FileInput.temporaryFolder("nabat-demo")
    do {
      return try await DemoPlay(directory: directory, history: arguments["--history"], isFast: arguments.has("--fast"))
        .run(keepsServing: arguments.has("--serve"))
    } catch let error as ServingError {
      throw Stop(.unavailable, "the demo's server: \(error)")
    } catch let error as DemoError {
      throw Stop(.inputOutput, "the demo: \(error.description)")
    }
  }
}

/// One run of the demo: the region and the receiver around an ordinary server on a faster clock.
private struct DemoPlay {
  let story: DemoStory
  let setup: ServerSetup
  let store: any Store
  let clock: FastClock
  let files: DemoFiles
  let region: DemoRegion
  let receiver: DemoReceiver
  let console: Console
  let isFast: Bool

  /// Story time goes on this long after its last line, so that polls and timers can follow.
  private static let epilogue = Span.minutes(10)

  init(directory: String, history: String?, isFast: Bool) throws {
    try FileInput.makeFolders(directory)
    let story = try DemoStory()
    let ports = DemoFiles.earlierPorts(in: directory) ?? DemoFiles.Ports(region: 0, receiver: 0)
    // The clock starts with the store, the store with the files, the files with the ports: requests before that see
    // the beginning of the story.
    let time = DemoTime(start: story.start)
    let secretFiles = try DemoFiles.write(into: directory, ports: ports)
    region = try DemoRegion(story: story, port: ports.region) { time.now }
    receiver = try DemoReceiver(
      port: ports.receiver, file: secretFiles.received, secret: WebhookSecret(secretFiles.secret),
      now: { time.now }, tolerance: .hours(24))
    files = try DemoFiles.write(into: directory, ports: DemoFiles.Ports(region: region.port, receiver: receiver.port))
    setup = try ServerInput.setup(config: files.configuration, history: history ?? files.history)
    store = try ServerInput.store(setup)
    clock = FastClock(from: try store.lastMoment() ?? story.start, factor: isFast ? 900 : 60)
    time.start(clock)
    console = Console(zone: setup.configuration.instance.timezone, asJSON: false)
    self.story = story
    self.isFast = isFast
  }

  func run(keepsServing: Bool) async throws -> ExitCode {
    defer {
      region.stop()
      receiver.stop()
      store.close()
    }
    console.say("Вымышленный край: \(setup.sources.count) источников на \(region.url), получатель \(receiver.url)")
    let pace = isFast ? "Пятнадцать минут рассказа — секунда" : "Минута рассказа — секунда"
    console.say("\(pace); папка \(files.directory)\n")
    var habits = Server.Habits()
    habits.tick = .seconds(15)
    habits.gap = .zero
    let clock = clock
    let console = console
    var watchers = console.watchers(clock: clock)
    watchers.onPoll = { report in
      console.show(report)
      guard report.fresh > 0 else { return }
      let what =
        report.isCommentFeed
        ? russianPlural(report.fresh, one: "новый комментарий", few: "новых комментария", many: "новых комментариев")
        : russianPlural(report.fresh, one: "новая публикация", few: "новые публикации", many: "новых публикаций")
      console.say("\(report.source.title ?? report.source.id): \(report.fresh) \(what)", at: report.at)
    }
    watchers.onDelivery = { note in
      if note.kind == .delivered, note.row.sink != "log" {
        console.say("доставлено, подпись верна: \(note.row.type) \(note.row.message)", at: clock.now)
      } else {
        console.show(note, at: clock.now)
      }
    }
    if clock.now >= story.end {
      console.say("Рассказ в этой папке уже доигран; для нового укажите другую папку: --dir")
    }
    let server = try Server(setup: setup, store: store, clock: clock, habits: habits, watchers: watchers)
    let end = story.end + DemoPlay.epilogue
    let play = self
    try await Shutdown.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        group.addTask {
          try await clock.sleep(until: end, tolerance: nil)
          try await play.waitForDeliveries()
          if keepsServing {
            console.say("\nРассказ окончен; сервер работает дальше, остановка — Ctrl-C")
            try await clock.sleep(until: Moment(milliseconds: .max / 2), tolerance: nil)
          }
        }
        try await group.next()
        group.cancelAll()
        try await group.waitForAll()
      }
    }
    guard clock.now >= end else {
      console.say("\nПрервано; продолжить с этого места: nabat demo --dir \(files.directory)")
      return .done
    }
    return try summary()
  }

  /// Waits until nothing is left in the outbox, for ten real seconds at the most.
  private func waitForDeliveries() async throws {
    let deadline = SystemClock().now + .seconds(10)
    while SystemClock().now < deadline, try !store.deliveries(state: .waiting, limit: 1).isEmpty {
      try await SystemClock().sleep(until: SystemClock().now + Span(milliseconds: 20), tolerance: nil)
    }
  }

  private func summary() throws -> ExitCode {
    var items = 0
    var comments = 0
    try store.tape(from: nil, to: nil) { row in
      items += row.kind == "item" ? 1 : 0
      comments += row.kind == "comment" ? 1 : 0
    }
    let alerts = try DatabaseInput.alerts(in: store)
    let received = receiver.received.count
    func counted(_ count: Int, _ one: String, _ few: String, _ many: String) -> String {
      "\(count) \(russianPlural(count, one: one, few: few, many: many))"
    }
    console.say(
      "\nИтог: \(counted(items, "публикация", "публикации", "публикаций")), "
        + "\(counted(comments, "комментарий", "комментария", "комментариев")), "
        + "\(counted(alerts.count, "тревога", "тревоги", "тревог")); получено и проверено "
        + counted(received, "сообщение", "сообщения", "сообщений"))
    console.say("  журнал тревог   \(files.log)")
    console.say("  база данных     \(files.database)")
    console.say(
      "  почему          nabat explain \(alerts.last?.id ?? "ALERT") --database \(files.database)"
    )
    let missing = receiver.missing()
    guard missing.isEmpty else {
      for expectation in missing {
        Terminal.writeError("nabat: the expected alert of \(expectation.rule) did not reach the receiver\n")
      }
      return .failed
    }
    return .done
  }
}

/// The moment of the story, for servers that start before its clock does.
private final class DemoTime: Sendable {
  private let beginning: Moment
  private let clock = Mutex<FastClock?>(nil)

  init(start: Moment) { beginning = start }
  func start(_ clock: FastClock) { self.clock.withLock { $0 = clock } }
  var now: Moment { clock.withLock { $0?.now } ?? beginning }
}
