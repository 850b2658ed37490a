import Foundation
import Testing

/// The package and the machine the tests run on.
enum Machine {
  /// The package's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  struct Run {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Runs a program to its end.
  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: a pipe that nobody empties stops a talkative program.
    let folder = FileManager.default.temporaryDirectory
    let files = [UUID(), UUID()].map { folder.appendingPathComponent("nabat-run-\($0.uuidString)") }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    for file in files { try Data().write(to: file) }
    let handles = try files.map { try FileHandle(forWritingTo: $0) }
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Run(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// The program as it was built beside these tests.
  static func program() throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
    // The tests may be started by a helper of the toolchain; then the bundle says where they are.
    if !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("nabat").path) {
      folder = root.appendingPathComponent(".build/debug")
    }
    let program = folder.appendingPathComponent("nabat").path
    try #require(FileManager.default.isExecutableFile(atPath: program), "build the program first: swift build")
    return program
  }

  /// The names in scripts/packages.txt.
  static func listedPackages() throws -> [String] {
    try String(contentsOf: root.appendingPathComponent("scripts/packages.txt"), encoding: .utf8)
      .split(separator: "\n")
      .compactMap { $0.split(separator: "#", omittingEmptySubsequences: false).first }
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}
