import JSON

/// What one notice is about: why it goes out, what has changed, and who else is told.
struct Telling: Hashable {
  var reasons: Set<NoticeReason>
  /// Members of the event's data.
  var changed: Set<String> = []
  /// Roles that an escalation tells besides the usual receivers, in the order of the rule.
  var recipients: [String] = []
  /// How loud; nil as usual.
  var level: String?

  init(_ reasons: Set<NoticeReason>, changed: Set<String> = []) {
    self.reasons = reasons
    self.changed = changed
  }

  mutating func add(_ other: Telling) {
    reasons.formUnion(other.reasons)
    changed.formUnion(other.changed)
    recipients += other.recipients.filter { !recipients.contains($0) }
    level = other.level ?? level
  }
}

/// Between runs.
extension Telling {
  var members: JSONObject {
    func list(_ values: some Sequence<String>) -> JSONValue {
      .array(values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(JSONValue.string))
    }
    var object = JSONObject(["reasons": list(reasons.map(\.rawValue)), "changed": list(changed)])
    if !recipients.isEmpty { object.append("recipients", .array(recipients.map(JSONValue.string))) }
    object.append("level", ifPresent: level.map(JSONValue.string))
    return object
  }

  init(json: JSONValue?) {
    func strings(_ name: String) -> [String] { (json?[name]?.array ?? []).compactMap(\.string) }
    self.init(Set(strings("reasons").compactMap(NoticeReason.init)), changed: Set(strings("changed")))
    recipients = strings("recipients")
    level = json?["level"]?.string
  }
}
