import Delivering
import Engine
import JSON
import Model
import Rules

extension Verb {
  static let whyNot = Verb(
    name: "why-not",
    summary: "Says why a rule does not alert on an item: the first clause that fails, and by how much.",
    operands: "RULE ITEM", operandCount: 2...2,
    options: DatabaseInput.options + [
      Option("--rules", "PATH", "the rules (default: those of the configuration)"),
      Option("--tape", "FILE", "takes the item from a tape instead of a database"),
      Option("--history", "FILE", "with --tape: counts from before it"),
      Option("--json", nil, "one object a text"),
    ], example: "nabat why-not claim.dam-breach z1 --rules rules/ --tape examples/demo/story.ndjson"
  ) { arguments in
    let (id, name) = (arguments.operands[0], arguments.operands[1])
    let texts: [StoredText]
    var feed: ((inout CountQuestion) throws -> Void)?
    defer { feed = nil }
    if let tape = arguments["--tape"] {
      texts = try StoredText.find(name, tape: tape)
      feed = { question in
        var held = question
        try TapeInput.forEachBatch(tape) { held.take($0) }
        question = held
      }
    } else {
      let store = try DatabaseInput.open(arguments)
      defer { store.close() }
      texts = try StoredText.find(name, in: store)
      let lines = try StoredText.lines(in: store)
      feed = { $0.take(lines) }
    }
    guard !texts.isEmpty else {
      throw Stop(.rejected, "there is no item and no comment «\(name)»; ids are those of nabat tape, or source/id")
    }
    let path = try arguments["--rules"] ?? EngineInput.rulesPath(config: arguments["--config"] ?? "nabat.yaml")
    let lexicon = RuleInput.lexicon()
    let rules = try RuleInput.loadSound([path], lexicon: lexicon).rules
    guard let rule = rules.first(where: { $0.id == id }) else {
      let ids = rules.map(\.id).joined(separator: ", ")
      throw Stop(.rejected, "there is no rule «\(id)» in \(path); there are: \(ids)")
    }
    guard let question = WhyNot(rule: rule, lexicon: lexicon) else {
      let history = try arguments["--history"].map { try TapeInput.history($0) } ?? []
      for text in texts {
        var question = CountQuestion(
          rule: rule, rules: rules, lexicon: lexicon, text: text.publication, comment: text.comment,
          arrival: text.arrival, history: history)
        try feed?(&question)
        let answer = question.answer()
        if arguments.has("--json") {
          Terminal.write(answer.json(rule: id, item: text.name).serialized + "\n")
        } else {
          write(answer.words(rule: id, item: text.name))
        }
      }
      return .done
    }
    for text in texts {
      let answer = question.answer(for: text.publication, arrival: text.arrival, isComment: text.isComment)
      if arguments.has("--json") {
        Terminal.write(answer.json(rule: id, item: text.name).serialized + "\n")
      } else {
        write(answer.words(rule: id, item: text.name))
      }
    }
    return .done
  }

  private static func write(_ words: String) {
    Terminal.write(words.split(separator: "\n").map { plainText(String($0)) + "\n" }.joined())
  }
}
