/// An entry point that reads bytes from outside, ready to be given any.
///
/// A target returns whatever it is given, or traps: what must hold is written as a `precondition`. One call costs little
/// and leaves nothing behind.
struct FuzzTarget: Sendable {
  /// Also the name of its folder in `seeds/`.
  let name: String
  let summary: String
  /// Bytes of the longest input that is tried; longer ones find little more and take their time.
  let longest: Int
  let run: @Sendable (_ bytes: [UInt8]) -> Void

  static let all: [FuzzTarget] = [
    .feed, .page, .article, .date, .encoding, .selector, .tape, .yaml, .rules, .matcher, .folding, .configuration,
  ]
}
