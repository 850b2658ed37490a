import JSON
import Testing

@Suite("Reading JSON") struct JSONParserTests {
  @Test("every kind of value is read, and members keep their order")
  func everyKind() throws {
    let value = try JSONValue(
      parsing: #" {"z":1,"a":[true,false,null,-2.5,"дамба",{}],"big":9007199254740993,"e":1e3} "#)
    #expect(value.object?.members.map(\.name) == ["z", "a", "big", "e"])
    #expect(value["a"] == [true, false, .null, -2.5, "дамба", .object(JSONObject())])
    #expect(value["z"] == 1)
    #expect(value["big"] == 9_007_199_254_740_993)
    #expect(value["e"] == .number(1000))
    #expect(try JSONValue(parsing: "7") == 7)
    #expect(try JSONValue(parsing: #""x""#) == "x")
  }

  @Test("escapes are undone, an escaped NUL included")
  func escapes() throws {
    #expect(
      try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u0410\ud83d\udea8\u0000""#)
        == .string("\"\\/\u{8}\u{C}\n\r\t\u{410}\u{1F6A8}\u{0}"))
  }

  @Test("of equal members all are kept and the first one is found")
  func duplicates() throws {
    let value = try JSONValue(parsing: #"{"a":1,"a":2}"#)
    #expect(value["a"] == 1)
    #expect(value.object?.members.count == 2)
  }

  @Test(
    "whole numbers beyond 64 bits become doubles, digits inside strings stay",
    arguments: [
      ("9223372036854775807", JSONValue.integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)),
      ("18446744073709551615", .number(18_446_744_073_709_551_616)),
      ("18446744073709551616", .number(18_446_744_073_709_551_616)),
      ("-9223372036854775809", .number(-9_223_372_036_854_775_808)),
      (
        #"["\"123456789012345678901",123456789012345678901234567890]"#,
        JSONValue.array(["\"123456789012345678901", 1.2345678901234568e29])
      ),
    ])
  func bigIntegers(text: String, expected: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test(
    "what is not JSON is an error in words, never a crash",
    arguments: [
      ("", "empty"), ("   ", "empty"), ("{", ""), (#"{"a":1,}"#, "comma"), (#"{"a" 1}"#, "colon"),
      (#"{"a":tru}"#, "true, false nor null"), ("[1 2]", "comma"), ("1 2", ""), (#"{"a":"b}"#, "closing quote"),
      ("\"a\u{0}b\"", "control character"), ("{\u{0}}", ""), ("\"a\nb\"", "control character"),
      (#""\ud83d""#, "surrogate"), (#""\udea8""#, "surrogate"), (#""\ud83dx\udea8""#, "surrogate"),
      (#""\x""#, "escape"), ("01", "number"), ("1e999", "number"), ("-", "number"),
      ("1" + String(repeating: "0", count: 400), "number"), ("{'a':1}", ""),
    ])
  func notJSON(text: String, word: String) throws {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    if !word.isEmpty { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
  }

  @Test(
    "invalid UTF-8 is an error", arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]])
  func invalidUTF8(bytes: [UInt8]) throws {
    #expect(throws: JSONError("the bytes are not valid UTF-8")) { try JSONValue(parsing: bytes) }
  }

  @Test("nesting is read to 256 levels and refused beyond")
  func depth() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    _ = try JSONValue(parsing: nested(255))
    #expect(throws: JSONError("arrays and objects are nested too deeply")) {
      try JSONValue(parsing: nested(300))
    }
    #expect(throws: JSONError("arrays and objects are nested too deeply")) {
      try JSONValue(parsing: nested(100_000))
    }
  }

  @Test("a byte order mark is skipped")
  func byteOrderMark() throws {
    #expect(try JSONValue(parsing: "\u{FEFF}[1]") == [1])
  }

  @Test("one parser reads small after large after broken")
  func reuse() throws {
    var parser = JSONParser()
    let large = "[" + (0..<300_000).map(String.init).joined(separator: ",") + "]"
    #expect(try parser.parse(Array("[1]".utf8)) == [1])
    #expect(try parser.parse(Array(large.utf8)).array?.count == 300_000)
    do {
      _ = try parser.parse(Array("[".utf8))
      Issue.record("«[» was read")
    } catch {}
    #expect(try parser.parse(Array("[2]".utf8)) == [2])
  }

  @Test("what is written is read back as it was")
  func roundTrip() throws {
    let value: JSONValue = [
      "т": ["\u{0}\u{1F}\u{7F}\"\\/\u{2028}", -1, 0.1, .null, true, ["": []]], "n": 12_345.678e-9,
    ]
    #expect(try JSONValue(parsing: value.serialized) == value)
  }
}
