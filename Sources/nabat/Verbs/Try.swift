import Engine
import JSON
import Model
import Rules

extension Verb {
  static let tryTexts = Verb(
    name: "try", summary: "Says of each text on standard input which rules would alert on it, and why.",
    options: [
      Option("--rules", "PATH", "a rule file, or a folder with all *.rules.yaml below"),
      Option("--json", nil, "one object {id, rules, matches} a line"),
    ], required: ["--rules"],
    example: "echo 'Ночью прорвало дамбу, объявлена эвакуация' | nabat try --rules rules/"
  ) { arguments in
    guard let path = arguments["--rules"] else { return .usage }
    let lexicon = RuleInput.lexicon()
    let set = try RuleInput.loadSound([path], lexicon: lexicon)
    let trial = TextTrial(rules: set.rules, lexicon: lexicon)
    var number = 0
    while let line = readLine() {
      number += 1
      guard let text = try TrialText(line, number: number) else { continue }
      let results = trial.results(for: text.publication)
      if arguments.has("--json") {
        Terminal.write(TextTrial.json(results, id: text.id).serialized + "\n")
      } else {
        Terminal.write(TextTrial.words(results, id: text.id))
      }
    }
    return .done
  }
}

/// One text of the input: a plain line, or an object with `id` and `text` (or `title` and `body`).
private struct TrialText {
  var id: String
  var publication: Publication

  /// nil for a blank line.
  init?(_ line: String, number: Int) throws {
    guard line.contains(where: { !$0.isWhitespace }) else { return nil }
    id = String(number)
    publication = Publication(id: id, published: Moment(milliseconds: 0))
    guard line.first == "{" else {
      publication.body = line
      return
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: Array(line.utf8))
    } catch {
      throw Stop(.rejected, "line \(number) of the input: \(error.message)")
    }
    if let given = value["id"] { id = given.string ?? given.serialized }
    publication.id = id
    publication.title = value["title"]?.string
    publication.body = value["text"]?.string ?? value["body"]?.string
    publication.region = value["region"]?.string
    if let sourceClass = value["source_class"]?.string { publication.sourceClass = sourceClass }
    guard publication.title != nil || publication.body != nil else {
      throw Stop(.rejected, "line \(number) of the input: «text» is missing")
    }
  }
}
