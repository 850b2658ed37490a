package import JSON
package import Model

/// What each selector of a source matches on one page: what `nabat sources test` shows.
package struct SelectorTrial: Sendable {
  /// One selector.
  package struct Row: Sendable {
    package var field: String
    package var selector: String
    /// Entries in which it matched; of `item`, the entries themselves.
    package var matches: Int
    package var of: Int
    /// The first values, as they stand and as they are understood.
    package var samples: [Sample] = []
  }
  package struct Sample: Sendable {
    package var text: String
    /// A date, a number or an address as it was understood; nil where the text itself is the value, or none could be made of it.
    package var value: String?
    package var isUnderstood = true
  }

  package private(set) var rows: [Row] = []
  /// What the page gives as a whole.
  package let feed: Feed

  /// Values that are shown of each selector.
  private static let shown = 3

  /// Tries the selectors of the options' source.
  package init(_ payload: Payload, options: ReadingOptions) {
    feed = DocumentReader.read(payload, options: options)
    guard let list = options.source?.list else { return }
    let document = Document(payload, options: options)
    guard let page = document.page() else { return }
    var fields = Fields(page: page, document: document)
    let nodes = fields.items(list.item)
    rows.append(Row(field: "item", selector: list.item.text, matches: nodes.count, of: nodes.count))
    for sample in nodes.prefix(SelectorTrial.shown) {
      rows[0].samples.append(Sample(text: SelectorTrial.line(sample.text)))
    }
    let base = document.base(of: page)
    for (field, selector) in list.selectors where field != "item" {
      var row = Row(field: field, selector: selector.text, matches: 0, of: nodes.count)
      for node in nodes {
        let isAddress = field == "link" || field == "comments_url"
        guard
          let text = isAddress ? fields.address(field, selector, node) : fields.text(field, selector, node),
          !text.allSatisfy(\.isWhitespace)
        else { continue }
        row.matches += 1
        guard row.samples.count < SelectorTrial.shown else { continue }
        var sample = Sample(text: SelectorTrial.line(text))
        if ["title", "summary", "content"].contains(field),
          let html = fields.html(field, selector, node), let clean = HTMLCleaner.clean(html, base: base),
          let plain = PlainText.text(clean: clean)
        {
          sample.text = SelectorTrial.line(Fields.cut(plain, selector))
        }
        switch field {
        case "date":
          sample.value = fields.date(selector, node)?.rfc3339
          sample.isUnderstood = sample.value != nil
        case "comments", "views":
          sample.value = CounterReader.count(text).map { String($0) }
          sample.isUnderstood = sample.value != nil
        case "link", "comments_url":
          sample.value = WebAddress.resolve(text, base: base)
          sample.isUnderstood = sample.value != nil
        default: break
        }
        row.samples.append(sample)
      }
      rows.append(row)
    }
  }

  private static func line(_ text: String) -> String { (PlainText.collapsed(text) ?? "").shown }

  /// Whether every selector matched somewhere and every shown value was understood.
  package var isSound: Bool {
    !feed.items.isEmpty && rows.allSatisfy { $0.matches > 0 && $0.samples.allSatisfy(\.isUnderstood) }
  }

  /// As `--json` prints it.
  package var json: JSONValue {
    let rows = rows.map { row in
      JSONValue.object(
        JSONObject([
          "field": .string(row.field), "selector": .string(row.selector), "matches": JSONValue(row.matches),
          "of": JSONValue(row.of),
          "values": .array(
            row.samples.map { sample in
              .object(
                JSONObject([
                  "text": .string(sample.text),
                  "value": sample.value.map { .string($0) } ?? (sample.isUnderstood ? .string(sample.text) : .null),
                ]))
            }),
        ]))
    }
    let warnings = feed.warnings.map { JSONValue.string($0.text) }
    return .object(
      JSONObject(["items": JSONValue(feed.items.count), "selectors": .array(rows), "warnings": .array(warnings)]))
  }
}

extension PageList {
  /// The selectors that are given, by their keys in source files.
  var selectors: [(field: String, selector: Selector)] {
    let all: [(String, Selector?)] = [
      ("item", item), ("id", id), ("title", title), ("link", link), ("date", date), ("summary", summary),
      ("content", content), ("comments", comments), ("comments_url", commentsURL), ("views", views),
    ]
    return all.compactMap { field, selector in selector.map { (field, $0) } }
  }
}
