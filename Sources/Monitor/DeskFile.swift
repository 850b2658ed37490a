import Glibc
import JSON
import Model

/// Where a running server can be reached, and the token that its API asks for: a file of mode 0600 beside the database,
/// there while the server runs.
package struct DeskFile: Hashable, Sendable {
  /// Without a slash at its end.
  package var url: String
  package var token: String

  package init(url: String, token: String) {
    self.url = url
    self.token = token
  }

  package static func path(database: String) -> String { database + ".desk" }

  /// nil where no server has left one.
  package static func read(database: String) -> DeskFile? {
    let descriptor = open(path(database: database), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count > 0, let json = try? JSONValue(parsing: Array(bytes[..<count])), let url = json["url"]?.string,
      let token = json["token"]?.string
    else { return nil }
    return DeskFile(url: url, token: token)
  }

  func write(database: String) throws(StoreError) {
    let path = DeskFile.path(database: database)
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .inputOutput("\(path): cannot be written: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    let bytes = Array(
      (JSONValue.object(JSONObject(["url": .string(url), "token": .string(token)])).serialized + "\n").utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw .inputOutput("\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  static func remove(database: String) { unlink(path(database: database)) }

  /// 256 bits that nobody can guess, in hexadecimal.
  static func newToken() -> String {
    (0..<4).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }
}
