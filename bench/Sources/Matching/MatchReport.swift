import Glibc
import Rules

/// The table of `nabat-bench match`, with the bounds that it must keep.
struct MatchReport {
  var bench: MatchBench
  var content: Tape.Content
  var digest: String
  /// Peak of a process of its own that loads the largest set and matches the whole tape; 0 where unknown.
  var megabytes: Int

  private func run(_ rules: Int, threads: Int = 1) -> MatchBench.Run? {
    bench.runs.first { $0.rules == rules && $0.threads == threads }
  }

  private var sizes: [Int] { Set(bench.runs.map(\.rules)).sorted() }

  var table: String {
    let bytes = bench.folded.bytes.count
    var text = "\(content.comments) comments, \(content.textBytes) bytes of text, SHA-256 of the tape \(digest)\n"
    text += "the quickest of \(MatchBench.rounds) rounds of everything in turn; matching begins with no word known\n\n"
    var rows: [[String]] = []
    let base = bench.vectorscan?.watch
    func row(_ name: String, _ note: String, _ cpu: Double, _ wall: Double?, _ found: String) {
      rows.append([
        name, note, fixed(cpu), wall.map(fixed) ?? "—", fixed(Double(bytes) / cpu / 1e6, digits: 0),
        base.map { fixed(cpu / $0.processor) + " ×" } ?? "—", found,
      ])
    }
    if let scan = bench.vectorscan {
      row("Vectorscan, one scan", "folded, literals", scan.watch.processor, scan.watch.wall, "\(scan.hits) hits")
    }
    for run in bench.runs {
      let threads = run.threads == 1 ? "" : ", \(run.threads) threads"
      row(
        "Nabat, \(run.rules) rules\(threads)", "raw, rules in full", run.watch.processor, run.watch.wall,
        "\(run.met) texts")
    }
    for peer in bench.peers {
      if let seconds = peer.seconds { row(peer.name, peer.note, seconds, nil, "") }
    }
    text += MatchReport.aligned(
      [["", "over", "cpu s", "seconds", "MB/s", "of Vectorscan", "found"]] + rows)
    text += "\n"
    for line in bounds { text += line.text + "\n" }
    return text
  }

  private struct Bound {
    var text: String
    var holds: Bool
  }

  private func bound(_ what: String, _ value: Double, _ limit: Double, atLeast: Bool = false, unit: String = " ×")
    -> Bound
  {
    let holds = atLeast ? value >= limit : value <= limit
    let verdict = holds ? "kept" : "MISSED"
    return Bound(
      text: "\(what): \(fixed(value))\(unit), \(atLeast ? "at least" : "at most") \(fixed(limit)): \(verdict)",
      holds: holds)
  }

  private var bounds: [Bound] {
    var bounds: [Bound] = []
    if let own = run(1000), let scan = bench.vectorscan {
      bounds.append(bound("1000 rules to one scan of Vectorscan", own.watch.processor / scan.watch.processor, 1.5))
    }
    if let few = run(100), let many = run(10_000) {
      bounds.append(bound("10000 rules to 100", many.watch.processor / few.watch.processor, 1.6))
    }
    if let one = run(1000), let two = run(1000, threads: 2) {
      bounds.append(bound("two threads to one", one.watch.wall / two.watch.wall, 1.6, atLeast: true))
    }
    if megabytes > 0 {
      bounds.append(bound("peak of memory with \(sizes.last ?? 0) rules", Double(megabytes), 300, unit: " MB"))
    }
    return bounds
  }

  /// What was planted must be found, and nothing else; threads must change nothing.
  func check() throws(BenchError) {
    for run in bench.runs where run.rules == 1000 && run.met != content.matching {
      throw .failed("\(run.met) texts met a rule with \(run.threads) threads, not the \(content.matching) planted")
    }
  }

  private func fixed(_ value: Double) -> String { fixed(value, digits: 2) }

  private func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "—" }
    guard digits > 0 else { return "\(Int(value.rounded()))" }
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func aligned(_ rows: [[String]]) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        return column < 2 ? cell + blanks : blanks + cell
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}
