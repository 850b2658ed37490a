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
    try SinkError.checkWebAddress(url)
    guard !secrets.isEmpty else { throw .missing("secret") }
    self.url = url
    self.secrets = secrets
    self.client = client
    self.userAgent = userAgent
  }

  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    let body = Array(message.body.utf8)
    let timestamp = Moment.floorDivide(now.milliseconds, by: 1000).quotient
    var headers = [
      ("content-type", "application/json"), ("webhook-id", message.message),
      ("webhook-timestamp", String(timestamp)),
      (
        "webhook-signature",
        WebhookSignature.sign(id: message.message, timestamp: timestamp, body: body, secrets: secrets)
      ),
      ("x-attempt", String(attempt)), ("x-alert-seq", String(message.seq)),
    ]
    if let standIn = message.standIn { headers.append(("x-fallback", standIn)) }
    let request = HTTPClient.Request(.post, url, userAgent: userAgent, headers: headers, body: body)
    return await client.answer(to: request, within: timeout)
  }
}

extension SinkKind {
  package static let webhook = SinkKind(
    name: "webhook", summary: "Signed HTTP POST of every event (Standard Webhooks), retried for three days",
    keys: [SinkKey("url", .webAddress, isRequired: true), SinkKey("secret", .secrets, isRequired: true)]
  ) { settings, context throws(SinkError) in
    var secrets: [WebhookSecret] = []
    for text in settings.secrets {
      do throws(WebhookSecretError) { secrets.append(try WebhookSecret(text)) } catch { throw .secret(error) }
    }
    return try WebhookSink(
      url: try settings.text("url"), secrets: secrets, client: context.client, userAgent: context.userAgent)
  }
}
