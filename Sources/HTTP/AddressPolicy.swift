/// Which network addresses may be reached: public ones, and besides them only what the configuration allows.
///
/// It is asked with the address of the very socket that is about to be opened, after the names were resolved, so that
/// neither a redirect nor a name that resolves to something else next time gets past it.
package struct AddressPolicy: Hashable, Sendable {
  /// What may be reached though it is not public (`network.allow`).
  package var allow: [CIDR]
  /// Whether loopback and the private ranges may be reached (`allow_private` of a source); link-local and multicast not.
  package var allowsPrivate: Bool

  package init(allow: [CIDR] = [], allowsPrivate: Bool = false) {
    self.allow = allow
    self.allowsPrivate = allowsPrivate
  }

  /// Public addresses only.
  package static let publicOnly = AddressPolicy()

  /// Why the address may not be reached, in words; nil when it may.
  package func refusal(of address: IPAddress) -> String? {
    if allow.contains(where: { $0.contains(address) }) { return nil }
    if let block = AddressPolicy.refused.first(where: { $0.block.contains(address) }) {
      return allowsPrivate && block.isPrivate ? nil : block.name
    }
    return address.embeddedV4.flatMap { refusal(of: $0) }
  }

  private struct Block {
    var block: CIDR
    var name: String
    var isPrivate: Bool
  }

  /// Source: the IANA special-purpose address registries (RFC 6890). What embeds an address of IPv4 is judged by it.
  private static let refused: [Block] = [
    ("0.0.0.0/8", "this network", false), ("10.0.0.0/8", "private", true), ("100.64.0.0/10", "carrier NAT", true),
    ("127.0.0.0/8", "loopback", true), ("169.254.0.0/16", "link-local", false), ("172.16.0.0/12", "private", true),
    ("192.0.0.0/24", "reserved", false), ("192.0.2.0/24", "documentation", false), ("192.168.0.0/16", "private", true),
    ("198.18.0.0/15", "benchmarks", false), ("198.51.100.0/24", "documentation", false),
    ("203.0.113.0/24", "documentation", false), ("224.0.0.0/4", "multicast", false),
    ("240.0.0.0/4", "reserved", false),
    ("::/128", "unspecified", false), ("::1/128", "loopback", true), ("64:ff9b:1::/48", "local NAT64", false),
    ("100::/64", "discard", false), ("2001::/32", "Teredo", false), ("2001:db8::/32", "documentation", false),
    ("fc00::/7", "private", true), ("fe80::/10", "link-local", false), ("fec0::/10", "site-local", false),
    ("ff00::/8", "multicast", false),
  ].compactMap { text, name, isPrivate in CIDR(text).map { Block(block: $0, name: name, isPrivate: isPrivate) } }
}
