import Delivering
import JSON
import Model
import Testing

@Suite("A line for the terminal") struct ConsoleLineTests {
  private func event(_ data: JSONValue, type: String = "alert.fired") -> JSONValue {
    ["type": .string(type), "time": "2026-03-01T08:59:40Z", "data": data]
  }

  @Test("says when, how grave, why and what, in local time")
  func alert() {
    let line = ConsoleLine(utcOffset: .hours(5)).text(
      for: event([
        "reason": "first", "severity": "high", "title": "Слух о прорыве дамбы",
        "summary": "dam-breach — Оренбургская область: 3 публ., первый 01.03 11:41",
      ]))
    #expect(
      line
        == "13:59 ВЫСОКАЯ впервые: Слух о прорыве дамбы — dam-breach — Оренбургская область: 3 публ., первый 01.03 11:41"
    )
  }

  @Test(
    "says how many weaker alarms a digest holds, as Russian counts them",
    arguments: [
      (1, "отложена 1 более слабая тревога"), (3, "отложены 3 более слабые тревоги"),
      (11, "отложено 11 более слабых тревог"),
      (21, "отложена 21 более слабая тревога"),
    ])
  func digest(count: Int, words: String) {
    let data: JSONValue = [
      "region": "RU-ORE", "held_back": .integer(Int64(count)), "summary": "weaker alarms held back",
    ]
    let line = ConsoleLine(utcOffset: .zero).text(for: event(data, type: "meta.digest"))
    #expect(line == "08:59 сводка: \(words), RU-ORE")
  }

  @Test("is coloured only when asked to")
  func colour() {
    let data: JSONValue = ["reason": "repeat", "severity": "critical", "title": "Дамба"]
    #expect(!ConsoleLine(utcOffset: .zero).text(for: event(data)).contains("\u{1B}"))
    #expect(
      ConsoleLine(utcOffset: .zero, colour: true).text(for: event(data))
        == "08:59 \u{1B}[1;97;41mКРИТИЧЕСКАЯ\u{1B}[0m напоминание: Дамба")
  }

  @Test("shows meta events and what it does not know as they are")
  func others() {
    let console = ConsoleLine(utcOffset: .hours(-10))
    #expect(console.text(for: event(["message": "ok"], type: "meta.heartbeat")) == "22:59 Набат работает: ok")
    #expect(console.text(for: event([:], type: "meta.new\u{7}")) == "22:59 meta.new")
    #expect(console.text(for: "odd") == "")
  }

  @Test("marks what rules find that tell nobody yet")
  func drafts() {
    let data: JSONValue = ["reason": "first", "severity": "high", "title": "Слух", "stage": "draft"]
    #expect(
      ConsoleLine(utcOffset: .zero).text(for: event(data))
        == "08:59 ВЫСОКАЯ впервые (черновик правила, не отправлено): Слух")
  }

  @Test("lets nothing from outside steer the terminal")
  func hostile() {
    let data: JSONValue = [
      "reason": "\u{1B}[2J", "severity": "\u{9B}31m", "title": "а\u{202E}б\u{2066}в\u{1B}]0;x\u{7}",
      "summary": "г\r\nд",
    ]
    #expect(ConsoleLine(utcOffset: .zero).text(for: event(data)) == "08:59 31M [2J: абв]0;x — г  д")
  }

  @Test("plain text keeps every other character, whatever stands around it", arguments: 0..<50)
  func scrubber(seed: UInt64) {
    let steers: (Unicode.Scalar) -> Bool = { scalar in
      switch scalar.value {
      case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
      default: false
      }
    }
    var state = seed
    func random(_ bound: UInt32) -> UInt32 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt32(state >> 33) % bound
    }
    var text = String.UnicodeScalarView()
    for _ in 0..<2000 {
      let value = [random(0x100), 0x2000 + random(0x80), random(0x11_0000), 0x600 + random(0x30)][Int(random(4))]
      if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
    let shown = plainText(String(text)).unicodeScalars
    #expect(!shown.contains(where: steers))
    #expect(shown.filter { $0 != " " }.map(\.value) == text.filter { !steers($0) && $0 != " " }.map(\.value))
    #expect(plainText(String(shown)) == String(shown))
  }
}
