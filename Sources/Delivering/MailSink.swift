import HTTP
package import Model

/// Notices by mail: one message an event, threaded by alert.
package struct MailSink: Sink {
  private let client: MailClient
  private let from: String
  private let to: [String]
  private let context: SinkContext

  init(client: MailClient, from: String, to: [String], context: SinkContext) {
    self.client = client
    self.from = from
    self.to = to
    self.context = context
  }

  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    guard let notice = Notice(message, offset: context.offset) else { return .refused("the message is no event") }
    let host = from.split(separator: "@").last.map(String.init) ?? "nabat.invalid"
    let isFirst = message.alert.isEmpty || message.seq == 1
    let mail = MailMessage(
      from: from, sender: "Набат, \(context.instance.name)", to: to, subject: notice.headline, date: now,
      id: isFirst && !message.alert.isEmpty ? message.alert : message.message,
      thread: isFirst ? nil : message.alert, host: host, text: notice.paragraphs.joined(separator: "\n\n") + "\n",
      headers: [("X-Nabat-Id", message.message), ("X-Nabat-Seq", String(message.seq))])
    switch await client.send(from: from, to: to, mail.bytes) {
    case .taken: return .status(250)
    case .refused(let words): return .refused(words)
    case .failed(let words): return .failed(words)
    case .cancelled: return .cancelled
    }
  }
}

extension SinkKind {
  package static let mail = SinkKind(
    name: "mail", summary: "A mail for every event, by SMTP with TLS or STARTTLS",
    keys: [
      SinkKey("to", .mailAddresses, isRequired: true), SinkKey("smtp", .mailServer, isRequired: true),
      SinkKey("from", .mailAddresses), SinkKey("user", .text), SinkKey("secret", .secrets), SinkKey("ca_file", .path),
    ], isForPeople: true
  ) { settings, context throws(SinkError) in
    guard let to = settings.values["to"], let first = to.first else { throw .missing("to") }
    let from = settings["from"] ?? first
    let client = MailClient(
      server: try settings.text("smtp"), user: settings.secrets.isEmpty ? nil : settings["user"] ?? from,
      password: settings.secrets.first, certificateFile: settings["ca_file"], policy: context.policy)
    return MailSink(client: client, from: from, to: to, context: context)
  }
}
