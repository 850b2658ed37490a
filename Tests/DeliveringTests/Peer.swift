import Foundation
import Glibc
import TestSupport
import Testing

/// A program that Nabat speaks to, started for a test and stopped with it.
final class Peer {
  private let process = Process()
  private let folder: TestFolder

  /// The Python of the programs that scripts/setup has fetched; nil where they are missing.
  static let python: String? = {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/root") + "/.cache"
    let python = (environment["NABAT_PEERS"] ?? cache + "/nabat/peers") + "/bin/python"
    return FileManager.default.isExecutableFile(atPath: python) ? python : nil
  }()

  /// A file beside this one.
  static func fixture(_ name: String, _ file: String = #filePath) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
  }

  init(_ program: String, _ arguments: [String], input: String = "") throws {
    folder = try TestFolder()
    try folder.write("in", input)
    try folder.write("out", "")
    try folder.write("err", "")
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.file("in")))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("out")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("err")))
    try process.run()
  }

  deinit { stop() }

  /// Ends this process alone.
  func stop() {
    guard process.isRunning else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
  }

  /// The whole lines that it has printed so far.
  var lines: [String] {
    folder.text("out").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
  var errors: String { folder.text("err") }
  var isRunning: Bool { process.isRunning }
}
