import Alerting
import Configuration
import JSON
import Monitor
import Rules

extension Verb {
  static let schema = Verb(
    name: "schema", summary: "Prints the JSON Schema (draft 2020-12) of a kind of file, for editors, or of events.",
    operands: "[\(schemas.map(\.name).joined(separator: "|"))]", operandCount: 0...1,
    example: "nabat schema rules > rules.schema.json"
  ) { arguments in
    let kind = arguments.operands.first ?? "rules"
    guard let schema = schemas.first(where: { $0.name == kind }) else {
      let known = schemas.map(\.name).joined(separator: ", ")
      throw Stop(.usage, "there is no schema of «\(kind)», only of \(known); see: nabat schema --help")
    }
    Terminal.write(schema.json().serialized + "\n")
    return .done
  }

  private static let schemas: [(name: String, json: @Sendable () -> JSONValue)] = [
    ("rules", { RuleSchema.json(types: Registry.ruleTypes) }),
    ("sources", { ConfigurationSchema.sources(Registry.names) }),
    ("config", { ConfigurationSchema.server(Registry.names) }),
    ("regions", { ConfigurationSchema.regions() }),
    ("event", { EventSchema.json() }),
  ]
}
