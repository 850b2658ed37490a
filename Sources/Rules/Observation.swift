package import Model

/// One item or comment as evaluators see it.
package struct Observation: Sendable {
  package enum Subject: Sendable, Hashable { case item, comment }

  package var subject: Subject
  /// Arrival.
  package var now: Moment
  /// When it was published; never later than `now` for counting.
  package var eventTime: Moment
  package var fields: EventFields
  /// The topics it counts under; empty where no rule knows one.
  package var narratives: [String]
  package var author: AuthorKey?
  package var content: Content
  /// The same for texts that differ in case and white space alone; nil where there is no text, or no rule asks.
  package var textMark: UInt64?
  /// What the rule's `match` made of the text; nil for rules without one.
  package var match: Match?

  package init(
    subject: Subject, now: Moment, eventTime: Moment, fields: EventFields, narratives: [String] = [],
    author: AuthorKey? = nil, content: Content, match: Match? = nil
  ) {
    self.subject = subject
    self.now = now
    self.eventTime = eventTime
    self.fields = fields
    self.narratives = narratives
    self.author = author
    self.content = content
    self.match = match
  }
}

/// The fields of a tape line that `where`, `per` and `key` may name. Absent is nil.
package struct EventFields: Sendable, Hashable {
  package var id: String?
  package var source: String?
  package var sourceClass: String?
  package var region: String?
  package var lang: String?
  package var url: String?
  package var item: String?
  package var narrative: String?
  package var title: String?
  package var body: String?

  package init() {}

  /// The value of a field by its name in rule files; nil where it is absent or unknown.
  package subscript(_ name: String) -> String? {
    let value: String? =
      switch name {
      case "id": id
      case "source": source
      case "source_class": sourceClass
      case "region": region
      case "lang": lang
      case "url": url
      case "item": item
      case "narrative": narrative
      case "title": title
      case "body": body
      default: nil
      }
    return value?.isEmpty == true ? nil : value
  }

  /// Sets the fields that the key names.
  package mutating func set(_ key: Key) { for field in key.fields { set(field.name, field.value) } }

  /// Sets one of the fields that keys are made of; other names are ignored.
  package mutating func set(_ name: String, _ value: String) {
    switch name {
    case "source": source = value
    case "source_class": sourceClass = value
    case "region": region = value
    case "lang": lang = value
    case "item": item = value
    case "narrative": narrative = value
    default: break
    }
  }
}

/// What is kept of a text as evidence, beside the text itself.
///
/// The text's hash is worked out when it is asked for: most texts never become evidence.
package struct Content: Sendable, Hashable {
  package var id: String
  package var source: String
  package var url: String?
  package var published: Moment
  /// The same as `sha256` of the text without differences of case and white space: tells a repost.
  package var likeness: String
  private var digest: String
  /// Held until the hash is worked out.
  private var text: String?

  package init(
    id: String, source: String, url: String?, published: Moment, sha256: String = "", likeness: String = ""
  ) {
    self.id = id
    self.source = source
    self.url = url
    self.published = published
    self.likeness = likeness
    digest = sha256
    text = nil
  }

  /// - Parameter text: what to hash; may be empty.
  package init(id: String, source: String, url: String?, published: Moment, text: String, likeness: String) {
    self.id = id
    self.source = source
    self.url = url
    self.published = published
    self.likeness = likeness
    digest = ""
    self.text = text.isEmpty ? nil : text
  }

  /// SHA-256 of the text in hexadecimal; empty where there is none.
  package var sha256: String { text.map { Digest.sha256Hex(Array($0.utf8)) } ?? digest }

  /// Whether the hash is worked out.
  package var isSettled: Bool { text == nil }

  /// The same with the hash worked out and the text let go.
  package var settled: Content {
    guard text != nil else { return self }
    return Content(id: id, source: source, url: url, published: published, sha256: sha256, likeness: likeness)
  }

  package static func == (left: Content, right: Content) -> Bool {
    left.id == right.id && left.source == right.source && left.url == right.url && left.published == right.published
      && left.likeness == right.likeness && left.sha256 == right.sha256
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(source)
    hasher.combine(published)
  }
}

extension Observation {
  /// The topics under which something counts, each; one time without a topic where there is none.
  package static func topics(_ narratives: [String]) -> [String?] { narratives.isEmpty ? [nil] : narratives }
}

extension FieldFilter {
  /// Whether the condition holds. An absent field fails a positive condition and passes `not`; a language that could
  /// not be determined passes.
  package func holds(for fields: EventFields, age: Span) -> Bool {
    switch test {
    case .age(let bounds): return bounds.allSatisfy { $0.holds(for: age) }
    case .compared(let bounds):
      guard let value = fields[field] else { return field == "lang" }
      return bounds.allSatisfy { $0.holds(forText: value) }
    case .exists(let wanted): return (fields[field] != nil) == wanted
    case .anyOf(let values):
      guard let value = fields[field] else { return field == "lang" }
      return values.contains(value)
    case .noneOf(let values):
      guard let value = fields[field] else { return true }
      return !values.contains(value)
    }
  }
}

extension FieldFilter {
  /// The line of `where`, as an author would write it.
  package var written: String {
    func list(_ values: [String]) -> String { values.count == 1 ? values[0] : "[\(values.joined(separator: ", "))]" }
    switch test {
    case .age(let bounds):
      return "age: { \(bounds.map { "\($0.relation.rawValue): \($0.limit)" }.joined(separator: ", ")) }"
    case .compared(let bounds):
      return "\(field): { \(bounds.map { "\($0.relation.rawValue): \($0.limit.text)" }.joined(separator: ", ")) }"
    case .exists(let wanted): return "\(field): { exists: \(wanted) }"
    case .anyOf(let values): return "\(field): \(list(values))"
    case .noneOf(let values): return "\(field): { not: \(list(values)) }"
    }
  }
}

extension Rule {
  /// Whether `where` lets the observation through.
  package func admits(_ observation: Observation) -> Bool {
    guard !filters.isEmpty else { return true }
    let age = observation.now - observation.eventTime
    return filters.allSatisfy { $0.holds(for: observation.fields, age: age) }
  }

  /// The key of the named fields; nil where one is absent and the rule skips such events.
  package func keyValues(_ names: [String], in fields: EventFields) -> Key? { keyValues(names) { fields[$0] } }

  /// The same of the fields of another key.
  package func keyValues(_ names: [String], in other: Key) -> Key? { keyValues(names) { other[$0] } }

  private func keyValues(_ names: [String], _ value: (String) -> String?) -> Key? {
    let key = Key(names.map { ($0, value($0)) })
    return missingKey == .skip && key.fields.count < names.count ? nil : key
  }
}
