/// Hits from left to right, field by field, so that those near a place are found without looking at all of them: a text
/// of a hundred thousand hits must not cost their square.
struct SortedHits {
  let hits: [Matcher.Hit]
  /// How many tokens the longest hit has beyond its first.
  private let reach: Int32

  /// `hits` must be sorted by field and first token.
  init(_ hits: [Matcher.Hit]) {
    self.hits = hits
    reach = hits.reduce(0) { max($0, $1.last - $1.first) }
  }

  /// Where hits of the field lie that touch the tokens `first...last`; some of them may end shortly before.
  func range(field: Int32, from first: Int32, through last: Int32) -> Range<Int> {
    let start = index(field, first - reach)
    return start..<max(start, index(field, last + 1))
  }

  /// The hits of that range.
  func around(field: Int32, from first: Int32, through last: Int32) -> ArraySlice<Matcher.Hit> {
    hits[range(field: field, from: first, through: last)]
  }

  /// Whether the hit at an index is there and lies in the field.
  func has(_ index: Int, in field: Int32) -> Bool { hits.indices.contains(index) && hits[index].field == field }

  /// The first hit that begins in a later field, or in this one at the token or after it.
  private func index(_ field: Int32, _ token: Int32) -> Int {
    var low = 0
    var high = hits.count
    while low < high {
      let middle = (low + high) / 2
      if (hits[middle].field, hits[middle].first) < (field, token) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
