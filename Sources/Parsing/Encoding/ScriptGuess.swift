/// Which single-byte encoding of another script some bytes without a label are in.
///
/// Text of such a script is runs of high bytes, nearly all of them its letters; in a Latin text high bytes stand alone
/// between ASCII letters.
enum ScriptGuess {
  static func best(_ bytes: [UInt8]) -> String? {
    let sample = bytes.prefix(64 << 10)
    var counts = [Int](repeating: 0, count: 256)
    var high = 0
    var inRuns = 0
    var run = 0
    for byte in sample {
      guard byte >= 0x80 else {
        if run >= 3 { inRuns += run }
        run = 0
        continue
      }
      counts[Int(byte)] += 1
      high += 1
      run += 1
    }
    if run >= 3 { inRuns += run }
    guard high >= 8, inRuns * 10 >= high * 7 else { return nil }
    func share(_ ranges: [ClosedRange<Int>]) -> Double {
      Double(ranges.reduce(0) { $0 + counts[$1].reduce(0, +) }) / Double(high)
    }
    return scripts.first { script in
      share(script.letters + signs) >= 0.97 && share(script.typical) >= script.least
    }?.charset
  }

  private struct Script: Sendable {
    var charset: String
    var letters: [ClosedRange<Int>]
    /// Letters without which hardly a text of the script is, and their least share.
    var typical: [ClosedRange<Int>]
    var least: Double
  }

  /// No-break space, quotes, dashes.
  private static let signs = [0x91...0x97, 0xA0...0xA0, 0xAB...0xAB, 0xBB...0xBB]

  private static let scripts = [
    Script(charset: "CP1255", letters: [0xC0...0xD3, 0xE0...0xFA], typical: [0xE0...0xFA], least: 0.8),
    Script(charset: "TIS-620", letters: [0xA1...0xDA, 0xDF...0xFB], typical: [0xA1...0xBF], least: 0.2),
    Script(
      charset: "CP1256",
      letters: [0xA1...0xA1, 0xBA...0xBA, 0xBF...0xBF, 0xC0...0xDF, 0xE1...0xE1, 0xE3...0xE6, 0xEC...0xFA],
      typical: [0xC1...0xDF], least: 0.45),
    Script(
      charset: "CP1253", letters: [0xB6...0xB6, 0xB8...0xBA, 0xBC...0xBC, 0xBE...0xD1, 0xD3...0xFE],
      typical: [0xDC...0xDF, 0xFC...0xFE], least: 0.05),
  ]
}
