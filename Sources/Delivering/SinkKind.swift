package import HTTP
package import Model

/// A kind of sink, as `type` names it in the configuration.
package struct SinkKind: Sendable {
  package var name: String
  /// For the help and the docs: what it does.
  package var summary: String
  /// What the configuration may tell it.
  package var keys: [SinkKey]
  /// Whether people read it: what a route gathers for them waits, programs hear of each alert at once.
  package var isForPeople: Bool
  package var make: @Sendable (SinkSettings, SinkContext) throws(SinkError) -> any Sink

  package init(
    name: String, summary: String, keys: [SinkKey] = [], isForPeople: Bool = false,
    make: @escaping @Sendable (SinkSettings, SinkContext) throws(SinkError) -> any Sink
  ) {
    self.name = name
    self.summary = summary
    self.keys = keys
    self.isForPeople = isForPeople
    self.make = make
  }

  /// What files are checked by.
  package var shape: SinkShape { SinkShape(type: name, keys: keys) }
}

/// What the configuration says of one sink. The texts of secrets are read before.
package struct SinkSettings: Sendable {
  package var id: String
  /// By the names of the kind's keys.
  package var values: [String: [String]]
  package var secrets: [String]

  package init(id: String, values: [String: [String]] = [:], secrets: [String] = []) {
    self.id = id
    self.values = values
    self.secrets = secrets
  }

  package subscript(_ name: String) -> String? { values[name]?.first }

  func text(_ name: String) throws(SinkError) -> String {
    guard let text = self[name] else { throw .missing(name) }
    return text
  }
}

/// What sinks share.
package struct SinkContext: Sendable {
  package var client: HTTPClient
  package var policy: AddressPolicy
  package var userAgent: String
  package var clock: any WallClock
  /// Who speaks: the monitor's id and the name that people know it by.
  package var instance: (id: String, name: String)
  /// What clocks on the wall are ahead of UTC at a moment.
  package var offset: @Sendable (Moment) -> Span
  /// The earlier messages of an alert, oldest first, that were sent before a number in its sequence.
  package var earlier: @Sendable (_ alert: String, _ seq: Int) -> [EarlierMessage]

  package init(
    client: HTTPClient, userAgent: String, clock: any WallClock, policy: AddressPolicy = AddressPolicy(),
    instance: (id: String, name: String) = ("local", "Nabat"),
    offset: @escaping @Sendable (Moment) -> Span = { _ in .zero },
    earlier: @escaping @Sendable (_ alert: String, _ seq: Int) -> [EarlierMessage] = { _, _ in [] }
  ) {
    self.client = client
    self.policy = policy
    self.userAgent = userAgent
    self.clock = clock
    self.instance = instance
    self.offset = offset
    self.earlier = earlier
  }
}

/// A message that an alert sent before.
package struct EarlierMessage: Hashable, Sendable {
  package var seq: Int
  package var time: Moment

  package init(seq: Int, time: Moment) {
    self.seq = seq
    self.time = time
  }
}
