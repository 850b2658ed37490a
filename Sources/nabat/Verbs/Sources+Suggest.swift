import Delivering
import Model
import Parsing
import Rules

extension Verb.SourceAction {
  /// The YAML of a page's list.
  static let suggest = Verb.SourceAction(name: "suggest", usage: "suggest FILE|URL") { arguments, operands in
    guard let operand = operands.first, operands.count == 1 else {
      throw Stop(.usage, "name one saved page or one address; see: nabat sources --help")
    }
    let zone = arguments["--tz"] ?? "UTC"
    guard LocalTime(zone: zone) != nil else { throw Stop(.usage, "--tz «\(zone)» is not a zone like Europe/Moscow") }
    let isAddress = operand.hasPrefix("http://") || operand.hasPrefix("https://")
    let payload: Payload
    if isAddress {
      payload = try await FetchedPage.payload(
        operand, contact: arguments["--contact"], allowsPrivate: arguments.has("--allow-private"))
    } else {
      payload = Payload(bytes: try FileInput.bytes(operand), url: arguments["--url"] ?? "https://page.example/")
    }
    let options = ReadingOptions(
      now: try DatabaseInput.moment("--now", in: arguments) ?? SystemClock().now, timezone: zone,
      contentType: payload.headers["content-type"])
    guard let found = ListSuggestion(payload, options: options) else {
      let feeds = DocumentReader.read(payload, options: options).warnings.filter { $0.code == "feed-link" }
      let hint = feeds.first.map { "; \($0.text)" } ?? ""
      throw Stop(.rejected, "\(operand): no repeated blocks with links were found\(hint)")
    }
    let items = found.feed.items
    let dated = items.count { $0.published != nil }
    var text = "# \(items.count) entries, \(dated) with a date\n"
    for item in items.prefix(3) {
      let parts = [item.published?.rfc3339, item.title].compactMap { $0 }
      text += plainText("#   \(parts.joined(separator: "  "))") + "\n"
    }
    text += found.yaml(
      id: sourceID(of: payload.url), url: payload.url, title: found.feed.title, lang: found.feed.language,
      timezone: arguments["--tz"])
    Terminal.write(text)
    return .done
  }

  /// Checks source files, as `check` does.
  static let check = Verb.SourceAction(name: "check", usage: "check PATH…") { arguments, operands in
    guard !operands.isEmpty else { throw Stop(.usage, "name the files to check; see: nabat sources --help") }
    let json = arguments.has("--json") ? ["--json"] : []
    return try await Verb.check.run(Arguments(json + ["--"] + operands, of: Verb.check))
  }

  /// The host as an id: `news.example.ru` → `news-example-ru`.
  static func sourceID(of url: String) -> String {
    let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
    let host = rest.prefix { $0 != "/" && $0 != ":" && $0 != "?" }.lowercased()
    let name = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    let id = String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" }.prefix(60))
    return id.isEmpty ? "page" : id
  }
}
