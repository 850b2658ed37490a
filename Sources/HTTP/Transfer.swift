import CCurl
import Glibc

/// One request on the multi handle: owns the easy handle; touched by the driver's thread only.
final class Transfer {
  let job: Job
  let easy: UnsafeMutableRawPointer
  private let policy: AddressPolicy
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>
  private let deadline: ContinuousClock.Instant

  private var url: String
  private var hops: [HTTPClient.Hop] = []
  private var headers: [String: String] = [:]
  private var headerBytes = 0
  private var body: [UInt8] = []
  /// What a callback found wrong before it made libcurl give up.
  private var failure: HTTPError?
  /// The last address the policy forbade; it matters when no other address of the name could be reached.
  private var refusal: HTTPError?

  enum Outcome {
    case done(HTTPClient.Response)
    /// The handle is set to the next address and wants to be added again.
    case redirected
  }

  /// `isolated` keeps the transfer off connections that were opened under another policy.
  init(_ job: Job, policy: AddressPolicy, isolated: Bool) throws(HTTPError) {
    guard let easy = curl_easy_init() else { throw .library("curl_easy_init failed") }
    self.job = job
    self.easy = easy
    self.policy = policy
    url = job.request.url
    deadline = ContinuousClock.now + job.request.limits.total
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    try configure(isolated: isolated)
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
    errorText.deallocate()
  }

  private func configure(isolated: Bool) throws(HTTPError) {
    let request = job.request
    let limits = request.limits
    try checkScheme(url, after: nil)
    try set(CURLOPT_ERRORBUFFER, pointer: errorText)
    try set(CURLOPT_URL, url)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    // Redirects are followed by hand: libcurl knows no rule against going from https to http.
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_PROXY, "")
    try set(CURLOPT_NOSIGNAL, 1)
    // A name server that hangs must not hold the thread when its transfer is given up.
    try set(CURLOPT_QUICK_EXIT, 1)
    try set(CURLOPT_ACCEPT_ENCODING, "")
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    try set(CURLOPT_USERAGENT, request.userAgent)
    try set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits.connect))
    try set(CURLOPT_TIMEOUT_MS, milliseconds(limits.total))
    try set(CURLOPT_LOW_SPEED_LIMIT, limits.slowSpeed)
    try set(CURLOPT_LOW_SPEED_TIME, limits.slowSeconds)
    try check(nabat_curl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(limits.body)))
    if let file = request.certificateFile { try set(CURLOPT_CAINFO, file) }
    if isolated {
      try set(CURLOPT_FRESH_CONNECT, 1)
      try set(CURLOPT_FORBID_REUSE, 1)
    }
    if request.method == .post {
      try set(CURLOPT_POST, 1)
      try check(request.body.withUnsafeBytes { nabat_curl_set_body(easy, $0.baseAddress, curl_off_t($0.count)) })
    }
    // Without `Expect:` libcurl waits a second before it sends a larger body.
    for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
      guard !line.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
        throw .library("a header holds a line break")
      }
      guard let list = curl_slist_append(headerList, line) else { throw .library("out of memory") }
      headerList = list
    }
    try check(nabat_curl_set_headers(easy, headerList))
    try check(
      nabat_curl_set_callbacks(
        easy, Unmanaged.passUnretained(self).toOpaque(), Transfer.onBody, Transfer.onHeader, Transfer.onOpenSocket))
  }

  /// Judges a transfer that ended.
  func outcome(of code: CURLcode) throws(HTTPError) -> Outcome {
    if let failure { throw failure }
    guard code == CURLE_OK else { throw error(for: code) }
    let status = nabat_curl_get_long(easy, CURLINFO_RESPONSE_CODE)
    let limits = job.request.limits
    if job.request.method == .get, limits.redirects > 0, [301, 302, 303, 307, 308].contains(status),
      let next = nabat_curl_get_text(easy, CURLINFO_REDIRECT_URL).map({ String(cString: $0) })
    {
      guard hops.count < limits.redirects else { throw .tooManyRedirects(limits.redirects) }
      try checkScheme(next, after: url)
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { throw .timedOut(seconds: limits.total / .seconds(1)) }
      hops.append(HTTPClient.Hop(status: status, url: next))
      url = next
      headers = [:]
      body = []
      try set(CURLOPT_URL, next)
      try set(CURLOPT_TIMEOUT_MS, milliseconds(left))
      return .redirected
    }
    return .done(HTTPClient.Response(status: status, url: url, headers: headers, body: body, hops: hops))
  }

  private func checkScheme(_ url: String, after previous: String?) throws(HTTPError) {
    let lower = url.prefix(8).lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else { throw .schemeRefused(url) }
    if lower.hasPrefix("http://"), let previous, previous.prefix(8).lowercased() == "https://" {
      throw .downgradeRefused(url)
    }
  }

  private func error(for code: CURLcode) -> HTTPError {
    let limits = job.request.limits
    let said = String(cString: errorText)
    let words = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
    switch code {
    case CURLE_URL_MALFORMAT: return .invalidURL(url)
    case CURLE_UNSUPPORTED_PROTOCOL: return .schemeRefused(url)
    case CURLE_COULDNT_RESOLVE_HOST: return .unresolved(host: host)
    case CURLE_COULDNT_CONNECT:
      if let refusal { return refusal }
      return nabat_curl_get_long(easy, CURLINFO_OS_ERRNO) == Int(ECONNREFUSED)
        ? .connectionRefused(host: host) : .unreachable(words)
    case CURLE_OPERATION_TIMEDOUT:
      // libcurl has one code for three limits; its own clock may be a moment ahead of this one.
      if said.hasPrefix("Operation too slow") {
        return .tooSlow(bytesPerSecond: limits.slowSpeed, seconds: limits.slowSeconds)
      }
      let isConnecting = nabat_curl_get_offset(easy, CURLINFO_CONNECT_TIME_T) == 0
      return isConnecting && ContinuousClock.now + .milliseconds(20) < deadline
        ? .connectTimedOut(seconds: limits.connect / .seconds(1)) : .timedOut(seconds: limits.total / .seconds(1))
    case CURLE_FILESIZE_EXCEEDED: return .bodyTooLarge(limit: limits.body)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT:
      return .tls(words)
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY,
      CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_WRITE_ERROR:
      return .brokenAnswer(words)
    default: return .library(words)
    }
  }

  private var host: String { WebAddress.authority(of: url) ?? url }
}

// What libcurl calls back, from the driver's thread, with the transfer as its context.
extension Transfer {
  private static let onBody: nabat_curl_write = { bytes, _, count, context in
    guard let bytes, let context else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      .takeBody(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  private static let onHeader: nabat_curl_write = { bytes, _, count, context in
    guard let bytes, let context else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      .takeHeader(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  private static let onOpenSocket: nabat_curl_open = { context, _, address in
    guard let address, let context else { return nabat_curl_bad_socket() }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().openSocket(for: address)
  }

  /// Returning less than was given makes libcurl give up.
  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    let limits = job.request.limits
    let size = body.count + bytes.count
    if size > limits.body {
      failure = .bodyTooLarge(limit: limits.body)
      return 0
    }
    if size > limits.ratioFree {
      let received = nabat_curl_get_offset(easy, CURLINFO_SIZE_DOWNLOAD_T)
      if Int(received) * limits.ratio < size {
        failure = .compressionBomb(ratio: limits.ratio)
        return 0
      }
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerBytes += bytes.count
    if headerBytes > job.request.limits.headers {
      failure = .headersTooLarge(limit: job.request.limits.headers)
      return 0
    }
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    if line.starts(with: "HTTP/".utf8) {
      headers = [:]
      headerBytes = bytes.count
    } else if let colon = line.firstIndex(of: 0x3A), colon > line.startIndex {
      let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
      let value = line[(colon + 1)...].drop(while: isBlank)
      let end = value.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? value.startIndex
      headers[String(decoding: line[..<colon], as: UTF8.self).lowercased()] =
        String(decoding: value[..<end], as: UTF8.self)
    }
    return bytes.count
  }

  private func openSocket(for address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    policy.openSocket(for: address, &refusal)
  }
}

// Options, checked.
extension Transfer {
  private func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
    try check(nabat_curl_set_long(easy, option, value))
  }

  private func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
    try check(nabat_curl_set_text(easy, option, value))
  }

  private func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) throws(HTTPError) {
    try check(nabat_curl_set_pointer(easy, option, pointer))
  }

  private func check(_ code: CURLcode) throws(HTTPError) {
    if code != CURLE_OK { throw .library(String(cString: curl_easy_strerror(code))) }
  }

  /// At least 1: libcurl takes 0 for no limit.
  private func milliseconds(_ duration: Duration) -> Int {
    max(1, Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000))
  }
}
