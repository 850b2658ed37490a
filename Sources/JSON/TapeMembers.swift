import Glibc

/// Where the known members of one tape line stand among its tokens; 0 is absent. Of equal names the first counts.
struct TapeMembers {
  var kind = 0
  var at = 0
  var id = 0
  var source = 0
  var sourceClass = 0
  var region = 0
  var lang = 0
  var url = 0
  var title = 0
  var body = 0
  var author = 0
  var published = 0
  var text = 0
  var item = 0
  var narrative = 0
  var comments = 0
  var status = 0
  var verb = 0
  var rule = 0
  var set = 0

  /// The document must be an object.
  init(_ tokens: JSONTokens) {
    let end = tokens.end(JSONTokens.root)
    var name = JSONTokens.root + 1
    while name < end {
      note(tokens.bytes(name), name + 1)
      name = tokens.after(name + 1)
    }
  }

  /// Sorted by length first: a name is compared with a few others only.
  private mutating func note(_ name: UnsafeBufferPointer<UInt8>, _ value: Int) {
    switch name.count {
    case 2:
      take(value, &at, name, "at")
      take(value, &id, name, "id")
      take(value, &verb, name, "do")
    case 3:
      take(value, &url, name, "url")
      take(value, &set, name, "set")
    case 4:
      take(value, &kind, name, "kind")
      take(value, &text, name, "text")
      take(value, &item, name, "item")
      take(value, &lang, name, "lang")
      take(value, &body, name, "body")
      take(value, &rule, name, "rule")
    case 5: take(value, &title, name, "title")
    case 6:
      take(value, &source, name, "source")
      take(value, &region, name, "region")
      take(value, &author, name, "author")
      take(value, &status, name, "status")
    case 8: take(value, &comments, name, "comments")
    case 9:
      take(value, &published, name, "published")
      take(value, &narrative, name, "narrative")
    case 12: take(value, &sourceClass, name, "source_class")
    default: break
    }
  }
}

@inline(__always)
private func take(
  _ value: Int, _ slot: inout Int, _ name: UnsafeBufferPointer<UInt8>, _ wanted: StaticString
) {
  if slot == 0, name.equals(wanted) { slot = value }
}

extension UnsafeBufferPointer<UInt8> {
  /// Byte by byte.
  @inline(__always) func equals(_ text: StaticString) -> Bool {
    guard let baseAddress, count == text.utf8CodeUnitCount else { return false }
    return memcmp(baseAddress, text.utf8Start, count) == 0
  }
}
