/// The text as libyaml gets it, and the way back from its positions to those of the source.
struct RepairedText {
  private(set) var bytes: [UInt8]
  /// Source positions by positions in the repaired text; empty where they are the same.
  private var origins: [Int] = []

  /// Tabs that stood in an indentation count as `tabWidth` spaces each.
  init(_ scan: IndicatorScan, tabWidth: Int) {
    var view = String.UnicodeScalarView()
    if scan.tabbedLines.isEmpty || tabWidth == 1 {
      view.append(contentsOf: scan.text)
    } else {
      var position = 0
      for line in scan.tabbedLines + [scan.text.count..<scan.text.count] {
        view.append(contentsOf: scan.text[position..<line.lowerBound])
        origins.append(contentsOf: position..<line.lowerBound)
        for index in line {
          let count = scan.source.scalars[index] == "\t" ? tabWidth : 1
          for _ in 0..<count {
            view.append(" ")
            origins.append(index)
          }
        }
        position = line.upperBound
      }
      origins.append(scan.text.count)
    }
    bytes = Array(String(view).utf8)
  }

  /// The event with its range in the source.
  func located(_ event: EventReader.Event) -> EventReader.Event {
    guard !origins.isEmpty else { return event }
    var event = event
    let start = origins[min(event.range.lowerBound, origins.count - 1)]
    event.range = start..<max(start, origins[min(event.range.upperBound, origins.count - 1)])
    return event
  }
}
