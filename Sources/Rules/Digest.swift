import CSodium

/// SHA-256 (FIPS 180-4), from libsodium.
package enum Digest {
  /// 32 bytes.
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    // The one-shot form cannot fail: it returns 0 always.
    _ = crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
    return hash
  }

  /// 64 lower-case hexadecimal digits.
  package static func sha256Hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: sha256(bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
