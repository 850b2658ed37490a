import Matching
import Model
import Rules
import Testing

/// Several files that are loaded together, by their paths.
private func loadAll(_ files: [(String, String)]) -> RuleSet {
  RuleLoader.load(texts: files.map { ($0.0, Array($0.1.utf8)) }, types: ruleTypes)
}

private func found(_ set: RuleSet) -> [String] {
  set.diagnostics.filter { $0.code != "W402" }.map {
    "\($0.place.file):\($0.place.line):\($0.place.column) \($0.code)"
  }
}

private let base = """
  format: 1
  lists: { water: [дамба, плотина] }
  terms: { drill: { any: [учение], weight: -1 } }
  rules:
    - id: claim.dam
      type: claim
      severity: medium
      tags: [a]
      where: { lang: ru }
      terms: { breach: { near: [{ list: water }, смыть], within: 6, weight: 5 }, panic: { any: [паника], weight: 2 } }
      match: breach and not drill
  """

@Suite("Overrides of lists, terms and rules") struct OverrideTests {
  private func rule(_ override: String, path: String = "z.rules.yaml") throws -> (Rule, ClaimRule) {
    let set = loadAll([("m.rules.yaml", base), (path, "format: 1\noverride:\n  - \(override)\n")])
    #expect(found(set) == [])
    let rule = try #require(set.rules.first)
    return (rule, try #require(rule.body as? ClaimRule))
  }

  private func sides(_ term: Term?) -> [[Pattern.Word]] {
    guard case .near(let left, _, _, _, _)? = term?.body else { return [] }
    return left.map(\.words)
  }

  @Test("a list grows, or is another one, wherever it is used") func lists() throws {
    let (grown, more) = try rule("{ list: water, append: [запруда] }")
    #expect(sides(more.terms.first) == [[.lemma("дамба")], [.lemma("плотина")], [.lemma("запруда")]])
    #expect(grown.changes.map(\.line) == ["override of list «water»: append (z.rules.yaml:3)"])
    let (_, other) = try rule("{ list: water, replace: [запруда] }")
    #expect(sides(other.terms.first) == [[.lemma("запруда")]])
    // A file that comes before the list's own overrides it all the same.
    let (_, early) = try rule("{ list: water, append: [запруда] }", path: "a.rules.yaml")
    #expect(sides(early.terms.first).count == 3)
  }

  @Test("a shared term takes new words, another weight, another body") func terms() throws {
    let (changed, more) = try rule("{ term: drill, append: { any: [тренировка], cap: 2 } }")
    #expect(words(more.sharedTerms.first) == ["any учение", "any тренировка"])
    #expect(more.sharedTerms.first?.weight == -1 && more.sharedTerms.first?.cap == 2)
    #expect(changed.changes.map(\.words) == ["override of term «drill»: append any, cap"])
    let (_, other) = try rule("{ term: drill, replace: { all: [учение, мчс] } }")
    #expect(words(other.sharedTerms.first) == ["all учение", "all мчс"])
    #expect(other.sharedTerms.first?.weight == -1)
  }

  @Test("a rule takes other values, more of what is a list, and terms one by one") func rules() throws {
    let (replaced, claim) = try rule(
      "{ rule: claim.dam, replace: { severity: low, terms: { panic: { weight: 3 } } } }")
    #expect(replaced.severity == .low)
    #expect(claim.terms.map(\.weight) == [5, 3] && words(claim.terms[1]) == ["any паника"])
    #expect(replaced.changes.map(\.words) == ["override of rule «claim.dam»: replace severity, terms"])
    let (appended, more) = try rule(
      "{ rule: claim.dam, append: { tags: [b], where: { lang: [en] }, unless: [{ any: [кино] }], "
        + "terms: { panic: { any: [бежать] }, fear: { any: [страх], weight: 1 } } } }")
    #expect(appended.tags == ["a", "b"])
    #expect(appended.filters == [FieldFilter(field: "lang", test: .anyOf(["ru", "en"]))])
    #expect(more.unless.count == 1 && more.unless.first?.outcome == .drop)
    #expect(more.terms.map(\.name) == ["breach", "panic", "fear"])
    #expect(words(more.terms[1]) == ["any паника", "any бежать"])
  }

  @Test("the last file in the order of paths wins, and a later entry of one file") func order() throws {
    func severity(_ name: String, _ severity: String) -> (String, String) {
      (name, "format: 1\noverride: [{ rule: claim.dam, replace: { severity: \(severity) } }]")
    }
    let set = loadAll([severity("z.rules.yaml", "low"), ("m.rules.yaml", base), severity("a.rules.yaml", "critical")])
    #expect(set.rules.first?.severity == .low)
    #expect(set.rules.first?.changes.map(\.place.file) == ["a.rules.yaml", "z.rules.yaml"])
  }

  @Test("what an override gets wrong is said at its own place, and the rule does not run") func wrong() throws {
    func codes(_ override: String) -> [String] {
      found(loadAll([("m.rules.yaml", base), ("z.rules.yaml", "format: 1\noverride:\n  - \(override)\n")]))
    }
    #expect(codes("{ rule: claim.dum, replace: { severity: low } }") == ["z.rules.yaml:3:13 E203"])
    #expect(codes("{ list: watter, append: [x] }") == ["z.rules.yaml:3:13 E203"])
    #expect(codes("{ rule: claim.dam, replace: { severity: hi } }") == ["z.rules.yaml:3:45 E104"])
    #expect(codes("{ rule: claim.dam, append: { severity: high } }") == ["z.rules.yaml:3:44 E104"])
    #expect(codes("{ rule: claim.dam, append: { tags: { a: b } } }") == ["z.rules.yaml:3:40 E103"])
    #expect(codes("{ rule: claim.dam, replace: { match: \"breach & panic\" } }") == ["z.rules.yaml:3:50 E204"])
    #expect(codes("{ rule: claim.dam, replace: { id: x } }") == ["z.rules.yaml:3:35 E104"])
    #expect(codes("{ list: water, append: [\"см*\"] }") == ["z.rules.yaml:3:30 E104"])
    #expect(codes("{ list: water, term: drill, append: [x] }") == ["z.rules.yaml:3:20 E104"])
    #expect(codes("{ list: water }") == ["z.rules.yaml:3:5 E102"])
    #expect(codes("{ append: [x] }") == ["z.rules.yaml:3:5 E102"])
    let broken = loadAll([
      ("m.rules.yaml", base), ("z.rules.yaml", "format: 1\noverride: [{ rule: claim.dam, replace: { severity: hi } }]"),
    ])
    #expect(broken.rules.isEmpty && broken.brokenFiles == ["z.rules.yaml"])
  }

  private func words(_ term: Term?) -> [String] {
    func words(_ kind: String, _ patterns: [Pattern]) -> [String] {
      patterns.flatMap(\.words).map { if case .lemma(let word) = $0 { "\(kind) \(word)" } else { "?" } }
    }
    return switch term?.body {
    case .any(let patterns): words("any", patterns)
    case .all(let entries): entries.flatMap { words("all", $0) }
    default: []
    }
  }
}

@Suite("Filters of many rules") struct FilterTests {
  private func filters(_ entry: String) -> RuleSet {
    loadAll([
      ("f.rules.yaml", "format: 1\ndefaults: { timezone: Europe/Moscow }\nfilters:\n  - \(entry)\n"),
      ("m.rules.yaml", base),
    ])
  }

  @Test("a filter adds its exceptions after the rule's own, with the day on which it ends") func added() throws {
    let set = filters("{ rules: [\"claim.*\"], unless: [{ term: drill, scope: sentence }], until: 2026-03-05 }")
    #expect(found(set) == [])
    let rule = try #require(set.rules.first)
    let exceptions = try #require(rule.body as? ClaimRule).unless
    #expect(exceptions.map(\.cue) == [.term("drill")] && exceptions.map(\.scope) == [.sentence])
    #expect(
      exceptions.first?.until
        == ValidUntil(CivilDate(year: 2026, month: 3, day: 5), timezone: "Europe/Moscow"))
    #expect(rule.changes.map(\.line) == ["filter for claim.* until 2026-03-05 (f.rules.yaml:4)"])
  }

  @Test("what a filter gets wrong is said at its own place") func wrong() {
    func codes(_ entry: String) -> [String] { found(filters(entry)) }
    #expect(codes("{ rules: [clame.dam], unless: [{ term: drill }] }") == ["f.rules.yaml:4:15 E203"])
    #expect(codes("{ rules: [\"volume.*\"], unless: [{ term: drill }] }") == ["f.rules.yaml:4:15 E203"])
    #expect(codes("{ rules: claim.dam, unless: [{ term: dril }] }") == ["f.rules.yaml:4:42 E203"])
    #expect(codes("{ rules: claim.dam, unless: [{ term: drill, scop: title }] }") == ["f.rules.yaml:4:49 E101"])
    #expect(codes("{ rules: claim.dam, unless: [] }") == ["f.rules.yaml:4:33 E104"])
    #expect(codes("{ rules: claim.dam }") == ["f.rules.yaml:4:5 E102"])
    #expect(
      codes("{ rules: claim.dam, unless: [{ term: drill }], until: tomorrow }") == ["f.rules.yaml:4:59 E104"])
    let spike =
      "format: 1\nfilters: [{ rules: [volume.x], unless: [{ any: [дом] }] }]\nrules:\n"
      + "  - { id: volume.x, type: spike, window: 15m, fire: { count: { gte: 4 } } }\n"
    #expect(found(loadAll([("v.rules.yaml", spike)])) == ["v.rules.yaml:2:21 E104"])
  }

  @Test("a file that only lends its lists and terms filters and overrides nothing") func neighbours() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.rules.yaml", base)
    try folder.write(
      "b.rules.yaml",
      "format: 1\nfilters: [{ rules: [claim.dam], unless: [{ term: drill }] }]\n"
        + "override: [{ rule: claim.dam, replace: { severity: low } }]\n")
    let alone = try RuleLoader.load(paths: [folder.path + "/a.rules.yaml"], types: ruleTypes)
    #expect(alone.rules.first?.severity == .medium && alone.rules.first?.changes == [])
    let all = try RuleLoader.load(paths: [folder.path], types: ruleTypes)
    #expect(all.rules.first?.severity == .low && all.rules.first?.changes.count == 2)
  }
}
