import Glibc
import JSON
import Model

/// The generated tape: a year of comments of one federal district, with its days, weeks and surges.
struct Tape {
  /// What was put into it, to be compared with what is found.
  struct Content {
    var comments = 0
    var textBytes = 0
    var matching = 0
    var evaded = 0
    var surges = 0
  }

  /// Of the file with 453,000 comments, 1000 claims and seed 1: figures of different days are figures of one tape.
  static let sha256 = "4f916abbde426a2ae1a385381ea01863edc4031b1c93e407a2c8f46923d18d10"

  private static let regions: [(code: String, share: Double)] = [
    ("RU-NVS", 0.18), ("RU-KYA", 0.17), ("RU-KEM", 0.15), ("RU-IRK", 0.14), ("RU-ALT", 0.12), ("RU-OMS", 0.10),
    ("RU-TOM", 0.07), ("RU-KK", 0.03), ("RU-TY", 0.02), ("RU-AL", 0.02),
  ]
  /// How busy the hours of a day are, from midnight.
  private static let hours: [Double] = [
    3, 2, 1, 1, 1, 1, 2, 4, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 9, 10, 10, 8, 5,
  ]
  private static let surgeSize = 150
  private static let start = Moment(milliseconds: 1_735_689_600_000)  // 2025-01-01T00:00:00Z
  private static let matchingShare = 0.15
  private static let evadedShare = 0.01
  private static let meanBytes = 195.0

  private let claims: Claims
  private let forms: [String]
  private let zipf: Zipf
  private var random: SplitMix64
  /// How many of the ordinary comments meet a rule in plain writing: those of surges all do, and count too.
  private var plainShare = 0.0
  private(set) var content = Content()

  init(claims: Claims, vocabulary: Vocabulary, seed: UInt64) {
    self.claims = claims
    forms = vocabulary.forms
    zipf = Zipf(count: forms.count, exponent: 1.07)
    random = SplitMix64(seed: seed)
  }

  private struct Arrival {
    var at: Int64
    /// Of a surge: the claim and the region it is about.
    var surge: (claim: Int, region: Int)?
  }

  /// Writes `count` comments to the file.
  mutating func write(to path: String, count: Int) throws(BenchError) {
    guard let file = fopen(path, "w") else { throw .system("\(path)", errno) }
    var bytes: [UInt8] = []
    for (number, arrival) in arrivals(count).enumerated() {
      append(comment(number, arrival), at: arrival.at, to: &bytes)
      if bytes.count > 1 << 20 || number == count - 1 {
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw .system("\(path)", errno) }
        bytes.removeAll(keepingCapacity: true)
      }
    }
    guard fclose(file) == 0 else { throw .system("\(path)", errno) }
    content.comments = count
  }

  /// Arrivals in order: so many an hour as hour and weekday want, and surges of twenty minutes between them.
  private mutating func arrivals(_ count: Int) -> [Arrival] {
    let surges = count / 20_000
    content.surges = surges
    let ordinary = Double(count - surges * Tape.surgeSize)
    plainShare = (Tape.matchingShare * Double(count) - Double(surges * Tape.surgeSize)) / ordinary - Tape.evadedShare
    let weights = (0..<365 * 24).map { hour -> Double in
      // 2025 began on a Wednesday.
      let isWeekend = (3...4).contains(hour / 24 % 7)
      return Tape.hours[hour % 24] * (isWeekend ? 0.8 : 1)
    }
    let scale = Double(count - surges * Tape.surgeSize) / weights.reduce(0, +)
    var arrivals: [Arrival] = []
    var due = 0.0
    for (hour, weight) in weights.enumerated() {
      due += weight * scale
      while Double(arrivals.count) + 0.5 < due {
        arrivals.append(Arrival(at: Int64(hour) * 3_600_000 + Int64(random.below(3600)) * 1000))
      }
    }
    while arrivals.count < count - surges * Tape.surgeSize { arrivals.append(Arrival(at: 364 * 86_400_000)) }
    for _ in 0..<surges {
      let begin = Int64(random.below(364 * 24 * 60)) * 60_000
      let about = (claim: random.below(claims.count), region: random.below(Tape.regions.count))
      for _ in 0..<Tape.surgeSize {
        arrivals.append(Arrival(at: begin + Int64(random.below(1200)) * 1000, surge: about))
      }
    }
    return arrivals.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  private mutating func comment(_ number: Int, _ arrival: Arrival) -> Comment {
    let region = arrival.surge?.region ?? drawRegion()
    let source = "news-\(region * 12 + random.below(12))"
    // A publication is talked about for about a day: some fifteen comments each.
    let item = "a\(number / 600)-\(random.below(40))"
    let author = "reader-\(Int(Double(60_000) * random.unit() * random.unit()))"
    return Comment(
      id: "c\(number)", source: source, item: item, region: Tape.regions[region].code,
      narrative: nil, author: AuthorKey(SplitMix64.hash(author.utf8, seed: 0)), text: text(surge: arrival.surge?.claim),
      published: Tape.start + Span(milliseconds: arrival.at))
  }

  private mutating func drawRegion() -> Int {
    var wanted = random.unit()
    for (index, region) in Tape.regions.enumerated() {
      wanted -= region.share
      if wanted < 0 { return index }
    }
    return 0
  }

  /// A few sentences of words by Zipf's law; where the comment meets a rule, one of them is about it.
  private mutating func text(surge: Int?) -> String {
    let evades = surge == nil && random.happens(Tape.evadedShare)
    let matches = surge != nil || evades || random.happens(plainShare)
    // Popular topics are talked about more.
    let claim = surge ?? Int(Double(claims.count) * random.unit() * random.unit())
    var sentence: [String?] = matches ? claims.sentence(of: claim, &random) : []
    if evades { sentence = sentence.map { $0.map(Claims.disguised) } }
    if !matches, random.happens(0.1) { sentence = [nil, nil, claims.stray(&random), nil] }
    content.matching += matches ? 1 : 0
    content.evaded += sentence.contains { $0?.utf8.contains { $0 < 0x80 } ?? false } ? 1 : 0
    var text = ""
    if !sentence.isEmpty { append(sentence, to: &text) }
    // The last word goes over the mark by half its length.
    let size = 25 + random.exponential(mean: Tape.meanBytes - 25 - 12)
    while Double(text.utf8.count) < min(size, 1500) {
      let room = Int((min(size, 1500) - Double(text.utf8.count)) / 13)
      append(Array(repeating: nil, count: max(1, min(4 + random.below(9), room))), to: &text)
    }
    content.textBytes += text.utf8.count
    return text
  }

  private mutating func append(_ words: [String?], to text: inout String) {
    for (index, word) in words.enumerated() {
      var word = word ?? forms[zipf.draw(&random)]
      if index == 0 {
        if !text.isEmpty { text += " " }
        word = word.prefix(1).uppercased() + word.dropFirst()
      } else {
        text += random.happens(0.08) ? ", " : " "
      }
      text += word
    }
    text += [".", ".", ".", "!", "?", "…"][random.below(6)]
  }

  private func append(_ comment: Comment, at: Int64, to bytes: inout [UInt8]) {
    TapeLine.comment(at: Tape.start + Span(milliseconds: at), comment).write(into: &bytes)
    bytes.append(0x0A)
  }
}
