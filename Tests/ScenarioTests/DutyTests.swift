import Foundation
import Glibc
import HTTP
import JSON
import Model
import Monitor
import Serving
import TestSupport
import Testing

/// A duty officer beside a running server: by the command line, by the page a message links to, and by the journal.
@Suite("An officer on duty") struct DutyTests {
  private let town: Town
  private let run: ProgramRun

  init() throws {
    town = try Town(sources: [(id: "news", answer: { _ in Town.feed("В городе рухнул мост") })])
    run = try town.start()
  }

  private func nabat(_ arguments: String...) async throws -> ProgramRun.Ended {
    try await ProgramRun(arguments, in: town.folder.path).end()
  }

  /// The one alert of the town, once it has fired.
  private func alert() async throws -> String {
    let folder = town.folder
    #expect(await eventually { folder.text("var/alerts.ndjson").contains("alert.fired") }, "\(run.output)\(run.errors)")
    let first = try #require(folder.text("var/alerts.ndjson").split(separator: "\n").first)
    return try #require(try JSONValue(parsing: String(first))["data"]?["alert"]?.string)
  }

  @Test("takes an alert in hand, answers and closes it by the command line; what is refused says why")
  func verbs() async throws {
    let alert = try await alert()
    let taken = try await nabat("ack", alert, "--by", "ivanova", "--note", "звоню")
    #expect(taken.output == "\(alert): firing/acknowledged, ivanova\n" && taken.status == 0)
    #expect(try await nabat("alerts").output.contains("firing/acknowledged  ivanova  by "))
    #expect(try await nabat("explain", alert).output.contains("  in hand: ivanova\n  note: звоню\n"))
    let refused = try await nabat("close", alert)
    #expect(refused.status == 2 && refused.errors.contains("«reason» is missing"))
    #expect(try await nabat("answer", alert, "--by", "ivanova").status == 0)
    let responded = try await nabat("respond", alert, "https://town.example/answer", "--json")
    let json = try JSONValue(parsing: responded.output)
    #expect(json["work"] == "responded" && json["url"] == "https://town.example/answer")
    #expect(try await nabat("close", alert, "confirmed-fake").output.hasPrefix("\(alert): firing/closed"))
    #expect(try await nabat("ack", "al_none").status == 2)

    run.signal(SIGTERM)
    // then: the tape has the acts, so that a replay gives the same
    let tape = try await nabat("tape").output
    #expect(tape.components(separatedBy: "\"kind\":\"act\"").count == 5)
    #expect(
      tape.contains(
        #""do":"acknowledge","alert":{"rule":"claim.bridge","key":{"narrative":"bridge","region":"XA-ZAR"}},"by":"ivanova""#
      ))

    // and: played again, it tells the same, word for word
    _ = await run.end()
    try town.folder.write("night.ndjson", try await nabat("tape").output)
    let again = try await nabat("replay", "--rules", "rules", "--tape", "night.ndjson", "--config", "nabat.yaml")
    #expect(again.output == town.folder.text("var/alerts.ndjson"))

    // and: the journal holds, until a line of it is changed or cut
    let head = try await nabat("journal", "verify", "--json")
    #expect(try JSONValue(parsing: head.output)["sound"] == true)
    let log = town.folder.text("var/alerts.ndjson")
    let last = try JSONValue(parsing: String(log.split(separator: "\n").last ?? ""))
    let anchor = try #require(last["data"]?["journal_head"]?.string)
    #expect(try await nabat("journal", "verify", "--head", anchor).status == 0)
    let foreign = try await nabat("journal", "verify", "--head", "sha256:\(String(repeating: "ab", count: 32))")
    #expect(foreign.status == 1 && foreign.errors.contains("no line has the head"))
    #expect(try await nabat("ack", alert).status == 69)
  }

  @Test("sends an exercise end to end: it arrives, marked as one, and stands in no list") func drill() async throws {
    let alert = try await alert()
    let drill = try await nabat("drill", "--severity", "high", "--region", "XA-ZAR")
    #expect(drill.output == "log  alert.fired  delivered\nlog  alert.closed  delivered\n" && drill.status == 0)
    let log = town.folder.text("var/alerts.ndjson").split(separator: "\n").map(String.init)
    let exercise = try log.map { try JSONValue(parsing: $0) }.filter { $0["data"]?["labels"]?["exercise"] == "true" }
    #expect(exercise.map { $0["type"]?.string } == ["alert.fired", "alert.closed"])
    #expect(exercise.first?["data"]?["title"]?.string?.hasPrefix("УЧЕНИЕ") == true)
    #expect(try await nabat("alerts").output.split(separator: "\n").count == 1)
    #expect(try await nabat("alerts").output.hasPrefix(alert))
    #expect(try await nabat("journal", "verify").status == 0)
  }

  @Test("silences what is going on only after looking at it, and ends the silence") func silence() async throws {
    let alert = try await alert()
    let preview = try await nabat("silence", "region=XA-ZAR", "--for", "2h", "--reason", "учения", "--preview")
    #expect(preview.output.hasPrefix("it holds 1 of the alerts of now:\n  \(alert)") && preview.status == 0)
    #expect(try await nabat("silences").output == "no silences\n")
    let unseen = try await nabat("silence", "region=XA-ZAR", "--for", "2h", "--reason", "учения")
    #expect(unseen.status == 2)
    let broad = try await nabat("silence", "severity=high", "--for", "2h", "--reason", "учения", "--yes")
    #expect(broad.status == 2 && broad.errors.contains("too broad"))
    let made = try await nabat(
      "silence", "region=XA-ZAR", "--for", "2h", "--reason", "учения", "--by", "ivanova", "--yes", "--json")
    let id = try #require(try JSONValue(parsing: made.output)["silence"]?["silence"]?.string)
    #expect(try await nabat("silences").output.contains("\(id)  region=XA-ZAR  until "))
    #expect(try await nabat("unsilence", id).status == 0)
    #expect(try await nabat("unsilence", id).status == 2)
  }

  @Test("follows the link of a message: the page has a form, and only sending it acknowledges") func page() async throws
  {
    let alert = try await alert()
    let desk = try #require(DeskFile.read(database: town.folder.file("var/nabat.db")))
    let client = try HTTPClient(policy: AddressPolicy(allowsPrivate: true))
    func ask(
      _ path: String, _ form: String? = nil, headers: [(name: String, value: String)] = []
    ) async throws -> HTTPClient.Response {
      var request = HTTPClient.Request(
        form == nil ? .get : .post, desk.url + path, userAgent: "test", headers: headers, body: Array((form ?? "").utf8)
      )
      request.limits.redirects = 0
      return try await client.send(request)
    }
    let page = String(decoding: try await ask("/alerts/\(alert)/ack").body, as: UTF8.self)
    #expect(page.contains("<form method=\"post\""))
    #expect(try await nabat("alerts").output.contains("firing/new"))
    let start = try #require(page.range(of: "name=\"token\" value=\""))
    let token = page[start.upperBound...].prefix(64)
    #expect(try await ask("/alerts/\(alert)/ack", "token=0&by=ivanova").status == 403)
    #expect(try await ask("/alerts/\(alert)/ack", "token=\(token)&by=").status == 400)
    #expect(try await ask("/alerts/\(alert)/ack", "token=\(token)&by=ivanova&note=%D0%B4%D0%B0+1").status == 303)
    #expect(try await nabat("alerts").output.contains("firing/acknowledged  ivanova"))

    // A page of elsewhere reaches this server under another name; programs need the token.
    #expect(try await ask("/alerts/\(alert)", headers: [("Host", "evil.example")]).status == 421)
    #expect(try await ask("/api/alerts").status == 401)
    #expect(try await ask("/api/alerts", headers: [("Authorization", "Bearer \(desk.token)")]).status == 200)
    #expect(
      try await ask("/api/alerts/\(alert)/acknowledge", headers: [("Authorization", "Bearer \(desk.token)")]).status
        == 405)
    client.stop()
  }
}
