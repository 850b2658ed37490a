import Counting
import JSON
import Model

extension Verb {
  static let detect = Verb(
    name: "detect",
    summary: "Scores every row of a series of counts: how anomalous it is, by what came before it and nothing else.",
    options: [
      Option("--csv", "FILE", "rows «timestamp,value» in the order of time; - is standard input"),
      Option("--bucket", "SPAN", "the time between two rows, such as 5m"),
      Option("--plot", "FILE", "writes a picture (SVG): the series, what was usual, the alarms"),
      Option("--season", "NAME", "none, hour or hour-of-week (default)"),
      Option("--fire", "L", "an alarm is rarer than one in 10^L rows (default 2.8)"),
      Option("--form", "NAME", "standard (default; an alarm scores 0.5 or more), or definition: by level alone"),
    ], required: ["--csv", "--bucket"],
    example: "nabat detect --csv comments.csv --bucket 5m --plot comments.svg"
  ) { arguments in
    guard let path = arguments["--csv"], let bucket = arguments["--bucket"] else { return .usage }
    guard let width = Span(bucket), width > .zero else {
      throw Stop(.usage, "--bucket «\(bucket)» is not a span of time like 5m")
    }
    let season = try choice("--season", arguments, ["none": VolumeDetector.Season.none, "hour": .hour], .hourOfWeek)
    let form = try choice("--form", arguments, ["definition": AnomalyScore.Form.definition], .standard)
    var fire = AnomalyScore.fire
    if let text = arguments["--fire"] {
      guard let value = Double(text), value > 0, value.isFinite else {
        throw Stop(.usage, "--fire «\(text)» is not a number above 0")
      }
      fire = value
    }
    let series = try CSVSeries(path: path)
    var detection = Detection(width: width, score: AnomalyScore(form: form, season: season, fire: fire))
    detection.keepsPoints = arguments["--plot"] != nil
    var output = OutputBuffer()
    output.line("timestamp,value,anomaly_score")
    for row in series.rows {
      output.line("\(row.timestamp),\(row.value),\(Detection.sixDecimals(detection.score(row)))")
    }
    output.flush()
    if let picture = arguments["--plot"] {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      try FileInput.write(SeriesPlot(title: name, points: detection.points).svg, to: picture)
    }
    return .done
  }

  /// The value of an option by its name; the standard has a name too.
  private static func choice<Value>(
    _ option: String, _ arguments: Arguments, _ values: [String: Value], _ standard: Value
  ) throws(Stop) -> Value {
    let standardName = option == "--season" ? "hour-of-week" : "standard"
    guard let text = arguments[option], text != standardName else { return standard }
    guard let value = values[text] else {
      let names = (values.keys.sorted() + [standardName]).joined(separator: ", ")
      throw Stop(.usage, "\(option) «\(text)» is none of: \(names)")
    }
    return value
  }
}

/// Scores the rows of a table one after the other.
struct Detection {
  let width: Span
  private var state: AnomalyScore
  /// As it was before the bucket of the latest row: several rows of one bucket add up.
  private var before: AnomalyScore
  private var start: Double?
  private var latest: (bucket: Int, count: Double)?
  private var next = 0
  /// What clocks were put back, in seconds, and the time of the latest row.
  private var putBack = 0.0
  private var lastTime: Double?
  var keepsPoints = false
  private(set) var points: [SeriesPlot.Point] = []

  init(width: Span, score: AnomalyScore) {
    self.width = width
    state = score
    before = score
  }

  /// How anomalous a row is; 0 for one without a value.
  mutating func score(_ row: CSVSeries.Row) -> Double {
    let start = start ?? row.absolute
    self.start = start
    let seconds = Double(width.milliseconds) / 1000
    if let lastTime, row.absolute < lastTime { putBack += lastTime - row.absolute + seconds }
    lastTime = row.absolute
    let bucket = Int(((row.absolute + putBack - start) / seconds).rounded(.down))
    guard var count = row.count else { return 0 }
    if let latest, latest.bucket == bucket {
      state = before
      count += latest.count
    } else {
      state.skip(bucket - next)
      before = state
      next = bucket + 1
    }
    latest = (bucket, count)
    let wall = start + Double(bucket) * seconds - putBack + (row.wall - row.absolute)
    let day = (wall / 86_400).rounded(.down)
    // 1970-01-01 was a Thursday.
    let weekday = Int((day + 3).truncatingRemainder(dividingBy: 7) + 7) % 7
    let scored = state.take(count, hour: (wall - day * 86_400) / 3600, weekday: weekday, width: seconds / 3600)
    if keepsPoints { points.append(Detection.point(row, scored)) }
    return scored.score
  }

  private static func point(_ row: CSVSeries.Row, _ scored: AnomalyScore.Scored) -> SeriesPlot.Point {
    let look = scored.judgement.looks[0]
    let rarity = JSONValue.number((scored.judgement.level * 100).rounded() / 100).serialized
    let isJudged = scored.judgement.level > 0 || scored.judgement.onset > 0
    return SeriesPlot.Point(
      time: String(row.timestamp.prefix(16)), value: row.count ?? 0, usual: isJudged ? look.expected : nil,
      bandTop: isJudged ? look.bandTop : nil, alarm: scored.fires ? "rarity \(rarity)" : nil)
  }

  static func sixDecimals(_ value: Double) -> String {
    let millionths = Int((min(max(value, 0), 1) * 1_000_000).rounded())
    let digits = String(millionths % 1_000_000)
    return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
