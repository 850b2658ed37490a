import JSON
import Model

/// How an endpoint has been doing, as far as anything is decided by it. A pure value.
struct EndpointHealth: Hashable, Sendable {
  /// The first attempt that failed since a message was taken last; nil while the endpoint is well.
  var failingSince: Moment?
  /// It said that it is gone (410): nothing more goes there while this process lives.
  var isGone = false
  /// Nothing got through for so long that only urgent messages are tried.
  var isSuspended = false
  /// What was told of it in this spell, so that a dead endpoint does not flood the others.
  private var told: [String: Told] = [:]

  private struct Told: Hashable, Sendable {
    var at: Moment
    var kept: Int
  }

  /// After so long without success an endpoint is suspended.
  static let patience = Span.days(5)
  /// The same thing is told once in so long.
  private static let quiet = Span.hours(1)

  init(failingSince: Moment? = nil) { self.failingSince = failingSince }

  mutating func succeed() {
    failingSince = nil
    isSuspended = false
    told = [:]
  }

  mutating func fail(at now: Moment) { if failingSince == nil { failingSince = now } }

  /// Whether it is time to suspend it: five days of failures.
  func hasRunOut(at now: Moment) -> Bool {
    !isSuspended && failingSince.map { now - $0 >= EndpointHealth.patience } ?? false
  }

  /// Whether something is to be told now, and how many times it was kept back before; counts it otherwise.
  mutating func tells(_ what: String, at now: Moment) -> Int? {
    if let last = told[what], now - last.at < EndpointHealth.quiet {
      told[what]?.kept += 1
      return nil
    }
    let kept = told[what]?.kept ?? 0
    told[what] = Told(at: now, kept: 0)
    return kept
  }

  /// The kind of the records under which a store keeps it, by endpoint.
  static let recordKind = "endpoint"

  func record(of sink: String) -> RecordChange {
    let json = failingSince.map { ["failing_since": .string($0.rfc3339)] as JSONValue }
    return RecordChange(kind: EndpointHealth.recordKind, key: sink, value: json.map { Array($0.serialized.utf8) })
  }

  init(record: [UInt8]) {
    let text = (try? JSONValue(parsing: record))?["failing_since"]?.string
    self.init(failingSince: text.flatMap { Moment(rfc3339: $0) })
  }
}
