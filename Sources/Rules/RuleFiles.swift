import Glibc
import Model
import YAML

/// Finds and reads the rule files that paths stand for.
enum RuleFiles {
  struct Found {
    var path: String
    var bytes: [UInt8]
    /// False for a neighbour that only lends its lists and terms.
    var isNamed: Bool
  }

  static let ending = ".rules.yaml"
  /// Folders in folders.
  private static let depthLimit = 16

  static func find(_ paths: [String]) throws(RuleLoadError) -> [Found] {
    var named: [String] = []
    var neighbours: [String] = []
    var folders: Set<String> = []
    for path in paths {
      if try isFolder(path) {
        try collect(path, depth: 0, into: &named, &folders)
      } else {
        named.append(path)
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let isRoot = folder.isEmpty && path.hasPrefix("/")
        // A folder that may not be listed has no visible neighbours.
        let names = (try? names(in: isRoot ? "/" : folder.isEmpty ? "." : folder)) ?? []
        neighbours += names.filter { $0.hasSuffix(ending) }
          .map { folder.isEmpty ? (isRoot ? "/" : "") + $0 : folder + "/" + $0 }
      }
    }
    var found: [Found] = []
    var seen: Set<String> = []
    for path in named where seen.insert(canonical(path)).inserted {
      found.append(Found(path: path, bytes: try read(path), isNamed: true))
    }
    for path in neighbours where seen.insert(canonical(path)).inserted {
      if let bytes = try? read(path) { found.append(Found(path: path, bytes: bytes, isNamed: false)) }
    }
    return found
  }

  private static func collect(_ folder: String, depth: Int, into files: inout [String], _ seen: inout Set<String>)
    throws(RuleLoadError)
  {
    // A link may lead back to a folder above it.
    guard depth <= depthLimit, seen.insert(canonical(folder)).inserted else { return }
    var base = folder
    while base.count > 1, base.hasSuffix("/") { base.removeLast() }
    for name in try names(in: folder) {
      let path = base == "/" ? "/" + name : base + "/" + name
      if try isFolder(path) {
        try collect(path, depth: depth + 1, into: &files, &seen)
      } else if name.hasSuffix(ending) {
        files.append(path)
      }
    }
  }

  /// Names that do not begin with a dot, in the order of their bytes.
  private static func names(in folder: String) throws(RuleLoadError) -> [String] {
    guard let stream = opendir(folder) else { throw failure(folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  private static func isFolder(_ path: String) throws(RuleLoadError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path) }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  private static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// At most one byte more than a rule file may have: the reader then says that it is too large.
  static func read(_ path: String) throws(RuleLoadError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "not a regular file")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= YAMLDocument.sizeLimit {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  private static func failure(_ path: String) -> RuleLoadError {
    .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
}
