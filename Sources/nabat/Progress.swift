/// A count that goes on in place on the terminal while long work runs; silent in a pipe.
struct Progress {
  private let unit: String
  private var count = 0
  private var shown = 0
  private let isShown = Terminal.errorIsTerminal && !Terminal.outputIsTerminal

  /// How much work passes between two showings.
  private static let step = 50_000

  init(_ unit: String) { self.unit = unit }

  mutating func advance(by more: Int) {
    count += more
    guard isShown, count - shown >= Progress.step else { return }
    shown = count
    Terminal.writeError("\r\(count) \(unit)")
  }

  /// Wipes the line.
  func finish() {
    if shown > 0 { Terminal.writeError("\r\u{1B}[K") }
  }
}
