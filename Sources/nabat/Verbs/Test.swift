import Engine
import Glibc
import Model
import Rules

extension Verb {
  static let test = Verb(
    name: "test", summary: "Runs the tests embedded in rules, on a virtual clock.", operands: "PATH…",
    operandCount: 1...1000,
    options: [Option("--junit", "FILE", "also writes the results as JUnit XML")], example: "nabat test rules/"
  ) { arguments in
    let lexicon = RuleInput.lexicon()
    let set = try RuleInput.loadSound(arguments.operands, lexicon: lexicon)
    let outcomes = RuleTests.run(set, lexicon: lexicon)
    var output = OutputBuffer()
    for outcome in outcomes {
      output.line("\(outcome.failures.isEmpty ? "ok  " : "FAIL")  \(outcome.rule.id) · \(outcome.test.name)")
      for failure in outcome.failures {
        output.line("      \(failure.place), at +\(failure.at): \(failure.name)")
        output.line("        expected  \(failure.expected)")
        output.line("        actual    \(failure.actual)")
      }
    }
    let failed = outcomes.count { !$0.failures.isEmpty }
    output.line("\(outcomes.count - failed) passed, \(failed) failed")
    output.flush()
    if let path = arguments["--junit"] { try JUnit.write(outcomes, to: path) }
    return failed == 0 ? .done : .failed
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
