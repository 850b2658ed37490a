import Configuration
import Glibc
import Model
import Monitor
import Rules
import Storage
import Text

/// A server's files and database as `run` and `demo` take them from the command line.
enum ServerInput {
  /// Reads everything; shows what is wrong. Stops when nothing sound is left.
  static func setup(config path: String, history: String?) throws -> ServerSetup {
    let lexicon = RuleInput.lexicon()
    var setup: ServerSetup
    do {
      setup = try ServerSetup.load(config: path, lexicon: lexicon, version: Program.version)
    } catch SetupError.unreadable(let words) {
      throw Stop(.inputOutput, words)
    } catch SetupError.rejected(let words, let setup) {
      show(setup)
      throw Stop(.rejected, "\(words); nothing was started")
    }
    show(setup)
    if let history { setup.history = try TapeInput.history(history) }
    return setup
  }

  /// Opens the database for writing, its folder made where it is missing.
  static func store(_ setup: ServerSetup) throws -> any Store {
    let path = setup.configuration.paths.database
    for file in [path, setup.configuration.paths.log] {
      let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      try FileInput.makeFolders(folder)
    }
    return try Registry.openStore(path, .readWrite)
  }

  private static func show(_ setup: ServerSetup) {
    let shown = setup.diagnostics.filter { $0.severity == .error }
    Terminal.writeError(DiagnosticRenderer(sources: setup.texts).text(shown))
  }
}
