import Configuration
import Glibc
import JSON
import Model
import Monitor
import Storage

extension Verb {
  static let purge = Verb(
    name: "purge",
    summary: "Takes old texts out of the database, as `retention` says; a running server does it by itself every hour.",
    options: DatabaseInput.options + [
      Option("--dry-run", nil, "only say what would go; a server may be running"), Option("--json", nil, "one object"),
    ], example: "nabat purge --dry-run"
  ) { arguments in
    let isDry = arguments.has("--dry-run")
    let retention = try EngineInput.retention(config: arguments["--config"], isOptional: arguments["--database"] != nil)
    let store = try Registry.openStore(DatabaseInput.path(arguments), isDry ? .readOnly : .readWrite)
    defer { store.close() }
    let purge = retention.purge(at: SystemClock().now, alerts: try store.records(kind: "alert"))
    let count = try store.purge(purge, dryRun: isDry)
    if !isDry { try store.compact() }
    if arguments.has("--json") {
      let object: JSONValue = [
        "dry_run": .bool(isDry), "texts": JSONValue(count.texts), "evidence_kept": JSONValue(count.kept),
        "near_misses": JSONValue(count.nearMisses), "journal_lines": JSONValue(count.journal),
      ]
      Terminal.write(object.serialized + "\n")
    } else {
      Terminal.write(
        """
        \(isDry ? "would go" : "gone"):
          texts older than \(retention.texts): \(count.texts); kept as evidence: \(count.kept)
          near-misses older than \(retention.nearMisses): \(count.nearMisses)
          lines of the journal older than \(retention.journal): \(count.journal)

        """)
    }
    return .done
  }

  static let backup = Verb(
    name: "backup", summary: "Copies the database, and the salt beside it, while the server runs.", operands: "FILE",
    operandCount: 1...1, options: DatabaseInput.options, example: "nabat backup nabat-monday.db"
  ) { arguments in
    let target = arguments.operands[0]
    guard access(target, F_OK) != 0 else {
      throw Stop(.inputOutput, "\(target) is there already: name a new file, or move it away")
    }
    let path = try DatabaseInput.path(arguments)
    let store = try Registry.openStore(path, .readOnly)
    defer { store.close() }
    try store.backup(to: target)
    try copySalt(from: path, to: target)
    Terminal.write(plainLine("\(path) copied to \(target)"))
    return .done
  }

  static let restore = Verb(
    name: "restore",
    summary: "Puts a copy in the place of the database, which is moved aside; the server must not run.",
    operands: "FILE", operandCount: 1...1, options: DatabaseInput.options,
    example: "nabat restore nabat-monday.db --database var/nabat.db"
  ) { arguments in
    let copy = arguments.operands[0]
    let path = try DatabaseInput.path(arguments)
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    try FileInput.makeFolders(folder)
    let aside = try SQLiteStore.restore(copy, to: path)
    try copySalt(from: copy, to: path)
    Terminal.write(plainLine("\(path) restored from \(copy)" + (aside.map { "; the old one is \($0)" } ?? "")))
    return .done
  }

  /// Without its salt the authors of the running month would count anew.
  private static func copySalt(from database: String, to copy: String) throws(Stop) {
    let source = open(database + ".salt", O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return }
    defer { close(source) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(source, &bytes, bytes.count)
    let target = open(copy + ".salt", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { if target >= 0 { close(target) } }
    guard count > 0, target >= 0, write(target, bytes, count) == count else {
      throw Stop(.inputOutput, "\(copy).salt cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
