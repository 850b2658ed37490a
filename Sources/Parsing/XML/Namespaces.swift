/// The vocabularies of feeds: canonical prefixes by namespace, and by usual prefix where none was declared.
enum Namespaces {
  /// The canonical prefix of a namespace. Compared without case, `http`/`https` and a trailing slash.
  private static let byURI: [String: String] = [
    "www.w3.org/2005/atom": "atom", "purl.org/atom/ns#": "atom", "purl.org/atom/ns": "atom",
    "www.w3.org/1999/xhtml": "xhtml", "www.w3.org/xml/1998/namespace": "xml",
    "www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "purl.org/rss/1.0": "rss", "my.netscape.com/rdf/simple/0.9": "rss", "channel.netscape.com/rdf/simple/0.9": "rss",
    "my.netscape.com/publish/formats/rss-0.91.dtd": "rss", "backend.userland.com/rss": "rss",
    "backend.userland.com/rss2": "rss", "backend.userland.com/rss091": "rss", "blogs.law.harvard.edu/tech/rss": "rss",
    "purl.org/net/rss1.1#": "rss",
    "purl.org/dc/elements/1.1": "dc", "purl.org/dc/elements/1.0": "dc", "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content", "purl.org/rss/1.0/modules/slash": "slash",
    "purl.org/rss/1.0/modules/syndication": "sy", "wellformedweb.org/commentapi": "wfw",
    "purl.org/syndication/thread/1.0": "thr", "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes", "www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "podcastindex.org/namespace/1.0": "podcast", "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.georss.org/georss": "georss", "news.yandex.ru": "yandex", "turbo.yandex.ru": "turbo",
    "xmlns.com/foaf/0.1": "foaf", "www.w3.org/2000/svg": "svg", "www.w3.org/1998/math/mathml": "math",
  ]

  /// Prefixes that mean their namespace even when it was not declared.
  private static let usual: Set<String> = Set(byURI.values).subtracting(["rss"])

  /// The canonical prefix; empty for the format's own words.
  ///
  /// - Parameter core: the prefix whose words are the format's own: `rss`, or `atom` under an Atom root.
  static func prefix(uri: String?, written: String?, core: String) -> String {
    if let uri, let known = byURI[key(uri)] { return known == core || known == "rss" ? "" : known }
    guard let written, !written.isEmpty else { return "" }
    let name = Bytes.lowercased(written)
    if name == core { return "" }
    return usual.contains(name) ? name : "?\(name)"
  }

  private static func key(_ uri: String) -> String {
    var bytes = Bytes.lowercased(Bytes.trimmed(Array(uri.utf8)[...]))[...]
    if Bytes.starts(bytes, with: "http://") { bytes = bytes.dropFirst(7) }
    if Bytes.starts(bytes, with: "https://") { bytes = bytes.dropFirst(8) }
    while bytes.last == 0x2F { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
