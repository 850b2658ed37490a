import Foundation
import Testing

/// A folder to try a page in: the package's rules, feeds and examples, and the program in the path.
struct Shell {
  let folder: URL

  struct Run {
    var status: Int32
    /// Standard output and standard error, as a terminal shows them.
    var output: String
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nabat-docs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // With what links lead to: the program sees files, wherever the package keeps them.
    let copy = try run("for name in rules feeds examples; do cp -RL \"$PACKAGE/$name\" . || exit; done")
    try #require(copy.status == 0, "\(copy.output)")
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, to path: String) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Runs lines of shell to their end.
  func run(_ script: String) throws -> Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(try Shell.programFolder()):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["TMPDIR"] = folder.path
    environment["PACKAGE"] = Page.root.path
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    // A file, not a pipe: a pipe that nobody empties stops a talkative program.
    let file = folder.appendingPathComponent(".output")
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    return Run(status: process.terminationStatus, output: String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  /// Where the program lies that was built beside these tests.
  private static func programFolder() throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let beside = URL(fileURLWithPath: tests).deletingLastPathComponent()
    // The tests may be started by a helper of the toolchain; then the build folder says where the program is.
    for folder in [beside, Page.root.appendingPathComponent(".build/debug")]
    where FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("nabat").path) {
      return folder.path
    }
    throw Missing()
  }

  private struct Missing: Error, CustomStringConvertible {
    var description: String { "build the program first: swift build" }
  }
}
