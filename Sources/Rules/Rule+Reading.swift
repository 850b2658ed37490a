import Model
import Text
import YAML

/// Reads the rules of one file: first what all types have in common, then, through the type, its own part.
struct RuleReader {
  let complaints: Complaints
  let patterns: PatternReading
  let defaults: FileDefaults
  let types: [RuleType]
  let typeKeys: [String: TypeKeys]
  let version: String
  /// Positions of errors of form: a rule around one is not what its author wrote.
  let repaired: [Int]

  /// nil where the rule has an error; the complaints are made.
  ///
  /// - Parameter isNamed: false for a rule of a neighbour, which no filter changes.
  func rule(_ node: YAMLNode, filters: [RuleFilter], isNamed: Bool) -> Rule? {
    let errors = complaints.errorCount
    guard let fields = Fields(node, complaints) else { return nil }
    fields.require("id")
    fields.require("type")
    let id = fields.value("id").flatMap { slug($0, "an id") }
    guard let type = type(fields) else { return nil }
    checkKeys(fields, type)
    var rule = Rule(id: id ?? "", type: type.name, body: NoBody(), place: node.place, version: version)
    if let node = fields.value("id") { rule.idPlace = node.place }
    rule.language = defaults.language
    rule.timezone = defaults.timezone
    rule.formerly = formerIDs(fields, rule.id)
    rule.foldsOff = foldsOff(fields)
    readTexts(fields, &rule)
    readDecision(fields, &rule, type)
    readTiming(fields, &rule, type)
    rule.severitySteps =
      fields.sequence("severity_by").map { complaints.severitySteps($0, above: rule.severity) } ?? []
    rule.equivalent = fields.sequence("equivalent").map { complaints.equivalentMutants($0) } ?? []
    if let tests = fields.sequence("tests") {
      let reader = RuleTestReader(complaints: complaints, defaults: defaults, ruleIDs: patterns.vocabulary.ruleIDs)
      rule.tests = tests.compactMap { reader.test($0) }
    }
    advise(fields, rule)
    let concerned = type.keys.contains("unless") ? filters.filter { $0.concerns(rule.id) } : []
    let body = type.read(RuleReading(fields, rule, patterns, filters: isNamed ? concerned : []))
    guard let body, complaints.errorCount == errors, !repaired.contains(where: { node.range.contains($0) }) else {
      return nil
    }
    rule.body = body
    rule.changes = patterns.vocabulary.changes + (isNamed ? concerned.map(\.change) : [])
    return rule
  }

  private func type(_ fields: Fields) -> RuleType? {
    guard let node = fields.value("type"), let name = complaints.string(node) else { return nil }
    if let type = types.first(where: { $0.name == name }) { return type }
    if RuleKeys.laterTypes.contains(name) {
      complaints.add(YAMLCause.notSupported("a rule of type «\(name)»"), at: node)
      fields.check(known: RuleKeys.common.union(RuleKeys.ofLaterTypes))
    } else {
      let known = types.map(\.name)
      let suggestion = Suggestion.nearest(to: name, among: known + RuleKeys.laterTypes)
      let hint = suggestion.map { "did you mean «\($0)»?" } ?? "one of: \(known.joined(separator: ", "))"
      complaints.add(YAMLCause.value("unknown type «\(name)»", hint: hint), at: node)
    }
    return nil
  }

  private func checkKeys(_ fields: Fields, _ type: RuleType) {
    guard let keys = typeKeys[type.name] else { return }
    for entry in fields.entries where !keys.known.contains(entry.name) {
      guard let owner = keys.others.first(where: { $0.keys.contains(entry.name) }) else { continue }
      complaints.add(RuleCause.keyOfOtherType(entry.name, type: type.name, owner: owner.name), at: entry.key)
    }
    fields.check(known: keys.anywhere, notSupported: RuleKeys.ofLaterTypes, suggesting: keys.known)
  }

  /// The keys of a rule of one type, and of rules of any.
  struct TypeKeys {
    let known: Set<String>
    let anywhere: Set<String>
    let others: [RuleType]

    static func of(_ types: [RuleType]) -> [String: TypeKeys] {
      let keys = types.map { type -> (String, TypeKeys) in
        let others = types.filter { $0.name != type.name }
        let known = RuleKeys.common.union(type.keys)
        return (type.name, TypeKeys(known: known, anywhere: known.union(others.flatMap(\.keys)), others: others))
      }
      return Dictionary(keys, uniquingKeysWith: { first, _ in first })
    }
  }
}

/// Stands where a type's own part will be.
private struct NoBody: RuleBody {
  func makeEvaluator(for rule: Rule) -> any Evaluator { NoEvaluator() }
  private final class NoEvaluator: Evaluator {
    var lastMeasure: Measure? { nil }
    func observe(_ observation: Observation, _ effects: inout Effects) {}
  }
}

extension RuleReader {
  private func readTexts(_ fields: Fields, _ rule: inout Rule) {
    rule.title = oneLine(fields, "title") ?? rule.id
    rule.claim = fields.string("claim")
    rule.narrative = fields.value("narrative").flatMap { slug($0, "a narrative") } ?? rule.id
    rule.tags = fields.strings("tags") ?? []
    rule.references = fields.strings("references") ?? []
    rule.falsePositives = fields.strings("false_positives") ?? []
    rule.owner = fields.string("owner") ?? defaults.owner
    if let node = fields.value("guide"), let guide = complaints.string(node) {
      if guide.utf8.count > 4096 {
        complaints.add(YAMLCause.value("the guide is longer than 4 KB"), at: node)
      }
      rule.guide = guide
    }
    if let node = fields.value("review_by"), let text = complaints.string(node) {
      rule.reviewBy = CivilDate(text)
      if rule.reviewBy == nil {
        complaints.add(YAMLCause.value("«\(text)» is not a date", hint: "write it like 2027-06-01"), at: node)
      }
    }
    for entry in fields.mapping("labels")?.entries ?? [] {
      if entry.value.isEmpty {
        complaints.add(YAMLCause.emptyValue(entry.name), at: entry.value.place)
      } else if let template = Template(entry.value, complaints) {
        complaints.adviseQuotes(entry.value)
        rule.labels.append((entry.name, template))
      }
    }
    rule.summary = fields.value("summary").flatMap { Template($0, complaints) }
  }

  private func readDecision(_ fields: Fields, _ rule: inout Rule, _ type: RuleType) {
    rule.status = fields.choice("status", Rule.Status.self) ?? .draft
    rule.severity = fields.choice("severity", Severity.self) ?? .medium
    rule.stream = fields.choice("stream", Rule.Stream.self, notSupported: ["source"]) ?? .item
    if rule.stream == .alert, !type.countsAlerts, let node = fields.value("stream") {
      let hint = "frequency and cardinality count alerts; correlate joins those of certain rules"
      complaints.add(YAMLCause.value("a rule of type «\(type.name)» does not look at alerts", hint: hint), at: node)
    }
    rule.missingKey = fields.choice("missing_key", Rule.MissingKey.self) ?? .separate
    rule.filters = fields.mapping("where").map { complaints.filters($0) } ?? []
    let key = fields.value("key").flatMap { complaints.fieldNames($0) }
    // The names of `per` are complained about by the type that has it.
    let per = fields.node["per"].flatMap { node in Complaints(complaints.source).fieldNames(node) }
    rule.key = key ?? per ?? ["region"]
  }

  private func readTiming(_ fields: Fields, _ rule: inout Rule, _ type: RuleType) {
    rule.fourEyes = fields.flag("four_eyes") ?? defaults.fourEyes
    rule.keepFiring = fields.span("keep_firing") ?? .hours(24)
    rule.reopenWithin = fields.span("reopen_within", zero: true) ?? .hours(24)
    let own = fields.mapping("sla")
    if rule.severity == .info, own == nil {
      rule.deadlines = nil
    } else {
      rule.deadlines = own.map { complaints.deadlines($0, under: defaults.deadlines) } ?? defaults.deadlines
    }
    let realert = complaints.realert(fields, under: defaults.realert)
    rule.realert = rule.deadlines == nil && !fields.has("realert") ? nil : realert
    if let nodes = fields.sequence("escalate") {
      rule.escalations = complaints.escalations(nodes)
    }
    if let node = fields.value("attach") {
      noEffectYet("attach", fields)
      rule.attachments = complaints.attachments(node)
    }
    if let active = fields.mapping("active") {
      rule.active = complaints.activeHours(active, timezone: rule.timezone)
      if !type.keys.contains("active") { rule.calendar = rule.active }
    }
  }

  private func noEffectYet(_ name: String, _ fields: Fields) {
    guard let entry = fields.entry(name) else { return }
    complaints.add(RuleCause.noEffect(name), at: entry.key)
  }

  /// What is worth saying about a rule that is right as it stands, and what a stable one must have.
  private func advise(_ fields: Fields, _ rule: Rule) {
    guard let id = fields.value("id") else { return }
    if rule.status == .stable {
      if !fields.has("tests") || fields.value("tests")?.sequence?.isEmpty == true {
        complaints.add(RuleCause.stableWithoutTests, at: fields.value("status") ?? id)
      }
      if !fields.has("claim"), rule.type == "claim" { complaints.add(RuleCause.stableWithoutClaim, at: id) }
      if !fields.has("review_by") { complaints.add(RuleCause.noReview, at: id) }
    }
    if rule.status == .deprecated, let node = fields.value("status") {
      complaints.add(RuleCause.deprecated, at: node)
    }
    if rule.severity >= .high, !fields.has("guide"), let node = fields.value("severity") {
      complaints.add(RuleCause.noGuide(severity: rule.severity.rawValue), at: node)
    }
    if rule.type == "claim" {
      let covered = Set(rule.tests.compactMap(\.covers))
      for kind in RuleTest.kinds where !covered.contains(kind) {
        complaints.add(RuleCause.notCovered(kind), at: fields.entry("tests")?.key ?? id)
      }
    }
  }

  private func oneLine(_ fields: Fields, _ name: String) -> String? {
    guard let node = fields.value(name), let text = complaints.string(node) else { return nil }
    let line = text.last == "\n" ? String(text.dropLast()) : text
    if line.contains(where: \.isNewline) {
      complaints.add(YAMLCause.value("«\(name)» is one line"), at: node)
    }
    return line
  }

  private func slug(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = complaints.string(node) else { return nil }
    let isSlug =
      text.unicodeScalars.count <= 128
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.unicodeScalars.allSatisfy { PatternReading.isNamePart($0) }
      }
    guard isSlug else {
      let hint = "letters, digits, «-», «_» and dots between them"
      complaints.add(YAMLCause.value("«\(text)» cannot be \(what)", hint: hint), at: node)
      return nil
    }
    return text
  }

  /// The ids that the rule had before.
  private func formerIDs(_ fields: Fields, _ id: String) -> [String] {
    guard let node = fields.value("formerly") else { return [] }
    var ids: [String] = []
    for element in node.sequence ?? [node] {
      guard let former = slug(element, "an id") else { continue }
      if former == id || ids.contains(former) {
        complaints.add(YAMLCause.value("«\(former)» is here a second time"), at: element)
      } else {
        ids.append(former)
      }
    }
    return ids
  }

  /// `fold: { translit: off }`: the foldings that the rule does without.
  private func foldsOff(_ fields: Fields) -> Foldings {
    guard let fold = fields.mapping("fold") else { return [] }
    var off: Foldings = []
    for entry in fold.entries {
      guard let folding = Foldings.names.first(where: { $0.name == entry.name })?.folding else {
        let names = Foldings.names.map(\.name)
        let suggestion = Suggestion.nearest(to: entry.name, among: names)
        let hint = suggestion.map { "did you mean «\($0)»?" } ?? "one of: \(names.joined(separator: ", "))"
        let cause = YAMLCause.value("«\(entry.name)» is no folding", hint: hint)
        if !entry.key.isDamaged { complaints.add(cause, at: entry.key) }
        continue
      }
      if fold.value(entry.name).flatMap({ complaints.choice($0, of: ["on", "off"]) }) == "off" { off.insert(folding) }
    }
    return off
  }
}
