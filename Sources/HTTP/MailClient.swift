import CCurl
import Glibc
import Synchronization

/// Hands mail to one server by SMTP (RFC 5321) through libcurl: TLS from the start (`smtps://`), or STARTTLS
/// (`smtp://`), which only a server on loopback may lack.
package struct MailClient: Sendable {
  /// `smtps://host[:port]` or `smtp://host[:port]`.
  package var server: String
  package var user: String?
  package var password: String?
  /// PEM certificates to trust instead of the system's.
  package var certificateFile: String?
  package var policy: AddressPolicy
  /// Real time for all of it.
  package var timeout: Duration = .seconds(15)

  package init(
    server: String, user: String? = nil, password: String? = nil, certificateFile: String? = nil, policy: AddressPolicy
  ) {
    self.server = server
    self.user = user
    self.password = password
    self.certificateFile = certificateFile
    self.policy = policy
  }

  /// What the server said to it.
  package enum Answer: Hashable, Sendable {
    /// It took the message.
    case taken
    /// It will not take this message, now or later (5yz).
    case refused(String)
    /// Not now, or nobody answered.
    case failed(String)
    case cancelled
  }

  /// Sends one message, headers and body, lines ended by CR LF.
  ///
  /// It waits on a thread of its own: libcurl speaks SMTP only as fast as the server answers.
  package func send(from sender: String, to recipients: [String], _ message: [UInt8]) async -> Answer {
    let isCancelled = MailTransfer.Flag()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let work = MailTransfer.Work {
          continuation.resume(
            returning: MailTransfer(self, from: sender, to: recipients, message, isCancelled).perform())
        }
        if !work.start() { continuation.resume(returning: .failed("no thread could be started")) }
      }
    } onCancel: {
      isCancelled.raise()
    }
  }
}

/// One message on its way; lives on one thread.
private final class MailTransfer {
  /// Asks a transfer to end.
  final class Flag: Sendable {
    private let raised = Atomic(false)
    func raise() { raised.store(true, ordering: .relaxed) }
    var isRaised: Bool { raised.load(ordering: .relaxed) }
  }

  /// What a thread is to do.
  final class Work: Sendable {
    private let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// false where there is no thread; then nothing was done.
    func start() -> Bool {
      let work = Unmanaged.passRetained(self)
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { context in
          if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
          return nil
        }, work.toOpaque())
      guard code == 0 else {
        work.release()
        return false
      }
      pthread_detach(thread)
      return true
    }
  }

  private let client: MailClient
  private let sender: String
  private let recipients: [String]
  private let message: [UInt8]
  private let isCancelled: Flag
  private var sent = 0
  private var refusal: HTTPError?

  init(_ client: MailClient, from sender: String, to recipients: [String], _ message: [UInt8], _ isCancelled: Flag) {
    self.client = client
    self.sender = sender
    self.recipients = recipients
    self.message = message
    self.isCancelled = isCancelled
  }

  func perform() -> MailClient.Answer {
    guard let easy = curl_easy_init() else { return .failed("libcurl: curl_easy_init failed") }
    var list: UnsafeMutablePointer<curl_slist>?
    let said = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    said.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer {
      curl_easy_cleanup(easy)
      curl_slist_free_all(list)
      said.deallocate()
    }
    let isLoopback = WebAddress.isLoopback(client.server)
    var code = nabat_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, said)
    func set(_ option: CURLoption, _ value: Int) {
      if code == CURLE_OK { code = nabat_curl_set_long(easy, option, value) }
    }
    func set(_ option: CURLoption, _ value: String) {
      if code == CURLE_OK { code = nabat_curl_set_text(easy, option, value) }
    }
    set(CURLOPT_URL, client.server)
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_USE_SSL, Int(isLoopback ? CURLUSESSL_TRY.rawValue : CURLUSESSL_ALL.rawValue))
    set(CURLOPT_TIMEOUT_MS, max(1, Int(client.timeout / .milliseconds(1))))
    set(CURLOPT_MAIL_FROM, "<\(sender)>")
    if let user = client.user { set(CURLOPT_USERNAME, user) }
    if let password = client.password { set(CURLOPT_PASSWORD, password) }
    if let file = client.certificateFile { set(CURLOPT_CAINFO, file) }
    for recipient in recipients {
      guard let longer = curl_slist_append(list, "<\(recipient)>") else { return .failed("out of memory") }
      list = longer
    }
    if code == CURLE_OK { code = nabat_curl_set_recipients(easy, list) }
    if code == CURLE_OK {
      code = nabat_curl_set_upload(
        easy, Unmanaged.passUnretained(self).toOpaque(), MailTransfer.onRead, curl_off_t(message.count),
        MailTransfer.onProgress, MailTransfer.onOpenSocket)
    }
    if code == CURLE_OK { code = curl_easy_perform(easy) }
    if code == CURLE_OK { return .taken }
    if isCancelled.isRaised { return .cancelled }
    if let refusal { return .failed(refusal.description) }
    let status = nabat_curl_get_long(easy, CURLINFO_RESPONSE_CODE)
    let text = String(cString: said)
    let words = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    // A certificate or a password that is wrong today may be mended; a message that is refused stays refused.
    let isOfMessage = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY
    return (550...559).contains(status) && isOfMessage ? .refused("SMTP: \(words)") : .failed("SMTP: \(words)")
  }

  private static let onRead: nabat_curl_write = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let transfer = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue()
    let length = min(size * count, transfer.message.count - transfer.sent)
    transfer.message.withUnsafeBytes { message in
      UnsafeMutableRawBufferPointer(start: bytes, count: length)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: message[transfer.sent..<transfer.sent + length]))
    }
    transfer.sent += length
    return length
  }

  private static let onProgress: nabat_curl_progress = { context, _, _, _, _ in
    guard let context else { return 1 }
    return Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue().isCancelled.isRaised ? 1 : 0
  }

  private static let onOpenSocket: nabat_curl_open = { context, _, address in
    guard let address, let context else { return nabat_curl_bad_socket() }
    let transfer = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.client.policy.openSocket(for: address, &transfer.refusal)
  }
}
