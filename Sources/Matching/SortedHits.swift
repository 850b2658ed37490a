/// Hits from left to right, field by field, so that those near a place are found without looking at all of them: a text
/// of a hundred thousand hits must not cost their square.
struct SortedHits {
  private let hits: Scratch<Matcher.Hit>
  /// Where they lie in `hits`.
  let range: Range<Int>

  /// The hits of the range must be sorted by field and first token.
  init(_ hits: Scratch<Matcher.Hit>, _ range: Range<Int>) {
    self.hits = hits
    self.range = range
  }

  var first: Matcher.Hit? { range.isEmpty ? nil : hits[range.lowerBound] }

  subscript(index: Int) -> Matcher.Hit { hits[index] }

  /// Where hits of the field lie that touch the tokens `first...last`; some of them may be of another field or lie
  /// beside it.
  ///
  /// - Parameter reach: how many tokens the longest hit has beyond its first.
  func range(field: Int32, from first: Int32, through last: Int32, reach: Int32) -> Range<Int> {
    // A few are gone through faster than halved.
    guard range.count > 8 else { return range }
    let start = index(field, first - reach)
    return start..<max(start, index(field, last + 1))
  }

  /// How many tokens the longest hit has beyond its first.
  var reach: Int32 {
    var reach: Int32 = 0
    for index in range { reach = max(reach, hits[index].last - hits[index].first) }
    return reach
  }

  /// Whether the hit at an index is there and lies in the field.
  func has(_ index: Int, in field: Int32) -> Bool { range.contains(index) && hits[index].field == field }

  /// The first hit that begins in a later field, or in this one at the token or after it.
  private func index(_ field: Int32, _ token: Int32) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if (hits[middle].field, hits[middle].first) < (field, token) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
