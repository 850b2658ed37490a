import JSON
import Testing

@Suite("A string is written with the escapes it needs")
struct StringWritingTests {
  @Test("whatever stands before and behind, at every place of a word of eight bytes")
  func everywhere() {
    let escapes: [(String, String)] = [
      ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("\u{0}", #"\u0000"#),
      ("\u{1F}", #"\u001f"#), ("\u{7F}", #"\u007f"#), (" ", " "), ("ж", "ж"), ("\u{FFFD}", "\u{FFFD}"), ("~", "~"),
    ]
    for (written, expected) in escapes {
      for before in 0..<18 {
        for after in [0, 3, 8, 17] {
          let head = String(repeating: "а", count: before / 2) + String(repeating: "x", count: before % 2)
          let tail = String(repeating: "y", count: after)
          var bytes: [UInt8] = []
          JSONValue.write(head + written + tail, into: &bytes)
          #expect(String(decoding: bytes, as: UTF8.self) == "\"" + head + expected + tail + "\"")
        }
      }
    }
  }
}
