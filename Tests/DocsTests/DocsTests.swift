import Delivering
import Foundation
import Model
import Monitor
import Parsing
import Rules
import Testing

/// What the pages say is what the program does.
///
/// Fenced blocks say how they are tested by the words after the fence:
///
///     sh test            run; exit code 0, or the number of `exit=N`
///     text output        what the block before printed; `shape`: without times and counts
///     yaml file=PATH     written to PATH in the folder where the page's commands run
///     yaml rules         a rule file: sound, and its tests pass
///     yaml sources       a source file, sound
@Suite("The documentation", .serialized) struct DocsTests {
  @Test("prints what the program prints", arguments: Page.all)
  func commands(page: Page) throws {
    let shell = try Shell()
    defer { shell.remove() }
    var last: (run: Shell.Run, line: Int)?
    for block in page.blocks {
      if let file = block.info.first(where: { $0.hasPrefix("file=") }) {
        try shell.write(block.text, to: String(file.dropFirst("file=".count)))
      } else if block.info.starts(with: ["sh", "test"]) {
        let run = try shell.run("set -o pipefail\n" + block.text)
        let exit = block.info.first { $0.hasPrefix("exit=") }.flatMap { Int32($0.dropFirst("exit=".count)) } ?? 0
        #expect(run.status == exit, "\(page.path):\(block.line) says:\n\(run.output)")
        last = (run, block.line)
      } else if block.info.starts(with: ["text", "output"]) {
        let printed = try #require(last, "\(page.path):\(block.line): no command before this output")
        let shape = block.info.contains("shape")
        let mismatch = Shown(block.text, shape: shape).mismatch(with: Shown(printed.run.output, shape: shape))
        #expect(
          mismatch == nil,
          "\(page.path):\(block.line): not printed: \(mismatch ?? ""); the end:\n\(printed.run.output.suffix(2000))")
      }
    }
  }

  @Test("shows rules that are sound and pass their tests, and sound sources", arguments: Page.all)
  func snippets(page: Page) throws {
    let shell = try Shell()
    defer { shell.remove() }
    for block in page.blocks {
      if block.info == ["yaml", "rules"] {
        try shell.write(block.text, to: "snippet/shown.rules.yaml")
        let run = try shell.run("nabat check snippet && nabat test snippet")
        #expect(run.status == 0, "\(page.path):\(block.line):\n\(run.output)")
      } else if block.info == ["yaml", "sources"] {
        try shell.write(block.text, to: "sources.yaml")
        let run = try shell.run("nabat check sources.yaml")
        #expect(run.status == 0, "\(page.path):\(block.line):\n\(run.output)")
      }
    }
  }

  @Test("names every verb of the program")
  func verbs() throws {
    let shell = try Shell()
    defer { shell.remove() }
    let help = try shell.run("nabat --help").output
    let verbs = help.split(separator: "\n").filter { $0.hasPrefix("  ") }
      .compactMap { $0.split(separator: " ").first }
    #expect(verbs.count > 5, "\(help)")
    for verb in verbs { #expect(Page.all.contains { $0.text.contains("nabat \(verb)") }, "\(verb) is in no page") }
  }

  @Test("lists the codes of check, all of them and no others")
  func codes() throws {
    let code = /\b[EWI][0-9]{3}\b/
    let shown = Set(try Page.named("docs/rules.md").text.matches(of: code).map { String($0.0) })
    var known: Set<String> = []
    let sources = Page.root.appendingPathComponent("Sources")
    for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where path.hasSuffix(".swift") {
      let text = String(decoding: try Data(contentsOf: sources.appendingPathComponent(path)), as: UTF8.self)
      known.formUnion(text.matches(of: /"([EWI][0-9]{3})"/).map { String($0.1) })
    }
    #expect(shown.subtracting(known) == [], "codes that the program does not have")
    #expect(known.subtracting(shown) == [], "codes that docs/rules.md does not explain")
  }

  @Test("names everything that is registered")
  func registry() throws {
    let sources = try Page.named("docs/sources.md").text
    for kind in Registry.sourceKinds { #expect(sources.contains("`\(kind.name)`")) }
    let rules = try Page.named("docs/rules.md").text
    for type in Registry.ruleTypes { #expect(rules.contains("`\(type.name)`")) }
    let sinks = try Page.named("docs/sinks.md").text
    for sink in Registry.sinks {
      #expect(sinks.contains("`\(sink.name)`"))
      for key in sink.keys { #expect(sinks.contains("`\(key.name)`"), "\(sink.name): \(key.name)") }
    }
  }

  @Test("leads to files that are there", arguments: Page.all)
  func links(page: Page) {
    let folder = Page.root.appendingPathComponent(page.path).deletingLastPathComponent()
    for link in page.links {
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(link).path), "\(page.path): \(link)")
    }
  }

  @Test("has the first rule as a file too")
  func firstRule() throws {
    let file = Page.root.appendingPathComponent("examples/first-rule/bridge.rules.yaml")
    let block = try Page.named("README.md").blocks.first { $0.info.contains("file=my-rules/bridge.rules.yaml") }
    #expect(String(decoding: try Data(contentsOf: file), as: UTF8.self) == block?.text)
  }

  @Test("ships examples that are sound", arguments: ["examples/first-rule", "examples/server"])
  func examples(path: String) throws {
    let shell = try Shell()
    defer { shell.remove() }
    let run = try shell.run("nabat check \(path) && nabat test \(path)")
    #expect(run.status == 0, "\(run.output)")
  }

  @Test("ships a server whose rules could go on duty as they are")
  func server() throws {
    let shell = try Shell()
    defer { shell.remove() }
    let run = try shell.run("nabat check --strict examples/server")
    #expect(run.status == 0, "\(run.output)")
  }
}
