import Glibc
import HTTP
import JSON
package import Model

/// Notices into a chat by its incoming webhook: Slack-compatible, Mattermost, Telegram, or a template of one's own.
///
/// Addresses of chats are secrets: `{secret}` in the address stands for one.
package struct ChatSink: Sink {
  private let address: String
  private let secret: String?
  private let chat: String?
  private let template: ChatTemplate
  private let context: SinkContext
  /// Real time.
  private let timeout: Duration = .seconds(15)

  init(address: String, secret: String?, chat: String?, template: ChatTemplate, context: SinkContext)
    throws(SinkError)
  {
    try SinkError.checkWebAddress(address)
    if address.contains("{secret}"), secret == nil { throw .missing("secret") }
    self.address = address
    self.secret = secret
    self.chat = chat
    self.template = template
    self.context = context
  }

  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    guard let notice = Notice(message, offset: context.offset) else { return .refused("the message is no event") }
    let body = template.rendered(notice, settings: chat.map { ["chat": $0] } ?? [:])
    let url = address.replacing("{secret}", with: secret ?? "")
    let request = HTTPClient.Request(
      .post, url, userAgent: context.userAgent, headers: [("content-type", "application/json")],
      body: Array(body.serialized.utf8))
    let answer = await context.client.answer(to: request, within: timeout)
    // What went wrong must not show the secret of the address.
    guard case .failed(let words) = answer, let secret, !secret.isEmpty else { return answer }
    return .failed(words.replacing(secret, with: "…"))
  }
}

extension SinkKind {
  package static let chat = SinkKind(
    name: "chat",
    summary: "A message into a chat by its webhook: slack, mattermost, telegram or a template of one's own",
    keys: [
      SinkKey("url", .webAddress, isRequired: true),
      SinkKey("template", .choiceOrPath(ChatTemplate.shipped.keys.sorted()), isRequired: true),
      SinkKey("chat", .text), SinkKey("secret", .secrets),
    ], isForPeople: true
  ) { settings, context throws(SinkError) in
    let name = try settings.text("template")
    let text: String
    if let shipped = ChatTemplate.shipped[name] { text = shipped } else { text = try contents(of: name) }
    if text.contains("{chat}"), settings["chat"] == nil { throw .missing("chat") }
    let template: ChatTemplate
    do throws(ChatTemplate.Problem) { template = try ChatTemplate(text) } catch {
      throw .file(name, error.description)
    }
    return try ChatSink(
      address: try settings.text("url"), secret: settings.secrets.first, chat: settings["chat"], template: template,
      context: context)
  }

  private static func contents(of path: String) throws(SinkError) -> String {
    guard let file = fopen(path, "re") else { throw .file(path, String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_537)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { throw .file(path, String(cString: strerror(errno))) }
    guard count < bytes.count else { throw .file(path, "too large for a template: at most 64 KB") }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
