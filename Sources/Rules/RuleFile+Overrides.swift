import Model
import YAML

extension Complaints {
  /// One entry of `override`.
  func override(_ node: YAMLNode) -> RuleOverride? {
    guard let fields = Fields(node, self) else { return nil }
    let kinds = RuleOverride.Kind.allCases.map(\.rawValue)
    let modes = RuleOverride.Mode.allCases.map(\.rawValue)
    fields.check(known: kinds + modes)
    guard let kind = oneOf(kinds, fields, missing: "rule").flatMap(RuleOverride.Kind.init(rawValue:)),
      let mode = oneOf(modes, fields, missing: "append").flatMap(RuleOverride.Mode.init(rawValue:)),
      let target = fields.string(kind.rawValue), let value = fields.value(mode.rawValue)
    else { return nil }
    if kind != .list {
      guard let own = Fields(value, self) else { return nil }
      for name in ["id", "type"] where kind == .rule {
        guard let entry = own.entry(name) else { continue }
        let hint = name == "id" ? "a rule is renamed where it stands, with «formerly»" : "write another rule"
        add(YAMLCause.value("«\(name)» cannot be overridden", hint: hint), at: entry.key)
        return nil
      }
    } else if value.mapping != nil {
      add(YAMLCause.shape(expected: "a list of words and phrases", found: value.kind), at: value)
      return nil
    }
    return RuleOverride(kind: kind, target: target, mode: mode, value: value, place: node.place)
  }

  /// The one key of several that must be there; a second one is an error.
  private func oneOf(_ names: [String], _ fields: Fields, missing: String) -> String? {
    let given = fields.entries.filter { names.contains($0.name) }
    if given.count > 1 {
      add(YAMLCause.value("one of \(names.joined(separator: ", ")), not two"), at: given[1].key)
      return nil
    }
    if given.isEmpty { fields.require(missing) }
    return given.first?.name
  }

  /// One entry of `filters`.
  func filter(_ node: YAMLNode, timezone: String) -> RuleFilter? {
    guard let fields = Fields(node, self) else { return nil }
    fields.check(known: ["rules", "unless", "until"])
    for name in ["rules", "unless"] { fields.require(name) }
    var until: ValidUntil?
    if let node = fields.value("until"), let text = string(node) {
      until = CivilDate(text).map { ValidUntil($0, timezone: timezone) }
      if until == nil {
        add(YAMLCause.value("«\(text)» is not a date", hint: "write it like 2027-06-01"), at: node)
        return nil
      }
    }
    guard let rules = fields.value("rules"), let exceptions = fields.sequence("unless") else { return nil }
    if exceptions.isEmpty, let node = fields.value("unless") {
      add(YAMLCause.value("a filter that excludes nothing"), at: node)
    }
    let globs = (rules.sequence ?? [rules]).compactMap { node in string(node).map { (text: $0, node: node) } }
    if rules.sequence?.isEmpty == true { add(YAMLCause.value("the list is empty"), at: rules) }
    return RuleFilter(globs: globs, exceptions: exceptions, until: until, place: node.place)
  }
}

extension RuleFile {
  /// Says which overrides change nothing because what they name is not there.
  func checkOverrides(lists: [String], terms: [String], rules: [String]) {
    for override in overrides {
      let known =
        switch override.kind {
        case .list: lists
        case .term: terms
        case .rule: rules
        }
      guard !known.contains(override.target) else { continue }
      let suggestion = Suggestion.nearest(to: override.target, among: known)
      guard let node = overrideTarget(override) else { continue }
      complaints.add(
        RuleCause.unknownName(kind: override.kind.rawValue, name: override.target, suggestion: suggestion), at: node)
    }
  }

  private func overrideTarget(_ override: RuleOverride) -> YAMLNode? {
    document.root?["override"]?.sequence?.first { $0.place == override.place }?[override.kind.rawValue]
  }

  /// Says which filters concern no rule that can be filtered.
  func checkFilters(rules: [String]) {
    for filter in filters {
      for glob in filter.globs where !filter.used.contains(glob.text) {
        if rules.contains(where: { Glob.fits($0, glob.text) }) {
          let message = "no rule that «\(glob.text)» means has exceptions"
          complaints.add(YAMLCause.value(message, hint: "only claims have «unless»"), at: glob.node)
        } else {
          let suggestion = glob.text.contains("*") ? nil : Suggestion.nearest(to: glob.text, among: rules)
          complaints.add(RuleCause.unknownName(kind: "rule", name: glob.text, suggestion: suggestion), at: glob.node)
        }
      }
    }
  }
}
