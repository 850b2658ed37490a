/// A reader of dawgdic's double-array word graph, as the dictionary's files store it.
///
/// Format: `UInt32` count, then that many `UInt32` units; in record graphs a guide follows: `UInt32` count, then a
/// (child label, sibling label) pair of bytes for every unit. Little-endian.
/// Source: dawgdic 0.4.5, `dictionary-unit.h` and `guide-unit.h`.
struct Dawg: Sendable {
  private let file: MappedFile
  private let unitCount: Int
  private let guideOffset: Int?

  static let root = 0

  /// nil when the file is missing or does not hold what its header says.
  init?(path: String, hasGuide: Bool) {
    guard let file = MappedFile(path: path), file.bytes.count >= 4 else { return nil }
    self.file = file
    unitCount = Int(file.bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
    let end = 4 + unitCount * 4
    guard unitCount > 0, file.bytes.count >= end else { return nil }
    if hasGuide {
      guard file.bytes.count >= end + 4 + unitCount * 2 else { return nil }
      guideOffset = end + 4
    } else {
      guideOffset = nil
    }
  }

  private func unit(_ index: Int) -> UInt32? {
    index < unitCount ? file.bytes.loadUnaligned(fromByteOffset: 4 + index * 4, as: UInt32.self) : nil
  }

  fileprivate static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & (1 << 9)) >> 6)) }

  /// The node behind one more byte; nil where no word goes on so.
  func follow(_ byte: UInt8, from index: Int) -> Int? {
    guard let here = unit(index) else { return nil }
    let next = index ^ Dawg.offset(here) ^ Int(byte)
    guard let there = unit(next), there & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
    return next
  }

  func follow(_ bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    for byte in bytes {
      guard let next = follow(byte, from: index) else { return nil }
      index = next
    }
    return index
  }

  /// The number stored where a word ends; nil where none ends.
  func value(at index: Int) -> Int? {
    guard let here = unit(index), here & (1 << 8) != 0, let leaf = unit(index ^ Dawg.offset(here)) else { return nil }
    return Int(leaf & ~(1 << 31))
  }

  /// The graph without its owner, which must outlive it: nothing is counted when it is handed on.
  struct View {
    private let units: UnsafeRawPointer
    private let unitCount: Int
    /// nil in a graph without one.
    private let guide: UnsafeRawPointer?

    fileprivate init(units: UnsafeRawPointer, unitCount: Int, guide: UnsafeRawPointer?) {
      self.units = units
      self.unitCount = unitCount
      self.guide = guide
    }

    private func unit(_ index: Int) -> UInt32 {
      index < unitCount ? units.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self) : 0
    }

    /// The node behind one more byte; −1 where no word goes on so.
    @inline(__always)
    func follow(_ byte: UInt8, from index: Int) -> Int {
      let next = index ^ Dawg.offset(unit(index)) ^ Int(byte)
      return next < unitCount && unit(next) & (1 << 31 | 0xFF) == UInt32(byte) ? next : -1
    }

    /// Appends every record of four bytes behind a node: in base64 (RFC 4648), big-endian.
    func readRecords(from index: Int, into records: inout [UInt32]) { read(index, 0, 0, &records) }

    private func read(_ index: Int, _ depth: Int, _ bits: UInt64, _ records: inout [UInt32]) {
      guard let guide, depth <= 32 else { return }
      if depth >= 6, unit(index) & (1 << 8) != 0 { records.append(UInt32(truncatingIfNeeded: bits >> 4)) }
      var label = guide.load(fromByteOffset: index * 2, as: UInt8.self)
      while label != 0 {
        let next = follow(label, from: index)
        if next < 0 { return }
        if depth >= 6 {
          read(next, depth + 1, bits, &records)
        } else if let sextet = Dawg.sextet(label) {
          read(next, depth + 1, bits << 6 | sextet, &records)
        }
        label = guide.load(fromByteOffset: next * 2 + 1, as: UInt8.self)
      }
    }
  }

  var view: View {
    // `init` has seen that the file holds what its header says.
    View(units: file.start + 4, unitCount: unitCount, guide: guideOffset.map { file.start + $0 })
  }

  fileprivate static func sextet(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x41...0x5A: UInt64(byte - 0x41)
    case 0x61...0x7A: UInt64(byte - 0x61 + 26)
    case 0x30...0x39: UInt64(byte - 0x30 + 52)
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }

  /// Every key up to `separator`, each once; what stands behind the separator is not walked.
  func forEachKey(endingBefore separator: UInt8, _ body: ([UInt8]) -> Void) {
    var path: [UInt8] = []
    forEachKey(Dawg.root, &path, separator, body)
  }

  private func forEachKey(_ index: Int, _ path: inout [UInt8], _ separator: UInt8, _ body: ([UInt8]) -> Void) {
    guard let guideOffset, path.count <= 512 else { return }
    var label = file.bytes[guideOffset + index * 2]
    while label != 0, let next = follow(label, from: index) {
      if label == separator {
        body(path)
      } else {
        path.append(label)
        forEachKey(next, &path, separator, body)
        path.removeLast()
      }
      label = file.bytes[guideOffset + next * 2 + 1]
    }
  }
}
