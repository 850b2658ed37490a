package import Rules

/// Names derived from content, so that a replay, a restart and a second node give the same ones.
package enum Identity {
  /// First 32 hex digits of SHA-256 over `v1`, the rule's id and the key's `name=value` lines.
  package static func fingerprint(rule: String, key: Key) -> String {
    String(Digest.sha256Hex(Array("v1\n\(rule)\n\(key.canonical)".utf8)).prefix(32))
  }

  /// `al_` and the first 16 characters of base32 of SHA-256(fingerprint, line break, episode).
  package static func alert(fingerprint: String, episode: Int) -> String {
    "al_" + hash("\(fingerprint)\n\(episode)").prefix(16)
  }

  /// `msg_` and the first 20 characters of base32 of SHA-256(alert id, line break, seq).
  package static func message(alert: String, seq: Int) -> String { "msg_" + hash("\(alert)\n\(seq)").prefix(20) }

  /// The id of an event that belongs to no alert: derived from its type, time and data.
  package static func message(type: String, time: String, data: String) -> String {
    "msg_" + hash("\(type)\n\(time)\n\(data)").prefix(20)
  }

  /// The first 16 characters of base32 of SHA-256, for names of other things.
  static func short(_ text: String) -> String { String(hash(text).prefix(16)) }

  private static func hash(_ text: String) -> String { base32(Digest.sha256(Array(text.utf8))) }

  /// RFC 4648, in lower case, without padding.
  static func base32(_ bytes: [UInt8]) -> String {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    var text: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for byte in bytes {
      buffer = buffer << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
      }
    }
    if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
    return String(decoding: text, as: UTF8.self)
  }
}
