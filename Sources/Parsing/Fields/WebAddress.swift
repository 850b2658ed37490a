/// Addresses: resolving references against a base (RFC 3986, section 5.2). Only http and https survive.
enum WebAddress {
  /// The absolute address of a reference; nil when it is empty or leads to another scheme.
  static func resolve(_ reference: String, base: String) -> String? {
    if isPlain(reference) { return reference }
    if let address = rooted(reference, base: base) { return address }
    let cleaned = clean(reference)
    guard !cleaned.isEmpty else { return nil }
    for start in ["http://", "https://"] where cleaned.hasPrefix(start) {
      let next = cleaned.utf8.dropFirst(start.utf8.count).first
      return next.map { Bytes.isLetter($0) || Bytes.isDigit($0) || $0 >= 0x80 || $0 == 0x5B } == true ? cleaned : nil
    }
    let parts = Parts(cleaned)
    if let scheme = parts.scheme {
      guard isWeb(scheme) else { return nil }
      if parts.authority == nil {
        // «http:page.html»: what browsers take as a relative reference or a forgotten «//».
        guard let rest = cleaned.split(separator: ":", maxSplits: 1).last, !rest.isEmpty else { return nil }
        return resolve(rest.hasPrefix("/") ? String(rest) : "//" + rest, base: base)
      }
      return parts.authority?.isEmpty == true ? nil : cleaned
    }
    var target = Parts(clean(base))
    guard let scheme = target.scheme, isWeb(scheme), target.authority?.isEmpty == false else { return nil }
    if let authority = parts.authority {
      guard !authority.isEmpty else { return nil }
      target.authority = authority
      target.path = removingDots(parts.path)
      target.query = parts.query
    } else if parts.path.isEmpty {
      if parts.query != nil { target.query = parts.query }
    } else {
      if parts.path.hasPrefix("/") {
        target.path = removingDots(parts.path)
      } else {
        let folder = target.path.lastIndex(of: "/").map { target.path[...$0] } ?? "/"
        target.path = removingDots(folder + parts.path)
      }
      target.query = parts.query
    }
    target.fragment = parts.fragment
    return target.text
  }

  /// Whether a text is an absolute address with nothing to be put right: what most links are.
  private static func isPlain(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count > 8, bytes[4] == 0x3A || bytes[5] == 0x3A, bytes.starts(with: "http".utf8) else { return false }
      let start = bytes[4] == 0x3A ? 5 : 6
      guard start == 5 || bytes[4] == 0x73, bytes[start] == 0x2F, bytes[start + 1] == 0x2F, bytes.count > start + 2,
        Bytes.isLetter(bytes[start + 2]) || Bytes.isDigit(bytes[start + 2]) || bytes[start + 2] >= 0x80
      else { return false }
      return bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x5C }
    }
  }

  /// A reference from the root of a plain base, `/news/1`: the base up to its path, and the reference.
  private static func rooted(_ reference: String, base: String) -> String? {
    var reference = reference
    var base = base
    guard
      reference.withUTF8({ bytes in
        guard bytes.count > 1, bytes[0] == 0x2F, bytes[1] != 0x2F else { return false }
        // Dots between slashes, spaces and the like have rules of their own.
        for index in bytes.indices where bytes[index] <= 0x20 || bytes[index] == 0x7F || bytes[index] == 0x5C {
          return false
        }
        for index in 1..<bytes.count where bytes[index] == 0x2E && bytes[index - 1] == 0x2F { return false }
        return true
      }), isPlain(base)
    else { return nil }
    let start = base.withUTF8 { bytes in
      let authority = bytes[4] == 0x3A ? 7 : 8
      return bytes[authority...].firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? bytes.count
    }
    return String(base.utf8.prefix(start)).map { $0 + reference }
  }

  static func isWeb(_ scheme: some StringProtocol) -> Bool {
    let name = Bytes.lowercased(scheme.utf8)
    return name == Array("http".utf8) || name == Array("https".utf8)
  }

  /// Whether the text itself is an absolute web address.
  static func isAbsolute(_ text: String) -> Bool {
    let parts = Parts(clean(text))
    return parts.scheme.map { isWeb($0) } == true && parts.authority?.isEmpty == false
  }

  /// Without outer white space and without control characters; inner spaces as `%20`, and `\` before the query as `/`,
  /// as browsers read them (URL standard, section 4.4).
  private static func clean(_ text: String) -> String {
    var bytes: [UInt8] = []
    var inPath = true
    for byte in Bytes.trimmed(Array(text.utf8)[...]) {
      if byte == 0x3F || byte == 0x23 { inPath = false }
      if byte == 0x5C, inPath {
        bytes.append(0x2F)
      } else if byte == 0x20 {
        bytes.append(contentsOf: "%20".utf8)
      } else if byte > 0x20, byte != 0x7F {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func removingDots(_ path: some StringProtocol) -> String {
    if path.isEmpty { return "" }
    var output: [Substring] = []
    let segments = Substring(path).split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      let last = index == segments.count - 1
      switch segment {
      case ".": if last { output.append("") }
      case "..":
        if output.count > 1 { output.removeLast() }
        if last { output.append("") }
      default: output.append(segment)
      }
    }
    let joined = output.joined(separator: "/")
    return joined.hasPrefix("/") ? joined : "/" + joined
  }

  /// The five parts of a reference, as written.
  struct Parts {
    var scheme: String?
    var authority: String?
    var path: String
    var query: String?
    var fragment: String?

    init(_ text: String) {
      var rest = Substring(text)
      if let hash = rest.firstIndex(of: "#") {
        fragment = String(rest[rest.index(after: hash)...])
        rest = rest[..<hash]
      }
      if let mark = rest.firstIndex(of: "?") {
        query = String(rest[rest.index(after: mark)...])
        rest = rest[..<mark]
      }
      if let colon = rest.firstIndex(of: ":"), rest.utf8.first.map(Bytes.isLetter) == true,
        rest[..<colon].utf8.allSatisfy({
          Bytes.isLetter($0) || Bytes.isDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
        })
      {
        scheme = String(rest[..<colon])
        rest = rest[rest.index(after: colon)...]
      }
      if rest.hasPrefix("//") {
        rest = rest.dropFirst(2)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        authority = String(rest[..<slash])
        rest = rest[slash...]
      }
      path = String(rest)
    }

    var text: String {
      var text = scheme.map { $0 + ":" } ?? ""
      if let authority { text += "//" + authority }
      text += path
      if let query { text += "?" + query }
      if let fragment { text += "#" + fragment }
      return text
    }
  }
}
