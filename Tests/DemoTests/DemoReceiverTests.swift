import Delivering
import Demo
import Glibc
import HTTP
import Model
import TestSupport
import Testing

@Suite("The demo's receiver", .timeLimit(.minutes(1))) struct DemoReceiverTests {
  private let secret: WebhookSecret
  private let client: HTTPClient
  private let sent = Moment(milliseconds: 1_772_420_000_000)

  init() throws {
    secret = try WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    client = try HTTPClient(policy: AddressPolicy(allow: CIDR("127.0.0.0/8").map { [$0] } ?? []))
  }

  private func body(_ id: String, rule: String = "claim.dam-breach", seq: Int = 1) -> [UInt8] {
    Array(
      """
      {"id":"\(id)","type":"alert.fired","data":{"alert":"al_1","seq":\(seq),"rule":{"id":"\(rule)"},\
      "key":{"narrative":"dam-breach","region":"XA-ZAR"}}}
      """.utf8)
  }

  private func post(
    _ receiver: DemoReceiver, id: String, _ body: [UInt8], signedAs signed: [UInt8]? = nil
  ) async throws -> Int {
    let timestamp = sent.milliseconds / 1000
    let signature = WebhookSignature.sign(id: id, timestamp: timestamp, body: signed ?? body, secrets: [secret])
    return try await client.send(
      HTTPClient.Request(
        .post, receiver.url, userAgent: "nabat/test",
        headers: [
          ("webhook-id", id), ("webhook-timestamp", String(timestamp)), ("webhook-signature", signature),
        ], body: body)
    ).status
  }

  @Test("believes a signed message, drops its repeat, and refuses one that was changed on its way")
  func signatures() async throws {
    let sent = sent
    let receiver = try DemoReceiver(secret: secret, now: { sent + .minutes(1) })
    defer { receiver.stop() }
    #expect(try await post(receiver, id: "msg_1", body("msg_1")) == 204)
    #expect(try await post(receiver, id: "msg_1", body("msg_1")) == 204)
    #expect(try await post(receiver, id: "msg_2", body("msg_2"), signedAs: body("msg_3")) == 401)
    #expect(try await post(receiver, id: "msg_4", body("msg_5")) == 400)
    let delivery = try #require(receiver.received.first)
    #expect(receiver.received.count == 1)
    #expect(delivery.id == "msg_1")
    #expect(delivery.type == "alert.fired")
    #expect(delivery.alert == "al_1")
    #expect(delivery.rule == "claim.dam-breach")
    #expect(delivery.key == ["narrative": "dam-breach", "region": "XA-ZAR"])
    #expect(delivery.seq == 1)
    #expect(receiver.repeats == 1)
    #expect(receiver.refused == 1)
    #expect(receiver.missing().map(\.rule) == ["volume.comments-surge", "official.denial"])
  }

  @Test("refuses a message older than its tolerance, and takes it under a wider one")
  func age() async throws {
    let sent = sent
    let strict = try DemoReceiver(secret: secret, now: { sent + .minutes(20) })
    let patient = try DemoReceiver(secret: secret, now: { sent + .minutes(20) }, tolerance: .hours(1))
    defer {
      strict.stop()
      patient.stop()
    }
    #expect(try await post(strict, id: "msg_1", body("msg_1")) == 401)
    #expect(try await post(patient, id: "msg_1", body("msg_1")) == 204)
  }

  @Test("remembers after a restart what it has accepted")
  func restart() async throws {
    let sent = sent
    let file = try temporaryFolder() + "/received.ndjson"
    let first = try DemoReceiver(file: file, secret: secret, now: { sent })
    #expect(try await post(first, id: "msg_1", body("msg_1")) == 204)
    first.stop()
    let second = try DemoReceiver(file: file, secret: secret, now: { sent })
    defer { second.stop() }
    #expect(try await post(second, id: "msg_1", body("msg_1")) == 204)
    #expect(second.received.map(\.id) == ["msg_1"])
    #expect(second.repeats == 1)
  }

  @Test("keeps what comes after a line that a kill tore")
  func torn() async throws {
    // given: the second of two accepted messages was cut short
    let sent = sent
    let folder = try TestFolder()
    let file = folder.file("received.ndjson")
    let torn = String(decoding: body("msg_1"), as: UTF8.self) + "\n" + #"{"id":"msg_2","ty"#
    try folder.write("received.ndjson", torn)
    // when: the receiver comes back, takes it again, and comes back once more
    let second = try DemoReceiver(file: file, secret: secret, now: { sent })
    #expect(try await post(second, id: "msg_2", body("msg_2", seq: 2)) == 204)
    second.stop()
    let third = try DemoReceiver(file: file, secret: secret, now: { sent })
    defer { third.stop() }
    // then
    #expect(third.received.map(\.id) == ["msg_1", "msg_2"])
  }
}

/// A new empty folder; the system clears it some day.
func temporaryFolder() throws -> String {
  var template = Array("/tmp/nabat-demo-XXXXXX".utf8CString)
  try #require(mkdtemp(&template) != nil)
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
