import CVectorscan

/// Regular expressions, all of them in one scan, each of bounded time: no back-references, nothing exponential.
///
/// Syntax: that of Vectorscan, a subset of PCRE. Case does not matter; `\w` and the like mean letters of any script.
package final class ExpressionSet: @unchecked Sendable {
  // Sendable: a database is never written after it was compiled, and may be scanned by any number of threads, each with
  // a scratch of its own (Hyperscan developer reference, «Scratch space»). Only `deinit` frees it.
  fileprivate let databases: [OpaquePointer]
  fileprivate let edges: [WordEdges]

  /// The longest expression, in characters: what is longer is a mistake, or meant to do harm.
  package static let lengthLimit = 1000

  private static let flags = UInt32(HS_FLAG_SOM_LEFTMOST | HS_FLAG_UTF8 | HS_FLAG_UCP | HS_FLAG_CASELESS)

  /// What is wrong with an expression, mostly in the words of the library; nil for a sound one.
  package static func problem(with expression: String) -> (text: String, hint: String?)? {
    guard expression.unicodeScalars.count <= lengthLimit else { return ("longer than \(lengthLimit) characters", nil) }
    guard !expression.utf8.contains(0) else { return ("a character that no text has", nil) }
    switch compile([WordEdges(expression).expression], [0]) {
    case .success(let database):
      hs_free_database(database)
      return nil
    case .failure(let problem):
      guard let sign = ["\\b", "\\B"].first(where: { problem.text.hasPrefix($0 + " unsupported") }) else {
        return (problem.text, nil)
      }
      return (
        "«\(sign)» may stand at the beginning and at the end only, and that as «\\b»",
        "put alternatives in brackets: \\b(?:а|б)\\b"
      )
    }
  }

  /// Why a sound expression costs much for every text; nil for one that does not.
  ///
  /// What begins with any number of any characters begins everywhere, and what is repeated hundreds of times becomes as
  /// many states.
  package static func slowness(of expression: String) -> String? {
    if let beginning = expression.prefixMatch(
      of: /(?:\((?:\?:)?)*(\.|\[[^\]]*\]|\\[wWsSdDpP](?:\{[^}]*\})?)(\*|\+|\{\d+,\})/)
    {
      return "«\(beginning.1)\(beginning.2)» at its beginning is tried at every character"
    }
    for repeated in expression.matches(of: /\{(\d+)(?:,(\d*))?\}/) {
      let most = Int(repeated.2.flatMap { $0.isEmpty ? nil : $0 } ?? repeated.1) ?? .max
      if most > 200 { return "«\(repeated.0)» repeats more than 200 times" }
    }
    return nil
  }

  /// nil for no expressions. One that is not sound never hits: `problem(with:)` says so before.
  package init?(_ expressions: [String]) {
    guard !expressions.isEmpty else { return nil }
    edges = expressions.map(WordEdges.init)
    let expressions = edges.map(\.expression)
    let ids = expressions.indices.map { UInt32($0) }
    switch ExpressionSet.compile(expressions, ids) {
    case .success(let database): databases = [database]
    case .failure:
      // Together they may be too many for one database.
      databases = zip(expressions, ids).compactMap { try? ExpressionSet.compile([$0], [$1]).get() }
    }
  }

  deinit { for database in databases { hs_free_database(database) } }

  private struct Problem: Error { var text: String }

  private static func compile(_ expressions: [String], _ ids: [UInt32]) -> Result<OpaquePointer, Problem> {
    var database: OpaquePointer?
    var error: UnsafeMutablePointer<hs_compile_error_t>?
    let texts = expressions.map { Array($0.utf8CString) }
    let flags = Array(repeating: flags, count: texts.count)
    // One buffer for all texts, so that their addresses hold for the call.
    let starts = texts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    let status = texts.flatMap { $0 }.withUnsafeBufferPointer { buffer in
      let pointers: [UnsafePointer<CChar>?] = starts.dropLast().map { start in buffer.baseAddress.map { $0 + start } }
      return hs_compile_multi(
        pointers, flags, ids, UInt32(texts.count), UInt32(HS_MODE_BLOCK), nil, &database, &error)
    }
    defer { if let error { hs_free_compile_error(error) } }
    guard status == HS_SUCCESS, let database else {
      return .failure(Problem(text: error.map { String(cString: $0.pointee.message) } ?? "error \(status)"))
    }
    return .success(database)
  }
}

/// Scans texts for the expressions of a set. One owner, one thread.
package final class ExpressionScanner {
  package struct Found: Hashable, Sendable {
    /// Which expression.
    package var index: Int
    /// Bytes of the scanned text.
    package var from: Int
    package var to: Int
  }

  private let set: ExpressionSet
  private var scratch: OpaquePointer?

  /// nil where there is no memory for the scratch space.
  package init?(_ set: ExpressionSet) {
    self.set = set
    for database in set.databases where hs_alloc_scratch(database, &scratch) != HS_SUCCESS { return nil }
  }

  deinit { if let scratch { hs_free_scratch(scratch) } }

  /// For each expression and start its longest match, in the order of start and expression; at most `limit` reports.
  package func find(in text: [UInt8], limit: Int = 10_000) -> [Found] {
    var collected = Collected(limit: limit, edges: set.edges, text: text)
    for database in set.databases {
      _ = text.withUnsafeBytes { bytes in
        withUnsafeMutablePointer(to: &collected) { collected in
          hs_scan(
            database, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(clamping: bytes.count), 0, scratch,
            { id, from, to, _, context in
              guard let collected = context?.assumingMemoryBound(to: Collected.self) else { return 1 }
              return collected.pointee.take(Found(index: Int(id), from: Int(from), to: Int(to)))
            }, collected)
        }
      }
    }
    return collected.longest
  }

  private struct Collected {
    var limit: Int
    let edges: [WordEdges]
    let text: [UInt8]
    private var ends: [Start: Int] = [:]

    struct Start: Hashable {
      var index: Int
      var from: Int
    }

    init(limit: Int, edges: [WordEdges], text: [UInt8]) {
      self.limit = limit
      self.edges = edges
      self.text = text
    }

    /// Not 0 ends the scan.
    mutating func take(_ found: Found) -> Int32 {
      guard found.to > found.from, edges[found.index].fit(text, from: found.from, to: found.to) else { return 0 }
      let start = Start(index: found.index, from: found.from)
      ends[start] = max(ends[start] ?? 0, found.to)
      limit -= 1
      return limit > 0 ? 0 : 1
    }

    var longest: [Found] {
      ends.map { Found(index: $0.key.index, from: $0.key.from, to: $0.value) }
        .sorted { ($0.from, $0.index) < ($1.from, $1.index) }
    }
  }
}

/// `\b` at the beginning and the end of an expression: the library knows it for ASCII letters only.
private struct WordEdges {
  var expression: String
  private var atStart = false
  private var atEnd = false

  init(_ written: String) {
    expression = written
    // `\bа|б\b` means something else than `\b(а|б)\b`.
    guard !WordEdges.hasOpenAlternative(written) else { return }
    if expression.hasPrefix("\\b") {
      expression.removeFirst(2)
      atStart = true
    }
    if expression.hasSuffix("\\b"), !expression.hasSuffix("\\\\b") {
      expression.removeLast(2)
      atEnd = true
    }
  }

  /// Whether a match begins and ends where a word does, as far as that was asked for.
  func fit(_ text: [UInt8], from: Int, to: Int) -> Bool {
    (!atStart || WordEdges.isEdge(text, from)) && (!atEnd || WordEdges.isEdge(text, to))
  }

  /// Whether a word character stands on one side only.
  private static func isEdge(_ text: [UInt8], _ position: Int) -> Bool {
    isWord(text[..<position].reversed().prefix(4).reversed(), last: true)
      != isWord(text[position...].prefix(4), last: false)
  }

  private static func isWord(_ bytes: some Sequence<UInt8>, last: Bool) -> Bool {
    let scalars = String(decoding: Array(bytes), as: UTF8.self).unicodeScalars.filter { $0 != "\u{FFFD}" }
    guard let scalar = last ? scalars.last : scalars.first else { return false }
    return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private static func hasOpenAlternative(_ expression: String) -> Bool {
    var depth = 0
    var isEscaped = false
    for character in expression.unicodeScalars {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch character {
      case "\\": isEscaped = true
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "|": if depth == 0 { return true }
      default: break
      }
    }
    return false
  }
}
