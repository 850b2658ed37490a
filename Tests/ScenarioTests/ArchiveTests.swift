import JSON
import Model
import Storage
import TestSupport
import Testing

/// What was stored in a night, asked the morning after.
@Suite("The archive of a night") struct ArchiveTests {
  private let town: Town
  private let database: String

  init() throws {
    town = try Town()
    try town.folder.write("var/x", "")
    database = town.folder.file("var/nabat.db")
    let store = try SQLiteStore(path: database)
    let end = try #require(Moment(rfc3339: "2026-03-02T09:00:00Z"))
    var step = Step(now: end)
    for (id, time, text) in [
      ("a1", "06:00:00", "В городе рухнул мост"), ("a2", "07:00:00", "Рухнул новый мост"),
      ("a3", "08:00:00", "Мост открыт"),
    ] {
      let at = try #require(Moment(rfc3339: "2026-03-02T\(time)Z"))
      step.tape.append(
        TapeRow(
          at: at, kind: "item", source: "chat", id: id,
          json:
            "{\"kind\":\"item\",\"at\":\"2026-03-02T\(time)Z\",\"id\":\"\(id)\",\"source\":\"chat\",\"source_class\":\"community\","
            + "\"region\":\"XA-ZAR\",\"lang\":\"ru\",\"body\":\"\(text)\"}"))
    }
    for (id, time, data) in [
      ("m1", "2026-02-20T06:00:00Z", #"{"rule":"claim.bridge","item":"a0","score":4,"missing":"score >= 5"}"#),
      ("m2", "2026-03-02T07:00:00Z", #"{"rule":"claim.bridge","item":"a2","score":4,"missing":"bridge sentence"}"#),
      (
        "m3", "2026-03-02T08:05:00Z",
        #"{"rule":"volume","key":{"region":"XA-ZAR"},"score":null,"missing":"count >= 40"}"#
      ),
    ] {
      let at = try #require(Moment(rfc3339: time))
      step.journal.append(
        JournalRow(id: id, time: at, type: "note.near_miss", alert: "", json: "{\"data\":\(data)}"))
    }
    try store.commit(step)
    store.close()
  }

  private func nabat(_ arguments: String...) async throws -> ProgramRun.Ended {
    try await ProgramRun(arguments, in: town.folder.path).end()
  }

  @Test("near-misses lists those of the last week, with what the text said")
  func nearMisses() async throws {
    let all = try await nabat("near-misses", "--database", database)
    #expect(
      all.output == """
        2026-03-02T07:00:00Z  claim.bridge  chat/a2  score 4, missing: bridge sentence  «Рухнул новый мост»
        2026-03-02T08:05:00Z  volume  region=XA-ZAR  missing: count >= 40

        """)
    let one = try await nabat(
      "near-misses", "--database", database, "--rule", "claim.bridge", "--json", "--from", "2026-02-01T00:00:00Z")
    #expect(one.output.split(separator: "\n").count == 2)
    #expect(
      one.output.hasSuffix(
        #"{"time":"2026-03-02T07:00:00Z","rule":"claim.bridge","item":"a2","source":"chat","score":4,"#
          + #""missing":"bridge sentence","text":"Рухнул новый мост"}"# + "\n"))
  }

  @Test("why-not names the first clause that fails and how far it is from holding")
  func whyNot() async throws {
    let phrase = try await nabat("why-not", "claim.bridge", "a2", "--database", database, "--rules", "rules")
    #expect(
      phrase.output == """
        claim.bridge does not alert on chat/a2: bridge fails — no word of the rule stands in the text
        match
          FAILS  bridge
        terms
          bridge: no hit

        """)
    let alerting = try await nabat("why-not", "claim.bridge", "chat/a1", "--database", database, "--rules", "rules")
    #expect(alerting.output.hasPrefix("claim.bridge alerts on chat/a1, score 5\n"))
    let unknown = try await nabat("why-not", "claim.bridg", "a1", "--database", database, "--rules", "rules")
    #expect(
      unknown.status == 2 && unknown.errors.contains("there is no rule «claim.bridg» in rules; there are: claim.bridge")
    )
    let missing = try await nabat("why-not", "claim.bridge", "a9", "--database", database, "--rules", "rules")
    #expect(missing.status == 2 && missing.errors.contains("there is no item and no comment «a9»"))
  }

  @Test("why-not tells a wrong field, an exception and a weak score apart")
  func whyNotKinds() async throws {
    try town.folder.write(
      "rules/bridge.rules.yaml",
      """
      format: 1
      rules:
        - id: weak
          type: claim
          terms: { fall: { any: [рухнуть], weight: 3 }, panic: { any: [паника], weight: 3 } }
          match: fall and score >= 5
        - id: far
          type: claim
          terms: { t: { near: [мост, рухнуть], within: 1, weight: 1 } }
          match: t
        - id: media
          type: claim
          where: { source_class: media }
          terms: { t: { any: [мост], weight: 1 } }
        - id: doubted
          type: claim
          terms: { t: { any: [мост], weight: 1 } }
          unless: [{ any: [новый], scope: sentence, then: refutation }]

      """)
    func line(_ rule: String) async throws -> String {
      let ended = try await nabat("why-not", rule, "a2", "--database", database, "--rules", "rules")
      return ended.output.split(separator: "\n").first.map(String.init) ?? ended.errors
    }
    #expect(try await line("weak") == "weak does not alert on chat/a2: score >= 5 fails — score 3, 2 away")
    #expect(
      try await line("far")
        == "far does not alert on chat/a2: t fails — both sides stand there, but not so: t within: 1")
    #expect(
      try await line("media")
        == "media does not alert on chat/a2: source_class: media fails — source_class is community")
    #expect(
      try await line("doubted")
        == "doubted does not alert on chat/a2: unless one of its words in the sentence: a refutation applies — recorded as a refutation"
    )
  }

  @Test("backtest tells what other rules would have told, from a moment on")
  func backtest() async throws {
    let run = try await nabat("backtest", "--rules", "rules", "--database", database)
    let types = run.output.split(separator: "\n").compactMap { line in
      (try? JSONValue(parsing: Array(line.utf8)))?["type"]?.string
    }
    // Firing at 06:00, breach of the acknowledgement at 06:15, told again at 06:30, warnings at 07:30 and 08:24, breach at
    // 09:00.
    #expect(
      types == [
        "alert.fired", "alert.sla_breached", "alert.updated", "alert.sla_warning", "alert.sla_warning",
        "alert.sla_breached",
      ])
    try town.folder.write(
      "new/bridge.rules.yaml", Town.rule.replacing("[рухнуть мост]", with: "[новый мост, мост открыт]"))
    try town.folder.write(
      "new/other.rules.yaml",
      Town.rule.replacing("[рухнуть мост]", with: "[новый мост]").replacing("claim.bridge", with: "claim.other"))
    let difference = try await nabat("backtest", "--rules", "new", "--diff", "rules", "--database", database)
    #expect(
      difference.output == """
        + 2026-03-02T07:00:00Z  high  claim.other  narrative=bridge region=XA-ZAR
        ~ 2026-03-02T07:00:00Z  high  claim.bridge  narrative=bridge region=XA-ZAR  was 2026-03-02T06:00:00Z
        1 gained, 0 lost, 1 at another time, 0 the same
        price: gained 0 real, 0 noise, 1 not judged; lost 0 real, 0 noise, 0 not judged

        """)
  }
}
