import CSodium

/// A shared secret of one endpoint: `whsec_` and base64 of 24 to 64 bytes. It never shows itself in print.
package struct WebhookSecret: Sendable {
  let bytes: [UInt8]

  package init(_ text: String) throws(WebhookSecretError) {
    guard text.hasPrefix("whsec_") else { throw .noPrefix }
    guard let bytes = base64Decoded(String(text.dropFirst(6))) else { throw .notBase64 }
    guard (24...64).contains(bytes.count) else { throw .wrongLength(bytes.count) }
    self.bytes = bytes
  }
}

extension WebhookSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "whsec_…" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What is wrong with a secret, without the secret.
package enum WebhookSecretError: Error, Hashable, Sendable {
  case noPrefix
  case notBase64
  /// Bytes after decoding.
  case wrongLength(Int)
}

extension WebhookSecretError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noPrefix: "a webhook secret begins with whsec_"
    case .notBase64: "after whsec_ a webhook secret is base64"
    case .wrongLength(let count): "a webhook secret has 24 to 64 bytes, this one \(count)"
    }
  }
}

/// The bytes of standard base64, with or without padding; nil for anything else.
func base64Decoded(_ text: String) -> [UInt8]? {
  let variant =
    text.hasSuffix("=") || text.utf8.count % 4 == 0
    ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING
  var bytes = [UInt8](repeating: 0, count: text.utf8.count)
  var count = 0
  // Without an end pointer libsodium takes trailing rubbish for an error, which it is.
  guard sodium_base642bin(&bytes, bytes.count, text, text.utf8.count, nil, &count, nil, Int32(variant)) == 0
  else { return nil }
  return Array(bytes.prefix(count))
}

/// Standard base64 with padding.
func base64Encoded(_ bytes: [UInt8]) -> String {
  let variant = Int32(sodium_base64_VARIANT_ORIGINAL)
  var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
  sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
