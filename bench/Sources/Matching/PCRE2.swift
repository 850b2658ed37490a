/// PCRE2 with its just-in-time compiler: one alternation of all literals over every text.
final class PCRE2 {
  private typealias Compile =
    @convention(c) (
      UnsafePointer<UInt8>, Int, UInt32, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<Int>, OpaquePointer?
    ) -> OpaquePointer?
  private typealias CompileFast = @convention(c) (OpaquePointer, UInt32) -> CInt
  private typealias MakeData = @convention(c) (OpaquePointer, OpaquePointer?) -> OpaquePointer?
  private typealias Match =
    @convention(c) (OpaquePointer, UnsafePointer<UInt8>?, Int, Int, UInt32, OpaquePointer, OpaquePointer?) -> CInt
  private typealias Bounds = @convention(c) (OpaquePointer) -> UnsafeMutablePointer<Int>

  private let code: OpaquePointer
  private let data: OpaquePointer
  private let match: Match
  private let bounds: Bounds

  /// nil where PCRE2 is not installed.
  init?(literals: [[UInt8]]) throws(BenchError) {
    guard let library = ForeignLibrary(["libpcre2-8.so.0", "libpcre2-8.so"]) else { return nil }
    let compile = try library.function("pcre2_compile_8", as: Compile.self)
    let compileFast = try library.function("pcre2_jit_compile_8", as: CompileFast.self)
    let makeData = try library.function("pcre2_match_data_create_from_pattern_8", as: MakeData.self)
    match = try library.function("pcre2_match_8", as: Match.self)
    bounds = try library.function("pcre2_get_ovector_pointer_8", as: Bounds.self)
    let pattern = Array(literals.joined(separator: [0x7C]))
    var error: CInt = 0
    var place = 0
    guard let code = compile(pattern, pattern.count, 0, &error, &place, nil), compileFast(code, 1) == 0,
      let data = makeData(code, nil)
    else { throw .failed("PCRE2 cannot compile the literals (\(error) at \(place))") }
    self.code = code
    self.data = data
  }

  /// How many hits there are in the first texts.
  func hits(in texts: FoldedTexts, first count: Int) -> Int {
    var hits = 0
    texts.bytes.withUnsafeBufferPointer { bytes in
      for index in 0..<min(count, texts.count) {
        let range = texts.range(index)
        let text = bytes.baseAddress.map { $0 + range.lowerBound }
        var position = 0
        while position < range.count, match(code, text, range.count, position, 0, data, nil) > 0 {
          hits += 1
          position = max(position + 1, bounds(data)[1])
        }
      }
    }
    return hits
  }
}
