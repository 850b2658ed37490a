import Configuration
import Delivering
import Glibc
import Model
import Serving

/// The program: finds the verb, reads its arguments, runs it, and turns what went wrong into one sentence.
@main
enum Program {
  static let version = "0.1.0"

  /// Every verb; help and completion are made from this list.
  static let verbs: [Verb] = [
    .run,
    .demo,
    .check,
    .test,
    .replay,
    .detect,
    .tape,
    .parse,
    .extract,
    .explain,
    .whyNot,
    .nearMisses,
    .deliveries,
    .backtest,
    .fmt,
    .schema,
    .new,
    .tryTexts,
    .alerts,
    .acknowledge,
    .answer,
    .respond,
    .closeAlert,
    .reopen,
    .silence,
    .unsilence,
    .silences,
    .journal,
    .purge,
    .backup,
    .restore,
    .drill,
    .sources,
  ]

  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // A file that may not grow is an error to report, not a reason to die.
    signal(SIGXFSZ, SIG_IGN)
    var code = await run(arguments)
    // Whoever reads half a result and sees 0 would take it for the whole.
    if let reason = Terminal.failure {
      Terminal.writeError("nabat: standard output cannot be written: \(reason)\n")
      if code == .done { code = .inputOutput }
    }
    exit(code.rawValue)
  }

  static func run(_ arguments: [String]) async -> ExitCode {
    guard let name = arguments.first else {
      Terminal.writeError(overview)
      return .usage
    }
    switch name {
    case "--help", "-h", "help":
      if let named = arguments.dropFirst().first, let verb = verbs.first(where: { $0.name == named }) {
        Terminal.write(verb.help)
      } else {
        Terminal.write(overview)
      }
      return .done
    case "--version":
      Terminal.write("nabat \(version)\n")
      if arguments.contains("--licences") { Terminal.write(licences) }
      return .done
    default: break
    }
    guard let verb = verbs.first(where: { $0.name == name }) else {
      Terminal.writeError("nabat: there is no verb «\(name)»; see: nabat --help\n")
      return .usage
    }
    if arguments.dropFirst().contains(where: { $0 == "--help" || $0 == "-h" }) {
      Terminal.write(verb.help)
      return .done
    }
    do {
      return try await verb.run(Arguments(Array(arguments.dropFirst()), of: verb))
    } catch {
      let stop = Stop(anyError: error)
      Terminal.writeError("nabat: \(stop.message)\n")
      return stop.code
    }
  }

  private static var overview: String {
    let width = verbs.map(\.name.count).max() ?? 0
    let lines = verbs.map { verb in
      "  \(verb.name)\(String(repeating: " ", count: width - verb.name.count))  \(verb.summary)"
    }
    return """
      Nabat tells duty officers early, and with reasons, that a false claim is spreading or a topic is boiling over.

      Usage: nabat VERB [arguments]

      \(lines.joined(separator: "\n"))

      nabat VERB --help shows a verb's options and an example; nabat --version [--licences] what this is made of.

      """
  }

  private static let licences = """
    Dictionary: OpenCorpora (opencorpora.org), CC BY-SA 3.0, in the packaging of pymorphy3-dicts-ru (MIT).
    Libraries: libcurl (curl), libxml2 (MIT), libyaml (MIT), zlib (zlib), brotli (MIT), zstd (BSD-3-Clause),
    simdjson (Apache-2.0), Snowball (BSD-3-Clause), SQLite (public domain), libsodium (ISC), libmicrohttpd (LGPL-2.1), Swift runtime (Apache-2.0).

    """
}

extension Stop {
  /// What any error means on the command line; one that nobody foresaw is an internal error.
  init(anyError error: any Error) {
    switch error {
    case let stop as Stop: self = stop
    case let error as StoreError: self.init(error)
    case let error as SecretError:
      self.init(
        error.isUnreadable ? .inputOutput : .rejected, "\(error); the configuration names it under «secret» of a sink")
    case let error as WebhookSecretError: self.init(.rejected, error.description)
    case let error as AlertLogError: self.init(error)
    case SinkError.log(let error): self.init(error)
    case let error as ServingError: self.init(.unavailable, "the desk: \(error)")
    case let error as SinkError: self.init(.rejected, "a sink of the configuration: \(error.description)")
    default: self.init(.internalError, "internal error: \(error); please report it with the command line")
    }
  }

  private init(_ error: AlertLogError) { self.init(.inputOutput, "the alert log cannot be written: \(error)") }

  /// What a store's refusal means on the command line.
  init(_ error: StoreError) {
    switch error {
    case .inUse(let words): self.init(.unavailable, words)
    case .newerSchema(let found, let known):
      self.init(
        .rejected,
        "the database has schema \(found), this Nabat knows up to \(known); use the Nabat that wrote it, or a newer one"
      )
    case .inputOutput(let words): self.init(.inputOutput, words)
    case .corrupt(let words): self.init(.rejected, words)
    }
  }
}
