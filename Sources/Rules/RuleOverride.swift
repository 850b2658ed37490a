import Model
import YAML

/// One entry of `override`: what a later file adds to a list, a term or a rule, or puts in its place.
struct RuleOverride {
  enum Kind: String, CaseIterable { case list, term, rule }
  enum Mode: String, CaseIterable { case append, replace }
  var kind: Kind
  var target: String
  var mode: Mode
  var value: YAMLNode
  var place: Place

  var change: RuleChange {
    let keys = kind == .list ? "" : " \((value.mapping ?? []).map(\.name).joined(separator: ", "))"
    return RuleChange("override of \(kind.rawValue) «\(target)»: \(mode.rawValue)\(keys)", place: place)
  }

  /// What the overrides, in their order, make of a definition.
  static func apply(_ overrides: [RuleOverride], to node: YAMLNode, _ complaints: Complaints) -> YAMLNode {
    overrides.reduce(node) { node, override in
      let merging = NodeMerging(complaints: complaints)
      return switch (override.kind, override.mode) {
      case (.list, .replace): override.value
      case (.list, .append): merging.appended(node, override.value, "the list")
      case (_, .append): merging.appended(node, override.value, override.kind.rawValue)
      case (.term, .replace): merging.termReplaced(node, override.value)
      case (.rule, .replace): merging.ruleReplaced(node, override.value)
      }
    }
  }
}

/// Puts the nodes of one definition into another.
private struct NodeMerging {
  let complaints: Complaints

  /// Lists grow, mappings grow key by key; a single text can only be replaced.
  func appended(_ base: YAMLNode, _ more: YAMLNode, _ name: String) -> YAMLNode {
    guard !more.isDamaged, !base.isDamaged else { return base }
    switch (base.content, more.content) {
    case (.mapping, .mapping(let entries)):
      return entries.reduce(base) { base, entry in
        guard let before = base[entry.name] else { return base.setting(entry) }
        var merged = entry
        merged.value = appended(before, entry.value, "«\(entry.name)»")
        return base.setting(merged)
      }
    case (.sequence(let nodes), .sequence(let others)): return base.with(.sequence(nodes + others))
    case (.sequence(let nodes), _): return base.with(.sequence(nodes + [more]))
    case (.scalar, .sequence(let others)): return base.with(.sequence([base] + others))
    case (.scalar, .scalar):
      complaints.add(YAMLCause.value("\(name) is one value and takes no other", hint: "replace it"), at: more)
    default:
      complaints.add(
        YAMLCause.shape(expected: base.kind, found: more.kind, hint: "or replace it as a whole"), at: more)
    }
    return base
  }

  /// Keys of a rule are replaced as a whole; terms and labels one by one.
  func ruleReplaced(_ base: YAMLNode, _ other: YAMLNode) -> YAMLNode {
    (other.mapping ?? []).reduce(base) { base, entry in
      guard ["terms", "labels"].contains(entry.name), let before = base[entry.name], before.mapping != nil,
        let named = entry.value.mapping
      else { return base.setting(entry) }
      var merged = entry
      merged.value = named.reduce(before) { before, named in
        guard entry.name == "terms", let term = before[named.name] else { return before.setting(named) }
        var replaced = named
        replaced.value = termReplaced(term, named.value)
        return before.setting(replaced)
      }
      return base.setting(merged)
    }
  }

  /// Keys of a term are replaced one by one; another body takes the place of the one before.
  func termReplaced(_ base: YAMLNode, _ other: YAMLNode) -> YAMLNode {
    guard let entries = other.mapping, let before = base.mapping else { return other }
    let isOtherBody = entries.contains { PatternReading.bodies.contains($0.name) }
    let dropped = isOtherBody ? PatternReading.bodies + ["within", "order", "span"] : []
    let kept = base.with(.mapping(before.filter { !dropped.contains($0.name) }))
    return entries.reduce(kept) { $0.setting($1) }
  }
}

extension YAMLNode {
  fileprivate func with(_ content: Content) -> YAMLNode {
    var node = self
    node.content = content
    return node
  }

  /// With the entry in the place of one of the same name, or at the end.
  fileprivate func setting(_ entry: YAMLEntry) -> YAMLNode {
    guard var entries = mapping else { return self }
    if let index = entries.firstIndex(where: { $0.name == entry.name }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
    return with(.mapping(entries))
  }
}
