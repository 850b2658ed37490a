/// A request as it was received. Header names are lower-case.
package struct HTTPRequest: Sendable {
  package var method: String
  /// Without the query, percent-decoding undone by the server library.
  package var path: String
  package var query: [String: String]
  package var headers: [String: String]
  package var body: [UInt8]

  package init(
    method: String = "GET", path: String, query: [String: String] = [:], headers: [String: String] = [:],
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }
}

/// What to answer.
package struct HTTPResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  package var behaviour: Behaviour

  package init(
    status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    behaviour: Behaviour = .send
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.behaviour = behaviour
  }

  /// How the answer goes out: well, or as badly as the world's servers do.
  package enum Behaviour: Hashable, Sendable {
    case send
    /// Closes the connection after so many bytes of the body; 0 sends nothing at all, not even the headers.
    case hangUp(afterBytes: Int)
    /// Answers only after this long, or when the server stops.
    case delay(Duration)
    /// Sends so many bytes of the body, then nothing for this long, then the rest.
    case stall(afterBytes: Int, for: Duration)
    /// Sends the body over and over until so many bytes are sent: a huge answer in little memory.
    case repeated(upTo: Int)
  }
}

/// Why a server could not be started.
package enum ServingError: Error, Hashable, Sendable {
  case portInUse(UInt16)
  /// The port is under 1024 and belongs to root.
  case portForbidden(UInt16)
  /// What the system said.
  case system(String)
}

extension ServingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .portInUse(let port): "port \(port) is in use by another program; stop it or choose another port"
    case .portForbidden(let port): "port \(port) may not be opened by this user; choose one above 1023"
    case .system(let words): "the server could not be started: \(words)"
    }
  }
}
