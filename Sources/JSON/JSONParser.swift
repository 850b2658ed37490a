import CSimdjson

/// Why bytes are not JSON.
package struct JSONError: Error, Hashable, Sendable {
  /// Plain words, without a full stop.
  package var message: String
  /// Where, counted from 0; nil when the parser does not know.
  package var byteOffset: Int?

  package init(_ message: String, byteOffset: Int? = nil) {
    self.message = message
    self.byteOffset = byteOffset
  }
}

/// A reusable parser of JSON documents (RFC 8259): one owner, one document at a time.
///
/// Nesting goes to 256. Whole numbers beyond 64 bits become `.number`. Of equal members of an object all are kept and
/// look-up finds the first. A byte order mark is skipped. Invalid UTF-8, bare control characters and half surrogate
/// pairs are errors.
///
/// `@unchecked Sendable`: it cannot be copied, so whoever holds it is the only one to call it.
package struct JSONParser: ~Copyable, @unchecked Sendable {
  /// Nil when there was no memory for it.
  private let raw: OpaquePointer?

  package init() { raw = nabat_json_new(256) }

  deinit { nabat_json_free(raw) }

  package mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
    try tokens(of: bytes).value()
  }

  package mutating func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var result: Result<JSONValue, JSONError> = .success(.null)
    bytes.withUnsafeBufferPointer { buffer in
      do throws(JSONError) { result = .success(try parse(buffer)) } catch { result = .failure(error) }
    }
    return try result.get()
  }

  /// The document as the parser left it: to be read before the next document and not kept.
  mutating func tokens(of bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONTokens {
    guard let raw else { throw JSONError("not enough memory to read the document") }
    var tape = nabat_json_tape()
    if let words = nabat_json_parse(raw, bytes.baseAddress, bytes.count, &tape) {
      throw JSONError(String(cString: words))
    }
    guard let words = tape.words, let strings = tape.strings else { throw JSONError("the document is empty") }
    return JSONTokens(words: words, strings: strings)
  }
}

extension JSONValue {
  /// Parses one document with a parser of its own. For many documents keep a `JSONParser`.
  package init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser()
    self = try parser.parse(bytes)
  }

  package init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }
}
