/// One alarm for one rise: it fires at a level, and again only where it got clearly rarer or long after.
package struct AlarmGate: Sendable, Hashable {
  /// The rarity from which it fires.
  package var fire: Double
  /// By how much rarer than the last firing the next must be while `rearm` runs.
  package var raise: Double
  /// Buckets after the last firing from which on the level alone counts.
  package var rearm: Int
  private var peak = -Double.infinity
  private var sinceFired: Int

  package init(fire: Double, raise: Double = 0.75, rearm: Int) {
    self.fire = fire
    self.raise = raise
    self.rearm = rearm
    sinceFired = .max / 2
  }

  /// Whether the next bucket fires.
  package mutating func take(_ rarity: Double) -> Bool {
    sinceFired += 1
    if sinceFired > rearm { peak = -.infinity }
    guard rarity >= fire, rarity >= peak + raise else { return false }
    peak = rarity
    sinceFired = 0
    return true
  }

  /// The same as so many buckets without a judgement.
  package mutating func skip(_ buckets: Int) { sinceFired = min(sinceFired, .max / 2) + buckets }
}
