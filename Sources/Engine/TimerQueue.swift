import Alerting
import Model
import Rules

/// Timers in the order (due, rule id, key bytes), then of their kind: a binary heap.
struct TimerQueue {
  enum Target {
    case rule(Int, Key)
    case alert(String, AlertBook.Timer)
    /// The digest of a region.
    case digest(String)
    case silence(String)

    /// Steps before the alerts they feed; what an alert has due at one instant in one order, whenever it was asked for.
    fileprivate var rank: Int {
      switch self {
      case .rule, .silence: 0
      case .digest: 100
      case .alert(_, let timer): 1 + timer.rank
      }
    }
  }

  struct Entry {
    var due: Moment
    var rule: String
    var key: String
    var target: Target
    fileprivate var number = 0

    init(due: Moment, rule: String, key: String, target: Target) {
      self.due = due
      self.rule = rule
      self.key = key
      self.target = target
    }

    fileprivate func comes(before other: Entry) -> Bool {
      if due != other.due { return due < other.due }
      if rule != other.rule { return rule.utf8.lexicographicallyPrecedes(other.rule.utf8) }
      if key != other.key { return key.utf8.lexicographicallyPrecedes(other.key.utf8) }
      return (target.rank, number) < (other.target.rank, other.number)
    }
  }

  private var heap: [Entry] = []
  private var added = 0

  var first: Entry? { heap.first }

  mutating func add(_ entry: Entry) {
    var entry = entry
    added += 1
    entry.number = added
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child].comes(before: heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].comes(before: heap[smallest]) { smallest = child }
      guard smallest != parent else { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}

extension AlertBook.Timer {
  /// An acknowledgement that ends at an instant still held for whatever else was due then.
  fileprivate var rank: Int {
    switch self {
    case .expiry: 0
    case .acknowledge: 1
    case .warning: 2
    case .respond: 3
    case .hard: 4
    case .escalation: 5
    case .repetition: 6
    case .acknowledgement: 7
    case .calendar: 8
    }
  }
}
