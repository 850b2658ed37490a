import Foundation
import TestSupport
import Testing

/// Twelve rumours that go round in Russian regions, and the texts that deny, ask about, joke about and complain of them.
@Suite("The example rules for twelve narratives") struct NarrativeTests {
  @Test("pass their own tests")
  func ownTests() async throws {
    let ended = try await ProgramRun.run("test", "examples/narratives", in: ProgramRun.root)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    #expect(ended.output.hasSuffix("72 passed, 0 failed\n"))
  }

  private static let corpus = ProgramRun.root + "/../shared/corpora/ru-claims/ru_claims.dev.jsonl"

  @Test(
    "find 95 % of the labelled claims, evaded ones too, and alert on no denial, question, satire or criticism",
    .enabled(if: FileManager.default.fileExists(atPath: corpus), "no labelled texts beside the checkout"))
  func labelledTexts() async throws {
    let program = Process()
    program.executableURL = URL(fileURLWithPath: ProgramRun.root + "/scripts/score-claims")
    program.arguments = ["--program", try ProgramRun.program(), "--errors", NarrativeTests.corpus]
    program.currentDirectoryURL = URL(fileURLWithPath: ProgramRun.root)
    let output = Pipe()
    program.standardOutput = output
    try program.run()
    let table = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    program.waitUntilExit()
    #expect(program.terminationStatus == 0, "\(table)")
  }
}
