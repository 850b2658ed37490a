import Glibc

/// One scan of every text with a set of literals by Vectorscan, in block mode: the measure of what matching must cost.
final class Vectorscan {
  private typealias Compile =
    @convention(c) (
      UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UInt32>?, UnsafePointer<UInt32>?, UnsafePointer<Int>, UInt32,
      UInt32, UnsafeRawPointer?, UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<OpaquePointer?>
    ) -> CInt
  private typealias Allocate = @convention(c) (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> CInt
  private typealias Event = @convention(c) (UInt32, UInt64, UInt64, UInt32, UnsafeMutableRawPointer?) -> CInt
  private typealias Scan =
    @convention(c) (
      OpaquePointer, UnsafeRawPointer?, UInt32, UInt32, OpaquePointer, Event, UnsafeMutableRawPointer?
    ) -> CInt

  private static let blockMode: UInt32 = 1

  private let database: OpaquePointer
  private let scratch: OpaquePointer
  private let scan: Scan

  /// nil where Vectorscan is not installed.
  init?(literals: [[UInt8]]) throws(BenchError) {
    guard let library = ForeignLibrary(["libhs.so.5", "libhs.so"]) else { return nil }
    let compile = try library.function("hs_compile_lit_multi", as: Compile.self)
    let allocate = try library.function("hs_alloc_scratch", as: Allocate.self)
    scan = try library.function("hs_scan", as: Scan.self)
    let copies = literals.map { literal in strdup(String(decoding: literal, as: UTF8.self)) }
    defer { for copy in copies { free(copy) } }
    var database: OpaquePointer?
    var complaint: OpaquePointer?
    let ids = literals.indices.map { UInt32($0) }
    let code = compile(
      copies.map { UnsafePointer($0) }, nil, ids, literals.map(\.count), UInt32(literals.count), Vectorscan.blockMode,
      nil, &database, &complaint)
    guard code == 0, let database else { throw .failed("Vectorscan cannot compile the literals (\(code))") }
    var scratch: OpaquePointer?
    guard allocate(database, &scratch) == 0, let scratch else { throw .failed("Vectorscan has no scratch space") }
    self.database = database
    self.scratch = scratch
  }

  /// How many hits there are in the texts, each scanned by itself.
  func hits(in texts: FoldedTexts) throws(BenchError) -> Int {
    var count = 0
    var failure: CInt = 0
    texts.bytes.withUnsafeBytes { bytes in
      withUnsafeMutablePointer(to: &count) { count in
        for index in 0..<texts.count {
          let range = texts.range(index)
          let code = scan(
            database, bytes.baseAddress.map { $0 + range.lowerBound }, UInt32(range.count), 0, scratch,
            { _, _, _, _, context in
              context?.assumingMemoryBound(to: Int.self).pointee += 1
              return 0
            }, count)
          if code != 0 { failure = code }
        }
      }
    }
    guard failure == 0 else { throw .failed("Vectorscan cannot scan (\(failure))") }
    return count
  }
}
