import Text

/// Whether words of Latin letters read as Russian ones, remembered: a long text asks it of the same words many times.
final class LatinWords {
  private let analyser: WordAnalyser
  private var known: [String: Bool] = [:]
  private static let limit = 4096

  init(analyser: WordAnalyser) { self.analyser = analyser }

  func readsAsRussian(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let word = String(decoding: bytes, as: UTF8.self)
    if let answer = known[word] { return answer }
    if known.count == LatinWords.limit { known.removeAll(keepingCapacity: true) }
    let answer = analyser.readsAsRussian(word)
    known[word] = answer
    return answer
  }
}
