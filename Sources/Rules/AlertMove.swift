package import Model

/// What has just happened to an alert, as rules see it that watch the firings of others.
package struct AlertMove: Sendable, Hashable {
  package enum Kind: String, Sendable {
    /// A new alert, or one that fires again.
    case fired
    /// Another firing while it fires already.
    case confirmed
    /// Responded or closed: it waits for nothing any more.
    case settled
  }

  package var kind: Kind
  /// The alert's id.
  package var alert: String
  package var rule: String
  package var key: Key
  package var at: Moment
  /// The region above that of the key.
  package var parentRegion: String?

  package init(kind: Kind, alert: String, rule: String, key: Key, at: Moment, parentRegion: String? = nil) {
    self.kind = kind
    self.alert = alert
    self.rule = rule
    self.key = key
    self.at = at
    self.parentRegion = parentRegion
  }
}

/// A field by which firings of different rules are compared: `region`, or `region@parent` for the region above.
package struct SharedField: Hashable, Sendable {
  package var name: String
  package var isParent: Bool

  package init(name: String, isParent: Bool = false) {
    self.name = name
    self.isParent = isParent
  }

  /// nil where the firing does not have it: what is absent is equal to nothing.
  package func value(of move: AlertMove) -> String? { isParent ? move.parentRegion : move.key[name] }
}

extension [SharedField] {
  /// Whether every field is there on both sides and the same.
  package func agree(_ left: AlertMove, _ right: AlertMove) -> Bool {
    allSatisfy { field in
      guard let value = field.value(of: left), let other = field.value(of: right) else { return false }
      return value.utf8.elementsEqual(other.utf8)
    }
  }
}
