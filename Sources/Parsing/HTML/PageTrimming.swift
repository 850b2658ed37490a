import Glibc

/// A page without the contents of its scripts, styles and comments, which are most of the bytes of many and of which a
/// parser looks at each.
enum PageTrimming {
  /// The bytes to parse. Scripts of JSON-LD stay whole; so does what has no end, for a parser to judge.
  static func trimmed(_ page: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(page.count)
    page.withUnsafeBufferPointer { bytes in
      var copied = 0
      var index = 0
      while let open = Search.byte(0x3C, in: bytes, from: index), open + 8 < bytes.count {
        index = open + 1
        switch bytes[open + 1] | 0x20 {
        case 0x73:  // s
          let name: StaticString
          if Search.starts(bytes, at: open + 1, with: "script") {
            name = "script"
          } else if Search.starts(bytes, at: open + 1, with: "style") {
            name = "style"
          } else {
            continue
          }
          guard let start = Search.byte(0x3E, in: bytes, from: open).map({ $0 + 1 }),
            let end = Search.endTag(name, in: bytes, from: start)
          else { continue }
          if !isForMachines(UnsafeBufferPointer(rebasing: bytes[open..<start])), bytes[start - 2] != 0x2F {
            output.append(contentsOf: bytes[copied..<start])
            copied = end
          }
          index = end
        case 0x21 where bytes[open + 2] == 0x2D && bytes[open + 3] == 0x2D:  // !--
          guard let end = Search.endOfComment(in: bytes, from: open + 4) else { continue }
          output.append(contentsOf: bytes[copied..<open])
          (copied, index) = (end, end)
        default: continue
        }
      }
      output.append(contentsOf: bytes[copied...])
    }
    return output
  }

  private static func isForMachines(_ tag: UnsafeBufferPointer<UInt8>) -> Bool {
    Bytes.find("ld+json", in: Bytes.lowercased(tag), from: 0) != nil
  }

  private enum Search {
    static func byte(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
      guard let base = bytes.baseAddress, start < bytes.count,
        let found = memchr(base + start, Int32(byte), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Whether a name in small letters stands at a place, in any letters, and ends there.
    static func starts(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, with name: StaticString) -> Bool {
      let length = name.utf8CodeUnitCount
      guard start + length < bytes.count else { return false }
      for offset in 0..<length where bytes[start + offset] | 0x20 != name.utf8Start[offset] { return false }
      let next = bytes[start + length]
      return isSpace(next) || next == 0x3E || next == 0x2F
    }

    /// Where the end tag of an element begins whose content is no markup.
    static func endTag(_ name: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
      var index = start
      while let open = byte(0x3C, in: bytes, from: index), open + 2 < bytes.count {
        if bytes[open + 1] == 0x2F, starts(bytes, at: open + 2, with: name) { return open }
        index = open + 1
      }
      return nil
    }

    static func endOfComment(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
      var index = start
      while let end = byte(0x3E, in: bytes, from: index) {
        if end >= start + 2, bytes[end - 1] == 0x2D, bytes[end - 2] == 0x2D { return end + 1 }
        index = end + 1
      }
      return nil
    }
  }
}
