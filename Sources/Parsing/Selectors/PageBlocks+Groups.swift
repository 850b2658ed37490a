import Model

extension PageBlocks {
  /// Elements of one kind under one parent, or in one place of a page.
  struct Group {
    let blocks: PageBlocks
    var members: [Int]
    var value: Double
    /// The title's link, and the date, of a member.
    var titles: [Int: Int]
    var dates: [Int: Int]
  }

  /// The repeated blocks that have links, the likeliest first.
  func groups(dates reader: DateReader) -> [Group] {
    var byShape: [String: [Int]] = [:]
    var order: [String] = []
    for (index, element) in elements.enumerated() where PageBlocks.mayRepeat.contains(element.name) {
      guard element.end - index > 1 || element.name == "a" else { continue }
      let shape = "\(path(to: element.parent))>\(PageBlocks.shape(element))"
      if byShape[shape] == nil { order.append(shape) }
      byShape[shape, default: []].append(index)
    }
    var groups: [Group] = []
    for shape in order {
      guard let members = byShape[shape], (3...500).contains(members.count),
        let group = group(members, reader)
      else { continue }
      groups.append(group)
    }
    // Stable: of equals the one that stands first on the page.
    return groups.enumerated().sorted { ($1.element.value, $0.offset) < ($0.element.value, $1.offset) }.map(\.element)
  }

  private static let mayRepeat: Set<String> = [
    "li", "div", "article", "tr", "section", "p", "dd", "dt", "a", "td", "span",
  ]

  /// Three steps up: what stands in one column, not in another.
  private func path(to index: Int) -> String {
    var path = ""
    var element = index
    for _ in 0..<3 where element >= 0 {
      path = PageBlocks.shape(elements[element]) + ">" + path
      element = elements[element].parent
    }
    return path
  }

  /// The name and the classes that tell kinds apart; those that number or mark one member do not.
  static func shape(_ element: Element) -> String {
    ([element.name] + element.classes.filter(isSteady).sorted().prefix(3)).joined(separator: ".")
  }

  /// Whether a class may stand in a selector: no number in it, no mark of one entry.
  static func isSteady(_ name: String) -> Bool {
    name.utf8.allSatisfy { Bytes.isLetter($0) || $0 == 0x2D || $0 == 0x5F }
      && !["first", "last", "odd", "even", "active", "current", "new", "big", "clearfix"].contains(name)
  }

  private func group(_ members: [Int], _ reader: DateReader) -> Group? {
    var titles: [Int: Int] = [:]
    var dates: [Int: Int] = [:]
    var length = 0
    for member in members {
      if let title = titleLink(in: member) {
        titles[member] = title
        length += min(elements[title].text.count, 120)
      }
      if let date = dateElement(in: member, reader) { dates[member] = date }
    }
    guard titles.count * 10 >= members.count * 7, titles.count >= 3 else { return nil }
    let average = Double(length) / Double(titles.count)
    guard average >= 12 else { return nil }
    let dated = dates.count * 2 >= members.count
    var value = Double(min(members.count, 30)) * average * (dated ? 4 : 1)
    // A block around one link is better than the link itself.
    if elements[members[0]].name == "a" || elements[members[0]].name == "span" { value *= 0.6 }
    return Group(blocks: self, members: members, value: value, titles: titles, dates: dates)
  }

  /// The link with the longest text.
  private func titleLink(in index: Int) -> Int? {
    var best: Int?
    for inside in index..<max(index + 1, elements[index].end) where elements[inside].name == "a" {
      guard let href = elements[inside].href, !href.hasPrefix("#"), !href.lowercased().hasPrefix("javascript:"),
        elements[inside].text.count >= 8
      else { continue }
      if elements[inside].text.count > best.map({ elements[$0].text.count }) ?? 0 { best = inside }
    }
    return best
  }

  private func dateElement(in index: Int, _ reader: DateReader) -> Int? {
    for inside in index..<elements[index].end {
      let element = elements[inside]
      if element.datetime != nil { return inside }
      // The innermost element that is a date and nothing else.
      guard (4...40).contains(element.text.count), element.text.contains(where: \.isNumber),
        case .moment(let moment) = reader.read(element.text), moment <= reader.now
      else { continue }
      let isInnermost = !(inside + 1..<min(element.end, inside + 20)).contains { elements[$0].text == element.text }
      if isInnermost { return inside }
    }
    return nil
  }
}

extension PageBlocks.Group {
  /// The selectors that find the members and their parts; nil where no selector finds them alone.
  var list: PageList? {
    guard let item = itemSelector else { return nil }
    var list = PageList(item: Selector(item))
    let first = blocks.elements[members[0]]
    if first.name == "a" {
      list.title = titleInLink.map { Selector($0) }
      list.link = Selector("@href")
    } else if let link = part(titles) {
      list.title = Selector(link)
      list.link = Selector(link + "@href")
    } else {
      list.title = Selector("a")
      list.link = Selector("a@href")
    }
    if dates.count * 2 >= members.count, let date = part(dates) {
      let isExact = dates.values.allSatisfy { blocks.elements[$0].datetime != nil }
      list.date = Selector(isExact ? date + "@datetime" : date)
    }
    if let counters = part(counters) { list.comments = Selector(counters) }
    if let summaries = part(summaries) { list.summary = Selector(summaries) }
    return list
  }

  /// Where entries are links: the part that is called a title.
  private var titleInLink: String? {
    var found: [Int: Int] = [:]
    for member in members {
      found[member] = (member + 1..<max(member + 1, blocks.elements[member].end)).first {
        let element = blocks.elements[$0]
        return ["h1", "h2", "h3", "h4"].contains(element.name)
          || element.classes.contains { $0.lowercased().contains("title") || $0.lowercased().contains("head") }
      }
    }
    return part(found)
  }

  private var counters: [Int: Int] {
    var found: [Int: Int] = [:]
    for member in members {
      found[member] = (member..<blocks.elements[member].end).first { index in
        let element = blocks.elements[index]
        let isCalledSo =
          element.classes.contains { $0.lowercased().contains("comment") }
          || CommentWords.isIn(Array(element.text.utf8)[...])
        return isCalledSo && element.text.count <= 30 && CounterReader.count(element.text) != nil
      }
    }
    return found.count * 3 >= members.count ? found : [:]
  }

  /// A paragraph beside the title.
  private var summaries: [Int: Int] {
    var found: [Int: Int] = [:]
    for member in members {
      let title = titles[member]
      let element = blocks.elements[member]
      found[member] = (member + 1..<max(member + 1, element.end)).first { index in
        let part = blocks.elements[index]
        let isAround = title.map { index <= $0 && $0 < part.end } ?? false
        return !isAround && ["p", "div"].contains(part.name) && part.text.count >= 40
          && !(index + 1..<part.end).contains { blocks.elements[$0].name == "div" || blocks.elements[$0].name == "p" }
      }
    }
    return found.count * 2 >= members.count ? found : [:]
  }

  /// A selector that finds the members and nothing else, or hardly anything: with a step or two of what is around.
  private var itemSelector: String? {
    var selector = Self.simple(blocks.elements[members[0]], among: members.map { blocks.elements[$0] })
    var around = members.map { blocks.elements[$0].parent }
    var step = 0
    while step < 4, matches(selector) * 10 > members.count * 11 {
      guard let first = around.first, first >= 0 else { break }
      let parents = around.filter { $0 >= 0 }.map { blocks.elements[$0] }
      selector = Self.simple(blocks.elements[first], among: parents, withID: Set(around).count == 1) + " > " + selector
      around = around.map { $0 >= 0 ? blocks.elements[$0].parent : -1 }
      step += 1
    }
    return selector
  }

  /// How many elements of the page a chain of simple selectors finds.
  private func matches(_ selector: String) -> Int {
    let steps = selector.split(separator: ">").map { $0.trimmingPrefix(" ") }.map { step in
      step.split(separator: " ").first.map(String.init) ?? ""
    }
    return blocks.elements.indices.count { index in
      var element = index
      for step in steps.reversed() {
        guard element >= 0, Self.fits(blocks.elements[element], step) else { return false }
        element = blocks.elements[element].parent
      }
      return true
    }
  }

  private static func fits(_ element: PageBlocks.Element, _ step: String) -> Bool {
    if let hash = step.firstIndex(of: "#") {
      return element.name == step[..<hash] && element.id.map { $0 == step[step.index(after: hash)...] } == true
    }
    let parts = step.split(separator: ".")
    return parts.first.map { element.name == $0 } == true
      && parts.dropFirst().allSatisfy { part in element.classes.contains { $0 == part } }
  }

  /// The name with the classes that all have; the id of a lone one.
  private static func simple(
    _ element: PageBlocks.Element, among all: [PageBlocks.Element], withID: Bool = false
  ) -> String {
    if withID, let id = element.id, PageBlocks.isSteady(id) { return "\(element.name)#\(id)" }
    let common = element.classes.filter { name in
      PageBlocks.isSteady(name) && all.allSatisfy { $0.classes.contains(name) }
    }
    return ([element.name] + common.prefix(2)).joined(separator: ".")
  }

  /// A selector relative to a member that finds the part first in most of them; nil where there is none.
  private func part(_ parts: [Int: Int]) -> String? {
    guard !parts.isEmpty else { return nil }
    var tried: Set<String> = []
    var best: (selector: String, hits: Int)?
    for (member, part) in parts.sorted(by: { $0.key < $1.key }).prefix(5) where part != member {
      let element = blocks.elements[part]
      var candidates: [String] = element.classes.filter(PageBlocks.isSteady).prefix(3).map { ".\($0)" }
      candidates.append(element.name)
      if element.parent > member {
        let parent = blocks.elements[element.parent]
        candidates += parent.classes.filter(PageBlocks.isSteady).prefix(2).map { ".\($0) \(element.name)" }
        candidates.append("\(parent.name) \(element.name)")
      }
      for candidate in candidates where tried.insert(candidate).inserted {
        let hits = parts.count { first(candidate, in: $0.key) == $0.value }
        if hits > best?.hits ?? 0 { best = (candidate, hits) }
      }
    }
    guard let best, best.hits * 10 >= parts.count * 6 else { return nil }
    return best.selector
  }

  /// The first element inside a member that a simple selector finds: `.class`, `name`, or one of them in another.
  private func first(_ selector: String, in member: Int) -> Int? {
    let steps = selector.split(separator: " ").map(String.init)
    return (member + 1..<max(member + 1, blocks.elements[member].end)).first { index in
      guard let last = steps.last, isHit(index, last) else { return false }
      guard steps.count == 2 else { return true }
      var around = blocks.elements[index].parent
      while around > member {
        if isHit(around, steps[0]) { return true }
        around = blocks.elements[around].parent
      }
      return false
    }
  }

  private func isHit(_ index: Int, _ step: String) -> Bool {
    let element = blocks.elements[index]
    return step.hasPrefix(".") ? element.classes.contains(String(step.dropFirst())) : element.name == step
  }
}
