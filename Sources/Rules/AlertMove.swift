package import Model

/// What has just happened to an alert, as rules see it that watch the firings of others.
package struct AlertMove: Sendable {
  package enum Kind: Sendable, Hashable {
    /// A new alert, or one that fires again.
    case fired
    /// Another firing while it fires already.
    case confirmed
    /// It is answered or closed, or its rule no longer holds.
    case ended
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
