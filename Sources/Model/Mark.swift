/// What stands for a name where only equality matters: 128 bits, of keyed hashes of its bytes and of these with one more
/// byte behind them, which no text has.
///
/// The key is drawn per process, so nobody can make names that collide; a mark is never stored.
package struct Mark: Hashable, Sendable {
  private var high: Int
  private var low: Int

  /// Of a name in two parts, such as a source and an id within it; `kind` keeps names of different kinds apart.
  package init(_ kind: UInt8, _ first: String, _ second: String) {
    // No byte of UTF-8 is 0xFF: it ends the first part.
    self = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: first.utf8.count + second.utf8.count + 2) { bytes in
      bytes[0] = kind
      var end = 1
      Mark.append(first, to: bytes, &end)
      bytes[end] = 0xFF
      end += 1
      Mark.append(second, to: bytes, &end)
      return Mark(UnsafeRawBufferPointer(start: bytes.baseAddress, count: end))
    }
  }

  package init(_ bytes: UnsafeRawBufferPointer) {
    var hasher = Hasher()
    hasher.combine(bytes: bytes)
    var other = hasher
    other.combine(0xFF as UInt8)
    high = hasher.finalize()
    low = other.finalize()
  }

  package init(_ text: String) {
    var text = text
    self = text.withUTF8 { Mark(UnsafeRawBufferPointer($0)) }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(high) }

  /// Both halves are keyed hashes already: tables take one as it is, instead of hashing it again at every look-up.
  package func _rawHashValue(seed: Int) -> Int { high ^ seed }

  private static func append(_ text: String, to bytes: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int) {
    var text = text
    text.withUTF8 { utf8 in
      for byte in utf8 {
        bytes[end] = byte
        end += 1
      }
    }
  }
}
