/// The little that is read of an address before it is fetched; everything else is libcurl's.
package enum WebAddress {
  /// Host and port in lower case as they stand in the address, without a user's name; nil for what is neither http nor
  /// https or names no host.
  package static func authority(of url: String) -> String? {
    let lower = url.lowercased()
    guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else { return nil }
    let whole = lower.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
    let authority = whole.lastIndex(of: "@").map { whole[whole.index(after: $0)...] } ?? whole
    return authority.isEmpty || authority.hasPrefix(":") ? nil : String(authority)
  }

  /// Whether an address of any scheme names this machine by its own name or a loopback address.
  package static func isLoopback(_ url: String) -> Bool {
    guard let scheme = url.firstRange(of: "://") else { return false }
    let authority = url[scheme.upperBound...].lowercased().prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return false }
    if authority.hasPrefix("[::1]") { return true }
    let host = String(authority.prefix { $0 != ":" })
    return host == "localhost" || (host.hasPrefix("127.") && IPAddress(host) != nil)
  }
}
