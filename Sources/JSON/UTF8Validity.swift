import CSimdjson

/// Whether bytes are UTF-8, by simdjson's check: gigabytes a second.
package enum UTF8Validity {
  package static func holds(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { nabat_utf8_valid($0.baseAddress, $0.count) != 0 }
  }
}
