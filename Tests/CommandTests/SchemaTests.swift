import JSON
import TestSupport
import Testing

@Suite("nabat schema") struct SchemaTests {
  @Test("knows every key of the language page that this version reads, and each type's own only there")
  func keys() async throws {
    let ended = try await ProgramRun.run("schema", "rules")
    #expect(ended.status == 0)
    let schema = try JSONValue(parsing: Array(ended.output.utf8))
    #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    let rule = try #require(schema["properties"]?["rules"]?["items"])
    let keys = [
      "id", "formerly", "title", "claim", "review_by", "narrative", "type", "status", "severity", "stream", "where",
      "terms", "match", "unless", "fields", "per", "key", "missing_key", "window", "within", "step", "lateness", "fire",
      "clear", "active", "sla", "realert", "escalate", "labels", "summary", "guide", "tags", "references",
      "false_positives", "owner", "measure", "learning", "hygiene", "attach", "severity_by", "keep_firing",
      "reopen_within", "order", "wait", "absorb", "same", "forget_after", "learn", "fold", "equivalent", "tests",
    ]
    for key in keys { #expect(rule["properties"]?[key] != nil, "\(key)") }
    #expect(rule["additionalProperties"] == .bool(false))
    #expect(rule["properties"]?["severity"]?["enum"] == ["info", "low", "medium", "high", "critical"])
    let ofClaim = try #require(
      rule["allOf"]?.array?.first { $0["if"]?["properties"]?["type"]?["const"]?.string == "claim" })
    let names = ofClaim["then"]?["propertyNames"]?["enum"]?.array?.compactMap(\.string) ?? []
    #expect(names.contains("terms") && !names.contains("baseline"))
  }

  @Test("accepts the shipped rules and refuses what authors get wrong, by the judgement of python's jsonschema")
  func validates() async throws {
    let folder = try TestFolder()
    try folder.write("schema.json", try await ProgramRun.run("schema").output)
    try folder.write(
      "judge.py",
      """
      import glob, json, sys
      try:
          import jsonschema, yaml
      except ImportError:
          print("skipped"); sys.exit()
      class Loader(yaml.SafeLoader): pass
      Loader.yaml_implicit_resolvers = {
          k: [r for r in v if "timestamp" not in r[0]] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
      schema = json.load(open("schema.json"))
      jsonschema.Draft202012Validator.check_schema(schema)
      judge = jsonschema.Draft202012Validator(schema)
      files = glob.glob(sys.argv[1] + "/rules/**/*.rules.yaml", recursive=True)
      for file in files:
          for error in judge.iter_errors(yaml.load(open(file, encoding="utf-8"), Loader)):
              print(file, list(error.absolute_path), error.message[:200])
      rule = {"id": "a", "type": "claim", "terms": {"x": {"any": ["мост"]}}}
      assert judge.is_valid({"format": 1, "rules": [rule]})
      wrong = [{"severty": "high"}, {"severity": "hihg"}, {"type": "clam"}, {"baseline": {}}, {"window": "15m"},
          {"keep_firing": 90}, {"terms": {"x": {"any": ["a"], "cap": 11}}}, {"terms": {"x": {"any": ["a"], "near": []}}},
          {"terms": {"x": {"any": ["a"], "witin": 3}}}, {"where": {"regoin": "x"}}, {"tests": [{"name": "x"}]},
          {"equivalent": [{"mutant": "x"}]}]
      for change in wrong:
          if judge.is_valid({"format": 1, "rules": [{**rule, **change}]}): print("accepted", change)
      if judge.is_valid({"rules": [rule]}): print("accepted without format")
      print("judged", len(files) > 0)
      """)
    let ended = try await ProgramRun.run(
      "judge.py", ProgramRun.root, in: folder.path,
      shell: #"shift; command -v python3 >/dev/null || { echo skipped; exit; }; exec python3 "$@""#)
    #expect(ended.status == 0, "\(ended.errors)")
    if ended.output == "skipped\n" {
      print("skipped: the judgement of python3 with jsonschema and yaml, which are not installed")
    } else {
      #expect(ended.output == "judged True\n")
    }
  }

  @Test("says of what there is a schema")
  func unknown() async throws {
    let ended = try await ProgramRun.run("schema", "poems")
    #expect(ended.status == 64 && ended.errors.contains("no schema of «poems»"))
  }
}
