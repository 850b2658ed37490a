import Glibc
import YAML

extension ConfigurationLoader {
  /// Files by name, and those of folders in the order of their names' bytes. Hidden files are left out.
  static func find(_ paths: [String]) throws(ConfigurationError) -> [(path: String, bytes: [UInt8])] {
    var found: [(path: String, bytes: [UInt8])] = []
    for path in paths {
      guard let names = try names(inFolder: path) else {
        found.append((path, try read(path)))
        continue
      }
      let folder = path.hasSuffix("/") ? path : path + "/"
      for name in names where !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) {
        found.append((folder + name, try read(folder + name)))
      }
    }
    return found
  }

  /// nil when the path is no folder.
  private static func names(inFolder path: String) throws(ConfigurationError) -> [String]? {
    guard let folder = opendir(path) else {
      if errno == ENOTDIR { return nil }
      throw ConfigurationError(path: path, reason: String(cString: strerror(errno)))
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A file's bytes. One byte beyond the limit of a YAML file is enough to see that it is too large.
  static func read(_ path: String) throws(ConfigurationError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ConfigurationError(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= YAMLDocument.sizeLimit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ConfigurationError(path: path, reason: String(cString: strerror(errno))) }
      if count == 0 { break }
      bytes += chunk.prefix(count)
    }
    return bytes
  }
}
