import Demo
import JSON
import Model
import Testing

@Suite("The demo's story") struct DemoStoryTests {
  private func lines() throws -> [TapeLine] {
    var reader = TapeReader(authorKey: AuthorHash().key)
    return try DemoStory.tape.split(separator: 0x0A).map { try reader.read(line: Array($0)) }
  }

  @Test("is a tape in the order of arrival, about two hours long")
  func order() throws {
    let lines = try lines()
    let story = try DemoStory()
    #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.at <= $1.at })
    #expect(story.start == (try clock("09:00")))
    #expect(story.end == (try clock("11:00")))
    #expect(story.items.count + story.comments.count + story.readings.count + 1 == lines.count)
  }

  @Test("gives every comment an author, the region and an item that was there before it")
  func comments() throws {
    var items: Set<String> = []
    var ids: Set<String> = []
    for line in try lines() {
      switch line {
      case .item(_, let item):
        #expect(item.region == "XA-ZAR")
        #expect(item.title != nil)
        #expect(items.insert("\(item.source) \(item.id)").inserted)
      case .comment(_, let comment):
        #expect(comment.author != nil)
        #expect(comment.text != nil)
        #expect(comment.region == "XA-ZAR")
        #expect(items.contains("\(comment.source) \(comment.item ?? "")"))
        #expect(ids.insert("\(comment.source) \(comment.id)").inserted)
      case .total(_, let total): #expect(items.contains("\(total.source) \(total.item)"))
      default: break
      }
    }
    #expect(ids.count > 100)
  }

  @Test("is embedded as the package's files say it, and so are the rules, sources and history")
  func embedding() throws {
    #expect(try bytes(of: "examples/demo/story.ndjson") == DemoStory.tape)
    #expect(try bytes(of: "examples/demo/history.ndjson") == DemoStory.history)
    #expect(try bytes(of: "feeds/demo.yaml") == withoutBlankLines(DemoFiles.feeds()))
    for file in DemoFiles.ruleFiles {
      #expect(try bytes(of: "rules/\(file.name)") == withoutBlankLines(file.bytes), "\(file.name)")
    }
  }

  @Test("says which line of a story cannot be read")
  func broken() {
    let error = #expect(throws: DemoError.self) {
      _ = try DemoStory(tape: Array("{\"kind\":\"tick\",\"at\":\"2026-03-02T09:00:00Z\"}\n{\"kind\":\"item\"}\n".utf8))
    }
    #expect(error == .story(line: 2, reason: "«at» is missing"))
  }
}
