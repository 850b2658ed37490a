import Model

/// Links to the replies of an entry (RFC 4685): a page, a feed and their count.
struct ReplyLinks {
  private(set) var page: String?
  private(set) var feed: String?
  private(set) var count: Int?

  init(_ entry: XMLElement, linkName: Word, document: Document) {
    for link in entry.all(linkName) where Bytes.lowercased(link.attribute(.rel) ?? "") == "replies" {
      count = count ?? CounterReader.digits(link.attribute(.thrCount) ?? link.attribute(.count))
      guard let text = link.attribute(.href),
        let address = WebAddress.resolve(text, base: link.base(under: document.base))
      else { continue }
      let type = Bytes.lowercased(link.attribute(.type) ?? "")
      if type.contains("xml") && !type.contains("xhtml") || type.contains("json") {
        feed = feed ?? address
      } else if type.isEmpty || type.contains("html") {
        page = page ?? address
      }
    }
  }
}

/// Files that an entry carries with it.
enum Enclosures {
  static func read(_ element: XMLElement, document: Document) -> [Enclosure] {
    var list: [Enclosure] = []
    func add(_ element: XMLElement, url: String?, length: String?) {
      guard let url = url.flatMap({ WebAddress.resolve($0, base: element.base(under: document.base)) }),
        !list.contains(where: { $0.url == url })
      else { return }
      let type = element.attribute(.type).flatMap { PlainText.collapsed($0) }
      list.append(Enclosure(url: url, type: type, length: CounterReader.digits(length)))
    }
    func walk(_ element: XMLElement) {
      for child in element.children {
        switch child.word {
        case .enclosure:
          add(child, url: child.attribute(.url) ?? child.attribute(.href), length: child.attribute(.length))
        case .mediaContent:
          add(child, url: child.attribute(.url), length: child.attribute(.fileSize))
          walk(child)
        case .mediaGroup: walk(child)
        case .link, .atomLink:
          if Bytes.lowercased(child.attribute(.rel) ?? "") == "enclosure" {
            add(child, url: child.attribute(.href), length: child.attribute(.length))
          }
        default: break
        }
      }
    }
    walk(element)
    return list
  }
}
