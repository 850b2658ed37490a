package import Model

extension TapeReader {
  /// A line of counts that were taken before the tape begins:
  /// `{"series":{"narrative":"…","region":"…"},"bucket":"15m","start":"…","counts":[10,12]}`.
  package mutating func readHistory(line bytes: UnsafeBufferPointer<UInt8>) throws(TapeError) -> HistoryLine {
    guard let line = try TapeReader.object(bytes, &parser).value().object else {
      throw TapeError("a line must be one JSON object")
    }
    guard let members = line["series"]?.object, !members.members.isEmpty else {
      throw TapeError("«series» is missing: an object such as {\"narrative\":\"…\",\"region\":\"…\"}")
    }
    var series: [String: String] = [:]
    for member in members.members where series[member.name] == nil {
      guard let value = member.value.string else { throw TapeError("the fields of «series» must be strings") }
      series[member.name] = value
    }
    guard let bucket = line["bucket"]?.string.flatMap({ Span($0) }), bucket > .zero else {
      throw TapeError("«bucket» must be a span above zero, such as 15m")
    }
    guard let start = line["start"]?.string.flatMap({ Moment(rfc3339: $0) }) else {
      throw TapeError("«start» must be a time of RFC 3339 with a zone, such as 2026-03-01T09:00:00+03:00")
    }
    guard let counts = line["counts"]?.array else { throw TapeError("«counts» must be a list of whole numbers") }
    var numbers: [Int] = []
    numbers.reserveCapacity(counts.count)
    for count in counts {
      guard let number = count.integer, (0...1_000_000_000_000).contains(number) else {
        throw TapeError("«counts» must be whole numbers that are not negative, and at most 10¹²")
      }
      numbers.append(Int(number))
    }
    return HistoryLine(series: series, bucket: bucket, start: start, counts: numbers)
  }
}
