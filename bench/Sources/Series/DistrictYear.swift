import Alerting
import Counting
import Glibc
import Model
import Rules

/// Judges series that another program generates, as rule files do by default: rarity 2.4, 10 an hour, twice the usual.
///
/// In, on standard input, for each series: its region and number of buckets (UInt32, little-endian), then the counts; all
/// ones for a bucket that was not received. Out, a line an alarm: series, bucket, rarity, count in the hour, expected.
/// The budget is applied afterwards by `--budget`, to lines «bucket region series rarity» in the order of time.
enum DistrictYear {
  static func judge() throws {
    var series = 0
    while let head = words(2) {
      guard let counts = words(Int(head[1])) else { throw BenchError.failed("a series ends too soon") }
      var detector = VolumeDetector()
      var gate = AlarmGate(fire: 2.4, rearm: 12)
      var hour = [UInt32](repeating: 0, count: 12)
      for (bucket, count) in counts.enumerated() {
        let isMissing = count == .max
        hour[bucket % 12] = isMissing ? 0 : count
        let judgement = detector.take(
          isMissing ? nil : Double(count), hour: Double(bucket % 288) / 12, weekday: bucket / 288 % 7)
        let sum = hour.reduce(0, +)
        let expected = judgement.looks[2].expected
        let guarded = sum >= 10 && Double(sum) >= 2 * max(expected, 1)
        if gate.take(guarded ? judgement.rarity : 0) {
          print(series, bucket, SeriesBench.fixed(judgement.rarity, 3), sum, SeriesBench.fixed(expected, 1))
        }
      }
      series += 1
    }
  }

  static func budget(perDay: Int) {
    var budget = AlarmBudget(perDay: perDay)
    while let line = readLine() {
      let fields = line.split(separator: " ")
      guard fields.count == 4, let bucket = Int64(fields[0]), let rarity = Double(fields[3]) else { continue }
      let at = Moment(milliseconds: bucket * 300_000)
      let firing = Firing(
        key: Key([("region", String(fields[1])), ("narrative", String(fields[2]))]), eventTime: at, severity: .medium,
        evidence: [], measure: Measure())
      print(budget.take(firing, rule: "v", rarity: rarity, at: at) == .told ? 1 : 0)
    }
  }

  private static func words(_ count: Int) -> [UInt32]? {
    var read = 0
    let words = [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      while read < count * 4 {
        let piece = Glibc.read(STDIN_FILENO, bytes.baseAddress.map { $0 + read }, count * 4 - read)
        if piece <= 0 { break }
        read += piece
      }
      filled = read / 4
    }
    return words.count == count ? words : nil
  }
}
