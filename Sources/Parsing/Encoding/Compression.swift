import CBrotli
import CZlib
import CZstd

/// Bodies that were saved as they came over the wire: gzip, deflate, zstd and br.
///
/// The first bytes tell the first three; br has no mark and is believed to the answer's `Content-Encoding` alone.
enum Compression {
  struct Result {
    var bytes: [UInt8]
    /// What the body was packed with, outermost first.
    var methods: [String] = []
    /// The body ended early, is damaged, or holds more than `limit` bytes: `bytes` is what could be had.
    var isCut = false
  }

  /// The bytes as they were before packing, at most `limit` of them; those of a body that is not packed as they are.
  static func unpacked(_ bytes: [UInt8], contentEncoding: String?, limit: Int) -> Result {
    var result = Result(bytes: bytes)
    let stated = Bytes.lowercased(contentEncoding ?? "")
    // Packed twice: seen where a server compresses what was compressed already.
    while result.methods.count < 2, let method = method(of: result.bytes, stated: stated) {
      guard let output = unpack(result.bytes, method, limit), !output.bytes.isEmpty else { break }
      result.bytes = output.bytes
      result.isCut = result.isCut || !output.complete
      result.methods.append(method.rawValue)
    }
    return result
  }

  private enum Method: String { case gzip, deflate, zstd, br }

  private static func method(of bytes: [UInt8], stated: String) -> Method? {
    guard bytes.count > 4 else { return nil }
    switch (bytes[0], bytes[1]) {
    case (0x1F, 0x8B): return .gzip
    // RFC 1950: method 8, and the first two bytes a multiple of 31.
    case (0x78, let flags) where (0x7800 + Int(flags)) % 31 == 0: return .deflate
    case (0x28, 0xB5) where bytes[2] == 0x2F && bytes[3] == 0xFD: return .zstd
    default: break
    }
    // A label on a body that was unpacked already is common: what reads as text is no packed body.
    guard !stated.isEmpty, !bytes.prefix(64).allSatisfy({ $0 >= 0x20 && $0 != 0x7F || isSpace($0) && $0 != 0 }) else {
      return nil
    }
    return stated.contains("br") ? .br : stated.contains("deflate") ? .deflate : nil
  }

  private static func unpack(_ bytes: [UInt8], _ method: Method, _ limit: Int) -> (bytes: [UInt8], complete: Bool)? {
    switch method {
    case .gzip: inflated(bytes, window: 15 + 16, limit)
    case .deflate:
      inflated(bytes, window: bytes[0] & 0x0F == 8 ? 15 : -15, limit) ?? inflated(bytes, window: -15, limit)
    case .zstd: zstandard(bytes, limit)
    case .br: brotli(bytes, limit)
    }
  }

  private static let chunk = 64 << 10

  private static func inflated(_ bytes: [UInt8], window: Int32, _ limit: Int) -> (bytes: [UInt8], complete: Bool)? {
    var stream = z_stream()
    guard nabat_inflate_init(&stream, window) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = bytes
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunk)
    let status = input.withUnsafeMutableBufferPointer { source in
      buffer.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(truncatingIfNeeded: source.count)
        var status = Z_OK
        while status == Z_OK, output.count < limit {
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = inflate(&stream, Z_NO_FLUSH)
          output.append(contentsOf: target.prefix(target.count - Int(stream.avail_out)))
          // Without room gained and input left there is nothing to wait for.
          if stream.avail_in == 0, stream.avail_out > 0, status == Z_OK { break }
        }
        return status
      }
    }
    if status == Z_DATA_ERROR, output.isEmpty { return nil }
    return (capped(output, limit), status == Z_STREAM_END && output.count <= limit)
  }

  private static func zstandard(_ bytes: [UInt8], _ limit: Int) -> (bytes: [UInt8], complete: Bool)? {
    guard let stream = ZSTD_createDStream() else { return nil }
    defer { ZSTD_freeDStream(stream) }
    // 8 MB of window, what RFC 8878 asks readers of web content to have.
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23)
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunk)
    let complete = bytes.withUnsafeBytes { source in
      buffer.withUnsafeMutableBytes { target in
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        while output.count < limit {
          var room = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let before = input.pos
          let left = ZSTD_decompressStream(stream, &room, &input)
          output.append(contentsOf: target.prefix(room.pos))
          if ZSTD_isError(left) != 0 { return false }
          if left == 0 { return true }
          if room.pos == 0, input.pos == before { return false }
        }
        return false
      }
    }
    return (capped(output, limit), complete)
  }

  private static func brotli(_ bytes: [UInt8], _ limit: Int) -> (bytes: [UInt8], complete: Bool)? {
    guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { return nil }
    defer { BrotliDecoderDestroyInstance(state) }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunk)
    let complete = bytes.withUnsafeBufferPointer { source in
      buffer.withUnsafeMutableBufferPointer { target in
        var next = source.baseAddress
        var left = source.count
        while output.count < limit {
          var write = target.baseAddress
          var room = target.count
          let status = BrotliDecoderDecompressStream(state, &left, &next, &room, &write, nil)
          output.append(contentsOf: target.prefix(target.count - room))
          if status == BROTLI_DECODER_RESULT_SUCCESS { return true }
          if status != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT { return false }
        }
        return false
      }
    }
    return output.isEmpty ? nil : (capped(output, limit), complete)
  }

  private static func capped(_ bytes: [UInt8], _ limit: Int) -> [UInt8] {
    bytes.count > limit ? Array(bytes.prefix(limit)) : bytes
  }
}
