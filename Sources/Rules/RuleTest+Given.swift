import JSON
import Model
import YAML

extension RuleTestReader {
  static let kinds = ["item", "comment", "comments", "total", "fetch", "act", "fire", "tick", "rules"]

  /// The keys of each kind of event.
  static let keysOfEvents: [String: [String]] = [
    "item": [
      "id", "at", "published", "source", "source_class", "region", "lang", "url", "title", "body", "author",
    ],
    "comment": commentKeys + ["id", "at", "published"],
    "comments": commentKeys.filter { $0 != "author" } + ["from", "to", "count", "authors"],
    "total": ["at", "source", "item", "comments"], "fetch": ["at", "source", "status"],
    "act": ["at", "do", "alert", "by", "note", "url", "reason", "for", "match", "until", "unless"],
    "fire": ["at", "rule"] + FieldName.keys, "tick": ["at"], "rules": ["at", "set"],
  ]
  /// Those that must be there.
  static let requiredKeys: [String: [String]] = [
    "item": ["id", "at"], "comment": ["id", "at"], "comments": ["from", "to", "count"],
    "total": ["at", "source", "item", "comments"], "fetch": ["at", "source", "status"], "fire": ["at", "rule"],
    "act": ["at", "do"], "tick": ["at"], "rules": ["at", "set"],
  ]

  private func check(_ fields: Fields, _ kind: String) {
    fields.check(known: RuleTestReader.keysOfEvents[kind] ?? [])
    for name in RuleTestReader.requiredKeys[kind] ?? [] { fields.require(name) }
  }

  /// One line of `given`: a mapping with one key, the kind of the event.
  func given(_ node: YAMLNode) -> RuleTest.Given? {
    guard let outer = Fields(node, complaints) else { return nil }
    outer.check(known: RuleTestReader.kinds)
    guard outer.entries.count == 1, let entry = outer.entries.first else {
      let cause = YAMLCause.value("an event is one of: \(RuleTestReader.kinds.joined(separator: ", "))")
      complaints.add(cause, at: node)
      return nil
    }
    guard RuleTestReader.kinds.contains(entry.name), let fields = outer.mapping(entry.name) else { return nil }
    switch entry.name {
    case "item": return item(fields)
    case "comment": return comment(fields)
    case "comments": return comments(fields)
    case "total": return total(fields)
    case "fetch": return fetch(fields)
    case "act": return act(fields)
    case "fire": return fire(fields)
    case "rules":
      check(fields, "rules")
      let set = fields.string("set")
      return at(fields).flatMap { at in set.map { .rules(at: at, set: $0) } }
    default:
      check(fields, "tick")
      return at(fields).map { .tick(at: $0) }
    }
  }

  private func at(_ fields: Fields, _ name: String = "at") -> Span? {
    fields.value(name).flatMap { offset($0) }
  }

  private func item(_ fields: Fields) -> RuleTest.Given? {
    check(fields, "item")
    var item = Publication(id: fields.string("id") ?? "", published: Moment(milliseconds: 0))
    item.source = fields.string("source") ?? ""
    item.sourceClass = sourceClass(fields)
    item.region = fields.string("region")
    item.lang = language(fields)
    item.url = fields.string("url")
    item.title = fields.string("title")
    item.body = fields.string("body")
    item.author = author(fields)
    let published = fields.value("published").flatMap { offset($0, past: true) }
    return at(fields).map { .item(at: $0, published: published, item) }
  }

  private static let commentKeys = [
    "source", "source_class", "item", "region", "lang", "url", "narrative", "author", "text", "body",
  ]

  private func comment(_ fields: Fields) -> RuleTest.Given? {
    check(fields, "comment")
    let comment = commentBody(fields)
    let published = fields.value("published").flatMap { offset($0, past: true) }
    return at(fields).map { .comment(at: $0, published: published, comment) }
  }

  private func comments(_ fields: Fields) -> RuleTest.Given? {
    check(fields, "comments")
    let from = at(fields, "from")
    let to = at(fields, "to")
    let count = fields.integer("count", in: 1...100_000)
    let authors = fields.integer("authors", in: 1...100_000)
    let comment = commentBody(fields)
    guard let from, let to, let count else { return nil }
    guard from < to else {
      if let node = fields.value("to") { complaints.add(YAMLCause.value("«to» must be later than «from»"), at: node) }
      return nil
    }
    return .comments(from: from, to: to, count: count, authors: authors ?? count, comment)
  }

  private func commentBody(_ fields: Fields) -> Comment {
    var comment = Comment(id: fields.string("id") ?? "", published: Moment(milliseconds: 0))
    comment.source = fields.string("source") ?? ""
    comment.sourceClass = sourceClass(fields)
    comment.item = fields.string("item")
    comment.region = fields.string("region")
    comment.lang = language(fields)
    comment.url = fields.string("url")
    comment.narrative = fields.string("narrative")
    comment.author = author(fields)
    comment.text = fields.string("text") ?? fields.string("body")
    return comment
  }

  private func total(_ fields: Fields) -> RuleTest.Given? {
    check(fields, "total")
    let count = fields.integer("comments", in: 0...1_000_000_000)
    guard let at = at(fields), let count, let source = fields.string("source"), let item = fields.string("item")
    else { return nil }
    return .total(at: at, Total(source: source, item: item, comments: count))
  }

  private func fetch(_ fields: Fields) -> RuleTest.Given? {
    check(fields, "fetch")
    let status = fields.integer("status", in: 0...599)
    guard let at = at(fields), let status, let source = fields.string("source") else { return nil }
    return .fetch(at: at, Fetch(source: source, status: status))
  }

  /// As on a tape; what is wrong in it is refused when it happens.
  private func act(_ fields: Fields) -> RuleTest.Given? {
    check(fields, "act")
    guard let verb = fields.string("do"), let at = at(fields) else { return nil }
    var line = JSONObject(["kind": "act", "do": .string(verb)])
    for entry in fields.entries where !["at", "do"].contains(entry.name) {
      line.append(entry.name, RuleTestReader.json(entry.value))
    }
    return .act(at: at, Act(verb: verb, json: JSONValue.object(line).serialized))
  }

  private static func json(_ node: YAMLNode) -> JSONValue {
    switch node.content {
    case .scalar(let scalar):
      // Only what compares is a number; an id made of digits stays a text.
      return .string(scalar.text)
    case .sequence(let nodes): return .array(nodes.map(json))
    case .mapping(let entries):
      var object = JSONObject()
      for entry in entries {
        let number = ["gte"].contains(entry.name) ? entry.value.scalar.flatMap { Double($0.text) } : nil
        object.append(entry.name, number.map(JSONValue.number) ?? json(entry.value))
      }
      return .object(object)
    }
  }

  private func fire(_ fields: Fields) -> RuleTest.Given? {
    check(fields, "fire")
    let key = key(fields, except: ["at", "rule"])
    let at = at(fields)
    guard let node = fields.value("rule"), let rule = complaints.string(node) else { return nil }
    guard ruleIDs.contains(rule) else {
      let suggestion = Suggestion.nearest(to: rule, among: ruleIDs.sorted())
      complaints.add(RuleCause.unknownName(kind: "rule", name: rule, suggestion: suggestion), at: node)
      return nil
    }
    return at.map { .fire(at: $0, Fire(rule: rule, key: key)) }
  }

  private enum SourceClass: String, CaseIterable { case official, media, community, satire }

  private func sourceClass(_ fields: Fields) -> String {
    fields.choice("source_class", SourceClass.self)?.rawValue ?? "media"
  }

  /// `lang: null` is an undetermined language.
  private func language(_ fields: Fields) -> String? {
    guard let node = fields.value("lang"), let text = complaints.string(node) else { return defaults.language }
    return node.scalar?.style == .plain && (text == "null" || text == "~") ? nil : text
  }

  /// Tests tell authors apart by an unkeyed hash (FNV-1a): no real person is named in a rule file.
  private func author(_ fields: Fields) -> AuthorKey? {
    guard let name = fields.string("author") else { return nil }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return AuthorKey(hash)
  }
}
