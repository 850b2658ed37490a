import Glibc

/// An address of IPv4 or IPv6.
package struct IPAddress: Hashable, Sendable {
  /// The 32 or 128 bits, right-aligned.
  package var bits: UInt128
  package var isV6: Bool

  package init(v4 bits: UInt32) {
    self.bits = UInt128(bits)
    isV6 = false
  }

  package init(v6 bits: UInt128) {
    self.bits = bits
    isV6 = true
  }

  /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else.
  package init?(_ text: String) {
    var v4 = in_addr()
    var v6 = in6_addr()
    if inet_pton(AF_INET, text, &v4) == 1 {
      self.init(v4: UInt32(bigEndian: v4.s_addr))
    } else if inet_pton(AF_INET6, text, &v6) == 1 {
      self.init(v6: withUnsafeBytes(of: v6) { $0.reduce(0) { ($0 << 8) | UInt128($1) } })
    } else {
      return nil
    }
  }

  /// Reads the address out of a socket address; nil for another family.
  init?(socketAddress raw: UnsafeRawPointer) {
    switch Int32(raw.loadUnaligned(as: sa_family_t.self)) {
    case AF_INET:
      self.init(v4: UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
    case AF_INET6:
      let v6 = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      self.init(v6: withUnsafeBytes(of: v6) { $0.reduce(0) { ($0 << 8) | UInt128($1) } })
    default:
      return nil
    }
  }

  /// The address of IPv4 that this one of IPv6 leads to: mapped, compatible, 6to4 (RFC 3056) or NAT64 (RFC 6052).
  package var embeddedV4: IPAddress? {
    guard isV6 else { return nil }
    if bits >> 32 == 0xFFFF || (bits >> 32 == 0 && bits > 1) || bits >> 32 == UInt128(0x0064_FF9B) << 64 {
      return IPAddress(v4: UInt32(truncatingIfNeeded: bits))
    }
    if bits >> 112 == 0x2002 { return IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 80)) }
    return nil
  }
}

extension IPAddress: CustomStringConvertible {
  package var description: String {
    if !isV6 { return [24, 16, 8, 0].map { String((bits >> $0) & 0xFF) }.joined(separator: ".") }
    var v6 = in6_addr()
    withUnsafeMutableBytes(of: &v6) { bytes in
      for index in 0..<16 { bytes[index] = UInt8(truncatingIfNeeded: bits >> (120 - 8 * index)) }
    }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(AF_INET6, &v6, &text, socklen_t(text.count)) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A block of addresses: `127.0.0.0/8`, `fc00::/7`, or one address.
package struct CIDR: Hashable, Sendable {
  package var network: IPAddress
  /// In bits, at most 32 or 128.
  package var prefix: Int

  /// Reads the notation; nil for anything else, a prefix that is too long included. Bits below the prefix are cleared.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
    let width = address.isV6 ? 128 : 32
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let prefix = Int(parts[1]), prefix <= width
      else { return nil }
      self.prefix = prefix
    } else {
      prefix = width
    }
    network = address
    network.bits = CIDR.masked(address.bits, prefix, width)
  }

  package func contains(_ address: IPAddress) -> Bool {
    guard address.isV6 == network.isV6 else { return false }
    return CIDR.masked(address.bits, prefix, address.isV6 ? 128 : 32) == network.bits
  }

  private static func masked(_ bits: UInt128, _ prefix: Int, _ width: Int) -> UInt128 {
    prefix == 0 ? 0 : (bits >> (width - prefix)) << (width - prefix)
  }
}

extension CIDR: CustomStringConvertible {
  package var description: String { "\(network)/\(prefix)" }
}
