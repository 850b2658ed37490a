import Glibc
import Model
import YAML

// Values that several files write in the same way. Each getter complains at the value's place and returns nil.
extension Fields {
  /// Says that a key which was given, and checked, does nothing yet.
  func noEffect(_ names: String...) {
    for name in names {
      if let entry = entry(name) { complaints.add(ConfigurationCause.noEffect(name), at: entry.key) }
    }
  }

  /// `format: 1`.
  func checkFormat() {
    require("format")
    guard let node = value("format"), let text = complaints.string(node), text != "1" else { return }
    complaints.add(YAMLCause.value("format «\(text)» is not known", hint: "this Nabat reads format 1"), at: node)
  }

  /// An id: letters, digits, `.`, `-`, `_`; at most 100.
  func slug(_ name: String) -> String? {
    guard let node = value(name), let text = complaints.string(node) else { return nil }
    let isFormed = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ".-_0123456789".unicodeScalars.contains($0)
    }
    guard isFormed, !text.isEmpty, text.unicodeScalars.count <= 100 else {
      complaints.add(
        YAMLCause.value("«\(text)» is no id", hint: "letters, digits, «.», «-» and «_», at most 100"), at: node)
      return nil
    }
    return text
  }

  /// An IANA name of a time zone. Where the machine has no such database, any name of the right form.
  func timezone(_ name: String) -> String? {
    guard let node = value(name), let text = complaints.string(node) else { return nil }
    let isFormed =
      text.utf8.count <= 64
      && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { isLetterOrDigit($0) || [0x5F, 0x2B, 0x2D].contains($0) }
      }
    let folder = "/usr/share/zoneinfo"
    if isFormed, text == "UTC" || access(folder, F_OK) != 0 || access("\(folder)/\(text)", F_OK) == 0 { return text }
    complaints.add(YAMLCause.value("unknown time zone «\(text)»", hint: "a name such as Asia/Novosibirsk"), at: node)
    return nil
  }

  /// A language tag: `ru`, `sr-Latn`.
  func language(_ name: String) -> String? {
    guard let node = value(name), let text = complaints.string(node) else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let primary = parts.first.map {
      (2...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
    if primary == true,
      parts.dropFirst().allSatisfy({ (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(isLetterOrDigit) })
    {
      return text
    }
    complaints.add(YAMLCause.value("«\(text)» is no language tag", hint: "such as ru, tt or kk"), at: node)
    return nil
  }

  /// `mailto:` or `https:`: whom a site's owner may write to.
  func contact(_ name: String) -> String? {
    guard let node = value(name), let text = complaints.string(node) else { return nil }
    let isMail = text.hasPrefix("mailto:") && text.dropFirst(7).contains("@")
    if isMail || WebAddress(text)?.isSecure == true, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) { return text }
    complaints.add(
      YAMLCause.value("«\(text)» is no contact", hint: "write mailto:duty@region.example or an https address"), at: node
    )
    return nil
  }

  /// An http or https address without a name or password in it.
  func webAddress(_ name: String) -> (address: WebAddress, node: YAMLNode)? {
    guard let node = value(name), let text = complaints.string(node) else { return nil }
    guard let address = WebAddress(text) else {
      complaints.add(
        YAMLCause.value("«\(text)» is no web address", hint: "it begins with https:// or http:// and names a host"),
        at: node)
      return nil
    }
    guard !address.hasCredentials else {
      // The value itself is not repeated: it holds a password.
      complaints.add(
        YAMLCause.value("an address may not hold a name and a password", hint: "they would be seen in logs"), at: node)
      return nil
    }
    return (address, node)
  }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
}

/// The parts of an http or https address that a configuration is checked by.
struct WebAddress: Hashable, Sendable {
  var text: String
  var isSecure: Bool
  var host: String
  var hasCredentials: Bool

  /// nil when the text is not of that form.
  init?(_ text: String) {
    let lower = text.lowercased()
    let isSecure = lower.hasPrefix("https://")
    guard isSecure || lower.hasPrefix("http://"),
      text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
    else { return nil }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
    let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let host: Substring
    let port: Substring
    if hostAndPort.hasPrefix("["), let end = hostAndPort.firstIndex(of: "]") {
      host = hostAndPort[hostAndPort.index(after: hostAndPort.startIndex)..<end]
      port = hostAndPort[hostAndPort.index(after: end)...]
    } else {
      host = hostAndPort.prefix { $0 != ":" }
      port = hostAndPort.dropFirst(host.count)
    }
    guard !host.isEmpty, port.isEmpty || (port.hasPrefix(":") && UInt16(port.dropFirst()) != nil) else { return nil }
    self.text = text
    self.isSecure = isSecure
    self.host = host.lowercased()
    hasCredentials = authority.contains("@")
  }

  /// The machine itself: localhost, 127.0.0.0/8 or ::1.
  var isLoopback: Bool {
    var v4 = in_addr()
    if inet_pton(AF_INET, host, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
    return host == "localhost" || host == "::1"
  }
}

/// A path as it is meant: relative ones start at the folder of the file they were written in.
func resolve(_ path: String, in file: String) -> String {
  guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
  return String(file[...slash]) + path
}
