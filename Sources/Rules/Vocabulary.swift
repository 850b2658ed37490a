import Model
import YAML

/// The lists and terms that all rule files share, and which of them were used.
package final class Vocabulary {
  struct Shared<Value> {
    var value: Value
    var place: Place
    var width: Int
    /// What overrides did to it, and to the lists in it.
    var changes: [RuleChange]
    var isUsed = false
  }
  private var lists: [String: Shared<[Pattern]>] = [:]
  private var terms: [String: Shared<Term>] = [:]
  /// Ids of all rules of all files: for tests that fire another rule.
  package private(set) var ruleIDs: Set<String> = []
  private var rulePlaces: [String: Place] = [:]

  /// Changes of the lists and terms that were asked for since this was emptied.
  var changes: [RuleChange] = []

  init() {}

  /// The first definition stays. Returns its place when there was one.
  func define(list name: String, _ patterns: [Pattern], at node: YAMLNode, _ changes: [RuleChange]) -> Place? {
    if let first = lists[name] { return first.place }
    lists[name] = Shared(value: patterns, place: node.place, width: node.width, changes: changes)
    return nil
  }

  func define(term: Term, at node: YAMLNode, _ changes: [RuleChange]) -> Place? {
    if let first = terms[term.name] { return first.place }
    terms[term.name] = Shared(value: term, place: node.place, width: node.width, changes: changes)
    return nil
  }

  /// `isNamed` is false for rules of files that only lend their lists and terms.
  func define(rule id: String, at place: Place, isNamed: Bool) -> Place? {
    ruleIDs.insert(id)
    guard isNamed else { return nil }
    if let first = rulePlaces[id] { return first }
    rulePlaces[id] = place
    return nil
  }

  /// Makes an id known that a rule had before. Returns the place of the rule that has or had it too.
  func define(former id: String, at place: Place) -> Place? {
    if let first = rulePlaces[id] { return first }
    rulePlaces[id] = place
    return nil
  }

  /// The patterns of a shared list.
  package func list(_ name: String) -> [Pattern]? {
    lists[name]?.isUsed = true
    note(lists[name]?.changes ?? [])
    return lists[name]?.value
  }

  /// A shared term.
  package func term(_ name: String) -> Term? {
    terms[name]?.isUsed = true
    note(terms[name]?.changes ?? [])
    return terms[name]?.value
  }

  private func note(_ changes: [RuleChange]) {
    for change in changes where !self.changes.contains(change) { self.changes.append(change) }
  }

  /// Comparisons of names left for suggestions: files with very many unknown names must not cost their square.
  private var comparisonsLeft = 200_000

  /// The nearest of a number of names.
  package func suggestion(for name: String, among names: [String]) -> String? {
    guard comparisonsLeft > 0 else { return nil }
    comparisonsLeft -= names.count
    return Suggestion.nearest(to: name, among: names)
  }

  /// Of no use where there is nothing left to compare with.
  package var listNames: [String] { comparisonsLeft > 0 ? lists.keys.sorted() : [] }
  package var termNames: [String] { comparisonsLeft > 0 ? terms.keys.sorted() : [] }

  /// What nobody asked for, in the order of places.
  var unused: [(kind: String, name: String, place: Place, width: Int)] {
    let unused =
      lists.filter { !$0.value.isUsed }.map { ("list", $0.key, $0.value.place, $0.value.width) }
      + terms.filter { !$0.value.isUsed }.map { ("term", $0.key, $0.value.place, $0.value.width) }
    return unused.sorted { $0.2 < $1.2 }
  }
}
