import Foundation
import Testing
import Text

/// Every form that the dictionary has is an ordinary word: no folding may make another one of it.
@Suite("Words of the dictionary under the foldings") struct OrdinaryWordTests {
  /// One of so many forms is looked at. 1 looks at all five million.
  private static let stride = 61

  @Test("none is changed by any folding, in small letters, with a capital or in capitals", .timeLimit(.minutes(5)))
  func forms() throws {
    let lexicon = try #require(Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)), "run scripts/setup")
    let analyser = WordAnalyser(lexicon: lexicon)
    var counts: [String: Int] = [:]
    var examples: [String] = []
    var seen = 0
    var looked = 0
    lexicon.forEachForm { key in
      seen += 1
      guard seen.isMultiple(of: OrdinaryWordTests.stride) else { return }
      looked += 1
      let form = String(decoding: key, as: UTF8.self)
      for written in [form, form.capitalized, form.uppercased()] {
        for reading in analyser.readings(of: written) where !reading.foldings.isEmpty {
          for (folding, name) in Foldings.names where reading.foldings.contains(folding) {
            counts[name, default: 0] += 1
          }
          examples.append("\(written) → \(reading.text)")
        }
      }
    }
    let table = Foldings.names.map { "\($0.name) \(counts[$0.name] ?? 0)" }.joined(separator: ", ")
    print("of \(looked) forms of the dictionary the foldings change: \(table)")
    #expect(looked > 10_000)
    #expect(examples.prefix(20) == [])
  }
}
