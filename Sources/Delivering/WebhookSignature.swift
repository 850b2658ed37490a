import CSodium
package import Model

/// Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, written `v1,<base64>`.
package enum WebhookSignature {
  /// How far the timestamp may lie from the receiver's clock, either way.
  package static let tolerance = Span.minutes(5)

  /// The header's value: one signature a secret, separated by spaces, in the order given.
  package static func sign(id: String, timestamp: Int64, body: [UInt8], secrets: [WebhookSecret]) -> String {
    secrets.map { "v1,\(base64Encoded(mac(id, timestamp, body, $0)))" }.joined(separator: " ")
  }

  /// The receiver's side: any of the signatures by any of the secrets, fresh enough. Compares in constant time.
  package static func verify(
    id: String, timestamp: String, body: [UInt8], signature: String, secrets: [WebhookSecret], now: Moment
  ) throws(WebhookSignatureError) {
    guard let seconds = Int64(timestamp), abs(seconds) < 1 << 40 else { throw .badTimestamp }
    let age = now - Moment(milliseconds: seconds * 1000)
    guard age <= tolerance else { throw .tooOld }
    guard age >= tolerance * -1 else { throw .fromTheFuture }
    let given = signature.split(separator: " ").compactMap { part -> [UInt8]? in
      part.hasPrefix("v1,") ? base64Decoded(String(part.dropFirst(3))) : nil
    }
    var matches = false
    for secret in secrets {
      let expected = mac(id, seconds, body, secret)
      for bytes in given where bytes.count == expected.count {
        if sodium_memcmp(bytes, expected, expected.count) == 0 { matches = true }
      }
    }
    guard matches else { throw .noMatch }
  }

  private static func mac(_ id: String, _ timestamp: Int64, _ body: [UInt8], _ secret: WebhookSecret) -> [UInt8] {
    let head = Array("\(id).\(timestamp).".utf8)
    var state = crypto_auth_hmacsha256_state()
    var bytes = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
    crypto_auth_hmacsha256_init(&state, secret.bytes, secret.bytes.count)
    crypto_auth_hmacsha256_update(&state, head, UInt64(head.count))
    crypto_auth_hmacsha256_update(&state, body, UInt64(body.count))
    crypto_auth_hmacsha256_final(&state, &bytes)
    return bytes
  }
}

/// Why a received webhook is not believed.
package enum WebhookSignatureError: Error, Hashable, Sendable {
  case badTimestamp
  case tooOld
  case fromTheFuture
  case noMatch
}
