import Model

extension TapeReader {
  /// One parsed line: its tokens and where the known members stand.
  struct Line {
    let tokens: JSONTokens
    let members: TapeMembers

    init(tokens: JSONTokens) {
      self.tokens = tokens
      members = TapeMembers(tokens)
    }
  }
}

extension TapeReader.Line {
  /// The string at `index`; nil when it is absent, null or empty.
  func text(_ index: Int, _ name: StaticString) throws(TapeError) -> String? {
    guard index != 0, !tokens.isNull(index) else { return nil }
    guard tokens.isString(index) else { throw TapeError("«\(name)» must be a string") }
    let bytes = tokens.bytes(index)
    return bytes.isEmpty ? nil : String(validUTF8: bytes)
  }

  func required(_ index: Int, _ name: StaticString, _ why: StaticString) throws(TapeError) -> String {
    guard let text = try text(index, name) else { throw TapeError("«\(name)» is missing: \(why)") }
    return text
  }

  /// The time at `index`; nil when it is absent, null or empty.
  func time(_ index: Int, _ name: StaticString) throws(TapeError) -> Moment? {
    guard index != 0, !tokens.isNull(index) else { return nil }
    guard tokens.isString(index) else { throw TapeError("«\(name)» must be a string") }
    let bytes = tokens.bytes(index)
    if bytes.isEmpty { return nil }
    guard let moment = Moment(rfc3339: bytes) else {
      throw TapeError(
        "«\(name)» is not a time of RFC 3339 with a zone, such as 2026-03-01T09:00:00+03:00: \(quoted(bytes))")
    }
    return moment
  }

  /// A whole number from 0 to 10¹², so that no sum of counters overflows; required.
  func count(_ index: Int, _ name: StaticString, _ why: StaticString) throws(TapeError) -> Int {
    guard index != 0, !tokens.isNull(index) else { throw TapeError("«\(name)» is missing: \(why)") }
    guard let value = tokens.integer(index) else { throw TapeError("«\(name)» must be a whole number") }
    guard value >= 0 else { throw TapeError("«\(name)» must not be negative: \(value)") }
    guard value <= 1_000_000_000_000 else { throw TapeError("«\(name)» is no counter's reading: \(value)") }
    return Int(value)
  }

  func sourceClass() throws(TapeError) -> String {
    guard let name = try text(members.sourceClass, "source_class") else { return "media" }
    switch name {
    case "media", "community", "official", "satire": return name
    default:
      throw TapeError(
        "unknown source_class \(quoted(tokens.bytes(members.sourceClass))): official, media, community or satire")
    }
  }

  func total() throws(TapeError) -> Total {
    Total(
      source: try text(members.source, "source") ?? "",
      item: try required(members.item, "item", "a total counts the comments of one item"),
      comments: try count(members.comments, "comments", "a total needs the counter's reading"))
  }

  func fetch() throws(TapeError) -> Fetch {
    Fetch(
      source: try required(members.source, "source", "a fetch belongs to a source"),
      status: try count(members.status, "status", "the HTTP status, or 0 for no answer"))
  }

  /// The key of a pretended firing is every further member that is a string.
  func fire() throws(TapeError) -> Fire {
    var fire = Fire(rule: try required(members.rule, "rule", "a fire names the rule to raise"), key: [:])
    let end = tokens.end(JSONTokens.root)
    var name = JSONTokens.root + 1
    while name < end {
      let value = name + 1
      if value != members.kind, value != members.at, value != members.rule, tokens.isString(value) {
        let text = tokens.string(value)
        let field = tokens.string(name)
        if !text.isEmpty, !["kind", "at", "rule"].contains(field), fire.key[field] == nil { fire.key[field] = text }
      }
      name = tokens.after(value)
    }
    return fire
  }
}
