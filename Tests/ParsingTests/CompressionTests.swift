import Foundation
import Model
import Testing

@testable import Parsing

@Suite("A body that was saved packed is unpacked")
struct CompressionTests {
  /// One small feed, «Мост открыт», as other programs pack it.
  private static let packed = [
    "gzip":
      "H4sIAAAAAAACA7MpKi62s0nOSMzLS82xs8ksSc21synJLMlJtbsw58K+i40XmxSAVNOFXRcbLnZfbLLRh0japJdmptgZ2uiDaRt9iEZ9uEH6IHMBYwfNA10AAAA=",
    "deflate":
      "eJyzKSoutrNJzkjMy0vNsbPJLEnNtbMpySzJSbW7MOfCvouNF5sUgFTThV0XGy52X2yy0YdI2qSXZqbYGdrog2kbfYhGfbhB+iBzAZIXJ2E=",
    "raw deflate":
      "sykqLrazSc5IzMtLzbGzySxJzbWzKcksyUm1uzDnwr6LjRebFIBU04VdFxsudl9sstGHSNqkl2am2Bna6INpG32IRn24QfogcwE=",
    "zstd":
      "KLUv/SBdlQIANAQ8cnNzPjxjaGFubmVsPjxpdGVtPjx0aXRsZT7QnNC+0YHRgiDQvtGC0LrRgNGL0YI8LzxndWlkPjE8LzwvLy9yc3M+BABMKIKrwSv3CBgUFA==",
    "br":
      "G1wAABypUV/M7iC1Q2zmzZkNBpP1geA7GhqEJ2zAAeung0407JQD1iALEsjyfzvbPcYyDONgPFm/BG8wJp7Xi+f+dsb00UhwGyYPDkJZBBi2yqpLAA==",
  ]

  private func body(_ method: String) throws -> [UInt8] {
    let text = try #require(Self.packed[method])
    return try bytes(text)
  }

  private func bytes(_ base64: String) throws -> [UInt8] {
    let data = try #require(Data(base64Encoded: base64))
    return [UInt8](data)
  }

  @Test("by its first bytes", arguments: ["gzip", "deflate", "zstd"]) func marked(method: String) throws {
    let feed = read(try body(method))
    #expect(feed.items.map(\.title) == ["Мост открыт"])
    #expect(feed.warnings.map(\.code) == ["packed"])
  }

  @Test("by the answer's header where there is no mark", arguments: [("raw deflate", "deflate"), ("br", "br")])
  func unmarked(method: String, header: String) throws {
    let feed = read(try body(method), headers: ["content-encoding": header])
    #expect(feed.items.map(\.title) == ["Мост открыт"])
  }

  @Test("a header on a body that is not packed changes nothing") func unpacked() {
    let feed = read(
      Array("<rss><channel><item><title>Да</title></item></channel></rss>".utf8), headers: ["content-encoding": "br"])
    #expect(feed.items.map(\.title) == ["Да"])
    #expect(feed.warnings.isEmpty)
  }

  @Test("one that was cut off gives what could be had, with a warning") func cut() throws {
    let feed = read(Array(try body("gzip").dropLast(30)))
    #expect(feed.kind == "rss")
    #expect(feed.warnings.contains { $0.code == "packed-damaged" })
  }

  @Test("one that would fill the memory stops at the bound") func bomb() throws {
    // A hundred thousand zeros in some twenty bytes of zstd.
    let bytes = try self.bytes("KLUv/aCghgEAVQAAEAAAAQCbhjnAAg==")
    let unpacked = Compression.unpacked(bytes, contentEncoding: nil, limit: 1000)
    #expect(unpacked.bytes.count == 1000)
    #expect(unpacked.isCut)
  }
}
