package import Model

/// Turns authors' names into keyed hashes, on arrival. The output of the engine is the same for every key.
///
/// SipHash with a key of the process (Swift's `Hasher`): for replays, whose hashes are never stored. A server keys its
/// hashes with the instance's salt instead.
package struct AuthorHash: Sendable {
  package init() {}

  package var key: @Sendable (String) -> AuthorKey {
    { name in
      var hasher = Hasher()
      hasher.combine(name)
      return AuthorKey(UInt64(bitPattern: Int64(hasher.finalize())))
    }
  }
}
