/// The generated claim rules, and texts that meet them.
struct Claims {
  private struct Claim {
    /// Nine words: two for each side of the core, a cue, a phrase of two, one that counts against, one that refutes.
    var words: [Vocabulary.Word]
    /// The core is a phrase rather than two words near each other.
    var isPhrase: Bool
  }

  private let claims: [Claim]
  /// Few rules watch comments for alerts of their own; the others give comments their topics, for the spike rule.
  private static let alertingShare = 20

  init(count: Int, vocabulary: Vocabulary) {
    let words = vocabulary.ruleWords
    claims = (0..<count).map { number in
      Claim(words: (0..<9).map { words[(number * 9 + $0) % words.count] }, isPhrase: number % 4 == 3)
    }
  }

  var count: Int { claims.count }

  /// The words of the first pattern of a claim: one, or two where it is a phrase.
  func firstPattern(of number: Int) -> [Vocabulary.Word] {
    let claim = claims[number]
    return claim.isPhrase ? [claim.words[0], claim.words[2]] : [claim.words[0]]
  }

  /// The rule files, 2000 claims each at most: a file has a largest size.
  var files: [String] {
    let size = 2000
    return stride(from: 0, to: claims.count, by: size).map { start in
      let end = min(start + size, claims.count)
      return yaml(of: start..<end) + (end == claims.count ? Claims.surge : "")
    }
  }

  private func yaml(of numbers: Range<Int>) -> String {
    var text = "format: 1\nrules:\n"
    for number in numbers {
      let claim = claims[number]
      let words = claim.words.map(\.lemma)
      let core =
        claim.isPhrase
        ? "{ any: [\(words[0]) \(words[2]), \(words[1]) \(words[3])], weight: 5 }"
        : "{ near: [{ any: [\(words[0]), \(words[1])] }, { any: [\(words[2]), \(words[3])] }], within: 6, weight: 5 }"
      text += """
          - id: bench.claim-\(number)
            title: Утверждение \(number)
            type: claim
            status: test
            severity: high
            stream: \(number % Claims.alertingShare == 0 ? "comment" : "item")
            terms:
              core: \(core)
              cue: { any: [\(words[4]), \(words[5]) \(words[6])], weight: 2, cap: 2 }
              past: { any: [\(words[7])], weight: -4 }
            match: core and score >= 7
            unless:
              - { any: [\(words[8])], scope: sentence, then: refutation }
            narrative: topic-\(number)
            key: [narrative, region]

        """
    }
    return text
  }

  private static let surge = """
      - id: bench.surge
        title: Всплеск комментариев
        type: spike
        status: test
        severity: medium
        stream: comment
        per: [narrative, region]
        window: 15m
        step: 5m
        baseline: { season: hour-of-week, lookback: 28d, stat: median, min_samples: 3, cold: previous-24h }
        fire: { count: { gte: 40 }, ratio: { gte: 4 }, z: { gte: 4 }, authors: { gte: 15 } }
        clear: { ratio: { lt: 1.5 }, for: 30m }
        lateness: 10m
        key: [narrative, region]

    """

  /// The words of a sentence that meets the rule, in order; nil stands for any other word.
  func sentence(of number: Int, _ random: inout SplitMix64) -> [String?] {
    let claim = claims[number]
    let side = random.below(2)
    var words: [String?] = [form(claim.words[side], &random)]
    if !claim.isPhrase { words += Array(repeating: nil, count: random.below(4)) }
    words.append(form(claim.words[2 + side], &random))
    words += Array(repeating: nil, count: random.below(3))
    if random.happens(0.5) {
      words.append(form(claim.words[4], &random))
    } else {
      words += [form(claim.words[5], &random), form(claim.words[6], &random)]
    }
    return words
  }

  /// One word of a rule that says nothing by itself.
  func stray(_ random: inout SplitMix64) -> String {
    form(claims[random.below(count)].words[[0, 2, 4, 7][random.below(4)]], &random)
  }

  private func form(_ word: Vocabulary.Word, _ random: inout SplitMix64) -> String {
    word.forms[random.below(word.forms.count)]
  }

  /// Up to three letters replaced by Latin ones that look the same; the first always stays.
  static func disguised(_ word: String) -> String {
    var replaced = 0
    return String(
      String.UnicodeScalarView(
        word.unicodeScalars.enumerated().map { index, scalar in
          guard index > 0, replaced < 3, let twin = twins[scalar] else { return scalar }
          replaced += 1
          return twin
        }))
  }

  private static let twins: [Unicode.Scalar: Unicode.Scalar] = [
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y",
  ]
}
