import Glibc
import JSON
import Model
import Monitor
import Rules
import Storage
import Text

// Bench: a year of comments of one federal district through read → match → count → alert → store.
//
// The tape and the rules are generated from a seed and the dictionary, and are the same on every machine. Beside the
// whole way it measures, in the same run, what the tape's bare reading and the rows' bare inserting cost: machines
// differ, their ratios hardly.
@main
enum Bench {
  private struct Options {
    var comments = 453_000
    var rules = 1000
    var seed: UInt64 = 1
    var threads = [1, 2]
    var json = false
  }

  static func main() {
    do {
      try run(try options(Array(CommandLine.arguments.dropFirst())))
    } catch {
      let words = (error as? BenchError)?.message ?? "\(error)"
      let line = Array("nabat-bench: \(words)\n".utf8)
      _ = Glibc.write(STDERR_FILENO, line, line.count)
      exit(1)
    }
  }

  private static func options(_ arguments: [String]) throws(BenchError) -> Options {
    var options = Options()
    var rest = arguments[...]
    func number(_ name: String, _ text: String?) throws(BenchError) -> Int {
      guard let value = text.flatMap({ Int($0) }), value > 0 else { throw .usage("\(name) needs a number above 0") }
      return value
    }
    while let name = rest.popFirst() {
      switch name {
      case "--comments": options.comments = try number(name, rest.popFirst())
      case "--rules": options.rules = try number(name, rest.popFirst())
      case "--seed": options.seed = UInt64(try number(name, rest.popFirst()))
      case "--threads": options.threads = [try number(name, rest.popFirst())]
      case "--json": options.json = true
      default: throw .usage("unknown option \(name): --comments N, --rules N, --seed S, --threads N, --json")
      }
    }
    return options
  }

  private static func run(_ options: Options) throws {
    guard let lexicon = Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)) else {
      throw BenchError.failed("the dictionary is missing: run scripts/setup")
    }
    let folder = try temporaryFolder()
    defer { remove(folder) }
    let vocabulary = Vocabulary(lexicon: lexicon, seed: options.seed)
    let claims = Claims(count: options.rules, vocabulary: vocabulary)
    var tape = Tape(claims: claims, vocabulary: vocabulary, seed: options.seed)
    let path = folder + "/tape.ndjson"
    try tape.write(to: path, count: options.comments)
    let rules = try load(claims.yaml, lexicon)
    var report = Report(
      seed: options.seed, content: tape.content, rules: options.rules, forms: vocabulary.forms.count)
    // Once for nothing: the file comes into the page cache.
    _ = try Passes.bytes(of: path)
    report.bytes = try Passes.bytes(of: path)
    report.lines = try Passes.lines(of: path)
    report.insert = try Passes.insert(tape: path, database: folder + "/bare.db")
    for threads in options.threads {
      var pass = Passes.Whole(threads: threads)
      try pass.run(tape: path, database: folder + "/threads-\(threads).db", rules: rules, lexicon: lexicon)
      report.runs.append(pass)
    }
    let output = options.json ? report.json.serialized + "\n" : report.table
    var bytes = Array(output.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard written > 0 else { throw BenchError.system("standard output", errno) }
      bytes = bytes.dropFirst(written)
    }
    try report.check()
  }

  private static func load(_ yaml: String, _ lexicon: Lexicon) throws(BenchError) -> [Rule] {
    let set = RuleLoader.load(
      texts: [(path: "bench.rules.yaml", bytes: Array(yaml.utf8))], types: Registry.ruleTypes,
      knowsWord: { lexicon.knows($0) })
    if let error = set.diagnostics.first(where: { $0.severity == .error }) {
      throw .failed("\(error.place.file):\(error.place.line): \(error.message)")
    }
    // Stable rules must bring tests, which generated ones have none of; they run as stable all the same.
    return set.rules.map { rule in
      var rule = rule
      rule.status = .stable
      return rule
    }
  }

  private static func temporaryFolder() throws(BenchError) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/nabat-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .system(base, errno) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func remove(_ folder: String) {
    guard let listing = opendir(folder) else { return }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink(folder + "/" + name) }
    }
    closedir(listing)
    rmdir(folder)
  }
}
