package import HTTP
package import Model

/// Signed webhooks (Standard Webhooks) to one address: https, or http on loopback; no redirects, 15 seconds.
package struct WebhookSink: Sink {
  private let url: String
  private let secrets: [WebhookSecret]
  private let client: HTTPClient
  private let userAgent: String
  /// Real time, even when the clock of the engine runs faster.
  package var timeout: Duration = .seconds(15)

  package init(url: String, secrets: [WebhookSecret], client: HTTPClient, userAgent: String) throws(SinkError) {
    let lower = url.lowercased()
    guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else { throw .notWeb(url) }
    if lower.hasPrefix("http://"), !WebhookSink.isLoopback(lower.dropFirst(7)) { throw .insecure(url) }
    guard !secrets.isEmpty else { throw .missing("secret") }
    self.url = url
    self.secrets = secrets
    self.client = client
    self.userAgent = userAgent
  }

  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    let body = Array(message.body.utf8)
    let timestamp = Moment.floorDivide(now.milliseconds, by: 1000).quotient
    var request = HTTPClient.Request(
      .post, url, userAgent: userAgent,
      headers: [
        ("content-type", "application/json"),
        ("webhook-id", message.message),
        ("webhook-timestamp", String(timestamp)),
        (
          "webhook-signature",
          WebhookSignature.sign(id: message.message, timestamp: timestamp, body: body, secrets: secrets)
        ),
        ("x-attempt", String(attempt)),
        ("x-alert-seq", String(message.seq)),
      ], body: body)
    request.limits.total = timeout
    request.limits.connect = min(timeout, request.limits.connect)
    request.limits.redirects = 0
    do throws(HTTPError) {
      let answer = try await client.send(request)
      return .status(answer.status, retryAfter: answer.headers["retry-after"])
    } catch {
      return error == .cancelled ? .cancelled : .failed(error.description)
    }
  }

  /// Whether what follows `http://` names this machine.
  private static func isLoopback(_ rest: Substring) -> Bool {
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return false }
    if authority.hasPrefix("[::1]") { return true }
    let host = String(authority.prefix { $0 != ":" })
    return host == "localhost" || (host.hasPrefix("127.") && IPAddress(host) != nil)
  }
}

extension SinkKind {
  package static let webhook = SinkKind(
    name: "webhook", summary: "Signed HTTP POST of every event (Standard Webhooks), retried for three days"
  ) { settings, context throws(SinkError) in
    guard let url = settings.url else { throw .missing("url") }
    var secrets: [WebhookSecret] = []
    for text in settings.secrets {
      do throws(WebhookSecretError) { secrets.append(try WebhookSecret(text)) } catch { throw .secret(error) }
    }
    return try WebhookSink(url: url, secrets: secrets, client: context.client, userAgent: context.userAgent)
  }
}
