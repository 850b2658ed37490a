import Foundation
import HTTP
import JSON
import Model
import Serving
import Synchronization
import TestSupport
import Testing

@testable import Delivering

@Suite("A notice for people") struct NoticeTests {
  @Test("says what it is, why, until when, where and by which journal")
  func paragraphs() throws {
    let notice = try #require(Notice(Messages.row(), offset: Messages.moscow))
    #expect(
      notice.paragraphs == [
        "ВЫСОКАЯ впервые: Слух о прорыве дамбы — dam-breach — Оренбургская область: 3 публ., первый 01.03 11:41",
        "Почему: «прорвало дамбу» (+5); «учения» (-2)",
        "Сроки: принять до 01.03 12:14, ответить до 01.03 14:59, предельный срок до 01.03 15:59",
        "Публикации:\n• news1 https://news1.example/1?a=1&b=2", "Подробнее: https://monitor.example/alerts/al_0190a1",
        "Журнал: sha256:77aa",
      ])
  }

  @Test("is mail in which every letter arrives, one thread an alert")
  func mail() throws {
    let mail = MailMessage(
      from: "duty@region.example", sender: "Набат", to: ["a@region.example", "b@region.example"],
      subject: "Дамба\r\nBcc: evil@example", date: Messages.time, id: "msg_2", thread: "al_1", host: "region.example",
      text: "Ночь")
    // by hand: base64 of the UTF-8 bytes; the line break of the subject is a space, not a header
    #expect(
      String(decoding: mail.bytes, as: UTF8.self)
        == """
        Date: Sun, 01 Mar 2026 08:59:40 +0000
        From: =?UTF-8?B?0J3QsNCx0LDRgg==?= <duty@region.example>
        To: a@region.example,
         b@region.example
        Subject: =?UTF-8?B?0JTQsNC80LHQsCAgQmNjOiBldmlsQGV4YW1wbGU=?=
        Message-ID: <msg_2@region.example>
        In-Reply-To: <al_1@region.example>
        References: <al_1@region.example>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: base64

        0J3QvtGH0Yw=

        """.replacing("\n", with: "\r\n"))
    #expect(
      MailMessage.encoded(String(repeating: "ы", count: 40)).split(separator: "\r\n").allSatisfy { $0.count <= 76 })
  }

  @Test("fills a template without breaking its JSON, and refuses one that names what there is not")
  func template() throws {
    let notice = try #require(
      Notice(Messages.row(data: ["title": "«\"}] {chat}\n"]), offset: Messages.moscow))
    let template = try ChatTemplate(#"{"a": ["{title} · {severity} · {time}"], "to": "{chat}", "{x": 1}"#)
    #expect(
      template.rendered(notice, settings: ["chat": "-100"]) == [
        "a": ["«\"}] {chat}  · ВЫСОКАЯ · 01.03 11:59"], "to": "-100", "{x": 1,
      ])
    #expect(throws: ChatTemplate.Problem.self) { try ChatTemplate(#"{"text": "{autor}"}"#) }
    #expect(throws: ChatTemplate.Problem.self) { try ChatTemplate("text: {title}") }
  }
}

@Suite("A sink of another kind", .timeLimit(.minutes(1))) struct OtherSinkTests {
  /// What a receiver on loopback got from one message of a sink.
  private func received(
    _ kind: SinkKind, _ values: [String: [String]], secrets: [String] = [], path: String, _ row: OutboxRow
  ) async throws -> (request: HTTPRequest, json: JSONValue, answer: SinkAnswer) {
    let seen = Mutex<HTTPRequest?>(nil)
    let server = try HTTPServer { request in
      seen.withLock { $0 = request }
      return HTTPResponse(status: 200)
    }
    defer { server.stop() }
    let client = try HTTPClient(policy: AddressPolicy(allow: [try #require(CIDR("127.0.0.0/8"))]))
    let context = SinkContext(
      client: client, userAgent: "nabat/test", clock: VirtualClock(Messages.time), instance: ("region-56", "ЦУР"),
      offset: Messages.moscow)
    let values = values.merging(["url": [server.url + path]]) { $1 }
    let sink = try kind.make(SinkSettings(id: "x", values: values, secrets: secrets), context)
    let answer = await sink.send(row, attempt: 1, now: Messages.time)
    let request = try #require(seen.withLock { $0 })
    return (request, try JSONValue(parsing: request.body), answer)
  }

  @Test("tells an Alertmanager of an alert that lasts, and of its end")
  func alertmanager() async throws {
    let (request, json, answer) = try await received(
      .alertmanager, [:], secrets: ["token"], path: "/", Messages.row())
    #expect(answer == .status(200))
    #expect(request.path == "/api/v2/alerts")
    #expect(request.headers["authorization"] == "Bearer token")
    let alert = try #require(json.array?.first)
    #expect(json.array?.count == 1)
    #expect(
      alert["labels"] == [
        "alertname": "claim.dam-breach", "instance": "region-56", "severity": "high", "alert": "al_0190a1",
        "narrative": "dam-breach", "region": "RU-ORE",
      ])
    #expect(alert["startsAt"] == "2026-03-01T08:59:40Z")
    #expect(alert["endsAt"] == "2026-03-02T08:59:40Z")
    let (_, over, _) = try await received(
      .alertmanager, [:], path: "", Messages.row("alert.cleared", seq: 2, data: ["condition": "cleared"]))
    #expect(over.array?.first?["endsAt"] == "2026-03-01T08:59:40Z")
    // a raise makes another alert of it there: the one before is over
    let (_, raised, _) = try await received(
      .alertmanager, [:], path: "",
      Messages.row("alert.updated", seq: 2, severity: .critical, data: ["reasons": ["severity-raised"]]))
    let pairs = (raised.array ?? []).map { "\($0["labels"]?["severity"]?.string ?? "") \($0["endsAt"]?.string ?? "")" }
    #expect(
      Set(pairs) == [
        "info 2026-03-01T08:59:40Z", "low 2026-03-01T08:59:40Z", "medium 2026-03-01T08:59:40Z",
        "high 2026-03-01T08:59:40Z", "critical 2026-03-02T08:59:40Z",
      ])
  }

  @Test("speaks to chats of three kinds, whose secret stands in the address alone", arguments: ["slack", "mattermost"])
  func chat(_ template: String) async throws {
    let (request, json, _) = try await received(
      .chat, ["template": [template]], secrets: ["T0/B0"], path: "/services/{secret}", Messages.row())
    #expect(request.path == "/services/T0/B0")
    #expect(json["text"]?.string?.hasPrefix("ВЫСОКАЯ впервые: Слух о прорыве дамбы") == true)
    let (_, telegram, _) = try await received(
      .chat, ["template": ["telegram"], "chat": ["-100"]], secrets: ["1:A"], path: "/bot{secret}/sendMessage",
      Messages.row())
    #expect(telegram["chat_id"] == "-100")
    #expect(throws: SinkError.missing("chat")) {
      _ = try SinkKind.chat.make(
        SinkSettings(id: "x", values: ["url": ["https://t.example/bot"], "template": ["telegram"]]),
        SinkContext(client: try HTTPClient(), userAgent: "t", clock: VirtualClock(Messages.time)))
    }
  }

  @Test("does not show the secret of an address that cannot be reached")
  func hidden() async throws {
    let client = try HTTPClient()
    let context = SinkContext(client: client, userAgent: "t", clock: VirtualClock(Messages.time))
    // Loopback is not allowed to this client: it refuses before anything is sent.
    let sink = try SinkKind.chat.make(
      SinkSettings(
        id: "x", values: ["url": ["http://127.0.0.1:9/{secret}"], "template": ["slack"]], secrets: ["hush-hush"]),
      context)
    let answer = await sink.send(Messages.row(), attempt: 1, now: Messages.time)
    guard case .failed(let words) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(!words.contains("hush-hush"))
  }

  @Test("rings on the console")
  func console() async {
    let written = Mutex("")
    let sink = ConsoleSink(offset: Messages.moscow) { text in
      written.withLock { $0 += text }
      return true
    }
    #expect(await sink.send(Messages.row(data: ["summary": "s"]), attempt: 1, now: Messages.time) == .status(200))
    #expect(written.withLock { $0 } == "\u{07}11:59 ВЫСОКАЯ впервые: Слух о прорыве дамбы — s\n")
  }
}
