/// A request as it was received. Header names are lower-case.
package struct HTTPRequest: Sendable {
  package var method: String
  /// Without the query, percent-decoding undone by the server library.
  package var path: String
  package var query: [String: String]
  package var headers: [String: String]
  package var body: [UInt8]
}

/// What to answer.
package struct HTTPResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
