import Foundation
import Testing

/// The script on machines that lack something: programs of its own stand in for the system's.
@Suite("The set-up script") struct SetupScriptTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nabat-setup-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Puts a program before the system's ones.
  private func stub(_ name: String, _ script: String) throws {
    let path = folder.appendingPathComponent(name).path
    try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  /// A folder that looks as if the programs for the tests had been fetched.
  private func peers() -> String {
    let peers = folder.appendingPathComponent("peers")
    try? FileManager.default.createDirectory(at: peers, withIntermediateDirectories: true)
    let list = Machine.root.appendingPathComponent("scripts/peers.txt")
    try? FileManager.default.copyItem(at: list, to: peers.appendingPathComponent("peers.txt"))
    return peers.path
  }

  private func setup(_ arguments: String..., environment: [String: String] = [:]) throws -> Machine.Run {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    return try Machine.run(
      [Machine.root.appendingPathComponent("scripts/setup").path] + arguments,
      environment: ["PATH": path, "NABAT_PEERS": peers()].merging(environment) { $1 })
  }

  /// A machine that has everything but two packages.
  private func lackTwo() throws {
    try stub("dpkg-query", "case \"$*\" in *libyaml-dev|*tzdata) echo not-installed;; *) echo installed;; esac")
    try stub("apt-get", "echo apt-get was called >&2; exit 1")
  }

  @Test("says that everything is there, without the network, where it is")
  func complete() throws {
    for name in ["apt-get", "python3", "pip"] { try stub(name, "echo \(name) was called >&2; exit 1") }
    let run = try setup()
    #expect(run.output == "setup: everything is there\n")
    #expect(run.errors == "")
    #expect(run.status == 0)
  }

  @Test("--check names what is missing, installs nothing and exits with 1")
  func check() throws {
    try lackTwo()
    let run = try setup(
      "--check", environment: ["NABAT_DICTIONARY": folder.path + "/none", "NABAT_PEERS": folder.path + "/no-peers"])
    #expect(
      run.output == """
        setup: missing Debian packages: tzdata libyaml-dev
        setup: missing: the dictionary of Russian words (OpenCorpora) in \(folder.path)/none
        setup: missing: a mail server and a receiver of webhooks for the tests in \(folder.path)/no-peers
        setup: run scripts/setup to install what is missing

        """)
    #expect(run.errors == "")
    #expect(run.status == 1)
  }

  @Test("prints the exact command where it may not become root")
  func notRoot() throws {
    try lackTwo()
    try stub("id", "echo 1000")
    try stub("sudo", "exit 1")
    let run = try setup()
    #expect(run.status == 1)
    #expect(
      run.errors == """
        setup: Installing needs root, and sudo cannot be used here. Run this as root, then this script again:
        setup:   apt-get update && apt-get install -y --no-install-recommends tzdata libyaml-dev

        """)
  }

  @Test("installs exactly the missing packages")
  func installs() throws {
    try lackTwo()
    try stub("id", "echo 0")
    try stub("apt-get", "echo \"apt-get $*\"")
    let run = try setup()
    #expect(run.status == 0)
    #expect(
      run.output == """
        setup: missing Debian packages: tzdata libyaml-dev
        setup: running: apt-get update
        apt-get update -qq
        setup: running: apt-get install -y --no-install-recommends tzdata libyaml-dev
        apt-get install -y --no-install-recommends tzdata libyaml-dev
        setup: everything is there

        """)
  }

  @Test("says what to do when the dictionary cannot be fetched, and leaves nothing behind")
  func noNetwork() throws {
    try stub(
      "python3",
      """
      [ "$1 $2" = "-m venv" ] || exit 1
      mkdir -p "$3/bin"
      printf '#!/bin/sh\\necho no network >&2\\nexit 1\\n' > "$3/bin/python"
      chmod +x "$3/bin/python"
      """)
    let cache = FileManager.default.temporaryDirectory.appendingPathComponent("nabat-cache-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: cache) }
    let run = try setup(environment: ["NABAT_DICTIONARY": cache.path + "/dictionary"])
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("no network\nsetup: The dictionary could not be fetched: see pip's message above.\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path) == [])
  }

  @Test("refuses a dictionary that is not the one it knows")
  func wrongDictionary() throws {
    try stub(
      "python3",
      """
      mkdir -p "$3/bin"
      cat > "$3/bin/python" <<'END'
      #!/bin/sh
      case "$2" in
        pip) for last; do folder=$last; done; mkdir -p "$(dirname "$folder")/wheel"; touch "$(dirname "$folder")/wheel/x.whl";;
        zipfile) mkdir -p "$5/pymorphy3_dicts_ru/data"; echo '{}' > "$5/pymorphy3_dicts_ru/data/meta.json";;
      esac
      END
      chmod +x "$3/bin/python"
      """)
    let cache = FileManager.default.temporaryDirectory.appendingPathComponent("nabat-cache-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: cache) }
    let run = try setup(environment: ["NABAT_DICTIONARY": cache.path + "/dictionary"])
    #expect(run.status == 1)
    #expect(run.errors.contains("not the dictionary that Nabat knows: nothing was installed"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path) == [])
  }

  @Test("says where to get Swift when it is missing or too old")
  func swift() throws {
    try stub("swift", "echo 'Swift version 5.10 (swift-5.10-RELEASE)'")
    let run = try setup()
    #expect(run.status == 1)
    #expect(run.errors.contains("Swift 5.10 at \(folder.path)/swift is too old: 6.2 or newer is needed"))
    #expect(run.errors.contains("the download page of swift.org"))
  }

  @Test("refuses arguments it does not know")
  func arguments() throws {
    #expect(try setup("--chek").status == 64)
    #expect(try setup("--help").status == 0)
  }
}
