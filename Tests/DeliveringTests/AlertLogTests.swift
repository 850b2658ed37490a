import Delivering
import Glibc
import Model
import Testing

@Suite("The alert log") final class AlertLogTests {
  private let folder: String
  private var path: String { "\(folder)/alerts.ndjson" }
  private let clock = VirtualClock(start)

  init() throws {
    var template = Array("/tmp/nabat-log-XXXXXX".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
  }

  deinit {
    for name in ["", "1", "2", "3", "4"] { unlink(name.isEmpty ? path : "\(path).\(name)") }
    unlink("\(folder)/moved")
    rmdir(folder)
  }

  private func read(_ suffix: String = "", at path: String? = nil) -> String? {
    guard let file = fopen((path ?? self.path) + suffix, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private func rotation(size: Int = 1 << 20, kept: Int = 2) -> AlertLog.Rotation {
    var rotation = AlertLog.Rotation()
    rotation.size = size
    rotation.kept = kept
    return rotation
  }

  @Test("has one event a line, after a reopening too")
  func lines() throws {
    try AlertLog(path: path, clock: clock).append(["{\"a\":1}", "{\"a\":\n2}"])
    try AlertLog(path: path, clock: clock).append(["{\"a\":3}"])
    #expect(read() == "{\"a\":1}\n{\"a\": 2}\n{\"a\":3}\n")
  }

  @Test("ends a line that a crash tore before it writes the next")
  func tornLine() throws {
    let file = try #require(fopen(path, "w"))
    fputs("{\"a\":1}\n{\"a\":", file)
    fclose(file)
    try AlertLog(path: path, clock: clock).append(["{\"a\":3}"])
    #expect(read() == "{\"a\":1}\n{\"a\":\n{\"a\":3}\n")
  }

  @Test("is put aside by size, and the oldest file is dropped")
  func size() throws {
    let log = try AlertLog(path: path, rotation: rotation(size: 10), clock: clock)
    for number in 1...4 { try log.append(["line \(number)"]) }
    #expect(read() == "line 4\n")
    #expect(read(".1") == "line 3\n")
    #expect(read(".2") == "line 2\n")
    #expect(read(".3") == nil)
  }

  @Test("writes a line that is longer than a file may be")
  func longLine() throws {
    let log = try AlertLog(path: path, rotation: rotation(size: 10), clock: clock)
    try log.append([String(repeating: "a", count: 50)])
    try log.append(["b"])
    #expect(read(".1")?.count == 51)
    #expect(read() == "b\n")
  }

  @Test("is put aside by the age of its first line, across a restart")
  func age() throws {
    let first = #"{"time":"2026-03-01T09:00:00Z"}"#
    try AlertLog(path: path, rotation: rotation(), clock: clock).append([first])
    clock.advance(by: .days(6))
    let log = try AlertLog(path: path, rotation: rotation(), clock: clock)
    try log.append(["second"])
    clock.advance(by: .days(1))
    try log.append(["third"])
    #expect(read(".1") == "\(first)\nsecond\n")
    #expect(read() == "third\n")
  }

  @Test("goes on in a new file when someone moved the old one away")
  func moved() throws {
    let log = try AlertLog(path: path, clock: clock)
    try log.append(["one"])
    rename(path, "\(folder)/moved")
    try log.append(["two"])
    unlink(path)
    try log.append(["three"])
    #expect(read(at: "\(folder)/moved") == "one\n")
    #expect(read() == "three\n")
  }

  @Test("says where and why it cannot write")
  func errors() throws {
    let error = #expect(throws: AlertLogError.self) { _ = try AlertLog(path: "\(folder)/none/a", clock: clock) }
    #expect(error?.description == "\(folder)/none/a: No such file or directory")
  }
}
