package import Model

/// The text of one file with the means to name places in it.
///
/// A position is an offset in Unicode scalars from 0; a byte order mark does not count.
package struct SourceText: Sendable {
  package let file: String
  package let scalars: [Unicode.Scalar]
  /// The first bad byte, when the bytes were not UTF-8: what follows it is missing from `scalars`.
  package let brokenAt: Int?
  /// Where each line starts; lines end at LF, CR or CR LF.
  private let lineStarts: [Int]
  private let byteStarts: [Int]
  private let utf16Starts: [Int]

  package init(file: String, bytes: some Collection<UInt8>) {
    self.file = file
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(bytes.count)
    var lines = [0]
    var byteStarts = [mark]
    var utf16Starts = [0]
    var byte = mark
    var utf16 = 0
    var broken: Int?
    var decoder = UTF8()
    var iterator = bytes.dropFirst(mark).makeIterator()
    decoding: while true {
      switch decoder.decode(&iterator) {
      case .emptyInput: break decoding
      case .error:
        broken = byte
        break decoding
      case .scalarValue(let scalar):
        if scalars.last == "\r", scalar != "\n" {
          lines.append(scalars.count)
          byteStarts.append(byte)
          utf16Starts.append(utf16)
        }
        scalars.append(scalar)
        byte += UTF8.width(scalar)
        utf16 += UTF16.width(scalar)
        if scalar == "\n" {
          lines.append(scalars.count)
          byteStarts.append(byte)
          utf16Starts.append(utf16)
        }
      }
    }
    self.scalars = scalars
    brokenAt = broken
    lineStarts = lines
    self.byteStarts = byteStarts
    self.utf16Starts = utf16Starts
  }

  package var lineCount: Int { lineStarts.count }

  /// The place of a position; the end of the text for positions behind it.
  package func place(at position: Int) -> Place {
    let position = min(max(0, position), scalars.count)
    let line = lineIndex(of: position)
    return Place(file: file, line: line + 1, column: position - lineStarts[line] + 1)
  }

  /// The index of the line that holds a position, by halving: a file may be one line of ten thousand words.
  private func lineIndex(of position: Int) -> Int {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The position of a place; nil when the text has no such line.
  package func position(of place: Place) -> Int? {
    guard place.line >= 1, place.line <= lineStarts.count else { return nil }
    return min(lineStarts[place.line - 1] + max(0, place.column - 1), scalars.count)
  }

  /// The line's scalars without its end, from line 1; empty for a line the text does not have.
  package func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
    guard number >= 1, number <= lineStarts.count else { return [] }
    let start = lineStarts[number - 1]
    return scalars[start..<endOfLine(from: start)]
  }

  /// The position where the line that holds `position` ends, before its line break.
  package func endOfLine(from position: Int) -> Int {
    let next = lineIndex(of: position) + 1
    var end = next < lineStarts.count ? lineStarts[next] : scalars.count
    while end > position, scalars[end - 1] == "\n" || scalars[end - 1] == "\r" { end -= 1 }
    return end
  }

  /// Where the line behind the one that ends at `end` starts; nil where that is the last.
  package func startOfLine(after end: Int) -> Int? {
    let next = lineIndex(of: min(end, scalars.count)) + 1
    return next < lineStarts.count ? lineStarts[next] : nil
  }

  /// Offsets of a place from the start of the file: in bytes, and in UTF-16 code units as editors count.
  package func offsets(of place: Place) -> (bytes: Int, utf16: Int)? {
    guard let position = position(of: place) else { return nil }
    let before = scalars[lineStarts[place.line - 1]..<position]
    return (
      before.reduce(byteStarts[place.line - 1]) { $0 + UTF8.width($1) },
      before.reduce(utf16Starts[place.line - 1]) { $0 + UTF16.width($1) }
    )
  }

  package func text(_ range: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[range.clamped(to: 0..<scalars.count)])
    return String(text)
  }
}
