import Foundation
import JSON
import Testing

@Suite("Lines of a tape file") struct TapeFileTests {
  private func lines(_ bytes: Data) throws -> [String] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tape-\(UUID().uuidString)").path
    try bytes.write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var seen: [String] = []
    try TapeFile.forEachLine(path) { number, line in seen.append("\(number):\(String(decoding: line, as: UTF8.self))") }
    return seen
  }

  @Test("CRLF, blank lines, a byte order mark and a last line without its break are taken in stride")
  func shapes() throws {
    #expect(try lines(Data("\u{FEFF}a\r\nb\n\n  \t\r\nc".utf8)) == ["1:a", "2:b", "5:c"])
    #expect(try lines(Data("a\n".utf8)) == ["1:a"])
    #expect(try lines(Data()) == [])
    #expect(try lines(Data("\n\r\n".utf8)) == [])
  }

  @Test("lines across the edges of what is read at once stay whole")
  func edges() throws {
    let long = (0..<5000).map { String(repeating: "x", count: 37 + $0 % 311) + "\($0)" }
    #expect(try lines(Data(long.joined(separator: "\n").utf8)) == long.enumerated().map { "\($0 + 1):\($1)" })
  }

  @Test("a line of 4 MB is read, a longer one is refused with its number")
  func limit() throws {
    let most = String(repeating: "y", count: TapeFile.lineLimit)
    #expect(try lines(Data("a\n\(most)\nb".utf8)).map(\.utf8.count) == [3, TapeFile.lineLimit + 2, 3])
    let error = #expect(throws: TapeFile.Failure.self) { try lines(Data("a\n\(most)y\nb".utf8)) }
    guard case .lineTooLong(_, let line) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(line == 2)
    #expect(throws: TapeFile.Failure.self) { try lines(Data("\(most)yyyyyy".utf8)) }
  }

  @Test("a missing file and a folder say why they cannot be read")
  func unreadable() throws {
    let missing = #expect(throws: TapeFile.Failure.self) { try TapeFile.forEachLine("/nowhere/tape") { _, _ in } }
    #expect(missing?.message == "/nowhere/tape: cannot be read: No such file or directory")
    let folder = #expect(throws: TapeFile.Failure.self) { try TapeFile.forEachLine("/") { _, _ in } }
    #expect(folder?.message == "/: cannot be read: Is a directory")
  }
}
