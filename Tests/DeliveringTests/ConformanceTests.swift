import Foundation
import HTTP
import JSON
import Model
import TestSupport
import Testing

@testable import Delivering

private let alertmanagerProgram = "/usr/bin/prometheus-alertmanager"

/// What others wrote, and Nabat speaks to: a mail server, an Alertmanager, the reference receiver of webhooks.
@Suite("In the world outside", .timeLimit(.minutes(2)), .serialized) struct ConformanceTests {
  private let loopback: AddressPolicy

  init() throws { loopback = AddressPolicy(allow: [try #require(CIDR("127.0.0.0/8"))]) }

  private func context() throws -> SinkContext {
    SinkContext(
      client: try HTTPClient(policy: loopback), userAgent: "nabat/test", clock: VirtualClock(Messages.time),
      policy: loopback, instance: ("region-56", "ЦУР"), offset: Messages.moscow)
  }

  private static func decoded(_ text: String?) -> String {
    String(decoding: Array(Data(base64Encoded: text ?? "") ?? Data()), as: UTF8.self)
  }

  private func mailServer(_ arguments: [String] = []) async throws -> (peer: Peer, port: String) {
    let peer = try Peer(try #require(Peer.python), [Peer.fixture("mail-server.py")] + arguments)
    #expect(await eventually { !peer.lines.isEmpty || !peer.isRunning })
    return (peer, try #require(peer.lines.first, "\(peer.errors)"))
  }

  private func mailSink(_ port: String, _ more: [String: [String]] = [:], secrets: [String] = []) throws -> any Sink {
    let values = ["to": ["duty@region.example"], "smtp": ["smtp://127.0.0.1:\(port)"]].merging(more) { $1 }
    return try SinkKind.mail.make(SinkSettings(id: "mail", values: values, secrets: secrets), try context())
  }

  @Test("a mail server takes the mail, and its refusals are told apart", .enabled(if: Peer.python != nil))
  func mail() async throws {
    let (peer, port) = try await mailServer()
    defer { peer.stop() }
    let answer = try await mailSink(port).send(Messages.row(), attempt: 1, now: Messages.time)
    #expect(answer == .status(250))
    #expect(await eventually { peer.lines.count == 2 })
    let mail = try JSONValue(parsing: peer.lines[1])
    #expect(mail["from"] == "duty@region.example")
    #expect(mail["to"] == ["duty@region.example"])
    let text = ConformanceTests.decoded(mail["message"]?.string)
    #expect(text.contains("Message-ID: <al_0190a1@region.example>\r\n"))
    let body = text.split(separator: "\r\n\r\n").last.map { $0.replacing("\r\n", with: "") } ?? ""
    #expect(
      ConformanceTests.decoded(String(body))
        .hasPrefix("ВЫСОКАЯ впервые: Слух о прорыве дамбы"))
    let refused = try await mailSink(port, ["to": ["nobody@region.example"]])
      .send(Messages.row(), attempt: 1, now: Messages.time)
    guard case .refused = refused else {
      Issue.record("550 is a refusal for good, not \(refused)")
      return
    }
    let later = try await mailSink(port, ["to": ["later@region.example"]])
      .send(Messages.row(), attempt: 1, now: Messages.time)
    guard case .failed = later else {
      Issue.record("451 means later, not \(later)")
      return
    }
  }

  @Test("a mail server that demands STARTTLS and a password gets both", .enabled(if: Peer.python != nil))
  func starttls() async throws {
    let folder = try TestFolder()
    let openssl = try Peer(
      "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
        "subjectAltName=IP:127.0.0.1", "-keyout", folder.file("key.pem"), "-out", folder.file("cert.pem"),
      ])
    #expect(await eventually { !openssl.isRunning })
    let (peer, port) = try await mailServer([folder.file("cert.pem"), folder.file("key.pem")])
    defer { peer.stop() }
    let more = ["user": ["nabat"], "ca_file": [folder.file("cert.pem")]]
    let answer = try await mailSink(port, more, secrets: ["open sesame"])
      .send(Messages.row(), attempt: 1, now: Messages.time)
    #expect(answer == .status(250))
    #expect(await eventually { peer.lines.count == 2 })
    let mail = try JSONValue(parsing: peer.lines[1])
    #expect(mail["tls"] == true)
    #expect(mail["user"] == "nabat")
    // a wrong password may be mended, and never shows
    let wrong = try await mailSink(port, more, secrets: ["hush-hush"])
      .send(Messages.row(), attempt: 1, now: Messages.time)
    guard case .failed(let words) = wrong else {
      Issue.record("\(wrong)")
      return
    }
    #expect(!words.contains("hush-hush"))
  }

  @Test("a mail server that nobody allowed is not spoken to")
  func forbidden() async throws {
    let client = MailClient(server: "smtp://127.0.0.1:9", policy: AddressPolicy())
    guard case .failed(let words) = await client.send(from: "a@b.example", to: ["c@d.example"], []) else {
      Issue.record("loopback was reached")
      return
    }
    #expect(words.contains("127.0.0.1 refused"))
  }

  @Test(
    "the reference receiver takes a signature by the new secret and by the old one", .enabled(if: Peer.python != nil))
  func webhook() async throws {
    let secrets = [
      "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
      "whsec_" + base64Encoded(Array("another secret of 32 bytes length".utf8)),
    ]
    let stamp = Int64(Date().timeIntervalSince1970)
    let body = Messages.row().body
    let signature = WebhookSignature.sign(
      id: "msg_1", timestamp: stamp, body: Array(body.utf8), secrets: try secrets.map { try WebhookSecret($0) })
    func verdict(_ secret: String, _ body: String) async throws -> String? {
      let given: JSONValue = [
        "secret": .string(secret), "body": .string(body),
        "headers": [
          "webhook-id": "msg_1", "webhook-timestamp": .string(String(stamp)), "webhook-signature": .string(signature),
        ],
      ]
      let peer = try Peer(
        try #require(Peer.python), [Peer.fixture("verify-webhook.py")], input: given.serialized)
      #expect(await eventually { !peer.isRunning })
      return peer.lines.first
    }
    for secret in secrets { #expect(try await verdict(secret, body) == "taken") }
    #expect(try await verdict(secrets[0], body + " ")?.hasPrefix("refused") == true)
  }

  @Test(
    "a real Alertmanager accepts, groups and resolves alerts",
    .enabled(if: FileManager.default.isExecutableFile(atPath: alertmanagerProgram)))
  func alertmanager() async throws {
    // given: one that groups by region and tells a webhook at once
    let heard = try GroupReceiver()
    defer { heard.stop() }
    let folder = try TestFolder()
    try folder.write(
      "alertmanager.yml",
      """
      route: { receiver: duty, group_by: [region], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }
      receivers: [ { name: duty, webhook_configs: [ { url: "\(heard.url)/", send_resolved: true } ] } ]
      """)
    let port = try GroupReceiver.freePort()
    let peer = try Peer(
      alertmanagerProgram,
      [
        "--config.file=\(folder.file("alertmanager.yml"))", "--storage.path=\(folder.file("data"))",
        "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
      ])
    defer { peer.stop() }
    let context = try context()
    let sink = try SinkKind.alertmanager.make(
      SinkSettings(id: "am", values: ["url": ["http://127.0.0.1:\(port)"]]), context)
    let now = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    func send(_ alert: String, _ narrative: String, _ region: String, _ data: [String: JSONValue] = [:]) async
      -> SinkAnswer
    {
      let times: JSONValue = ["detected": .string((now - .minutes(1)).rfc3339)]
      var row = Messages.row(
        at: now,
        data: data.merging(["key": ["narrative": .string(narrative), "region": .string(region)], "times": times]) { $1 }
      )
      row.alert = alert
      return await sink.send(row, attempt: 1, now: now)
    }
    // when: two alerts of one region, one of another, as soon as it listens
    let deadline = ContinuousClock.now + .seconds(30)
    while await send("al_1", "dam", "RU-ORE") != .status(200), ContinuousClock.now < deadline { await Task.yield() }
    #expect(await send("al_2", "water", "RU-ORE") == .status(200))
    #expect(await send("al_3", "dam", "RU-PER") == .status(200))
    // then: the two are told of together
    #expect(await eventually(within: .seconds(30)) { heard.groups(status: "firing").contains(["al_1", "al_2"]) })
    #expect(await eventually(within: .seconds(30)) { heard.groups(status: "firing").contains(["al_3"]) })
    // when one is over: it is resolved, and the other goes on
    #expect(await send("al_1", "dam", "RU-ORE", ["condition": "cleared"]) == .status(200))
    #expect(await eventually(within: .seconds(30)) { heard.resolved.contains("al_1") })
    #expect(!heard.resolved.contains("al_2"))
  }
}
