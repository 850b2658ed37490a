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

  @Test("accepts what is shipped, shown and printed, and refuses it with any key misspelt, by python's jsonschema")
  func validates() async throws {
    let folder = try TestFolder()
    for kind in ["rules", "sources", "config", "regions", "event"] {
      let ended = try await ProgramRun.run("schema", kind)
      #expect(ended.status == 0)
      try folder.write("\(kind).json", ended.output)
    }
    try folder.write("contract/nabat.yaml", SchemaTests.configuration)
    try folder.write("contract/sources.yaml", SchemaTests.sources)
    try folder.write(
      "contract/region.yaml",
      "{ code: RU-NVS, name: Область, forms: [область], towns: [{ name: Город, forms: [городе] }], timezone: Asia/Omsk }\n"
    )
    let events = try await ProgramRun.run(
      "replay", "--rules", Shipped.rules, "--tape", Shipped.tape, "--history", Shipped.history, "--all")
    try folder.write("events.ndjson", events.output + SchemaTests.metaEvent)
    try folder.write("judge.py", SchemaTests.judge)
    let ended = try await ProgramRun.run(
      "judge.py", ProgramRun.root, in: folder.path,
      shell: #"shift; command -v python3 >/dev/null || { echo skipped; exit; }; exec python3 "$@""#)
    #expect(ended.status == 0, "\(ended.errors)")
    if ended.output == "skipped\n" {
      print("skipped: the judgement of python3 with jsonschema and yaml, which are not installed")
    } else {
      #expect(ended.output == "judged rules sources config regions event\n")
    }
  }

  /// Documents of each kind against its schema, then with each key misspelt, one at a time; a document that is like
  /// another in keys and places of keys is misspelt once.
  private static let judge = """
    import copy, glob, json, re, sys
    try:
        import jsonschema, yaml
    except ImportError:
        print("skipped"); sys.exit()
    class Loader(yaml.SafeLoader): pass
    Loader.yaml_implicit_resolvers = {
        k: [r for r in v if "timestamp" not in r[0]] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    root = sys.argv[1]
    def load(path): return yaml.load(open(path, encoding="utf-8"), Loader)
    def files(pattern): return [(path, load(path)) for path in glob.glob(pattern, recursive=True)]
    def shown(key):
        for page in glob.glob(root + "/docs/*.md") + [root + "/README.md"]:
            for block in re.findall(r"```ya?ml[^\\n]*\\n(.*?)```", open(page, encoding="utf-8").read(), re.S):
                try:
                    value = yaml.load(block, Loader)
                except yaml.YAMLError:
                    continue
                later = any(r.get("type") in ("registry", "emerging") for r in value.get("rules", []))
                if key in value and "format" in value and not later: yield page, value
    kinds = {
        "rules": files(root + "/rules/**/*.rules.yaml") + files(root + "/examples/**/*.rules.yaml")
            + files(root + "/Tests/RulesTests/Fixtures/*.rules.yaml") + list(shown("rules")),
        "sources": files(root + "/feeds/*.yaml") + files(root + "/examples/server/feeds/*.yaml")
            + files("contract/sources.yaml") + list(shown("sources")),
        "config": files(root + "/examples/server/nabat.yaml") + files("contract/nabat.yaml"),
        "regions": files(root + "/examples/server/regions/*.yaml") + files("contract/region.yaml"),
        "event": [("event", json.loads(line)) for line in open("events.ndjson", encoding="utf-8")],
    }
    # Names that the author chooses.
    free = {"rules": {"lists", "terms", "labels"}, "sources": set(), "config": {"people"}, "regions": set(),
            "event": {"key", "labels"}}
    def misspelt(value, path, names):
        if isinstance(value, list):
            for item in value: yield from misspelt(item, path + ("-",), names)
        elif isinstance(value, dict):
            isFree = bool(path) and path[-1] in names and not (len(path) > 1 and path[-2] == "-" and path[-3:-2] == ("expect",))
            for key in list(value):
                yield from misspelt(value[key], path + (key if not isFree else "*",), names)
                if isFree: continue
                held = list(value.items())
                value.clear()
                value.update((k + "x" if k == key else k, v) for k, v in held)
                yield path + (key,)
                value.clear()
                value.update(held)
    judged = []
    for kind, documents in kinds.items():
        schema = json.load(open(kind + ".json"))
        jsonschema.Draft202012Validator.check_schema(schema)
        judge = jsonschema.Draft202012Validator(schema)
        seen = set()
        for name, document in documents:
            for error in judge.iter_errors(document): print(name, list(error.absolute_path), error.message[:300])
            if kind == "event" and document["type"].startswith("meta."): continue
            # One of each kind of place is enough.
            small = copy.deepcopy(document)
            if kind == "rules":
                for rule in small.get("rules", []): rule["tests"] = rule.get("tests", [])[:2]
            for path in misspelt(small, (), free[kind]):
                if (path, document.get("type")) in seen: continue
                seen.add((path, document.get("type")))
                if judge.is_valid(small): print(kind, "accepted a misspelt", "/".join(map(str, path)))
        if len(seen) > 3: judged.append(kind)
    rules = jsonschema.Draft202012Validator(json.load(open("rules.json")))
    rule = {"id": "a", "type": "claim", "terms": {"x": {"any": ["мост"]}}}
    assert rules.is_valid({"format": 1, "rules": [rule]})
    wrong = [{"severity": "hihg"}, {"type": "clam"}, {"baseline": {}}, {"window": "15m"},
        {"keep_firing": 90}, {"terms": {"x": {"any": ["a"], "cap": 11}}}, {"terms": {"x": {"any": ["a"], "near": []}}},
        {"where": {"age": "24h"}}, {"where": {"source_class": "oficial"}}, {"tests": [{"name": "x"}]},
        {"equivalent": [{"mutant": "x"}]}, {"key": ["regoin"]}, {"fields": {"body": 6}}]
    for change in wrong:
        if rules.is_valid({"format": 1, "rules": [{**rule, **change}]}): print("accepted", change)
    if rules.is_valid({"rules": [rule]}): print("accepted without format")
    print("judged", *judged)
    """

  private static let metaEvent = """
    {"specversion":"1.0","id":"msg_ktq7vruvustlgu3mypts","source":"/monitor/local","type":"meta.source_unreachable",\
    "time":"2026-03-02T02:33:05.400Z","timestamp":"2026-03-02T02:33:05.400Z","datacontenttype":"application/json",\
    "data":{"source":"news1","status":503,"stage":"sent"}}

    """

  /// The example of the contract.
  private static let sources = """
    format: 1
    defaults: { region: RU-NVS, lang: ru, timezone: Asia/Novosibirsk, every: 5m, contact: "mailto:duty@region.example" }
    sources:
      - id: gorod-news
        title: Новости города
        kind: feed
        url: https://news.example/rss
        class: media
        comments: auto
      - id: city-hall
        kind: page
        url: https://city.example/news
        class: official
        list:
          item: "ul.news > li"
          title: "a"
          link: "a@href"
          date: { select: "time@datetime", formats: auto, parse: date }
          comments: ".cnt"
      - { id: page, kind: article, url: "https://city.example/a", every: { min: 1m, max: 1h }, comments: { select: .cnt, from: [jsonld] } }

    """

  /// The example of the contract.
  private static let configuration = """
    format: 1
    instance: { id: region-56, name: ЦУР, timezone: Asia/Yekaterinburg, public_url: "https://monitor.example" }
    paths: { feeds: feeds, rules: rules, registry: registry, regions: regions, words: words, database: var/nabat.db, log: var/alerts.ndjson }
    network: { contact: "mailto:duty@region.example", allow: [127.0.0.0/8] }
    retention: { texts: 30d, evidence: 365d, near_misses: 7d, journal: 5y }
    sinks:
      - { id: duty, type: webhook, url: "https://duty.example/hook", secret: { file: /run/secrets/duty }, types: ["alert.*"], fallback: mail }
      - { id: mail, type: mail, to: "duty@region.example", smtp: "smtps://mail.example", secret: { file: /run/secrets/mail } }
    routes:
      - { match: { severity: [high, critical] }, to: [duty], group_by: [narrative, region], group_wait: 0s }
      - { to: [duty], group_by: [region], group_wait: 30s }
    people: { shift-lead: { sinks: [duty] }, head-of-centre: { sinks: [mail] } }
    heartbeat: { every: 1m, to: [duty] }
    inhibit: [ { source: { rule: region.blackout }, target: { rule: source.silent }, equal: [region] } ]
    desk: { listen: "127.0.0.1:8787" }

    """

  @Test("says of what there is a schema")
  func unknown() async throws {
    let ended = try await ProgramRun.run("schema", "poems")
    #expect(ended.status == 64 && ended.errors.contains("no schema of «poems»"))
  }
}
