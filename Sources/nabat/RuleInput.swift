import Glibc
import Model
import Monitor
import Rules
import Text

/// Rules as the verbs take them from the command line.
enum RuleInput {
  /// The dictionary, or a word to the person that there is none: matching then goes by stems only.
  static func lexicon() -> Lexicon? {
    if let lexicon = Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)) { return lexicon }
    Terminal.writeError(
      "nabat: warning: the dictionary is missing, words are matched by stems only; run scripts/setup\n")
    return nil
  }

  /// Rules of files and folders, whatever is wrong with them.
  ///
  /// - Parameter timezone: the instance's, for files that give none.
  static func load(_ paths: [String], lexicon: Lexicon?, timezone: String = "UTC") throws(Stop) -> RuleSet {
    do {
      return try RuleLoader.load(
        paths: paths, types: Registry.ruleTypes, timezone: timezone,
        knowsWord: Lexicon.knowing(lexicon))
    } catch {
      throw Stop(.inputOutput, error.description)
    }
  }

  /// Rules that may run: any error stops, with every problem shown.
  static func loadSound(_ paths: [String], lexicon: Lexicon?, timezone: String = "UTC") throws(Stop) -> RuleSet {
    let set = try load(paths, lexicon: lexicon, timezone: timezone)
    guard !set.hasErrors else {
      let errors = set.diagnostics.filter { $0.severity == .error }
      Terminal.writeError(DiagnosticRenderer(sources: set.sources).text(errors))
      throw Stop(
        .rejected, "the rules have \(errors.count == 1 ? "an error" : "\(errors.count) errors"); nothing was run")
    }
    guard !set.files.isEmpty else {
      throw Stop(.rejected, "no *.rules.yaml in \(paths.joined(separator: ", "))")
    }
    return set
  }
}
