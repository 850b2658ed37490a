import Engine
import Glibc
import Matching
import Model
import Monitor
import Rules
import Text
import YAML

extension Verb {
  static let new = Verb(
    name: "new", summary: "Makes a rule with tests from example texts: operands, or standard input, one a line.",
    operands: "rule [ID] [TEXT…]", operandCount: 1...1000,
    options: [
      Option("--to", "FILE", "writes it to a new file *.rules.yaml instead of standard output"),
      Option("--region", "CODE", "the region of the tests' texts (default: RU-ORE)"),
    ],
    example: """
      printf 'Мост через реку рухнул\\n- Мост откроют в мае\\n' | nabat new rule claim.bridge
        (a line that begins with «- » is a text that must not alert)
      """
  ) { arguments in
    guard arguments.operands[0] == "rule" else {
      throw Stop(.usage, "there is no «\(arguments.operands[0])» to make, only a rule; see: nabat new --help")
    }
    // An id has no blank in it, and an example text has.
    let given = arguments.operands.dropFirst()
    let id = given.first.flatMap { $0.contains(" ") ? nil : $0 }
    if let path = arguments["--to"] {
      guard path.hasSuffix(".rules.yaml") else {
        throw Stop(.usage, "--to «\(path)»: the name of a rule file ends in .rules.yaml")
      }
      guard access(path, F_OK) != 0 else {
        throw Stop(.inputOutput, "\(path) is there already; name another file")
      }
    }
    var (claims, others) = texts(Array(id == nil ? given : given.dropFirst()))
    guard claims.count + others.count <= 200 else {
      throw Stop(.usage, "a rule is made of a few example texts, at most 200")
    }
    if claims.isEmpty {
      guard others.isEmpty else { throw Stop(.usage, "no example text of the claim; see: nabat new --help") }
      claims = ["Мост через реку рухнул"]
      Terminal.writeError("nabat: no example text was given: the rule is about a bridge, replace it\n")
    }
    let lexicon = RuleInput.lexicon()
    guard
      let draft = RuleDraft(
        id: id ?? "claim.new", claims: claims, others: others, region: arguments["--region"], lexicon: lexicon)
    else { throw Stop(.rejected, "the example texts have no words to tell the claim by; write whole sentences") }
    let path = arguments["--to"] ?? "draft.rules.yaml"
    let document = YAMLDocument(file: path, bytes: Array(draft.text.utf8))
    let text = (try? RuleFormat.formatted(document)) ?? draft.text
    let set = RuleLoader.load(
      texts: [(path, Array(text.utf8))], types: Registry.ruleTypes, knowsWord: Lexicon.knowing(lexicon))
    guard !set.hasErrors else {
      let errors = set.diagnostics.filter { $0.severity == .error }
      Terminal.writeError(DiagnosticRenderer(sources: set.sources).text(errors))
      throw Stop(.rejected, "no rule can be made of this")
    }
    if let path = arguments["--to"] { try FileInput.write(text, to: path) } else { Terminal.write(text) }
    let failed = RuleTests.run(set, lexicon: lexicon).filter { !$0.failures.isEmpty }
    for outcome in failed {
      Terminal.writeError("nabat: test «\(outcome.test.name)» fails: narrow or widen the words of «core»\n")
    }
    return failed.isEmpty ? .done : .failed
  }

  /// Texts of the claim, and those after «- » that are none; from standard input where no operand is a text.
  private static func texts(_ operands: [String]) -> (claims: [String], others: [String]) {
    var lines = operands
    if lines.isEmpty, isatty(0) == 0 { while let line = readLine() { lines.append(line) } }
    var claims: [String] = []
    var others: [String] = []
    for line in lines {
      let text = line.drop { $0.isWhitespace }
      guard text.contains(where: { !$0.isWhitespace }) else { continue }
      if text.hasPrefix("- ") { others.append(String(text.dropFirst(2))) } else { claims.append(String(text)) }
    }
    return (claims, others)
  }
}
