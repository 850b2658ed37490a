import Counting
import Foundation
import Testing

/// The detector beside its definition, and what it promises about its state.
@Suite("How rare a volume is") struct VolumeDetectorTests {
  private struct Bucket {
    var count: Double?
    var score: Double?
  }

  /// Three weeks of a series with an outage, a silence, and two surges, scored by the reference implementation.
  private static let stored: [Bucket] = {
    let path = #filePath.replacing("VolumeDetectorTests.swift", with: "Fixtures/definition.txt")
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: " ")
      return fields.count == 2 ? Bucket(count: Double(fields[0]), score: Double(fields[1])) : Bucket()
    }
  }()

  private static func hour(_ index: Int) -> Double { Double(index % 288) / 12 }
  private static func weekday(_ index: Int) -> Int { index / 288 % 7 }

  @Test("the scores are those of the definition, in every row")
  func definition() {
    // given
    var score = AnomalyScore(form: .definition)
    var worst = 0.0
    var alarms: [Int] = []
    #expect(Self.stored.count == 3 * 2016)
    // when
    for (index, bucket) in Self.stored.enumerated() {
      guard let count = bucket.count, let expected = bucket.score else {
        score.skip(1)
        continue
      }
      let scored = score.take(count, hour: Self.hour(index), weekday: Self.weekday(index), width: 1.0 / 12)
      worst = max(worst, abs(scored.score - expected))
      if scored.fires { alarms.append(index) }
    }
    // then: the definition rounds to a millionth
    #expect(worst < 1e-4)
    #expect(alarms == Self.stored.indices.filter { (Self.stored[$0].score ?? 0) > 0.37 })
    #expect(alarms.count == 2)
  }

  @Test("an alarm stands far above all else in the standard form, at the same buckets")
  func standardForm() {
    var score = AnomalyScore()
    var alarms: [Int] = []
    for (index, bucket) in Self.stored.enumerated() {
      guard let count = bucket.count else {
        score.skip(1)
        continue
      }
      let scored = score.take(count, hour: Self.hour(index), weekday: Self.weekday(index), width: 1.0 / 12).score
      #expect((0..<0.3).contains(scored) || (0.68..<1).contains(scored))
      if scored >= AnomalyScore.threshold { alarms.append(index) }
    }
    #expect(alarms == Self.stored.indices.filter { (Self.stored[$0].score ?? 0) > 0.37 })
  }

  @Test("the state fits into a kilobyte and a half, and goes on from its bytes bit for bit")
  func state() throws {
    // given
    var detector = VolumeDetector()
    for (index, bucket) in Self.stored.prefix(3000).enumerated() {
      detector.take(bucket.count, hour: Self.hour(index), weekday: Self.weekday(index))
    }
    // when
    let bytes = detector.bytes
    var restored = try #require(VolumeDetector(bytes: bytes))
    // then
    #expect(MemoryLayout<VolumeDetector>.size <= 1500 && bytes.count <= 1500)
    for (index, bucket) in Self.stored.enumerated().dropFirst(3000) {
      let (hour, weekday) = (Self.hour(index), Self.weekday(index))
      let went = detector.take(bucket.count, hour: hour, weekday: weekday)
      let goes = restored.take(bucket.count, hour: hour, weekday: weekday)
      #expect(went.level == goes.level && went.onset == goes.onset)
    }
    #expect(detector.bytes == restored.bytes)
    #expect(VolumeDetector(bytes: Array(bytes.dropLast())) == nil)
    #expect(VolumeDetector(bytes: bytes + [0]) == nil)
    #expect(VolumeDetector(bytes: []) == nil)
  }

  @Test("time in which nothing was received teaches nothing, however long")
  func missing() {
    var one = VolumeDetector()
    for index in 0..<1000 { one.take(Double(index % 3), hour: Self.hour(index), weekday: Self.weekday(index)) }
    var other = one
    for _ in 0..<300 { one.take(nil, hour: 0, weekday: 0) }
    other.skip(300)
    #expect(one.bytes == other.bytes)
    let (went, goes) = (one.take(1, hour: 3, weekday: 3), other.take(1, hour: 3, weekday: 3))
    #expect(went.level == goes.level)
  }

  @Test("half a day of learning is silent; a surge behind it is not")
  func learning() {
    var detector = VolumeDetector()
    var rarities: [Double] = []
    for index in 0..<144 {
      rarities.append(detector.take(index == 100 ? 500 : 2, hour: Self.hour(index), weekday: 0).rarity)
    }
    #expect(rarities.allSatisfy { $0 <= 0 })
    for index in 144..<300 { detector.take(2, hour: Self.hour(index), weekday: 1) }
    let surge = detector.take(60, hour: Self.hour(300), weekday: 1)
    #expect(surge.rarity > 2)
    #expect(detector.isLearning)
  }

  @Test("the scale of roots turns back, and spreads Poisson counts about as wide at any size")
  func roots() {
    for count in [0.0, 1, 7.5, 100, 20_000] {
      #expect(abs(VolumeDetector.count(atRoot: VolumeDetector.root(ofCount: count)) - count) < 1e-6 * max(count, 1))
    }
    // 2/√0.02 · asinh(√(0.02 · 4.375)) = 14.1421 · asinh(0.29580) = 14.1421 · 0.29165
    #expect(abs(VolumeDetector.root(ofCount: 4) - 4.1245) < 1e-3)
  }

  @Test("the gate fires once a rise, again when it is clearly rarer, and after the pause")
  func gate() {
    var gate = AlarmGate(fire: 2, raise: 0.5, rearm: 3)
    let fired = [1.9, 2.0, 2.4, 2.5, 2.6, 2.6, 2.6, 2.6, 2.9].map { gate.take($0) }
    // 2.0 fires; 2.5 is 0.5 more; then three buckets' pause, and the fourth fires by the level alone; 2.9 is 0.3 more.
    #expect(fired == [false, true, false, true, false, false, false, true, false])
    gate.skip(4)
    let rearmed = gate.take(2.0)
    #expect(rearmed)
  }
}
