import JSON

/// What a page says of itself to machines: JSON-LD, then microdata, then `meta`.
struct PageMetadata {
  private(set) var title: String?
  private(set) var published: String?
  private(set) var author: String?
  private(set) var comments: Int?
  private(set) var views: Int?
  private(set) var likes: Int?

  init(_ page: HTMLPage) {
    for script in page.nodes("//script[@type]").prefix(50)
    where script.attribute("type")?.lowercased().hasPrefix("application/ld+json") == true {
      // A damaged block says nothing; the others still do.
      if let value = try? JSONValue(parsing: Array(script.text.utf8)) { read(value, depth: 0) }
    }
    readMicrodata(page)
    title = title ?? meta(page, "og:title")
    published = published ?? meta(page, "article:published_time")
  }

  private mutating func read(_ value: JSONValue, depth: Int) {
    guard depth < 8 else { return }
    for entry in value.array?.prefix(200) ?? [] { read(entry, depth: depth + 1) }
    guard value.object != nil else { return }
    if isWork(value["@type"]) {
      title = title ?? value["headline"]?.string
      published = published ?? value["datePublished"]?.string
      let person = list(value["author"]).first
      author = author ?? person?.string ?? person?["name"]?.string
      comments = comments ?? count(value["commentCount"])
      for statistic in list(value["interactionStatistic"]) { readStatistic(statistic) }
      for legacy in list(value["interactionCount"]) { readLegacy(legacy.string) }
    }
    for name in ["@graph", "mainEntity", "mainEntityOfPage"] {
      if let inner = value[name] { read(inner, depth: depth + 1) }
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
    if name.contains("Comment") { comments = comments ?? count }
    if name.contains("Like") { likes = likes ?? count }
    if name.contains("View") || name.contains("Watch") || name.contains("PageVisits") || name.contains("Read") {
      views = views ?? count
    }
  }

  private mutating func readMicrodata(_ page: HTMLPage) {
    func value(_ node: HTMLPage.Node) -> String { node.attribute("content") ?? node.text }
    if comments == nil, let node = page.nodes("//*[@itemprop='commentCount']").first {
      comments = CounterReader.count(value(node))
    }
    for node in page.nodes("//*[@itemprop='interactionCount']").prefix(20) { readLegacy(value(node)) }
    for statistic in page.nodes("//*[@itemprop='interactionStatistic']").prefix(20) {
      let type = page.nodes(".//*[@itemprop='interactionType']", from: statistic).first
      let count = page.nodes(".//*[@itemprop='userInteractionCount']", from: statistic).first
      let name =
        type.map { $0.attribute("href") ?? $0.attribute("content") ?? $0.attribute("itemtype") ?? $0.text } ?? ""
      take(name, count.flatMap { CounterReader.count(value($0)) })
    }
    // Comments that are only marked up, not counted.
    if comments == nil {
      let marked = page.nodes("//*[@itemprop='comment' or contains(@itemtype, 'schema.org/UserComments')]").count
      if marked > 0 { comments = marked }
    }
    title = title ?? page.nodes("//*[@itemprop='headline']").first.map(value)
    author =
      author
      ?? page.nodes("//*[@itemprop='author']").first.map { node in
        page.nodes(".//*[@itemprop='name']", from: node).first.map(value) ?? value(node)
      }
    published =
      published
      ?? page.nodes("//*[@itemprop='datePublished']").first.map {
        $0.attribute("datetime") ?? value($0)
      }
  }

  private func meta(_ page: HTMLPage, _ name: String) -> String? {
    page.nodes("//meta[@property='\(name)' or @name='\(name)']").first?.attribute("content")
  }
}
