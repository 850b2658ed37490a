/// Why there is no answer.
package enum HTTPError: Error, Hashable, Sendable {
  case invalidURL(String)
  /// Neither http nor https, in the request or in a redirect.
  case schemeRefused(String)
  /// A redirect from https to http.
  case downgradeRefused(String)
  /// The policy forbids the address; the range in words.
  case addressRefused(address: String, range: String)
  case unresolved(host: String)
  case connectionRefused(host: String)
  /// No connection for another reason: no route, network down …
  case unreachable(String)
  /// No connection within so long.
  case connectTimedOut(seconds: Double)
  /// No whole answer within so long.
  case timedOut(seconds: Double)
  /// Below the lowest speed for too long.
  case tooSlow(bytesPerSecond: Int, seconds: Int)
  case tooManyRedirects(Int)
  /// Over so many bytes, decompressed.
  case bodyTooLarge(limit: Int)
  /// Decompresses to more than so many times its size.
  case compressionBomb(ratio: Int)
  case headersTooLarge(limit: Int)
  /// No secure connection: expired or foreign certificate, no common protocol …
  case tls(String)
  /// Cut off in the middle, or no HTTP at all.
  case brokenAnswer(String)
  case cancelled
  /// What libcurl said.
  case library(String)
}

extension HTTPError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidURL(let url): "not a web address: \(url)"
    case .schemeRefused(let url): "refused: \(url) is neither http nor https"
    case .downgradeRefused(let url): "refused: the server redirects from https to the unprotected \(url)"
    case .addressRefused(let address, let range):
      "address \(address) refused (\(range)); allow it under network.allow if it is yours"
    case .unresolved(let host): "could not resolve \(host); check the name and the DNS server"
    case .connectionRefused(let host): "\(host) refuses connections; is the server running?"
    case .unreachable(let words): "no connection: \(words)"
    case .connectTimedOut(let seconds): "no connection within \(HTTPError.short(seconds)) s"
    case .timedOut(let seconds): "timed out after \(HTTPError.short(seconds)) s"
    case .tooSlow(let speed, let seconds): "too slow: under \(speed) bytes a second for \(seconds) s"
    case .tooManyRedirects(let count): "more than \(count) redirects; the address leads in a circle"
    case .bodyTooLarge(let limit): "body over \(HTTPError.size(limit))"
    case .compressionBomb(let ratio): "the body decompresses to over \(ratio) times its size"
    case .headersTooLarge(let limit): "headers over \(HTTPError.size(limit))"
    case .tls(let words): "TLS: \(words)"
    case .brokenAnswer(let words): "broken answer: \(words)"
    case .cancelled: "cancelled"
    case .library(let words): "libcurl: \(words)"
    }
  }

  private static func short(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int(seconds)) : String((seconds * 1000).rounded() / 1000)
  }

  private static func size(_ bytes: Int) -> String {
    bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? "\(bytes >> 20) MB" : "\(bytes) bytes"
  }
}
