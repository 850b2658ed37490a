package import Model

/// What is wrong with a line of a tape, in one sentence without a full stop.
package struct TapeError: Error, Hashable, Sendable {
  package var message: String
  package init(_ message: String) { self.message = message }
}

/// Reads tape lines: one JSON object each, members in any order, unknown ones ignored, empty strings as absent.
///
/// The hot path: known members are picked from the parser's flat tokens; no tree is built.
package struct TapeReader: ~Copyable {
  var parser = JSONParser()
  private let defaultLanguage: String
  private let authorKey: @Sendable (String) -> AuthorKey

  /// `authorKey` hashes the plain name of an author with the instance's salt; `#` and 16 hexadecimal digits are
  /// taken as an author hashed already. `defaultLanguage` is that of lines without `lang`.
  package init(defaultLanguage: String = "ru", authorKey: @escaping @Sendable (String) -> AuthorKey) {
    self.defaultLanguage = defaultLanguage
    self.authorKey = authorKey
  }

  /// The line, without its line break.
  package mutating func read(line bytes: UnsafeBufferPointer<UInt8>) throws(TapeError) -> TapeLine {
    let line = Line(tokens: try TapeReader.object(bytes, &parser))
    guard line.members.kind != 0 else { throw TapeError("«kind» is missing: item, comment, total, fetch …") }
    guard line.tokens.isString(line.members.kind) else { throw TapeError("«kind» must be a string") }
    let kind = line.tokens.bytes(line.members.kind)
    let at = try line.time(line.members.at, "at")
    guard let at else { throw TapeError("«at» is missing: every line needs the time of its arrival") }
    if kind.equals("comment") { return .comment(at: at, try comment(line, at)) }
    if kind.equals("item") { return .item(at: at, try publication(line, at)) }
    if kind.equals("total") { return .total(at: at, try line.total()) }
    if kind.equals("fetch") { return .fetch(at: at, try line.fetch()) }
    if kind.equals("act") {
      let verb = try line.required(line.members.verb, "do", "an act says what was done")
      return .act(at: at, Act(verb: verb, json: String(decoding: bytes, as: UTF8.self).trimmed))
    }
    if kind.equals("fire") { return .fire(at: at, try line.fire()) }
    if kind.equals("tick") { return .tick(at: at) }
    if kind.equals("rules") {
      return .rules(at: at, set: try line.required(line.members.set, "set", "the hash of the rule set"))
    }
    throw TapeError("unknown kind \(quoted(kind))")
  }

  package mutating func read(line bytes: [UInt8]) throws(TapeError) -> TapeLine {
    var result: Result<TapeLine, TapeError>?
    bytes.withUnsafeBufferPointer { buffer in
      do throws(TapeError) { result = .success(try read(line: buffer)) } catch { result = .failure(error) }
    }
    guard let result else { throw TapeError("the line is empty") }
    return try result.get()
  }

  /// Parses the line and makes sure that it is an object.
  static func object(
    _ bytes: UnsafeBufferPointer<UInt8>, _ parser: inout JSONParser
  ) throws(TapeError) -> JSONTokens {
    do throws(JSONError) {
      let tokens = try parser.tokens(of: bytes)
      if tokens.isObject(JSONTokens.root) { return tokens }
    } catch {
      throw TapeError("not JSON: \(error.message)")
    }
    throw TapeError("a line must be one JSON object")
  }
}

extension TapeReader {
  private func publication(_ line: Line, _ at: Moment) throws(TapeError) -> Publication {
    let members = line.members
    return Publication(
      id: try line.required(members.id, "id", "an item needs one, unique within its source"),
      source: try line.text(members.source, "source") ?? "",
      sourceClass: try line.sourceClass(),
      region: try line.text(members.region, "region"),
      lang: try language(line),
      url: try line.text(members.url, "url"),
      title: try line.text(members.title, "title"),
      body: try line.text(members.body, "body"),
      author: try author(line),
      published: try line.time(members.published, "published") ?? at)
  }

  private func comment(_ line: Line, _ at: Moment) throws(TapeError) -> Comment {
    let members = line.members
    return Comment(
      id: try line.required(members.id, "id", "a comment needs one, unique within its source"),
      source: try line.text(members.source, "source") ?? "",
      sourceClass: try line.sourceClass(),
      item: try line.text(members.item, "item"),
      region: try line.text(members.region, "region"),
      lang: try language(line),
      url: try line.text(members.url, "url"),
      narrative: try line.text(members.narrative, "narrative"),
      author: try author(line),
      text: try line.text(members.text, "text"),
      published: try line.time(members.published, "published") ?? at)
  }

  /// Absent or empty is the default, null is undetermined.
  private func language(_ line: Line) throws(TapeError) -> String? {
    if line.members.lang != 0, line.tokens.isNull(line.members.lang) { return nil }
    return try line.text(line.members.lang, "lang") ?? defaultLanguage
  }

  private func author(_ line: Line) throws(TapeError) -> AuthorKey? {
    guard let name = try line.text(line.members.author, "author") else { return nil }
    return AuthorKey(hashed: name) ?? authorKey(name)
  }
}

extension AuthorKey {
  /// Reads `#` and 16 hexadecimal digits: an author that was hashed already. Nil for everything else.
  package init?(hashed text: String) {
    let bytes = text.utf8
    guard bytes.count == 17, bytes.first == UInt8(ascii: "#") else { return nil }
    var value: UInt64 = 0
    for byte in bytes.dropFirst() {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt64(digit)
    }
    self.init(value)
  }

  /// `#0123456789abcdef`.
  package var hashed: String {
    let digits = String(value, radix: 16)
    return "#" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

/// What an error shows of a value: its beginning, without control characters.
func quoted(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  let shown = String(decoding: bytes.prefix(160), as: UTF8.self).unicodeScalars.prefix(40)
  let hidden = bytes.count > 160 || shown.count == 40
  let plain = shown.map { $0.properties.generalCategory.isPlain ? Character($0) : "\u{FFFD}" }
  return "«\(String(plain))\(hidden ? "…" : "")»"
}

extension Unicode.GeneralCategory {
  fileprivate var isPlain: Bool {
    switch self {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
    default: true
    }
  }
}

extension String {
  /// Without the white space of JSON at both ends.
  fileprivate var trimmed: String {
    let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    guard let first = utf8.firstIndex(where: { !blank($0) }), let last = utf8.lastIndex(where: { !blank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
