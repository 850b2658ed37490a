/// Finds the text of an article among everything else that its page shows.
///
/// What is certainly around it goes first: menus, forms, asides, blocks whose names say so. Of what is left the element is
/// looked for that holds the article: one that its author named so, or the one whose paragraphs weigh most. Of its
/// blocks of text those go that are no paragraphs: teasers, bylines, captions, rows of links.
struct MainText {
  let outline: PageOutline
  /// By node: it and all inside is left out.
  private var isDropped: [Bool]
  /// By node: characters of prose inside, whatever is dropped.
  private var weight: [Int32]
  private let title: String?
  /// Whether names of blocks are listened to.
  private let heedsNames: Bool

  /// The paragraphs of the article, in order.
  private(set) var blocks: [TextBlock] = []
  /// The index of the element that holds it; nil when there is none.
  private(set) var container: Int?

  /// - Parameter title: of the article, which its text does not repeat.
  init(_ outline: PageOutline, title: String?) {
    self.init(outline, title: title, heedsNames: true)
    // A page whose text bears a name that elsewhere means a menu or a teaser.
    guard length < 300, !outline.nodes.isEmpty, Int(weight[0]) > 2 * length else { return }
    let other = MainText(outline, title: title, heedsNames: false)
    if other.length > 2 * length { self = other }
  }

  /// Characters of the article.
  var length: Int { blocks.reduce(0) { $0 + $1.length } }

  private init(_ outline: PageOutline, title: String?, heedsNames: Bool) {
    self.outline = outline
    self.title = title
    self.heedsNames = heedsNames
    isDropped = [Bool](repeating: false, count: outline.nodes.count)
    weight = [Int32](repeating: 0, count: outline.nodes.count)
    guard !outline.nodes.isEmpty else { return }
    weigh()
    drop()
    let all = outline.blocks(0..<outline.nodes.count, isDropped: isDropped)
    guard let container = container(all) else { return }
    self.container = container
    let end = Int(outline.nodes[container].end)
    let inside = all.filter { $0.first >= container && $0.first < end }
    blocks = BlockFilter(outline: outline, title: title).kept(inside)
  }

  // MARK: What is left out

  /// Sums up long runs of text outside links.
  private mutating func weigh() {
    var index = 0
    var linkEnd = 0
    while index < outline.nodes.count {
      let node = outline.nodes[index]
      if node.name == .mute || node.name == .head || node.name == .nav {
        index = Int(node.end)
        continue
      }
      if node.name == .a { linkEnd = max(linkEnd, Int(node.end)) }
      if node.name == .text, index >= linkEnd, node.stop - node.start >= 50 {
        weight[index] = Int32(outline.bytes(node).count { $0 & 0xC0 != 0x80 && !isSpace($0) })
      }
      index += 1
    }
    for index in outline.nodes.indices.reversed() {
      let parent = outline.nodes[index].parent
      if parent >= 0 { weight[Int(parent)] += weight[index] }
    }
  }

  private mutating func drop() {
    // Inside what is named the article's text, what holds a good part of it stays whatever it is called.
    var around = [(end: outline.nodes.count, weight: Int(weight[0]), isBody: false)]
    var index = 0
    while index < outline.nodes.count {
      let node = outline.nodes[index]
      while around.count > 1, let last = around.last, last.end <= index { around.removeLast() }
      let whole = around[around.count - 1]
      if node.name != .text, mayGo(node, Int(weight[index]), of: whole.weight, inBody: whole.isBody) {
        isDropped[index] = true
        index = Int(node.end)
      } else {
        if node.hints.isBody, node.name != .body, node.name != .html, weight[index] >= 400 {
          around.append((Int(node.end), Int(weight[index]), true))
        }
        index += 1
      }
    }
  }

  /// Whether an element is around the article, by its name and the names it was given.
  private func mayGo(_ node: PageOutline.Node, _ weight: Int, of total: Int, inBody: Bool) -> Bool {
    switch node.name {
    case .mute, .head, .nav: return true
    case .html, .body: return false
    case .button, .label, .figcaption, .caption, .aside, .footer, .address: return weight * 2 < total || weight < 200
    case .form, .fieldset: return weight * 3 < total || weight < 200
    case .header: return weight * 4 < total
    default: break
    }
    let hints = node.hints
    let isNamed = hints.contains(.marked) || hints.contains(.articleBody)
    if hints.contains(.comments), node.name != .article, !isNamed { return true }
    if node.name == .main || isNamed || !heedsNames { return false }
    // The article itself may bear any name: what holds most of the text stays.
    if weight >= 200, weight * (inBody ? 5 : 2) >= total { return false }
    if hints.contains(.hidden) { return true }
    if node.name == .row || node.name == .cell || node.name == .table { return false }
    if hints.contains(.boilerplate) { return !hints.isSuperset(of: [.subject, .part]) || weight * 5 < total }
    if hints.contains(.caption) { return weight * 5 < total }
    if hints.contains(.byline) { return weight * 8 < total }
    return false
  }

  // MARK: Where the article is

  private func container(_ blocks: [TextBlock]) -> Int? {
    let scored = Scores(outline, blocks)
    guard let best = scored.best else { return nil }
    guard let named = named(scored) else { return best }
    let (mine, other) = (scored.prose[named], scored.prose[best])
    if contains(named, best) { return named }
    if contains(best, named) { return other > mine * 3 / 2 ? best : named }
    return mine * 5 > other * 2 ? named : best
  }

  private func contains(_ outer: Int, _ inner: Int) -> Bool {
    outer <= inner && inner < Int(outline.nodes[outer].end)
  }

  /// The element that its author named the text of the article; the one around several of them where they are its parts.
  private func named(_ scored: Scores) -> Int? {
    var candidates: [(index: Int, rank: Int)] = []
    for (index, node) in outline.nodes.enumerated() where scored.prose[index] > 0 {
      let hints = node.hints
      if node.name == .body || node.name == .html { continue }
      if hints.contains(.marked) {
        candidates.append((index, 3))
      } else if hints.isBody {
        candidates.append((index, 2))
      } else if node.name == .article {
        candidates.append((index, 1))
      }
    }
    for rank in [3, 2, 1] {
      let ranked = candidates.filter { $0.rank == rank }
      guard let best = ranked.max(by: { scored.prose[$0.index] < scored.prose[$1.index] }),
        scored.prose[best.index] >= 140
      else { continue }
      // Of nested ones the innermost that still has nearly all.
      var chosen = best.index
      for candidate in ranked
      where contains(chosen, candidate.index) && scored.prose[candidate.index] * 10 >= scored.prose[chosen] * 9 {
        chosen = candidate.index
      }
      // Parts beside each other.
      let parent = Int(outline.nodes[chosen].parent)
      if parent >= 0 {
        let parts = ranked.filter { Int(outline.nodes[$0.index].parent) == parent }
        let sum = parts.reduce(0) { $0 + scored.prose[$1.index] }
        if parts.count > 1, sum * 4 > scored.prose[chosen] * 5, rank > 1 { chosen = parent }
      }
      return chosen
    }
    return nil
  }
}

/// What the blocks of text say of the elements around them.
private struct Scores {
  /// By node: characters of prose inside, of what is not dropped.
  var prose: [Int]
  /// The element whose own paragraphs weigh most; nil without prose.
  var best: Int?

  init(_ outline: PageOutline, _ blocks: [TextBlock]) {
    let count = outline.nodes.count
    prose = [Int](repeating: 0, count: count)
    var score = [Double](repeating: 0, count: count)
    var length = [Int](repeating: 0, count: count)
    var linked = [Int](repeating: 0, count: count)
    for block in blocks {
      let owner = Int(block.owner)
      length[owner] += block.length
      linked[owner] += block.linked
      guard block.isProse else { continue }
      prose[owner] += block.length - block.linked
      let value = 1 + Double(min(block.commas, 10)) + min(Double(block.length) / 100, 3)
      var share = 1.0
      var element = outline.nodes[owner].name == .p ? outline.nodes[owner].parent : block.owner
      for step in 0..<5 where element >= 0 {
        score[Int(element)] += value * share
        share = step == 0 ? 0.5 : share * 0.6
        element = outline.nodes[Int(element)].parent
      }
    }
    for index in outline.nodes.indices.reversed() {
      let parent = outline.nodes[index].parent
      guard parent >= 0 else { continue }
      prose[Int(parent)] += prose[index]
      length[Int(parent)] += length[index]
      linked[Int(parent)] += linked[index]
    }
    var top = 0.0
    for index in outline.nodes.indices where score[index] > 0 {
      let value = score[index] * (1 - Double(linked[index]) / Double(max(1, length[index])))
      if value > top { (top, best) = (value, index) }
    }
    guard var chosen = best else { return }
    // An element around that has half as much again belongs to the article as well.
    while true {
      let parent = Int(outline.nodes[chosen].parent)
      guard parent > 0, outline.nodes[parent].name != .body else { break }
      guard prose[parent] * 2 >= prose[chosen] * 3, score[parent] * 3 >= top else { break }
      chosen = parent
    }
    best = chosen
  }
}
