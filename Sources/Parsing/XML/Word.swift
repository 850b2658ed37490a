/// A name that feeds are read by, in its canonical form (`Namespaces`), numbered so that an element is found by a number.
enum Word: Int32, CaseIterable {
  case title, link, guid, pubDate, description, summary, content, comments, category, enclosure, item, items, entry
  case entries, channel, rss, feed, author, name, email, id, updated, published, issued, created, modified, date
  case language, source, creator, lastBuildDate, body, group, href, dcTitle, dcDescription, dcDate, dcCreator
  case dcAuthor, dcContributor, dcSubject, dcLanguage, dcIdentifier, dctermsIssued, dctermsCreated, dctermsModified
  case atomTitle, atomLink, atomId, atomEntry, atomUpdated, atomPublished, atomSummary, atomContent, atomAuthor
  case atomName, atomEmail, atomCategory, contentEncoded, slashComments, wfwCommentRSS, thrTotal, thrInReplyTo
  case thrCount, mediaTitle, mediaDescription, mediaContent, mediaGroup, mediaStatistics, mediaKeywords, itunesTitle
  case itunesSummary, itunesAuthor, itunesCategory, itunesKeywords, googleplayDescription, googleplayAuthor
  case yandexFullText, turboContent, fullText, joinedFullText, fullItem, xhtmlBody, foafName, rel, type, url, length
  case fileSize, mode, src, term, label, text, isPermaLink, count, ref, views, rdfAbout, xmlLang, xmlBase

  /// The name as an `XMLTree` has it.
  var spelling: StaticString {
    switch self {
    case .title: "title"
    case .link: "link"
    case .guid: "guid"
    case .pubDate: "pubdate"
    case .description: "description"
    case .summary: "summary"
    case .content: "content"
    case .comments: "comments"
    case .category: "category"
    case .enclosure: "enclosure"
    case .item: "item"
    case .items: "items"
    case .entry: "entry"
    case .entries: "entries"
    case .channel: "channel"
    case .rss: "rss"
    case .feed: "feed"
    case .author: "author"
    case .name: "name"
    case .email: "email"
    case .id: "id"
    case .updated: "updated"
    case .published: "published"
    case .issued: "issued"
    case .created: "created"
    case .modified: "modified"
    case .date: "date"
    case .language: "language"
    case .source: "source"
    case .creator: "creator"
    case .lastBuildDate: "lastbuilddate"
    case .body: "body"
    case .group: "group"
    case .href: "href"
    case .dcTitle: "dc:title"
    case .dcDescription: "dc:description"
    case .dcDate: "dc:date"
    case .dcCreator: "dc:creator"
    case .dcAuthor: "dc:author"
    case .dcContributor: "dc:contributor"
    case .dcSubject: "dc:subject"
    case .dcLanguage: "dc:language"
    case .dcIdentifier: "dc:identifier"
    case .dctermsIssued: "dcterms:issued"
    case .dctermsCreated: "dcterms:created"
    case .dctermsModified: "dcterms:modified"
    case .atomTitle: "atom:title"
    case .atomLink: "atom:link"
    case .atomId: "atom:id"
    case .atomEntry: "atom:entry"
    case .atomUpdated: "atom:updated"
    case .atomPublished: "atom:published"
    case .atomSummary: "atom:summary"
    case .atomContent: "atom:content"
    case .atomAuthor: "atom:author"
    case .atomName: "atom:name"
    case .atomEmail: "atom:email"
    case .atomCategory: "atom:category"
    case .contentEncoded: "content:encoded"
    case .slashComments: "slash:comments"
    case .wfwCommentRSS: "wfw:commentrss"
    case .thrTotal: "thr:total"
    case .thrInReplyTo: "thr:in-reply-to"
    case .thrCount: "thr:count"
    case .mediaTitle: "media:title"
    case .mediaDescription: "media:description"
    case .mediaContent: "media:content"
    case .mediaGroup: "media:group"
    case .mediaStatistics: "media:statistics"
    case .mediaKeywords: "media:keywords"
    case .itunesTitle: "itunes:title"
    case .itunesSummary: "itunes:summary"
    case .itunesAuthor: "itunes:author"
    case .itunesCategory: "itunes:category"
    case .itunesKeywords: "itunes:keywords"
    case .googleplayDescription: "googleplay:description"
    case .googleplayAuthor: "googleplay:author"
    case .yandexFullText: "yandex:full-text"
    case .turboContent: "turbo:content"
    case .fullText: "full-text"
    case .joinedFullText: "fulltext"
    case .fullItem: "fullitem"
    case .xhtmlBody: "xhtml:body"
    case .foafName: "foaf:name"
    case .rel: "rel"
    case .type: "type"
    case .url: "url"
    case .length: "length"
    case .fileSize: "filesize"
    case .mode: "mode"
    case .src: "src"
    case .term: "term"
    case .label: "label"
    case .text: "text"
    case .isPermaLink: "ispermalink"
    case .count: "count"
    case .ref: "ref"
    case .views: "views"
    case .rdfAbout: "rdf:about"
    case .xmlLang: "xml:lang"
    case .xmlBase: "xml:base"
    }
  }
}

extension Word {
  /// The numbers of the names.
  static let numbers: [String: Int32] = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.spelling.description, $0.rawValue) })

  /// The names one behind the other, and where each ends.
  static let spellings: (bytes: [UInt8], ends: [Int32]) = {
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    for word in allCases {
      bytes.append(contentsOf: word.spelling.description.utf8)
      ends.append(Int32(bytes.count))
    }
    return (bytes, ends)
  }()
}
