import Glibc

/// Where a secret lies. It is read when it is needed and never printed.
package enum SecretReference: Hashable, Sendable {
  /// A file that holds nothing else.
  case file(String)
  /// A variable of the environment.
  case environment(String)

  /// The secret without the white space around it. Throws what is wrong, never what was read.
  package func read() throws(SecretError) -> String {
    let text: String
    switch self {
    case .environment(let name):
      guard let value = getenv(name) else { throw SecretError("the environment has no variable \(name)") }
      text = String(cString: value)
    case .file(let path):
      text = try SecretReference.contents(of: path)
    }
    let secret = text.utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
    guard !secret.isEmpty else { throw SecretError("\(description): the secret is empty") }
    return String(decoding: Array(secret), as: UTF8.self)
  }

  private static func contents(of path: String) throws(SecretError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw SecretError("\(path): the secret cannot be read: \(String(cString: strerror(errno)))", isUnreadable: true)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4097)
    var count = 0
    while count < bytes.count {
      let more = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { Glibc.read(descriptor, $0 + count, buffer.count - count) } ?? 0
      }
      guard more >= 0 else {
        throw SecretError("\(path): the secret cannot be read: \(String(cString: strerror(errno)))", isUnreadable: true)
      }
      if more == 0 { return String(decoding: bytes.prefix(count), as: UTF8.self) }
      count += more
    }
    throw SecretError("\(path): the file is too large for a secret: at most 4 KB")
  }
}

extension SecretReference: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let path): path
    case .environment(let name): "$\(name)"
    }
  }
}

/// Why a secret could not be read; says nothing of its value.
package struct SecretError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String
  /// The system refused the file; otherwise what stands there is no secret.
  package var isUnreadable: Bool

  init(_ description: String, isUnreadable: Bool = false) {
    self.description = description
    self.isUnreadable = isUnreadable
  }
}
