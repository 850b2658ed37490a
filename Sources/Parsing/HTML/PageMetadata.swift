import JSON

/// What a page says of itself to machines: JSON-LD, then microdata, then `meta`.
struct PageMetadata {
  private(set) var title: String?
  private(set) var published: String?
  private(set) var author: String?
  /// Of JSON-LD, else of microdata.
  var comments: Int? { jsonComments ?? microdataComments }
  private(set) var jsonComments: Int?
  private(set) var microdataComments: Int?
  private var isReadingMicrodata = false
  private(set) var views: Int?
  private(set) var likes: Int?
  /// The text of the article, where it is stated for machines.
  private(set) var body: String?
  /// A language tag, or what stands for one.
  private(set) var language: String?
  /// The `title` of the page, which may name the site as well.
  private(set) var pageTitle: String?

  init(_ page: HTMLPage) {
    let nodes = page.metadataNodes()
    for script in nodes.scripts.prefix(200)
    where script.attribute("type")?.lowercased().hasPrefix("application/ld+json") == true {
      // A damaged block says nothing; the others still do.
      if let value = try? JSONValue(parsing: Array(script.text.utf8)) { read(value, depth: 0) }
    }
    isReadingMicrodata = true
    readMicrodata(nodes.properties, page)
    readHead(nodes.metas, page)
  }

  /// OpenGraph, Dublin Core, and what else stands in `meta`.
  private mutating func readHead(_ nodes: [HTMLPage.Node], _ page: HTMLPage) {
    var metas: [String: String] = [:]
    for node in nodes.prefix(500) {
      guard let name = node.attribute("property") ?? node.attribute("name") ?? node.attribute("http-equiv"),
        let content = node.attribute("content"), content.utf8.contains(where: { !isSpace($0) })
      else { continue }
      let key = Bytes.lowercased(name)
      if metas[key] == nil { metas[key] = content }
    }
    func first(_ names: String...) -> String? { names.lazy.compactMap { metas[$0] }.first }
    title = title ?? first("og:title", "twitter:title", "dc.title", "dcterms.title")
    published =
      published
      ?? first(
        "article:published_time", "og:article:published_time", "datepublished", "article.published", "dc.date.issued",
        "dcterms.created", "dcterms.date", "dc.date", "pubdate", "publishdate", "publish-date", "parsely-pub-date",
        "sailthru.date", "mediator_published_time", "date", "og:published_time")
    // Some put the address of a profile where a name is meant.
    author =
      author
      ?? ["author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl"]
      .lazy.compactMap { metas[$0] }.first { !$0.contains("://") && !$0.hasPrefix("@") && $0.utf8.count <= 200 }
    language =
      page.nodes("/html[@lang]").first?.attribute("lang") ?? language
      ?? first("content-language", "og:locale", "dc.language")
    pageTitle = page.nodes("//head/title").first?.text
  }

  private mutating func read(_ value: JSONValue, depth: Int) {
    guard depth < 8 else { return }
    for entry in value.array?.prefix(200) ?? [] { read(entry, depth: depth + 1) }
    guard value.object != nil else { return }
    if isWork(value["@type"]) {
      title = title ?? value["headline"]?.string
      published = published ?? value["datePublished"]?.string
      let person = list(value["author"]).first
      author = author ?? person?.string ?? person?["name"]?.string ?? list(person?["name"]).first?.string
      body = body ?? value["articleBody"]?.string
      language = language ?? value["inLanguage"]?.string
      jsonComments = jsonComments ?? count(value["commentCount"])
      for statistic in list(value["interactionStatistic"]) { readStatistic(statistic) }
      for legacy in list(value["interactionCount"]) { readLegacy(legacy.string) }
    }
    for name in ["@graph", "mainEntity", "mainEntityOfPage"] {
      if let inner = value[name] { read(inner, depth: depth + 1) }
    }
    // Comments that are only listed, not counted.
    if isWork(value["@type"]), jsonComments == nil, let listed = value["comment"]?.array, !listed.isEmpty {
      jsonComments = listed.count
    }
  }

  private func list(_ value: JSONValue?) -> [JSONValue] { value.map { $0.array ?? [$0] } ?? [] }

  /// Works that carry counters; comments and people inside them do not.
  private func isWork(_ type: JSONValue?) -> Bool {
    list(type).contains { type in
      guard let name = type.string else { return false }
      return ["Article", "Posting", "Report", "WebPage", "CreativeWork", "VideoObject", "QAPage", "Question", "Recipe"]
        .contains { name.hasSuffix($0) }
    }
  }

  private func count(_ value: JSONValue?) -> Int? {
    switch value {
    case .integer(let number): CounterReader.plausible(Int(number))
    case .number(let number): Int(exactly: number).flatMap(CounterReader.plausible)
    case .string(let text): CounterReader.count(text)
    default: nil
    }
  }

  private mutating func readStatistic(_ value: JSONValue) {
    let type = value["interactionType"]
    let name = type?.string ?? type?["@type"]?.string ?? type?["@id"]?.string ?? ""
    take(name, count(value["userInteractionCount"]))
  }

  /// `UserComments:12`, the way before InteractionCounter.
  private mutating func readLegacy(_ text: String?) {
    let parts = text?.split(separator: ":") ?? []
    if parts.count == 2 { take(String(parts[0]), CounterReader.count(String(parts[1]))) }
  }

  private mutating func take(_ name: String, _ count: Int?) {
    guard let count else { return }
    if name.contains("Comment") {
      if isReadingMicrodata {
        microdataComments = microdataComments ?? count
      } else {
        jsonComments = jsonComments ?? count
      }
    }
    if name.contains("Like") { likes = likes ?? count }
    if name.contains("View") || name.contains("Watch") || name.contains("PageVisits") || name.contains("Read") {
      views = views ?? count
    }
  }

  private mutating func readMicrodata(_ nodes: [HTMLPage.Node], _ page: HTMLPage) {
    guard !nodes.isEmpty else { return }
    func value(_ node: HTMLPage.Node) -> String { node.attribute("content") ?? node.text }
    func all(_ name: String) -> [HTMLPage.Node] { nodes.filter { $0.attribute("itemprop") == name } }
    microdataComments = all("commentCount").first.flatMap { CounterReader.count(value($0)) }
    for node in all("interactionCount").prefix(20) { readLegacy(value(node)) }
    for statistic in all("interactionStatistic").prefix(20) {
      let type = page.nodes(".//*[@itemprop='interactionType']", from: statistic).first
      let count = page.nodes(".//*[@itemprop='userInteractionCount']", from: statistic).first
      let name =
        type.map { $0.attribute("href") ?? $0.attribute("content") ?? $0.attribute("itemtype") ?? $0.text } ?? ""
      take(name, count.flatMap { CounterReader.count(value($0)) })
    }
    // Comments that are only marked up, not counted.
    if microdataComments == nil {
      let marked = nodes.count {
        $0.attribute("itemprop") == "comment" || $0.attribute("itemtype")?.contains("schema.org/UserComments") == true
      }
      if marked > 0 { microdataComments = marked }
    }
    title = title ?? all("headline").first.map(value)
    author =
      author
      ?? all("author").first.map { node in
        page.nodes(".//*[@itemprop='name']", from: node).first.map(value) ?? value(node)
      }
    published = published ?? all("datePublished").first.map { $0.attribute("datetime") ?? value($0) }
  }
}
