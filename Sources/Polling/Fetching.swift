package import HTTP

/// Something that sends one request and waits for the answer.
package protocol Fetching: Sendable {
  func send(_ request: HTTPClient.Request) async throws(HTTPError) -> HTTPClient.Response
}

extension HTTPClient: Fetching {}
