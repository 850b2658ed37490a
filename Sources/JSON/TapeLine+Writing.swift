package import Model

extension TapeLine {
  /// The line as JSON without the line break: members in a fixed order, absent ones left out, times in UTC, authors
  /// hashed. Reading it back gives the same line.
  package var json: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    write(into: &bytes)
    return bytes.withUnsafeBufferPointer { String(validUTF8: $0) }
  }

  /// Appends `json`.
  package func write(into bytes: inout [UInt8]) {
    switch self {
    case .item(let at, let item): TapeWriter.write(item, at, into: &bytes)
    case .comment(let at, let comment): TapeWriter.write(comment, at, into: &bytes)
    case .total(let at, let total):
      let line = TapeWriter("total", at, &bytes)
      line.text(",\"source\":", total.source, &bytes)
      line.text(",\"item\":", total.item, &bytes)
      line.number(",\"comments\":", total.comments, &bytes)
      line.end(&bytes)
    case .fetch(let at, let fetch):
      let line = TapeWriter("fetch", at, &bytes)
      line.text(",\"source\":", fetch.source, &bytes)
      line.number(",\"status\":", fetch.status, &bytes)
      line.end(&bytes)
    case .act(let at, let act): bytes.append(contentsOf: act.line(at).utf8)
    case .fire(let at, let fire):
      let line = TapeWriter("fire", at, &bytes)
      line.text(",\"rule\":", fire.rule, &bytes)
      for field in fire.key.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        guard let value = fire.key[field], !value.isEmpty else { continue }
        bytes.append(0x2C)
        JSONValue.write(field, into: &bytes)
        bytes.append(0x3A)
        JSONValue.write(value, into: &bytes)
      }
      line.end(&bytes)
    case .tick(let at):
      TapeWriter("tick", at, &bytes).end(&bytes)
    case .rules(let at, let set):
      let line = TapeWriter("rules", at, &bytes)
      line.text(",\"set\":", set, &bytes)
      line.end(&bytes)
    }
  }
}

extension Act {
  /// The line as it was written, unless its time was moved or it would not fit on one line.
  fileprivate func line(_ at: Moment) -> String {
    guard let value = try? JSONValue(parsing: json), var object = value.object else {
      return JSONValue.object(JSONObject(["kind": "act", "at": .string(at.rfc3339), "do": .string(verb)])).serialized
    }
    let written = object["at"]?.string.flatMap { Moment(rfc3339: $0) }
    let oneLine = !json.utf8.contains(0x0A) && !json.utf8.contains(0x0D)
    if written == at, oneLine, object["kind"]?.string == "act", object["do"]?.string == verb { return json }
    object["kind"] = "act"
    object["at"] = .string(at.rfc3339)
    object["do"] = .string(verb)
    return JSONValue.object(object).serialized
  }
}

/// Members of one line, one after another.
private struct TapeWriter {
  init(_ kind: String, _ at: Moment, _ bytes: inout [UInt8]) {
    bytes.append(contentsOf: "{\"kind\":\"".utf8)
    bytes.append(contentsOf: kind.utf8)
    bytes.append(contentsOf: "\",\"at\":\"".utf8)
    at.writeRFC3339(into: &bytes)
    bytes.append(0x22)
  }

  /// - Parameter name: with what stands around it: `,"name":`.
  private func name(_ name: StaticString, _ bytes: inout [UInt8]) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  func text(_ name: StaticString, _ text: String?, _ bytes: inout [UInt8]) {
    guard let text, !text.isEmpty else { return }
    self.name(name, &bytes)
    JSONValue.write(text, into: &bytes)
  }

  func number(_ name: StaticString, _ value: Int, _ bytes: inout [UInt8]) {
    self.name(name, &bytes)
    bytes.append(contentsOf: String(value).utf8)
  }

  func author(_ key: AuthorKey?, _ bytes: inout [UInt8]) {
    guard let key else { return }
    name(",\"author\":\"#", &bytes)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 17) { digits in
      for place in 0..<16 {
        let digit = UInt8(truncatingIfNeeded: key.value >> UInt64(60 - 4 * place)) & 15
        digits[place] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
      }
      digits[16] = 0x22
      bytes.append(contentsOf: digits)
    }
  }

  /// Always written: the default of a reader may be another one.
  func language(_ lang: String?, _ bytes: inout [UInt8]) {
    if let lang { text(",\"lang\":", lang, &bytes) } else { name(",\"lang\":null", &bytes) }
  }

  func published(_ moment: Moment, _ at: Moment, _ bytes: inout [UInt8]) {
    guard moment != at else { return }
    bytes.append(contentsOf: ",\"published\":\"".utf8)
    moment.writeRFC3339(into: &bytes)
    bytes.append(0x22)
  }

  func end(_ bytes: inout [UInt8]) { bytes.append(0x7D) }

  static func write(_ item: Publication, _ at: Moment, into bytes: inout [UInt8]) {
    let line = TapeWriter("item", at, &bytes)
    line.text(",\"id\":", item.id, &bytes)
    line.text(",\"source\":", item.source, &bytes)
    line.text(",\"source_class\":", item.sourceClass, &bytes)
    line.text(",\"region\":", item.region, &bytes)
    line.language(item.lang, &bytes)
    line.text(",\"url\":", item.url, &bytes)
    line.text(",\"title\":", item.title, &bytes)
    line.text(",\"body\":", item.body, &bytes)
    line.author(item.author, &bytes)
    line.published(item.published, at, &bytes)
    line.end(&bytes)
  }

  static func write(_ comment: Comment, _ at: Moment, into bytes: inout [UInt8]) {
    let line = TapeWriter("comment", at, &bytes)
    line.text(",\"id\":", comment.id, &bytes)
    line.text(",\"source\":", comment.source, &bytes)
    if comment.sourceClass != "media" { line.text(",\"source_class\":", comment.sourceClass, &bytes) }
    line.text(",\"item\":", comment.item, &bytes)
    line.text(",\"region\":", comment.region, &bytes)
    line.language(comment.lang, &bytes)
    line.text(",\"url\":", comment.url, &bytes)
    line.text(",\"narrative\":", comment.narrative, &bytes)
    line.author(comment.author, &bytes)
    line.text(",\"text\":", comment.text, &bytes)
    line.published(comment.published, at, &bytes)
    line.end(&bytes)
  }
}
