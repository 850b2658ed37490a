import Alerting
import Model
import Rules

/// What evaluators want done, and what rules that watch others make of it.
extension Engine {
  /// Lets an evaluator speak and does what it wants, and what follows from that.
  func perform(rule: Int, _ at: Moment, _ body: (any Evaluator) -> Void) {
    for effect in wanted(by: rule, body) {
      apply(effect, rule, at)
      settle(at)
    }
  }

  private func wanted(by rule: Int, _ body: (any Evaluator) -> Void) -> [Effects.Effect] {
    body(evaluators[rule])
    guard !effects.list.isEmpty else { return [] }
    defer { effects.removeAll() }
    return effects.list
  }

  private func apply(_ effect: Effects.Effect, _ rule: Int, _ at: Moment) {
    switch effect {
    case .fire(let firing):
      if !holdsBack(firing, rule, at) { book.apply(firing, rule: rules[rule], now: at) }
    case .clear(let key, let part, let measure, let eventTime):
      book.clear(rule: rules[rule], key: key, part: part, measure: measure, eventTime: eventTime, now: at)
    case .update(let key, let measure): book.update(rule: rules[rule], key: key, measure: measure, now: at)
    case .respond(let alert, let note): book.respond(alert, note: note, now: at)
    case .note(let type, let data): book.note(type, data, now: at)
    case .wake(let key, let due):
      timers.add(TimerQueue.Entry(due: due, rule: rules[rule].id, key: key.canonical, target: .rule(rule, key)))
    }
  }

  /// Shows what happened to alerts to the rules that watch them, in the order of the rules, until nothing more happens.
  ///
  /// It ends: an alert that fires already does not fire again, and a set of alerts has only so many keys. What a
  /// watching rule fires comes before the notice of what made it fire, since it may absorb it; all else after.
  func settle(_ at: Moment) {
    while let next = book.nextMove() {
      var later: [(effect: Effects.Effect, rule: Int)] = []
      for rule in watchers(of: next.move.rule) {
        for effect in wanted(by: rule, { $0.watch(next.move, &effects) }) {
          if case .fire = effect { apply(effect, rule, at) } else { later.append((effect, rule)) }
        }
      }
      book.tell(next)
      for (effect, rule) in later { apply(effect, rule, at) }
    }
  }

  func watchers(of id: String) -> [Int] {
    if let known = watchers[id] { return known }
    let found = rules.indices.filter { rules[$0].id != id && rules[$0].body.watches(id) }
    watchers[id] = found
    return found
  }

  /// Says to every evaluator which sources cannot be fetched, after it was made anew.
  func tellFailing() {
    let at = now ?? Moment(milliseconds: 0)
    for source in failing.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      for rule in rules.indices {
        perform(rule: rule, at) { $0.fetched(Fetch(source: source, status: 0), at: at, &effects) }
      }
    }
  }
}
