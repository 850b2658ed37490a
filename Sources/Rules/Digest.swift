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
    let hash = sha256(bytes)
    return String(unsafeUninitializedCapacity: hash.count * 2) { text in
      func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }
      for (index, byte) in hash.enumerated() {
        text[2 * index] = digit(byte >> 4)
        text[2 * index + 1] = digit(byte & 15)
      }
      return hash.count * 2
    }
  }
}
