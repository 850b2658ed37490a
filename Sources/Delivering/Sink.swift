package import HTTP
package import Model

/// Where messages go.
package protocol Sink: Sendable {
  /// Makes one attempt. `attempt` counts from 1; `now` is the moment it is made.
  func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer
}

/// What came of one attempt.
package enum SinkAnswer: Hashable, Sendable {
  /// The receiver answered; `words` say what a status outside 200–299 means.
  case status(Int, retryAfter: String? = nil, words: String? = nil)
  /// No answer: in words.
  case failed(String)
  /// The task was cancelled: the attempt does not count.
  case cancelled
}

/// A kind of sink, as `type` names it in the configuration.
package struct SinkKind: Sendable {
  package var name: String
  /// For the help and the docs: what it does.
  package var summary: String
  package var make: @Sendable (SinkSettings, SinkContext) throws(SinkError) -> any Sink

  package init(
    name: String, summary: String,
    make: @escaping @Sendable (SinkSettings, SinkContext) throws(SinkError) -> any Sink
  ) {
    self.name = name
    self.summary = summary
    self.make = make
  }
}

/// What the configuration says of one sink. The texts of secrets are read before.
package struct SinkSettings: Sendable {
  package var id: String
  package var url: String?
  package var path: String?
  package var secrets: [String]

  package init(id: String, url: String? = nil, path: String? = nil, secrets: [String] = []) {
    self.id = id
    self.url = url
    self.path = path
    self.secrets = secrets
  }
}

/// What sinks share.
package struct SinkContext: Sendable {
  package var client: HTTPClient
  package var userAgent: String
  package var clock: any WallClock

  package init(client: HTTPClient, userAgent: String, clock: any WallClock) {
    self.client = client
    self.userAgent = userAgent
    self.clock = clock
  }
}

/// Why a sink cannot be made from its settings.
package enum SinkError: Error, Hashable, Sendable {
  /// The key that is missing.
  case missing(String)
  case notWeb(String)
  /// http to another machine.
  case insecure(String)
  case secret(WebhookSecretError)
  case log(AlertLogError)
}

extension SinkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let key): "«\(key)» is missing"
    case .notWeb(let url): "not a web address: \(url)"
    case .insecure(let url): "http is for loopback only; write https: \(url)"
    case .secret(let error): error.description
    case .log(let error): error.description
    }
  }
}
