import Model

/// A picture of a series, what was usual for it, and where it was told: one SVG without scripts or references.
package struct SeriesPlot: Sendable {
  package struct Point: Sendable {
    /// As the picture writes it: `2026-03-02 09:00`.
    package var time: String
    package var value: Double
    /// What was usual, and how far above it nothing was remarkable; nil while learning.
    package var usual: Double?
    package var bandTop: Double?
    /// What is said of an alarm at this point; nil where there is none.
    package var alarm: String?

    package init(time: String, value: Double, usual: Double? = nil, bandTop: Double? = nil, alarm: String? = nil) {
      self.time = time
      self.value = value
      self.usual = usual
      self.bandTop = bandTop
      self.alarm = alarm
    }
  }

  package var title: String
  package var points: [Point]

  package init(title: String, points: [Point]) {
    self.title = title
    self.points = points
  }

  private static let width = 1200.0
  private static let height = 360.0
  private static let left = 64.0
  private static let right = 16.0
  private static let top = 40.0
  private static let bottom = 36.0

  /// The whole file. The highest of all points that share a column of the picture stands for them.
  package var svg: String {
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 360" width="1200" height="360" font-family="sans-serif" font-size="12">
      <title>\(xmlEscaped(title))</title>
      <rect width="1200" height="360" fill="#ffffff"/>
      <text x="64" y="22" font-size="15" fill="#222222">\(xmlEscaped(title))</text>

      """
    text += axes
    let columns = columns
    text += band(columns)
    text += line(columns, \.usual, "class=\"usual\" stroke=\"#4a78b5\" stroke-dasharray=\"5 3\"")
    text += line(columns, { $0.value }, "class=\"count\" stroke=\"#333333\"")
    for (index, point) in points.enumerated() {
      guard let alarm = point.alarm else { continue }
      text += """
        <circle class="alarm" cx="\(SeriesPlot.rounded(x(index)))" cy="\(SeriesPlot.rounded(y(point.value)))" r="5" fill="#c62828">\
        <title>\(xmlEscaped("\(point.time): \(alarm)"))</title></circle>

        """
    }
    return text + legend + "</svg>\n"
  }

  private var largest: Double {
    max(1, points.reduce(0) { max($0, $1.value, min($1.bandTop ?? 0, 4 * max($1.value, 1))) })
  }

  private func x(_ index: Int) -> Double {
    let room = SeriesPlot.width - SeriesPlot.left - SeriesPlot.right
    return SeriesPlot.left + room * Double(index) / Double(max(points.count - 1, 1))
  }

  private func y(_ value: Double) -> Double {
    let room = SeriesPlot.height - SeriesPlot.top - SeriesPlot.bottom
    return SeriesPlot.top + room * (1 - min(max(value / largest, 0), 1))
  }

  /// One point a column of the picture: its place among the points, and the highest of each figure.
  private var columns: [(index: Int, point: Point)] {
    let size = max(1, Int((Double(points.count) / 1120).rounded(.up)))
    return stride(from: 0, to: points.count, by: size).map { start in
      let group = points[start..<min(start + size, points.count)]
      var point = points[start]
      for other in group.dropFirst() {
        point.value = max(point.value, other.value)
        if let usual = other.usual { point.usual = max(point.usual ?? usual, usual) }
        if let top = other.bandTop { point.bandTop = max(point.bandTop ?? top, top) }
      }
      return (start, point)
    }
  }

  private func line(_ columns: [(index: Int, point: Point)], _ figure: (Point) -> Double?, _ style: String) -> String {
    let places = columns.compactMap { column in
      figure(column.point).map { "\(SeriesPlot.rounded(x(column.index))),\(SeriesPlot.rounded(y($0)))" }
    }
    return places.isEmpty ? "" : "<polyline fill=\"none\" \(style) points=\"\(places.joined(separator: " "))\"/>\n"
  }

  private func band(_ columns: [(index: Int, point: Point)]) -> String {
    let known = columns.filter { $0.point.bandTop != nil }
    guard let first = known.first, let last = known.last else { return "" }
    let upper = known.map { "\(SeriesPlot.rounded(x($0.index))),\(SeriesPlot.rounded(y($0.point.bandTop ?? 0)))" }
    let floor = SeriesPlot.rounded(y(0))
    let corners = ["\(SeriesPlot.rounded(x(last.index))),\(floor)", "\(SeriesPlot.rounded(x(first.index))),\(floor)"]
    return "<polygon class=\"band\" fill=\"#dce8f5\" points=\"\((upper + corners).joined(separator: " "))\"/>\n"
  }

  private var axes: String {
    var text = ""
    for part in 0...4 {
      let value = largest * Double(part) / 4
      let height = SeriesPlot.rounded(y(value))
      text += """
        <line x1="64" x2="1184" y1="\(height)" y2="\(height)" stroke="#e5e5e5"/>
        <text x="58" y="\(height)" text-anchor="end" dominant-baseline="middle" fill="#666666">\(SeriesPlot.rounded(value))</text>

        """
    }
    guard points.count > 1 else { return text }
    for part in 0...4 {
      let index = (points.count - 1) * part / 4
      let anchor = part == 0 ? "start" : part == 4 ? "end" : "middle"
      text += """
        <text x="\(SeriesPlot.rounded(x(index)))" y="346" text-anchor="\(anchor)" fill="#666666">\
        \(xmlEscaped(points[index].time))</text>

        """
    }
    return text
  }

  private var legend: String {
    """
    <text x="1184" y="22" text-anchor="end" fill="#666666">line: count · dashes: usual · blue: the usual band · red: alarm</text>

    """
  }

  /// To a tenth, without a needless point.
  private static func rounded(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int64(tenths)) : String(tenths)
  }
}
