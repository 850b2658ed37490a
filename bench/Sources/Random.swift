import Glibc

/// SplitMix64: the only source of chance here, so that a seed names a tape exactly.
///
/// Source: Steele, Lea, Flood, «Fast splittable pseudorandom number generators», 2014.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return SplitMix64.mix(state)
  }

  /// A number in 0..<limit; limit > 0.
  mutating func below(_ limit: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(limit)).high) }

  /// A number in 0..<1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func happens(_ probability: Double) -> Bool { unit() < probability }

  /// Exponentially distributed, > 0.
  mutating func exponential(mean: Double) -> Double { -log(1 - unit()) * mean }

  static func mix(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A number that depends on the bytes and the seed only.
  static func hash(_ bytes: some Sequence<UInt8>, seed: UInt64) -> UInt64 {
    mix(bytes.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  }
}

/// Draws ranks by Zipf's law: rank r, from 1, as often as 1 ÷ r^exponent.
struct Zipf {
  private let cumulative: [Double]

  init(count: Int, exponent: Double) {
    var sum = 0.0
    cumulative = (1...max(1, count)).map { rank in
      sum += pow(Double(rank), -exponent)
      return sum
    }
  }

  /// An index from 0.
  func draw(_ random: inout SplitMix64) -> Int {
    let wanted = random.unit() * cumulative[cumulative.count - 1]
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
