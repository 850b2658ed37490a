import Delivering
import Model
import Testing

@Suite("A webhook signature") struct WebhookSignatureTests {
  private let id = "msg_01HTESTVECTOR"
  private let body = Array(
    #"{"type":"alert.fired","timestamp":"2026-03-01T09:00:00Z","data":{"id":"al_01","seq":1}}"#.utf8)
  private let vector = "v1,dmnm4U58NuE+L1CGzLO85d4MB7eJQA1Pt9hhcnSUSio="

  private func secret() throws -> WebhookSecret {
    try WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
  }
  private func other() throws -> WebhookSecret { try WebhookSecret("whsec_" + String(repeating: "QUJD", count: 10)) }

  private func verify(_ signature: String, secrets: [WebhookSecret], at now: Moment = start, body: [UInt8]? = nil)
    throws(WebhookSignatureError)
  {
    try WebhookSignature.verify(
      id: id, timestamp: "1772355600", body: body ?? self.body, signature: signature, secrets: secrets, now: now)
  }

  @Test("is the one of the published vector")
  func publishedVector() throws {
    #expect(body.count == 87)
    #expect(WebhookSignature.sign(id: id, timestamp: 1_772_355_600, body: body, secrets: [try secret()]) == vector)
  }

  @Test("stands twice while secrets are rotated, and either receiver believes it")
  func rotation() throws {
    let both = WebhookSignature.sign(
      id: id, timestamp: 1_772_355_600, body: body, secrets: [try other(), try secret()])
    #expect(both.split(separator: " ").count == 2)
    #expect(both.hasSuffix(" \(vector)"))
    try verify(both, secrets: [try secret()])
    try verify(both, secrets: [try other()])
    try verify(vector, secrets: [try other(), try secret()])
  }

  @Test("is refused when anything differs, and five minutes off either way")
  func refusals() throws {
    let secret = try secret()
    #expect(throws: WebhookSignatureError.noMatch) { try verify(vector, secrets: [try other()]) }
    #expect(throws: WebhookSignatureError.noMatch) { try verify(vector, secrets: [secret], body: body + [0x20]) }
    for text in ["", "v1,", "v1", "v2,\(vector.dropFirst(3))", "v1,%%%", "v1,AAAA"] {
      #expect(throws: WebhookSignatureError.noMatch) { try verify(text, secrets: [secret]) }
    }
    try verify(vector, secrets: [secret], at: start + .minutes(5))
    try verify(vector, secrets: [secret], at: start - .minutes(5))
    #expect(throws: WebhookSignatureError.tooOld) {
      try verify(vector, secrets: [secret], at: start + .milliseconds(300_001))
    }
    #expect(throws: WebhookSignatureError.fromTheFuture) {
      try verify(vector, secrets: [secret], at: start - .milliseconds(300_001))
    }
  }

  @Test("needs a secret of 24 to 64 bytes, which never shows itself")
  func secrets() throws {
    #expect(throws: WebhookSecretError.noPrefix) { _ = try WebhookSecret("MDEyMzQ1Njc4OWFiY2RlZg==") }
    #expect(throws: WebhookSecretError.notBase64) { _ = try WebhookSecret("whsec_не base64") }
    #expect(throws: WebhookSecretError.wrongLength(16)) { _ = try WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZg==") }
    #expect(throws: WebhookSecretError.wrongLength(66)) {
      _ = try WebhookSecret("whsec_" + String(repeating: "AAAA", count: 22))
    }
    _ = try WebhookSecret("whsec_" + String(repeating: "AAAA", count: 8))
    let secret = try secret()
    var dumped = ""
    dump(secret, to: &dumped)
    #expect("\(secret) \(String(reflecting: secret))" == "whsec_… whsec_…")
    #expect(!dumped.contains("48"))
  }
}

extension Span {
  fileprivate static func milliseconds(_ count: Int64) -> Span { Span(milliseconds: count) }
}
