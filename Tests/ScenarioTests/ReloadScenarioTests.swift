import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Rule files that change under a running server", .serialized) struct ReloadScenarioTests {
  private func title(_ word: String) -> String { Town.rule.replacing("Слух о мосте", with: word) }

  @Test(
    "are taken when sound, kept in their last good version when not, also over a restart, and each refusal is told once"
  )
  func reload() async throws {
    // given: a server with one rule
    let town = try Town()
    let run = try town.start()
    #expect(
      await eventually { run.output.contains("rules, database") && !town.folder.text("var/nabat.db.lock").isEmpty })
    // when: the rule changes for the better
    try town.folder.write("rules/bridge.rules.yaml", title("Слух о новом мосте"))
    // then
    #expect(await eventually { run.output.contains("правила обновлены: 1 правило") }, "\(run.output)")
    // when: it is broken
    try town.folder.write("rules/bridge.rules.yaml", title("Слух").replacing("match: bridge", with: "match: brigde"))
    // then: the good version stays, and the log says why
    #expect(await eventually { run.output.contains("rules/bridge.rules.yaml не принят, действует прежняя версия") })
    #expect(await eventually { town.folder.text("var/alerts.ndjson").contains("meta.rule_rejected") })
    #expect(town.folder.text("var/alerts.ndjson").contains("rules/bridge.rules.yaml:12:12: unknown term «brigde»"))
    // when: the server is started again on the broken file, beside a sound one
    run.signal(SIGTERM)
    #expect(await run.end().status == 0)
    try town.folder.write("rules/other.rules.yaml", Town.rule.replacing("claim.bridge", with: "claim.other"))
    let again = try town.start()
    // then: both rules run
    #expect(await eventually { again.output.contains("2 rules") }, "\(again.output)\(again.errors)")
    again.signal(SIGTERM)
    #expect(await again.end().status == 0)
  }
}
