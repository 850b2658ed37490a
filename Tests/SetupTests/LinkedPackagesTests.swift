import Foundation
import Testing

/// A library that is there by chance must not hide a gap in the list of packages.
@Suite("What the program links") struct LinkedPackagesTests {
  /// Every Debian system has these, and every C or C++ program needs them.
  private static let base: Set<String> = ["libc6", "libgcc-s1", "libstdc++6"]

  @Test("comes from a package that scripts/packages.txt names, or from what those depend on")
  func everyLibrary() throws {
    let libraries = try Linked(Machine.program())
    let packages = try Packages()
    let wanted = try packages.closure(of: Machine.listedPackages())
    #expect(libraries.system.count > 5, "ldd must have seen the C libraries")
    for library in libraries.system {
      let owner = try #require(try packages.owner(of: library), "\(library) belongs to no package")
      #expect(
        LinkedPackagesTests.base.contains(owner) || wanted.contains(owner),
        "\(library) is of \(owner), which no package in scripts/packages.txt brings")
    }
  }

  @Test("directly comes from a listed package itself or from a direct dependency of one")
  func directLibraries() throws {
    let program = try Machine.program()
    let libraries = try Linked(program)
    let packages = try Packages()
    let listed = try Machine.listedPackages()
    let direct = Set(listed).union(listed.flatMap { packages.dependencies[$0] ?? [] })
    let needed = try Linked.needed(program)
    #expect(needed.contains { $0.hasPrefix("libsqlite3") }, "readelf must have seen the C libraries")
    for name in needed where !name.hasPrefix("ld-linux") {
      let path = try #require(libraries.paths[name], "ldd says nothing of \(name)")
      if Linked.isOfToolchain(path) { continue }
      let owner = try #require(try packages.owner(of: path), "\(path) belongs to no package")
      #expect(
        LinkedPackagesTests.base.contains(owner) || direct.contains(owner),
        "\(name) is of \(owner), which no package in scripts/packages.txt names as a dependency")
    }
  }

  @Test("is listed once a package, and every listed package is installed here")
  func list() throws {
    let listed = try Machine.listedPackages()
    let packages = try Packages()
    #expect(Set(listed).count == listed.count)
    for package in listed { #expect(packages.dependencies[package] != nil, "\(package) is not installed") }
  }
}

/// What the dynamic linker finds for a program.
private struct Linked {
  /// Paths by the names that the program asks for.
  var paths: [String: String] = [:]

  init(_ program: String) throws {
    let run = try Machine.run(["ldd", program])
    try #require(run.status == 0, "\(run.errors)")
    for line in run.output.split(separator: "\n") {
      // «	libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)»; the loader and the kernel's page have no arrow.
      let words = line.split(separator: " ").map { $0.trimmingCharacters(in: .whitespaces) }
      guard words.count >= 3, words[1] == "=>" else { continue }
      try #require(words[2].hasPrefix("/"), "not found: \(words[0])")
      paths[words[0]] = words[2]
    }
  }

  /// Those that do not come with Swift.
  var system: [String] { paths.values.filter { !Linked.isOfToolchain($0) }.sorted() }

  static func isOfToolchain(_ path: String) -> Bool {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent("libswiftCore.so").path)
  }

  static func needed(_ program: String) throws -> [String] {
    let run = try Machine.run(["readelf", "-d", program], environment: ["LC_ALL": "C"])
    try #require(run.status == 0, "\(run.errors)")
    return run.output.split(separator: "\n").filter { $0.contains("(NEEDED)") }.compactMap { line in
      line.split(separator: "[").last?.split(separator: "]").first.map(String.init)
    }
  }
}

/// The installed packages, asked without the network.
private struct Packages {
  /// By the package's name: what it depends on, alternatives included.
  var dependencies: [String: [String]] = [:]

  init() throws {
    let run = try Machine.run([
      "dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Pre-Depends}, ${Depends}\n",
    ])
    try #require(run.status == 0, "\(run.errors)")
    for line in run.output.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 3, fields[0] == "installed" else { continue }
      // «libcurl4 (= 7.88.1-10), default-mta | mail-transport-agent, python3:any»
      dependencies[String(fields[1])] = fields[2].split(whereSeparator: { ",|".contains($0) }).compactMap { word in
        word.split(whereSeparator: { " (:".contains($0) }).first.map(String.init)
      }
    }
  }

  func closure(of names: [String]) -> Set<String> {
    var seen: Set<String> = []
    var waiting = names
    while let name = waiting.popLast() {
      if seen.insert(name).inserted { waiting += dependencies[name] ?? [] }
    }
    return seen
  }

  /// The package of a file. Debian merged /lib into /usr/lib, but packages still name the one or the other.
  func owner(of path: String) throws -> String? {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    for path in [path, real] {
      let bare = path.hasPrefix("/usr/") ? String(path.dropFirst(4)) : path
      for candidate in [bare, "/usr" + bare] {
        let run = try Machine.run(["dpkg", "-S", candidate])
        if run.status == 0, let name = run.output.split(whereSeparator: { ":,".contains($0) }).first {
          return String(name)
        }
      }
    }
    return nil
  }
}
