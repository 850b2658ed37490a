import Foundation

/// Base64 as Atom 0.3 carries content in it.
enum Base64 {
  static func decode(_ text: String) -> [UInt8]? {
    Data(base64Encoded: text, options: .ignoreUnknownCharacters).map(Array.init)
  }
}
