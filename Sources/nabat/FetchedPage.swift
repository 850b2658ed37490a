import HTTP
import Model
import Polling

/// One page asked of the web by a command, with the manners of polling.
enum FetchedPage {
  /// - Parameter contact: named in the User-Agent; nobody asks without one.
  static func payload(
    _ url: String, contact: String?, allowsPrivate: Bool, certificateFile: String? = nil
  ) async throws -> Payload {
    guard let contact else {
      throw Stop(.usage, "to ask \(url), name whom its owner may write to: --contact mailto:duty@region.example")
    }
    var policy = AddressPolicy.publicOnly
    policy.allowsPrivate = allowsPrivate
    var request = HTTPClient.Request(
      .get, url, userAgent: "nabat/\(Program.version) (+\(contact))", headers: [("accept", "text/html, */*;q=0.5")])
    request.policy = policy
    request.certificateFile = certificateFile
    let client: HTTPClient
    do {
      client = try HTTPClient(policy: policy)
    } catch { throw Stop(.unavailable, PollWords.words(for: error)) }
    defer { client.stop() }
    let answer: HTTPClient.Response
    do {
      answer = try await client.send(request)
    } catch { throw Stop(.unavailable, "\(url): \(PollWords.words(for: error))") }
    guard (200..<300).contains(answer.status) else {
      throw Stop(.unavailable, "\(url): \(PollWords.words(for: answer.status))")
    }
    return Payload(bytes: answer.body, url: answer.url, headers: answer.headers)
  }
}
