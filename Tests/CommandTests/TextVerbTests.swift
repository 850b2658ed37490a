import JSON
import TestSupport
import Testing

@Suite("nabat try, parse and extract") struct TextVerbTests {
  @Test("say of each text which rules would alert on it, and why")
  func tryTexts() async throws {
    let plain = try await ProgramRun.run(
      "try", "--rules", Shipped.rules, input: "Ночью прорвало дамбу, объявлена эвакуация\n\nПогода хорошая\n")
    #expect(plain.status == 0)
    #expect(plain.output.contains("1: claim.dam-breach — would alert, score 7 of 7\n"))
    #expect(plain.output.contains("«прорвало дамбу» in body"))
    let json = try await ProgramRun.run(
      "try", "--json", "--rules", Shipped.rules,
      input: #"{"id":"q1","text":"Ночью прорвало дамбу, объявлена эвакуация"}"# + "\nПогода хорошая\n")
    let lines = try json.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    #expect(json.status == 0 && lines.count == 2)
    #expect(lines.first?["id"]?.string == "q1")
    #expect(lines.first?["rules"]?.array?.compactMap(\.string) == ["claim.dam-breach"])
    #expect(lines.last?["rules"]?.array?.isEmpty == true)
    let bad = try await ProgramRun.run("try", "--rules", Shipped.rules, input: "{\"id\":1}\n")
    #expect(bad.status == 2 && bad.errors.contains("line 1 of the input: «text» is missing"))
  }

  @Test("read a saved feed, and a list of them, one object a line")
  func parse() async throws {
    let folder = try TestFolder()
    try folder.write(
      "feed.xml",
      "<rss version=\"2.0\"><channel><title>Вести</title><item><title>Мост</title><link>/1</link></item></channel></rss>"
    )
    try folder.write(
      "list.ndjson",
      #"{"file":"feed.xml","url":"http://a.example/rss"}"# + "\n" + #"{"file":"feed.xml","url":"http://b.example/"}"#
        + "\n")
    let one = try await ProgramRun.run("parse", "feed.xml", "--url", "http://a.example/rss", "--json", in: folder.path)
    let feed = try JSONValue(parsing: Array(one.output.utf8))
    #expect(one.status == 0 && feed["kind"]?.string == "rss")
    #expect(feed["items"]?.array?.first?["link"]?.string == "http://a.example/1")
    let two = try await ProgramRun.run("parse", "--batch", "list.ndjson", "--ndjson", in: folder.path)
    #expect(two.status == 0 && two.output.split(separator: "\n").count == 2)
    #expect(two.output.contains("http://b.example/1"))
    try folder.write(
      "list.ndjson",
      #"{"file":"gone.xml","url":"http://a.example/"}"# + "\n" + #"{"file":"feed.xml","url":"http://b.example/"}"#
        + "\n")
    let gap = try await ProgramRun.run("parse", "--batch", "list.ndjson", in: folder.path)
    let lines = gap.output.split(separator: "\n")
    #expect(gap.status == 74 && gap.errors.contains("gone.xml") && lines.count == 2)
    #expect(lines.first?.contains("\"unreadable\"") == true && lines.last?.contains("http://b.example/1") == true)
    try folder.write("list.ndjson", "nonsense\n")
    let bad = try await ProgramRun.run("parse", "--batch", "list.ndjson", in: folder.path)
    #expect(bad.status == 2 && bad.errors.contains("list.ndjson:1: "))
    try folder.write("noise", "\u{1}\u{2}nothing of a feed")
    let noise = try await ProgramRun.run("parse", "noise", "--url", "http://a.example/", in: folder.path)
    #expect(noise.status == 0 && noise.output.contains("\"warnings\""))
  }

  @Test("read the text of a saved article page, and of a list of them")
  func extract() async throws {
    let folder = try TestFolder()
    let text = "Мост через Речную закрыт с понедельника: рабочие меняют настил, движение пойдёт по набережной."
    try folder.write(
      "a.html", "<html lang=ru><nav><a href=/>Главная</a></nav><h1>Мост закрыт</h1><p>\(text)</p></html>")
    let one = try await ProgramRun.run("extract", "a.html", "--url", "http://a.example/1", "--json", in: folder.path)
    #expect(one.status == 0)
    #expect(one.output == #"{"title":"Мост закрыт","text":"\#(text)","lang":"ru","links":[]}"# + "\n")
    try folder.write(
      "list.ndjson",
      #"{"file":"gone.html","url":"http://a.example/"}"# + "\n" + #"{"file":"a.html","url":"http://b.example/"}"#)
    let two = try await ProgramRun.run("extract", "--batch", "list.ndjson", "--ndjson", in: folder.path)
    #expect(two.status == 74 && two.output == #"{"links":[]}"# + "\n" + one.output)
    let none = try await ProgramRun.run("extract", "a.html")
    #expect(none.status == 64 && none.errors.contains("--url is missing"))
  }
}
