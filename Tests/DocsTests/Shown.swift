/// An output as a page shows it: `…` in a line stands for any characters, a line of `…` alone for any lines.
struct Shown {
  var lines: [String]

  /// - Parameter shape: compares the shape only. Times and counts of what is published depend on when a poll happened.
  init(_ text: String, shape: Bool) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last == "" { lines.removeLast() }
    if shape { lines = lines.map(Shown.shape) }
  }

  /// nil when the output fits; else the first line of the page that does not.
  func mismatch(with output: Shown) -> String? {
    var rest = output.lines[...]
    var maySkip = false
    for line in lines {
      if line == "…" {
        maySkip = true
        continue
      }
      if maySkip {
        guard let found = rest.firstIndex(where: { Shown.fits(line, $0) }) else { return line }
        rest = rest[(found + 1)...]
      } else {
        guard let first = rest.popFirst(), Shown.fits(line, first) else { return line }
      }
      maySkip = false
    }
    return maySkip || rest.isEmpty ? nil : "(the end; the program went on: \(rest.first ?? ""))"
  }

  private static func fits(_ shown: String, _ line: String) -> Bool {
    let pieces = shown.split(separator: "…", omittingEmptySubsequences: false)
    guard pieces.count > 1 else { return shown == line }
    guard let first = pieces.first, let last = pieces.last, line.hasPrefix(first), line.hasSuffix(last),
      line.count >= first.count + last.count
    else { return false }
    var rest = line.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let range = rest.firstRange(of: piece) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }

  private static func shape(_ line: String) -> String {
    line.replacing(/\d{4}-\d\d-\d\dT[0-9:.…]+Z/, with: "TIME")
      .replacing(/\b\d\d:\d\d\b/, with: "TIME")
      .replacing(/127\.0\.0\.1:(\d+|…)/, with: "127.0.0.1:PORT")
      .replacing(/(al|msg)_([a-z2-7]+|…)/, with: "ID")
      .replacing(/\d+ (публикаци|комментари|текст|сообщени)[а-я]*/, with: { "N \($0.1)" })
      .replacing(/(count|ratio|z|authors) -?[0-9.]+/, with: { "\($0.1) N" })
  }
}
