import TestSupport
import Testing

@Suite("The command line") struct UsageTests {
  @Test("has help with a usage line and an example for every verb")
  func help() async throws {
    // given: the verbs that the overview lists
    let overview = try await ProgramRun.run("--help")
    let verbs = overview.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(overview.status == 0)
    #expect(verbs.contains("run") && verbs.contains("replay") && verbs.count >= 10)
    for verb in verbs {
      let help = try await ProgramRun.run(verb, "--help")
      #expect(help.status == 0, "\(verb)")
      #expect(help.output.contains("Usage: nabat \(verb)"), "\(verb)")
      #expect(help.output.contains("Example:\n"), "\(verb)")
      #expect(help.errors.isEmpty, "\(verb)")
    }
  }

  @Test(
    "says what is wrong with it in one line, and ends with 64",
    arguments: [
      ([], "Usage: nabat VERB"),
      (["polish"], "no verb «polish»"),
      (["check", "--shout", "rules"], "unknown option --shout"),
      (["check"], "PATH… is missing"),
      (["replay", "--tape", "x"], "--rules is missing"),
      (["replay", "--rules"], "--rules needs a value"),
      (["alerts", "--open=yes"], "--open takes no value"),
      (["tape", "--from", "yesterday"], "--from «yesterday» is not a time"),
      (["replay", "--rules", "x", "--tape", "y", "--until", "noon"], "--until «noon» is not a time"),
      (["parse", "page.html"], "--url is missing"),
      (["parse", "--url", "http://a.example/"], "FILE is missing"),
      (["run", "now"], "«now» is one argument too many"),
    ])
  func usage(_ arguments: [String], _ words: String) async throws {
    let ended = await (try ProgramRun(arguments)).end()
    #expect(ended.status == 64)
    #expect(ended.output.isEmpty)
    #expect(ended.errors.contains(words))
  }

  @Test(
    "says which file is missing, and ends with 74",
    arguments: [
      ["check", "none.rules.yaml"], ["test", "none"], ["replay", "--rules", Shipped.rules, "--tape", "none.ndjson"],
      ["replay", "--rules", Shipped.rules, "--tape", Shipped.tape, "--history", "none.ndjson"],
      ["try", "--rules", "none"], ["parse", "none.xml", "--url", "http://a.example/"],
      ["parse", "--batch", "none.ndjson"], ["alerts", "--database", "none.db"], ["tape", "--database", "none.db"],
      ["explain", "al_1", "--database", "none.db"], ["run", "--config", "none.yaml"],
    ])
  func missing(_ arguments: [String]) async throws {
    let folder = try TestFolder()
    let ended = await (try ProgramRun(arguments, in: folder.path)).end()
    #expect(ended.status == 74)
    #expect(ended.output.isEmpty)
    #expect(ended.errors.contains("none") && ended.errors.contains("No such file or directory"))
  }

  @Test("does not take a result that could not be written for a success")
  func fullOutput() async throws {
    let ended = try await ProgramRun.run(
      "replay", "--rules", Shipped.rules, "--tape", Shipped.tape, shell: #"exec "$@" > /dev/full"#)
    #expect(ended.status == 74)
    #expect(ended.errors.contains("standard output cannot be written: No space left on device"))
    let report = try await ProgramRun.run("test", Shipped.rules, "--junit", "/dev/full")
    #expect(report.status == 74)
    #expect(report.errors.contains("/dev/full: cannot be written"))
  }
}
