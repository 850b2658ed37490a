import CSodium
import Glibc
package import Model

/// The secret that authors' names are hashed with: of this installation only, in a file of mode 0600.
///
/// A name's key changes with the month of the event, so that nobody can be followed over time. SipHash-2-4 keyed by
/// BLAKE2b of the month under the salt (libsodium).
package struct AuthorSalt: Sendable {
  private let salt: [UInt8]

  package init(salt: [UInt8]) { self.salt = salt }

  /// Reads the salt beside a database, or makes one.
  package static func beside(database: String) throws(StoreError) -> AuthorSalt {
    let path = database + ".salt"
    if let salt = read(path), salt.count == 32 { return AuthorSalt(salt: salt) }
    var salt = [UInt8](repeating: 0, count: 32)
    randombytes_buf(&salt, salt.count)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .inputOutput("\(path): cannot be written: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    guard write(descriptor, salt, salt.count) == salt.count, fsync(descriptor) == 0 else {
      throw .inputOutput("\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    return AuthorSalt(salt: salt)
  }

  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes[..<count]) : nil
  }

  /// The key of a name for events of that month (UTC).
  package func key(for name: String, at published: Moment) -> AuthorKey {
    let date = CivilDate(daysSinceEpoch: Moment.floorDivide(published.milliseconds, by: 86_400_000).quotient)
    let month = Array("\(date.year)-\(date.month)".utf8)
    var key = [UInt8](repeating: 0, count: Int(crypto_shorthash_KEYBYTES))
    _ = crypto_generichash(&key, key.count, month, UInt64(month.count), salt, salt.count)
    var hash = [UInt8](repeating: 0, count: Int(crypto_shorthash_BYTES))
    let bytes = Array(name.utf8)
    _ = crypto_shorthash(&hash, bytes, UInt64(bytes.count), key)
    return AuthorKey(hash.reduce(0) { $0 << 8 | UInt64($1) })
  }
}
