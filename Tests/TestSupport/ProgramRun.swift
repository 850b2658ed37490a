import Foundation
import Glibc

/// One run of the built program, with its output in files: a pipe that nobody empties would stop it.
package final class ProgramRun {
  /// How a run ended.
  package struct Ended: Sendable {
    /// The exit code; 128 + signal for a run that was killed; -1 for one that did not end in time.
    package var status: Int32
    package var output: String
    package var errors: String
  }

  private let process = Process()
  private let files: TestFolder

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - shell: run as `sh -c 'shell "$@"'` with the program as `$0`'s neighbour: for limits and redirections.
  package init(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:], input: String = "",
    shell: String? = nil
  ) throws {
    files = try TestFolder()
    let program = try ProgramRun.program()
    if let shell {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", shell, "sh", program] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
    }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    try files.write("in", input)
    try files.write("out", "")
    try files.write("err", "")
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: files.file("in")))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files.file("out")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files.file("err")))
    try process.run()
  }

  deinit { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

  package var isRunning: Bool { process.isRunning }
  /// What it has written to standard output so far.
  package var output: String { files.text("out") }
  package var errors: String { files.text("err") }

  /// Sends a signal to this process alone.
  package func signal(_ number: Int32) { Glibc.kill(process.processIdentifier, number) }

  /// Kills it a pause after its output fulfils a condition, or after 20 seconds; false where it had ended before.
  ///
  /// It is watched from a thread of its own: the tests' pool may be busy for seconds while the program goes on.
  package func kill(_ pause: Duration, after condition: @escaping @Sendable (String) -> Bool) async -> Bool {
    let path = files.file("out")
    let process = process.processIdentifier
    return await withCheckedContinuation { done in
      Thread.detachNewThread {
        let deadline = ContinuousClock.now + .seconds(20)
        var output = ""
        while Glibc.kill(process, 0) == 0, !condition(output), ContinuousClock.now < deadline {
          usleep(2000)
          output = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        usleep(UInt32(pause / .microseconds(1)))
        done.resume(returning: Glibc.kill(process, SIGKILL) == 0)
      }
    }
  }

  /// Waits for its end; after the deadline it is killed.
  package func end(within limit: Duration = .seconds(60)) async -> Ended {
    let isInTime = await eventually(within: limit) { !self.process.isRunning }
    guard isInTime else {
      signal(SIGKILL)
      _ = await eventually { !self.process.isRunning }
      return Ended(status: -1, output: output, errors: errors)
    }
    let status = process.terminationStatus
    return Ended(
      status: process.terminationReason == .uncaughtSignal ? 128 + status : status, output: output, errors: errors)
  }

  /// Starts the program and waits for its end.
  package static func run(
    _ arguments: String..., in folder: String? = nil, environment: [String: String] = [:], input: String = "",
    shell: String? = nil
  ) async throws -> Ended {
    try await ProgramRun(arguments, in: folder, environment: environment, input: input, shell: shell).end()
  }

  /// The package's folder.
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The program as it was built beside the running tests.
  package static func program() throws -> String {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("nabat").path
    for path in [beside, root + "/.build/debug/nabat"] where FileManager.default.isExecutableFile(atPath: path) {
      return path
    }
    throw MissingProgram()
  }

  package struct MissingProgram: Error, CustomStringConvertible {
    package var description: String { "the program is not built: run swift build first" }
  }
}

/// A folder of a test's own, gone with it.
package final class TestFolder {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "/nabat-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, its folders made where they are missing.
  @discardableResult package func write(_ name: String, _ text: String) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// A file's text; empty where there is none.
  package func text(_ name: String) -> String {
    FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// Waits until the condition holds; false when it does not in time.
package func eventually(within limit: Duration = .seconds(20), _ condition: () throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now + limit
  while try !condition() {
    if ContinuousClock.now > deadline { return false }
    try? await Task.sleep(for: .milliseconds(3))
  }
  return true
}
