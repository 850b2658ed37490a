/// What a kind of sink can be told in the configuration besides `id`, `type`, `types` and `fallback`.
package struct SinkKey: Hashable, Sendable {
  /// What is written behind the key; for messages about it and for the schema.
  package enum Form: Hashable, Sendable {
    case text
    /// https, or http on loopback.
    case webAddress
    /// One or several.
    case mailAddresses
    /// `smtps://host` or `smtp://host`.
    case mailServer
    /// Beside the configuration, where it is not absolute.
    case path
    /// A name out of a list, or a path.
    case choiceOrPath([String])
    case choice([String])
    /// `{ file: … }` or `{ env: … }`, or a list of them while they are exchanged.
    case secrets
  }

  package var name: String
  package var form: Form
  package var isRequired: Bool

  package init(_ name: String, _ form: Form, isRequired: Bool = false) {
    self.name = name
    self.form = form
    self.isRequired = isRequired
  }
}

/// A kind of sink as the configuration knows it: its name and its keys.
package struct SinkShape: Hashable, Sendable {
  package var type: String
  package var keys: [SinkKey]

  package init(type: String, keys: [SinkKey]) {
    self.type = type
    self.keys = keys
  }
}
