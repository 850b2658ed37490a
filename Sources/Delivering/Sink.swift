import HTTP
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
  /// The receiver will never take this message, in words.
  case refused(String)
  /// No answer: in words.
  case failed(String)
  /// The task was cancelled: the attempt does not count.
  case cancelled
}

extension HTTPClient {
  /// One attempt at an endpoint: no redirects, and what the receiver said.
  func answer(to request: Request, within timeout: Duration) async -> SinkAnswer {
    var request = request
    request.limits.total = timeout
    request.limits.connect = min(timeout, request.limits.connect)
    request.limits.redirects = 0
    do throws(HTTPError) {
      let answer = try await send(request)
      return .status(answer.status, retryAfter: answer.headers["retry-after"])
    } catch {
      return error == .cancelled ? .cancelled : .failed(error.description)
    }
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
  /// A file that cannot be used, and why.
  case file(String, String)

  /// https, or http on loopback.
  static func checkWebAddress(_ url: String) throws(SinkError) {
    let lower = url.lowercased()
    guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else { throw .notWeb(url) }
    if lower.hasPrefix("http://"), !WebAddress.isLoopback(url) { throw .insecure(url) }
  }
}

extension SinkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let key): "«\(key)» is missing"
    case .notWeb(let url): "not a web address: \(url)"
    case .insecure(let url): "http is for loopback only; write https: \(url)"
    case .secret(let error): error.description
    case .log(let error): error.description
    case .file(let path, let words): "\(path): \(words)"
    }
  }
}
