import JSON
import Monitor
import Rules

extension Verb {
  static let schema = Verb(
    name: "schema", summary: "Prints the JSON Schema (draft 2020-12) of rule files, for editors.", operands: "[rules]",
    operandCount: 0...1, example: "nabat schema rules > rules.schema.json"
  ) { arguments in
    let kind = arguments.operands.first ?? "rules"
    guard kind == "rules" else {
      throw Stop(.usage, "there is no schema of «\(kind)», only of rules; see: nabat schema --help")
    }
    Terminal.write(RuleSchema.json(types: Registry.ruleTypes).serialized + "\n")
    return .done
  }
}
