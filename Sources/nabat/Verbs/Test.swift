import Engine
import Glibc
import JSON
import Model
import Rules
import Synchronization
import Text

extension Verb {
  static let test = Verb(
    name: "test", summary: "Runs the tests embedded in rules, on a virtual clock.", operands: "PATH…",
    operandCount: 1...1000,
    options: [
      Option("--junit", "FILE", "also writes the results as JUnit XML"),
      Option("--coverage", nil, "also shows what of each claim rule the tests have seen hold and fail"),
      Option("--mutate", nil, "also leaves out or shifts one thing after another: a test of the rule must notice"),
      Option("--json", nil, "one object: tests, coverage, mutation"),
    ], example: "nabat test --mutate rules/"
  ) { arguments in
    let lexicon = RuleInput.lexicon()
    let set = try RuleInput.loadSound(arguments.operands, lexicon: lexicon)
    let outcomes = RuleTests.run(set, lexicon: lexicon)
    let failed = outcomes.count { !$0.failures.isEmpty }
    if let path = arguments["--junit"] { try JUnit.write(outcomes, to: path) }
    let coverage = arguments.has("--coverage") ? TestCoverage(set, lexicon: lexicon) : nil
    // Against tests that fail anyway nothing can be told.
    let mutation = arguments.has("--mutate") && failed == 0 ? mutate(set, lexicon) : nil
    if arguments.has("--json") {
      var object = JSONObject(["tests": .array(outcomes.map(\.json))])
      object.append("coverage", ifPresent: coverage?.json)
      object.append("mutation", ifPresent: mutation?.json)
      Terminal.write(JSONValue.object(object).serialized + "\n")
    } else {
      var output = OutputBuffer()
      let showsEach = mutation == nil && coverage == nil || failed > 0
      for outcome in outcomes where showsEach { for line in outcome.lines { output.line(line) } }
      output.line("\(outcomes.count - failed) passed, \(failed) failed")
      for line in (coverage?.lines ?? []) + (mutation?.lines ?? []) { output.line(line) }
      if arguments.has("--mutate"), mutation == nil { output.line("mutants are tried when every test passes") }
      output.flush()
    }
    return failed == 0 && mutation?.isClean != false ? .done : .failed
  }

  private static func mutate(_ set: RuleSet, _ lexicon: Lexicon?) -> MutationTrial {
    let tried = Mutex(0)
    let trial = MutationTrial(set, lexicon: lexicon) { more in
      guard Terminal.errorIsTerminal else { return }
      tried.withLock { count in
        count += more
        if count % 50 == 0 { Terminal.writeError("\r\(count) mutants") }
      }
    }
    if Terminal.errorIsTerminal { Terminal.writeError("\r\u{1B}[K") }
    return trial
  }
}

extension RuleTests.Outcome {
  fileprivate var lines: [String] {
    ["\(failures.isEmpty ? "ok  " : "FAIL")  \(rule.id) · \(test.name)"]
      + failures.flatMap { failure in
        [
          "      \(failure.place), at +\(failure.at): \(failure.name)", "        expected  \(failure.expected)",
          "        actual    \(failure.actual)",
        ]
      }
  }

  fileprivate var json: JSONValue {
    [
      "rule": .string(rule.id), "test": .string(test.name), "passed": .bool(failures.isEmpty),
      "failures": .array(
        failures.map { failure in
          [
            "file": .string(failure.place.file), "line": JSONValue(failure.place.line), "at": .string("\(failure.at)"),
            "name": .string(failure.name), "expected": .string(failure.expected), "actual": .string(failure.actual),
          ]
        }),
    ]
  }
}

/// JUnit XML, as build servers read it.
enum JUnit {
  static func write(_ outcomes: [RuleTests.Outcome], to path: String) throws(Stop) {
    let failed = outcomes.count { !$0.failures.isEmpty }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites><testsuite name=\"nabat\" tests=\"\(outcomes.count)\" failures=\"\(failed)\">\n"
    for outcome in outcomes {
      text += "<testcase classname=\"\(xmlEscaped(outcome.rule.id))\" name=\"\(xmlEscaped(outcome.test.name))\""
      guard !outcome.failures.isEmpty else {
        text += "/>\n"
        continue
      }
      let words = outcome.failures.map {
        "\($0.place) at +\($0.at): \($0.name): expected \($0.expected), actual \($0.actual)"
      }
      text +=
        "><failure message=\"\(xmlEscaped(words[0]))\">\(xmlEscaped(words.joined(separator: "\n")))</failure></testcase>\n"
    }
    text += "</testsuite></testsuites>\n"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Stop(.inputOutput, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    if let reason = Terminal.write(Array(text.utf8), to: descriptor) {
      throw Stop(.inputOutput, "\(path): cannot be written: \(String(cString: strerror(reason)))")
    }
  }
}
