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
}
