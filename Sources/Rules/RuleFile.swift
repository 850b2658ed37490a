import Glibc
import Model
import YAML

/// What a file says for all its rules.
struct FileDefaults {
  var timezone: String
  var language = "ru"
  var owner: String?
  var deadlines = Deadlines()
  var realert = Realert()
  var fourEyes = false
}

/// One rule file in the course of being read: lists first, then terms, then rules, over all files each.
final class RuleFile {
  let path: String
  let bytes: [UInt8]
  /// False for a file that only lends its lists and terms: its complaints are dropped.
  let isNamed: Bool
  let document: YAMLDocument
  let complaints: Complaints
  private let top: Fields?
  private(set) var defaults: FileDefaults
  /// Where the ids stand that another rule has already.
  private var duplicates: Set<Place> = []
  private(set) var overrides: [RuleOverride] = []
  private(set) var filters: [RuleFilter] = []

  init(path: String, bytes: [UInt8], isNamed: Bool, timezone: String) {
    self.path = path
    self.bytes = bytes
    self.isNamed = isNamed
    document = YAMLDocument(file: path, bytes: bytes)
    complaints = Complaints(document.source, document.diagnostics)
    defaults = FileDefaults(timezone: timezone)
    if let root = document.root {
      top = root.isEmpty ? nil : Fields(root, complaints)
    } else {
      top = nil
    }
    if top == nil, !complaints.hasErrors {
      complaints.add(YAMLCause.missingKey("format"), at: Place(file: path, line: 1, column: 1))
    }
    readTop()
  }

  private func readTop() {
    guard let top else { return }
    top.check(known: RuleKeys.ofFile)
    top.require("format")
    if let node = top.value("format"), let text = complaints.string(node), text != "1" {
      complaints.add(YAMLCause.value("this version reads format 1, not \(text)"), at: node)
    }
    defer {
      // Neighbours lend lists and terms only.
      if isNamed {
        overrides = top.sequence("override")?.compactMap { complaints.override($0) } ?? []
        filters = top.sequence("filters")?.compactMap { complaints.filter($0, timezone: defaults.timezone) } ?? []
      }
    }
    guard let fields = top.mapping("defaults") else { return }
    fields.check(known: RuleKeys.ofDefaults)
    if let node = fields.value("timezone"), let name = complaints.string(node) {
      if RuleFile.isTimezone(name) {
        defaults.timezone = name
      } else {
        complaints.add(YAMLCause.value("unknown time zone «\(name)»", hint: "like Europe/Moscow"), at: node)
      }
    }
    if let language = fields.string("lang") { defaults.language = language }
    defaults.owner = fields.string("owner")
    if let sla = fields.mapping("sla") { defaults.deadlines = complaints.deadlines(sla, under: Deadlines()) }
    defaults.realert = complaints.realert(fields, under: Realert())
    defaults.fourEyes = fields.flag("four_eyes") ?? false
  }

  func readLists(into vocabulary: Vocabulary, _ overrides: [RuleOverride], _ knowsWord: (@Sendable (String) -> Bool)?) {
    guard let lists = top?.mapping("lists") else { return }
    let reading = PatternReading(complaints: complaints, vocabulary: vocabulary, knowsWord: knowsWord)
    for entry in lists.entries {
      guard var node = lists.value(entry.name) else { continue }
      let own = overrides.filter { $0.kind == .list && $0.target == entry.name }
      node = RuleOverride.apply(own, to: node, complaints)
      if node.mapping != nil {
        complaints.add(YAMLCause.shape(expected: "a list of words and phrases", found: node.kind), at: node)
        continue
      }
      let patterns = reading.patterns(node)
      if let first = vocabulary.define(list: entry.name, patterns, at: entry.key, own.map(\.change)) {
        complaints.add(RuleCause.definedTwice(kind: "list", name: entry.name, first: "\(first)"), at: entry.key)
      }
    }
  }

  func readTerms(into vocabulary: Vocabulary, _ overrides: [RuleOverride], _ knowsWord: (@Sendable (String) -> Bool)?) {
    guard let terms = top?.mapping("terms") else { return }
    let reading = PatternReading(complaints: complaints, vocabulary: vocabulary, knowsWord: knowsWord)
    for var entry in terms.entries {
      let own = overrides.filter { $0.kind == .term && $0.target == entry.name }
      if !entry.value.isEmpty { entry.value = RuleOverride.apply(own, to: entry.value, complaints) }
      vocabulary.changes = own.map(\.change)
      guard let term = reading.namedTerm(entry) else { continue }
      if let first = vocabulary.define(term: term, at: entry.key, vocabulary.changes) {
        complaints.add(RuleCause.definedTwice(kind: "term", name: term.name, first: "\(first)"), at: entry.key)
      }
    }
  }

  private var rules: [YAMLNode] { top?.sequence("rules") ?? [] }
  var listNames: [String] { top?.node["lists"]?.mapping?.map(\.name) ?? [] }
  var termNames: [String] { top?.node["terms"]?.mapping?.map(\.name) ?? [] }

  /// Makes the ids of all rules known before any of them is read.
  func defineRules(in vocabulary: Vocabulary) {
    for rule in rules {
      guard let node = rule["id"], let id = node.scalar?.text, !node.isDamaged, !id.isEmpty else { continue }
      if let first = vocabulary.define(rule: id, at: node.place, isNamed: isNamed) {
        complaints.add(RuleCause.definedTwice(kind: "rule", name: id, first: "\(first)"), at: node)
        duplicates.insert(node.place)
      }
    }
  }

  /// Makes the ids known that rules had before, once all present ones are.
  func defineFormerIDs(in vocabulary: Vocabulary) {
    for rule in rules where isNamed {
      guard let node = rule["formerly"], !node.isDamaged else { continue }
      var seen: Set<String> = []
      for former in node.sequence ?? [node] {
        // A name that stands here twice is complained about where the rule is read.
        guard let id = former.scalar?.text, !former.isEmpty, id != rule["id"]?.scalar?.text, seen.insert(id).inserted,
          let first = vocabulary.define(former: id, at: former.place)
        else { continue }
        complaints.add(RuleCause.definedTwice(kind: "rule", name: id, first: "\(first)"), at: former)
      }
    }
  }

  /// The rules, with what overrides and filters of any file make of them.
  func readRules(
    _ types: [RuleType], _ vocabulary: Vocabulary, _ overrides: [RuleOverride], _ filters: [RuleFilter],
    _ knowsWord: (@Sendable (String) -> Bool)?
  ) -> [Rule] {
    let reader = RuleReader(
      complaints: complaints,
      patterns: PatternReading(complaints: complaints, vocabulary: vocabulary, knowsWord: knowsWord),
      defaults: defaults, types: types, typeKeys: RuleReader.TypeKeys.of(types),
      version: "sha256:" + Digest.sha256Hex(bytes),
      repaired: document.diagnostics.compactMap { document.source.position(of: $0.place) })
    let overridden = Dictionary(grouping: overrides.filter { $0.kind == .rule }, by: \.target)
    return rules.compactMap { node in
      let own = node["id"]?.scalar.flatMap { overridden[$0.text] } ?? []
      vocabulary.changes = own.map(\.change)
      let rule = reader.rule(
        own.isEmpty ? node : RuleOverride.apply(own, to: node, complaints), filters: filters, isNamed: isNamed)
      return node["id"].map { duplicates.contains($0.place) } == true ? nil : rule
    }
  }

  /// A name of the tz database. Where the machine has no such database, any name of the right form.
  private static func isTimezone(_ name: String) -> Bool {
    let isFormed =
      name.utf8.count <= 64
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
              || [0x5F, 0x2B, 0x2D].contains(byte)
          }
      }
    guard isFormed else { return false }
    let folder = "/usr/share/zoneinfo"
    return name == "UTC" || access(folder, F_OK) != 0 || access("\(folder)/\(name)", F_OK) == 0
  }
}
