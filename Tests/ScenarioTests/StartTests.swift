import CSQLite
import Foundation
import Serving
import Storage
import TestSupport
import Testing

@Suite("A server that cannot start", .serialized) struct StartTests {
  @Test("for want of a configuration, or over a broken one, says so at once")
  func configuration() async throws {
    let town = try Town()
    try town.folder.write("nabat.yaml", "format: 1\ninstanse: { id: town }\n")
    let broken = try await town.refused()
    #expect(broken.status == 2)
    #expect(broken.errors.contains("nabat.yaml:2:1: error[E101]: unknown key «instanse»"))
    #expect(broken.errors.contains("did you mean «instance»?"))
    try FileManager.default.removeItem(atPath: town.folder.file("nabat.yaml"))
    let missing = try await town.refused()
    #expect(missing.status == 74 && missing.errors.contains("nabat.yaml: cannot be read: No such file or directory"))
  }

  @Test("over its rules tells a missing folder from one where nothing sound is left")
  func rules() async throws {
    let town = try Town()
    try town.folder.write("rules/bridge.rules.yaml", "format: 1\nrules: [\n")
    let none = try await town.refused()
    #expect(none.status == 2)
    #expect(none.errors.contains("bridge.rules.yaml:") && none.errors.contains("no sound rule file is left"))
    try FileManager.default.removeItem(atPath: town.folder.file("rules"))
    let missing = try await town.refused()
    #expect(missing.status == 74 && missing.errors.contains("rules: "))
  }

  @Test("over its sources tells a missing folder from one where nothing sound is left")
  func sources() async throws {
    let town = try Town()
    try town.folder.write("feeds/town.yaml", "format: 1\nsources:\n  - { id: a, kinds: feed }\n")
    let none = try await town.refused()
    #expect(none.status == 2)
    #expect(none.errors.contains("feeds/town.yaml:3:") && none.errors.contains("no sound source file is left"))
    try FileManager.default.removeItem(atPath: town.folder.file("feeds"))
    let missing = try await town.refused()
    #expect(missing.status == 74 && missing.errors.contains("feeds: cannot be read: No such file or directory"))
  }

  @Test("for want of a secret, or with one that is none, names the file and never what stands in it")
  func secrets() async throws {
    let town = try Town()
    try town.folder.write("nabat.yaml", Town.configuration(sinks: Town.sink))
    let missing = try await town.refused()
    #expect(missing.status == 74)
    #expect(missing.errors.contains("var/secret: the secret cannot be read: No such file or directory"))
    try town.folder.write("var/secret", "whsec_hush!hush")
    let wrong = try await town.refused()
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("secret") && !wrong.errors.contains("hush"))
  }

  @Test("because the demo's own secret was cut short says what a secret is")
  func tornSecret() async throws {
    let folder = try TestFolder()
    try folder.write("var/secret", "whsec_AAAA")
    let ended = try await ProgramRun.run("demo", "--fast", "--dir", folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("a webhook secret has 24 to 64 bytes, this one 3"))
  }

  @Test("because its alert log is no file ends with 74")
  func log() async throws {
    let town = try Town()
    try town.folder.write("var/alerts.ndjson/x", "")
    let ended = try await town.refused()
    #expect(ended.status == 74)
    #expect(ended.errors.contains("the alert log cannot be written: var/alerts.ndjson: Is a directory"))
  }

  @Test("because another one runs on its database names that process, which goes on and ends well on SIGTERM")
  func second() async throws {
    let town = try Town()
    let first = try town.start()
    #expect(
      await eventually { first.output.contains("rules, database") && !town.folder.text("var/nabat.db.lock").isEmpty })
    let second = try await town.refused()
    #expect(second.status == 69)
    #expect(second.errors.contains("var/nabat.db is in use by process "))
    #expect(first.isRunning)
    first.signal(SIGTERM)
    let ended = await first.end(within: .seconds(10))
    #expect(ended.status == 0)
    #expect(ended.output.hasSuffix("stopped; everything taken in is committed\n"))
  }

  @Test("on a database that is newer, read-only or none leaves it as it was")
  func databases() async throws {
    let town = try Town()
    let path = town.folder.file("var/nabat.db")
    try town.folder.write("var/x", "")
    try SQLiteStore(path: path).close()
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))

    var newer: OpaquePointer?
    try #require(sqlite3_open(path, &newer) == SQLITE_OK)
    try #require(sqlite3_exec(newer, "PRAGMA user_version = 99", nil, nil, nil) == SQLITE_OK)
    sqlite3_close(newer)
    let ended = try await town.refused()
    #expect(ended.status == 2 && ended.errors.contains("schema 99"))

    try Data("this is a shopping list and no database".utf8).write(to: URL(fileURLWithPath: path))
    let list = try await town.refused()
    #expect(list.status == 2 && list.errors.contains("not a sound database"))

    // A user that may read but not write: the superuser becomes nobody for the run.
    try sound.write(to: URL(fileURLWithPath: path))
    for suffix in ["-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: town.folder.file("var"))
    let shell = getuid() == 0 ? #"exec setpriv --reuid 65534 --clear-groups -- "$@""# : #"exec "$@""#
    let readOnly = await (try town.start(shell: shell)).end(within: .seconds(20))
    #expect(readOnly.status == 74, "\(readOnly.errors)")
    #expect(readOnly.errors.contains("the database cannot be written"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == sound)
  }

  @Test("because a port of an earlier start is taken says which, and ends with 69")
  func port() async throws {
    let folder = try TestFolder()
    let occupant = try HTTPServer { _ in HTTPResponse() }
    defer { occupant.stop() }
    try folder.write("var/ports.json", "{\"region\":\(occupant.port),\"receiver\":0}")
    let ended = try await ProgramRun.run("demo", "--fast", "--dir", folder.path)
    #expect(ended.status == 69)
    #expect(ended.errors.contains("port \(occupant.port) is in use by another program; stop it"))
  }
}
