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
    let ended = try await ProgramRun.run(
      NarrativeTests.corpus, in: ProgramRun.root,
      shell: #"exec python3 scripts/score-claims --program "$1" --errors "$2""#)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
  }
}
