import Foundation
import JSON
import TestSupport
import Testing

@Suite("A folder that others put tapes into") struct SpoolScenarioTests {
  @Test("is read while the server runs, each line once, also after it was killed")
  func spool() async throws {
    // given: a town whose only source is a folder with one appeal
    let town = try Town()
    try town.folder.write(
      "feeds/town.yaml",
      """
      format: 1
      defaults: { region: XA-ZAR, lang: ru }
      sources:
        - { id: appeals, kind: spool, folder: ../spool, every: 1s, class: community }

      """)
    try town.folder.write("spool/1.ndjson", #"{"kind":"item","id":"1","title":"В городе рухнул мост"}"# + "\n")

    // when: the server reads it, is killed, and another appeal and a slip are put beside it
    let first = try town.start()
    #expect(await eventually { town.folder.text("var/alerts.ndjson").contains("alert.fired") })
    first.signal(SIGKILL)
    _ = await first.end()
    try town.folder.write("spool/2.ndjson", "no tape\n" + #"{"kind":"item","id":"2","title":"Погода"}"# + "\n")
    let second = try town.start()
    #expect(await eventually { town.folder.text("spool/rejected/2.ndjson").contains("no tape") })
    #expect(await eventually { second.output.contains("отложено строк: 1") })
    second.signal(SIGTERM)
    _ = await second.end()

    // then: both appeals are in the archive, once
    let tape = try await ProgramRun.run("tape", in: town.folder.path).output
    let ids = try tape.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
      .filter { $0["kind"]?.string == "item" }.map { $0["id"]?.string }
    #expect(ids == ["1", "2"])
  }
}
