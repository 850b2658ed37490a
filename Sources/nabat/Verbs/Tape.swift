import JSON
import Model

extension Verb {
  static let tape = Verb(
    name: "tape", summary: "Writes what happened as a tape: for replay, for bug reports, for others.",
    options: DatabaseInput.options + [
      Option("--from", "TIME", "the first moment (RFC 3339); default: the beginning"),
      Option("--to", "TIME", "the last moment; default: now"),
    ],
    example: "nabat tape --database var/nabat.db --from 2026-03-01T00:00:00Z --to 2026-03-02T00:00:00Z > night.ndjson"
  ) { arguments in
    let from = try DatabaseInput.moment("--from", in: arguments)
    let to = try DatabaseInput.moment("--to", in: arguments)
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    var output = OutputBuffer()
    var last: Moment?
    try store.tape(from: from, to: to) { row in
      output.line(row.json)
      last = row.at
    }
    // The clock went on after the last line: a replay must too, or timers that ran are missing.
    if let end = try store.lastMoment().map({ min($0, to ?? $0) }), last.map({ $0 < end }) ?? false {
      output.line(TapeLine.tick(at: end).json)
    }
    output.flush()
    return .done
  }
}
