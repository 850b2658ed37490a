import Glibc

extension FileInput {
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// All `*.yaml` and `*.yml` below a folder, hidden ones left out, in the order of their paths' bytes.
  static func yamlFiles(below folder: String) throws(Stop) -> [String] {
    guard let directory = opendir(folder) else {
      throw Stop(.inputOutput, "\(folder): cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(directory) }
    var files: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard !name.hasPrefix(".") else { continue }
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if isFolder(path) {
        files += try yamlFiles(below: path)
      } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
        files.append(path)
      }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
