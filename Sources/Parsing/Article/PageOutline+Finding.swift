import Model

extension PageOutline {
  /// The first heading of the first level.
  var heading: String? {
    for (index, node) in nodes.enumerated() where node.name == .heading && node.level == 1 {
      if let text = plain(index, limit: 300) { return text }
    }
    return nil
  }

  /// What the first `time` element states for machines, which `itemprop` did not.
  var time: String? {
    for (index, node) in nodes.enumerated() where node.name == .time && !isInComments(index) {
      if node.stop > node.start { return String(decoding: bytes(node), as: UTF8.self) }
      if let text = plain(index, limit: 60) { return text }
    }
    return nil
  }

  /// The first date in a block that says who, when and where.
  func bylineDate(_ reader: DateReader) -> Moment? {
    for (index, node) in nodes.enumerated() where node.hints.contains(.byline) && node.name != .body {
      guard !isInComments(index), let text = plain(index, limit: 60), text.utf8.contains(where: Bytes.isDigit),
        case .moment(let moment) = reader.read(text), moment <= reader.now
      else { continue }
      return moment
    }
    return nil
  }

  /// The name in a block that is called a byline, or in a link to an author.
  var author: String? {
    for (index, node) in nodes.enumerated() where node.hints.contains(.author) {
      guard !isInComments(index), let line = plain(index, limit: 80, without: .time),
        let text = PersonName.withoutPreamble(line)
      else { continue }
      let words = text.split(separator: " ")
      // A name, not a sentence or a button.
      guard (1...5).contains(words.count), text.utf8.count <= 60, !text.contains(where: \.isNumber),
        words.contains(where: { $0.first?.isUppercase == true })
      else { continue }
      return text
    }
    return nil
  }

  /// The number in a line that counts comments: «12 комментариев», «Комментарии (1,2 тыс.)», «3 comments».
  var commentCounter: Int? {
    for (index, node) in nodes.enumerated() where node.name == .text && node.stop - node.start <= 120 {
      let own = Bytes.trimmed(bytes(node))
      guard !own.isEmpty, own.contains(where: Bytes.isDigit) || CommentWords.isIn(own) else { continue }
      var text = own
      let isCalledSo = isCalledComments(index)
      if !CommentWords.isIn(own) {
        // The number alone, in a block or a link that is called so.
        guard isCalledSo, own.count <= 12, Bytes.isDigit(own[own.startIndex]) else { continue }
      } else if !own.contains(where: Bytes.isDigit) {
        // «Нет комментариев»; or «Комментарии» and the number in an element of its own beside it.
        if let none = CounterReader.count(String(decoding: own, as: UTF8.self)) { return none }
        guard own.count <= 40, let beside = number(after: index) else { continue }
        text = beside
      }
      if let count = CounterReader.count(String(decoding: text, as: UTF8.self)) { return count }
    }
    return nil
  }

  /// A number that stands in the element beside or around a text.
  private func number(after index: Int) -> ArraySlice<UInt8>? {
    var next = index + 1
    while next < nodes.count, next <= index + 4 {
      if nodes[next].name == .text {
        let text = Bytes.trimmed(bytes(nodes[next]))
        if text.isEmpty {
          next += 1
          continue
        }
        let digits = text.drop { $0 == 0x28 || $0 == 0x3A || $0 == 0x20 }
        return text.count <= 12 && digits.first.map(Bytes.isDigit) == true ? digits : nil
      }
      if nodes[next].name.isBlock { return nil }
      next += 1
    }
    return nil
  }

  private func isCalledComments(_ index: Int) -> Bool {
    var element = nodes[index].parent
    for _ in 0..<3 where element >= 0 {
      if nodes[Int(element)].hints.contains(.comments) { return true }
      element = nodes[Int(element)].parent
    }
    return false
  }

  private func isInComments(_ index: Int) -> Bool {
    var element = Int32(index)
    while element >= 0 {
      let node = nodes[Int(element)]
      if node.hints.contains(.comments), node.name != .body, node.name != .html, node.name != .article { return true }
      element = node.parent
    }
    return false
  }

  /// The text inside an element on one line; nil when it is blank or longer than `limit` bytes.
  private func plain(_ index: Int, limit: Int, without left: ElementName = .mute) -> String? {
    var gathered: [UInt8] = []
    var inside = index + 1
    while inside < nodes[index].end {
      let node = nodes[inside]
      if node.name == .mute || node.name == left {
        inside = Int(node.end)
        continue
      }
      if node.name == .text { gathered.append(contentsOf: bytes(node)) } else { gathered.append(0x20) }
      if gathered.count > 4 * limit { return nil }
      inside += 1
    }
    let text = PlainText.collapsed(String(decoding: gathered, as: UTF8.self))
    return text.flatMap { $0.utf8.count <= limit * 2 ? $0 : nil }
  }
}

/// How pages call comments.
enum CommentWords {
  static func isIn(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count >= 6 else { return false }
    let low = Bytes.lowercased(text)
    // Without the first letter, which may be a capital.
    return Bytes.find("omment", in: low, from: 0) != nil || Bytes.find("оммент", in: low, from: 0) != nil
      || (["оментар", "аментар", "omentari", "omentári", "ікір"] as [StaticString]).contains {
        Bytes.find($0, in: low, from: 0) != nil
      }
  }
}

extension MainText {
  /// Where the links of the text lead, absolute, each once.
  func links(base: String) -> [String] {
    guard let container, !blocks.isEmpty else { return [] }
    var links: [String] = []
    var seen: Set<String> = []
    var block = 0
    for index in container..<Int(outline.nodes[container].end) {
      let node = outline.nodes[index]
      guard node.name == .a, node.stop > node.start else { continue }
      while block < blocks.count, Int(blocks[block].last) < index { block += 1 }
      guard block < blocks.count else { break }
      guard blocks[block].first < node.end, links.count < 2000 else { continue }
      let address = String(decoding: outline.bytes(node), as: UTF8.self)
      // A place on the page itself leads nowhere.
      guard !address.hasPrefix("#"), let absolute = WebAddress.resolve(address, base: base) else { continue }
      if seen.insert(absolute).inserted { links.append(absolute) }
    }
    return links
  }
}

extension WebAddress {
  /// The midnight of the day that an address names: `/2026/11/23/`, `/2026-11-23-title`.
  static func day(in address: String, _ reader: DateReader) -> Moment? {
    let words: [String] = Parts(address).path.split { $0 == "/" || $0 == "-" || $0 == "_" }.map { String($0) }
    for index in words.indices.dropLast(2) {
      let parts = Array(words[index...(index + 2)])
      guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy(Bytes.isDigit) }) else {
        continue
      }
      if case .moment(let moment) = reader.read(parts.joined(separator: "-")), moment <= reader.now { return moment }
    }
    return nil
  }
}
