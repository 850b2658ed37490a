import Matching
import Model
import Rules
import Testing

/// Warnings and errors of a text but W402 and W401, with what they say.
private func said(_ text: String) -> [String] {
  load(text).diagnostics.filter { !["W401", "W402"].contains($0.code) }.map {
    "\($0.place.line):\($0.place.column) \($0.code) \($0.message)\($0.hint.map { " (\($0))" } ?? "")"
  }
}

@Suite("Rules that cannot do what they say") struct FindingTests {
  @Test("a threshold counts only the terms that can stand beside it (E205)") func reach() {
    // a: 5, b: 2 twice. Without b there are 5; with the negative p there are 4 less.
    #expect(codes(claim("match: a and not b and score >= 5")) == [])
    #expect(
      said(claim("match: a and not b and score >= 6")) == [
        "5:28 E205 «score >= 6» can never hold: weights add up to at most 5 (largest: a 5)"
      ])
    let past =
      "terms: { a: { any: [дамба], weight: 5 }, b: { any: [плотина], weight: 2, cap: 2 }, p: { any: [год], weight: -4 } }"
    #expect(codes(claim("match: a and p and score >= 5", terms: past)) == [])
    #expect(
      said(claim("match: a and p and score >= 6", terms: past)) == [
        "5:24 E205 «score >= 6» can never hold: weights add up to at most 5 (largest: a 5 + b 2×2 + p -4)"
      ])
    #expect(codes(claim("match: a and hits(b) < 2 and score >= 8")) == ["5:34 E205"])
    #expect(
      codes(claim("match: not any of (a, b) and score > 0"))
        == ["5:34 E205", "5:12 E206"].filter { !$0.hasSuffix("E206") })
    // In another way to match they count.
    #expect(codes(claim("match: a and score >= 9 or a and not b and score >= 5")) == [])
    #expect(codes(claim("match: b and score >= 9 or a and not b and score >= 6")) == ["5:48 E205"])
    // A term of all hits once a field, whatever its cap.
    let all = "terms: { a: { all: [дом, газ], weight: 1, cap: 9 } }"
    #expect(codes(claim("match: score >= 2", terms: all)) == [])
    #expect(codes(claim("match: score >= 3", terms: all)) == ["5:12 E205"])
    #expect(codes(claim("stream: comment\nmatch: score >= 2", terms: all)) == ["6:12 E205"])
  }

  @Test("a term that must be there and must not is an error (E205)") func contradiction() {
    #expect(
      said(claim("match: a and b and not a")) == [
        "5:12 E205 «a and b and not a» can never hold: «a» would have to be there and not to be there"
      ])
    #expect(codes(claim("match: all of them and not b")) == ["5:12 E205"])
    #expect(codes(claim("match: hits(a) >= 3 and hits(a) < 3")) == ["5:12 E205"])
    #expect(codes(claim("match: a and not a or b")) == [])
  }

  @Test("an exception that applies whenever the rule matches swallows it (W410)") func swallowed() {
    #expect(
      said(claim("match: a\nunless: [{ any: [плотина, дамба] }]")) == [
        "6:14 W410 the exception swallows its rule: it applies whenever «a» is there, and that is always "
          + "(take the words out of it, or narrow what it applies to)"
      ])
    #expect(codes(claim("match: a and b\nunless: [{ term: b, scope: sentence }]")) == ["6:14 W410"])
    let near = "terms: { t: { near: [дамба, { any: [смыть, прорвать] }], weight: 1 } }"
    #expect(codes(claim("match: t\nunless: [{ any: [дамба], scope: near }]", terms: near)) == ["6:14 W410"])
    #expect(codes(claim("match: t\nunless: [{ any: [смыть], scope: near }]", terms: near)) == [])
    // Not where a term may be missing, only a label is given, or the title alone counts.
    #expect(codes(claim("match: a or b\nunless: [{ any: [дамба] }]")) == [])
    #expect(codes(claim("match: a or b\nunless: [{ any: [дамба, плотина] }]")) == ["6:14 W410"])
    #expect(codes(claim("match: a\nunless: [{ any: [дамба], then: label, label: x }]")) == [])
    #expect(codes(claim("match: a\nunless: [{ any: [дамба], scope: title }]")) == [])
    #expect(codes(claim("match: a\nunless: [{ any: [\"=дамба\"] }]")) == [])
  }

  /// Two rules: a wide one, and one with the lines.
  private func two(_ lines: String, wide: String = "terms: { t: { any: [дамба, плотина], weight: 5 } }, match: t")
    -> [String]
  {
    said("format: 1\nrules:\n  - { id: wide, type: claim, \(wide) }\n  - { id: narrow, type: claim, \(lines) }\n")
  }

  @Test("a rule whose texts all fire another one says nothing of its own (W408)") func implied() {
    let narrow = "terms: { t: { any: [дамба], weight: 5 }, u: { any: [беда], weight: 2 } }, match: t and u"
    #expect(
      two(narrow) == [
        "4:11 W408 every text that fires this rule fires «wide» too "
          + "(join the two, or let this one be of a higher severity or of another narrative)"
      ])
    // Unless it is louder, for other texts, under another topic, or the other one has exceptions of its own.
    #expect(two(narrow + ", severity: critical, guide: x") == [])
    #expect(two(narrow + ", stream: comment") == [])
    #expect(two(narrow, wide: "terms: { t: { any: [дамба], weight: 5 } }, match: t, unless: [{ any: [учение] }]") == [])
    #expect(two(narrow, wide: "terms: { t: { any: [дамба], weight: 5 } }, match: t, where: { lang: ru }") == [])
    #expect(two(narrow, wide: "terms: { t: { any: [\"=дамба\"], weight: 5 } }, match: t") == [])
    #expect(two(narrow, wide: "terms: { t: { any: [дамба], weight: 5 } }, match: t, status: test").count == 1)
    #expect(two(narrow + ", narrative: one", wide: "terms: { t: { any: [дамба] } }, match: t, narrative: two") == [])
  }

  @Test("nearness, thresholds and counts are compared too") func impliedByBounds() {
    let wide =
      "terms: { t: { near: [дамба, { any: [смыть, прорвать] }], within: 6, weight: 5 }, u: { any: [беда], weight: 2 } }"
    let narrow = "terms: { n: { near: [дамба, смыть], within: 4, weight: 5 }, u: { any: [беда], weight: 2 } }"
    #expect(two(narrow + ", match: n and score >= 7", wide: wide + ", match: t and score >= 7").count == 1)
    #expect(two(narrow + ", match: n and score >= 7", wide: wide + ", match: t and score >= 6").count == 1)
    #expect(two(narrow + ", match: n and score >= 6", wide: wide + ", match: t and score >= 7") == [])
    #expect(two(narrow + ", match: n and u", wide: wide + ", match: \"1 of (t, u)\"").count == 1)
    #expect(two(narrow + ", match: n and u", wide: wide + ", match: all of them").count == 1)
    #expect(two(narrow + ", match: n", wide: wide + ", match: all of them") == [])
    let far = narrow.replacing("within: 4", with: "within: 9")
    #expect(two(far + ", match: n", wide: wide + ", match: t") == [])
  }

  @Test("of two rules that say the same the later is too much") func same() {
    let both = "terms: { t: { any: [дамба], weight: 5 } }, match: t"
    #expect(two(both, wide: both).map { String($0.prefix(9)) } == ["4:11 W408"])
  }
}
