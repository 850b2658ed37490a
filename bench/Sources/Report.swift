import JSON

/// The figures of one run, as a table for people and as JSON for machines.
struct Report {
  var seed: UInt64
  var content: Tape.Content
  var rules: Int
  /// SHA-256 of the tape's lines.
  var tapeDigest: String
  var forms: Int
  var bytes = Stopwatch()
  var lines = Stopwatch()
  var insert = Stopwatch()
  var runs: [Passes.Whole] = []

  var table: String {
    let mean = content.comments > 0 ? content.textBytes / content.comments : 0
    var text = """
      \(content.comments) comments, mean \(mean) bytes, \(forms) surface forms, \(rules) claim rules and a spike rule, \
      seed \(seed)
      planted: \(content.matching) comments meet a rule (\(percent(content.matching))), \(content.evaded) of them \
      disguised, \(content.surges) surges


      """
    let head = [
      "threads", "comments/s", "seconds", "cpu s", "read", "match", "count+alert", "serialise", "store", "MB",
    ]
    var rows = [head]
    for run in runs {
      let watches = [run.read, run.match, run.count, run.serialise, run.store]
      let stages: [String] = watches.map { "\(share($0, of: run.total)) %" }
      let figures = ["\(run.threads)", "\(run.rate)", fixed(run.total.wall), fixed(run.total.processor)]
      rows.append(figures + stages + ["\(run.peakMegabytes)"])
    }
    text += Report.aligned(rows)
    text += "\n"
    rows = [["beside", "seconds", "cpu s", "of the same work in the run"]]
    rows.append(["bytes of the file", fixed(bytes.wall), fixed(bytes.processor), ""])
    rows.append(["lines read, dropped", fixed(lines.wall), fixed(lines.processor), times(\.read, lines, "read")])
    rows.append(
      ["rows into SQLite", fixed(insert.wall), fixed(insert.processor), times(\.store, insert, "store")])
    text += Report.aligned(rows)
    text += "\n"
    for run in runs {
      text += "\(run.threads) thread\(run.threads == 1 ? "" : "s"): \(run.matched) comments met a rule, "
      text += "\(run.folded) of them disguised; \(run.alerts) alerts, \(run.events) events, \(run.records) records; "
      text += "\(ratio(run.total.wall, lines.wall + insert.wall)) × bare reading and inserting\n"
    }
    text += "tape \(tapeDigest)\nevents \(runs.first?.digest ?? "")\n"
    return text
  }

  var json: JSONValue {
    func seconds(_ watch: Stopwatch) -> JSONValue { ["wall": .number(watch.wall), "cpu": .number(watch.processor)] }
    return [
      "comments": JSONValue(content.comments), "text_bytes": JSONValue(content.textBytes), "rules": JSONValue(rules),
      "surface_forms": JSONValue(forms), "seed": .string(String(seed)),
      "tape_sha256": .string(tapeDigest), "events_sha256": .string(runs.first?.digest ?? ""),
      "planted": ["matching": JSONValue(content.matching), "evaded": JSONValue(content.evaded)],
      "bytes": seconds(bytes), "lines": seconds(lines), "insert": seconds(insert),
      "runs": .array(
        runs.map { run in
          [
            "threads": JSONValue(run.threads), "comments_per_second": JSONValue(run.rate), "total": seconds(run.total),
            "read": seconds(run.read), "match": seconds(run.match), "count": seconds(run.count),
            "serialise": seconds(run.serialise), "store": seconds(run.store), "matched": JSONValue(run.matched),
            "evaded": JSONValue(run.folded), "alerts": JSONValue(run.alerts), "events": JSONValue(run.events),
            "records": JSONValue(run.records), "peak_mb": JSONValue(run.peakMegabytes),
          ]
        }),
    ]
  }

  /// What was planted must be found, and nothing else; the number of threads must change nothing.
  func check() throws(BenchError) {
    for run in runs {
      guard run.comments == content.comments else { throw .failed("\(run.comments) comments were stored") }
      guard run.matched == content.matching, run.folded == content.evaded else {
        throw .failed("\(run.matched) comments met a rule, \(run.folded) disguised, not what was planted")
      }
      guard run.digest == runs[0].digest else { throw .failed("the number of threads changed the events") }
    }
  }

  private func times(
    _ stage: KeyPath<Passes.Whole, Stopwatch>, _ bare: Stopwatch, _ name: String
  ) -> String {
    runs.first.map { "\(name) is \(ratio($0[keyPath: stage].wall, bare.wall)) × this" } ?? ""
  }

  private func percent(_ count: Int) -> String {
    content.comments > 0 ? "\(Double(count * 1000 / content.comments) / 10) %" : "—"
  }

  private func share(_ watch: Stopwatch, of total: Stopwatch) -> Int {
    total.wall > 0 ? Int((watch.wall / total.wall * 100).rounded()) : 0
  }

  private func ratio(_ value: Double, _ base: Double) -> String { base > 0 ? fixed(value / base) : "—" }

  private func fixed(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  /// Columns of equal width: the first to the left, the others to the right.
  private static func aligned(_ rows: [[String]]) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + blanks : blanks + cell
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}
