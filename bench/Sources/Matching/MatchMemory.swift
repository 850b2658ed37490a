import Engine
import Glibc
import JSON
import Model
import Rules
import Text

/// What a process needs that does nothing but load rules and match: run in a process of its own.
enum MatchMemory {
  /// Prints the peak in megabytes after the whole tape.
  static func tape(_ tape: String, rules: [String], lexicon: Lexicon) throws {
    let files = try rules.map { path in
      var bytes: [UInt8] = []
      try TapeFile.forEachLine(path) { _, line in
        bytes.append(contentsOf: line)
        bytes.append(0x0A)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    let engine = Engine(rules: try Bench.load(files, lexicon), lexicon: lexicon, settings: EngineSettings())
    var reader = TapeReader(authorKey: AuthorHash().key)
    var batch: [TapeLine] = []
    try TapeFile.forEachLine(tape) { _, line in
      batch.append(try reader.read(line: line))
      guard batch.count == Passes.stepSize else { return }
      _ = engine.matches(for: batch)
      batch.removeAll(keepingCapacity: true)
    }
    _ = engine.matches(for: batch)
    print(Machine.peakMegabytes)
  }

  /// Matches so many different words, which nobody has seen before, and prints seconds and the growth of memory.
  static func hostile(words: Int, rules: [Rule], lexicon: Lexicon) {
    let engine = Engine(rules: rules, lexicon: lexicon, settings: EngineSettings())
    let letters = Array("абвгдежзиклмнопрстуфхцчшщыьэюя")
    var watch = Stopwatch()
    Machine.resetPeak()
    let before = Machine.peakMegabytes
    var number = 0
    while number < words {
      var batch: [TapeLine] = []
      for _ in 0..<1000 where number < words {
        var text = ""
        for _ in 0..<100 where number < words {
          // A hyphen in every tenth word and a Latin letter in every eleventh keep them off the plain path.
          var rest = number
          while rest > 0 {
            text.append(letters[rest % letters.count])
            rest /= letters.count
          }
          if number % 10 == 0 { text += "-ло" }
          if number % 11 == 0 { text += "aх" }
          text += "ость "
          number += 1
        }
        let comment = Comment(
          id: "c\(number)", source: "hostile", item: "a", region: nil, narrative: nil, author: nil, text: text,
          published: Moment(milliseconds: 0))
        batch.append(.comment(at: Moment(milliseconds: 0), comment))
      }
      watch.measure { _ = engine.matches(for: batch) }
    }
    print("\(words) different words: \(watch.processor) s, peak \(Machine.peakMegabytes) MB after \(before) MB")
  }
}
