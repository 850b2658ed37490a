package import JSON
package import Model
import Rules

/// An officer's wish not to be told of certain alerts for a time. State, deadlines and journal go on.
package struct Silence: Sendable, Hashable {
  package enum Field: String, CaseIterable, Sendable { case rule, region, narrative, severity, source, tag }

  /// When it lets an alert through all the same.
  package struct Exception: Sendable, Hashable {
    /// The alert has grown to so many times of what it was.
    package var growth: Double?
    package var severity: Severity?
  }

  package let id: String
  /// Each field must have one of the values; names of rules may be patterns.
  package let match: [Field: [String]]
  package let reason: String?
  package let by: String?
  package let since: Moment
  /// nil until what it matches is cleared.
  package let until: Moment?
  package let unless: Exception
  /// Alerts it has matched, with their size when it first did.
  var held: [String: Double] = [:]
  /// Those that have grown out of it.
  var broken: Set<String> = []
  /// When it matched something last.
  var lastMatch: Moment

  /// The longest time; longer ones would be forgotten.
  package static let longest = Span.days(7)
  /// A silence that matches nothing for so long ends.
  static let idleLimit = Span.hours(24)

  /// When it is to be looked at again: it is over, or it may have matched nothing for too long.
  var nextLook: Moment { min(until ?? lastMatch + Silence.idleLimit, lastMatch + Silence.idleLimit) }
}

extension Silence {
  /// What an act asks for.
  struct Wish {
    var match: [Field: [String]]
    var reason: String?
    /// nil until what it matches is cleared.
    var lasting: Span?
    var unless = Exception()
  }

  /// How an act names a silence.
  enum Name {
    case id(String)
    case match([Field: [String]])
  }

  init(_ wish: Wish, by: String?, at now: Moment) {
    let match = wish.match
    id = "si_" + Identity.short(Silence.canonical(match) + now.rfc3339)
    self.match = match
    reason = wish.reason
    self.by = by
    since = now
    until = wish.lasting.map { now + $0 }
    unless = wish.unless
    lastMatch = now
  }

  /// A line for each field, in the order of their names.
  static func canonical(_ match: [Field: [String]]) -> String {
    Field.allCases.sorted { $0.rawValue < $1.rawValue }.compactMap { field in
      match[field].map { "\(field.rawValue)=\($0.joined(separator: ","))\n" }
    }.joined()
  }
}

extension Silence.Wish {
  init(_ json: JSONValue) throws(Refusal) {
    match = try Silence.match(json["match"])
    guard match.keys.contains(where: { $0 != .severity }) else {
      throw Refusal("the silence is too broad: it needs a rule, region, narrative, source or tag besides a severity")
    }
    reason = json.filled("reason")
    if json["until"]?.string == "cleared" {
      lasting = nil
    } else {
      guard let span = try json.span("for") else {
        throw Refusal("«for» is missing: how long, at most 7d, or «until»: «cleared»")
      }
      guard span > .zero else { throw Refusal("«for» must be longer than nothing") }
      guard span <= Silence.longest else { throw Refusal("«for» \(span) is too long: at most \(Silence.longest)") }
      lasting = span
    }
    unless = try Silence.exception(json["unless"])
  }
}

extension Silence.Name {
  init(_ json: JSONValue) throws(Refusal) {
    if let id = json.filled("silence") {
      self = .id(id)
    } else if json["match"] != nil {
      self = .match(try Silence.match(json["match"]))
    } else {
      throw Refusal("«silence» or «match» is missing: which silence is to end")
    }
  }
}

extension Silence {
  /// Names and values; empty values match nothing and are left out.
  static func match(_ json: JSONValue?) throws(Refusal) -> [Field: [String]] {
    guard let members = json?.object?.members else {
      throw Refusal("«match» is missing: what is to be silent, such as {\"region\":\"RU-PER\"}")
    }
    var match: [Field: [String]] = [:]
    for member in members {
      guard let field = Field(rawValue: member.name) else {
        let known = Field.allCases.map(\.rawValue).joined(separator: ", ")
        throw Refusal("«\(member.name)» cannot be matched: one of \(known)")
      }
      let values = member.value.array ?? [member.value]
      let texts = values.compactMap(\.string).filter { !$0.isEmpty }
      guard texts.count == values.count || member.value.string == "" || member.value.isNull else {
        throw Refusal("«\(member.name)» must be a text or a list of texts")
      }
      if !texts.isEmpty { match[field] = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    }
    return match
  }

  static func exception(_ json: JSONValue?) throws(Refusal) -> Exception {
    var exception = Exception()
    guard let json, !json.isNull else { return exception }
    if let growth = json["growth"] {
      guard let limit = growth["gte"]?.number, limit > 1 else {
        throw Refusal("«unless.growth» must be {\"gte\": N} with N above 1")
      }
      exception.growth = limit
    }
    if let severity = json["severity"] {
      guard let name = severity.string, let wanted = Severity(rawValue: name) else {
        throw Refusal("«unless.severity» is no severity")
      }
      exception.severity = wanted
    }
    guard exception != Exception() else {
      throw Refusal("«unless» must have «growth» or «severity»")
    }
    return exception
  }
}

/// Between runs, and for whoever lists them.
extension Silence {
  package var json: JSONObject {
    var match = JSONObject()
    for field in Field.allCases {
      if let values = self.match[field] { match.append(field.rawValue, .array(values.map(JSONValue.string))) }
    }
    var object = JSONObject(["id": .string(id), "match": .object(match)])
    object.append("reason", ifPresent: reason.map(JSONValue.string))
    object.append("by", ifPresent: by.map(JSONValue.string))
    object.append("since", .integer(since.milliseconds))
    object.append("until", until.map { .integer($0.milliseconds) } ?? .null)
    object.append("growth", ifPresent: unless.growth.map(JSONValue.number))
    object.append("severity", ifPresent: unless.severity.map { .string($0.rawValue) })
    var held = JSONObject()
    for alert in self.held.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      held.append(alert, ifPresent: self.held[alert].map(JSONValue.number))
    }
    object.append("held", .object(held))
    let broken = self.broken.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    object.append("broken", .array(broken.map(JSONValue.string)))
    object.append("last_match", .integer(lastMatch.milliseconds))
    return object
  }

  package init?(json: JSONValue) {
    func time(_ name: String) -> Moment? { json[name]?.integer.map { Moment(milliseconds: $0) } }
    guard let id = json["id"]?.string, let since = time("since"), let lastMatch = time("last_match"),
      let match = try? Silence.match(json["match"])
    else { return nil }
    self.id = id
    self.match = match
    reason = json["reason"]?.string
    by = json["by"]?.string
    self.since = since
    until = time("until")
    unless = Exception(
      growth: json["growth"]?.number, severity: json["severity"]?.string.flatMap(Severity.init(rawValue:)))
    for member in json["held"]?.object?.members ?? [] { held[member.name] = member.value.number }
    broken = Set((json["broken"]?.array ?? []).compactMap(\.string))
    self.lastMatch = lastMatch
  }
}
