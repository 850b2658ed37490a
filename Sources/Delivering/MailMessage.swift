import Model

/// A mail (RFC 5322, MIME of RFC 2045–2047): Russian text in UTF-8, every alert a thread of its own.
struct MailMessage {
  /// An address.
  var from: String
  /// The name before it.
  var sender: String
  var to: [String]
  var subject: String
  var date: Moment
  /// Left of the `@` of Message-ID; the same for every attempt, so that a mail that came twice shows once.
  var id: String
  /// Left of the `@` of the message that it follows; nil where it begins a thread.
  var thread: String?
  /// Right of the `@`.
  var host: String
  var text: String
  /// Further headers, in ASCII.
  var headers: [(name: String, value: String)] = []

  /// The whole message, lines ended by CR LF.
  var bytes: [UInt8] {
    var lines = [
      "Date: \(MailMessage.date(date))", "From: \(MailMessage.encoded(sender)) <\(from)>",
      "To: \(to.joined(separator: ",\r\n "))", "Subject: \(MailMessage.encoded(subject))",
      "Message-ID: <\(id)@\(host)>",
    ]
    if let thread { lines += ["In-Reply-To: <\(thread)@\(host)>", "References: <\(thread)@\(host)>"] }
    lines += [
      "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
    ]
    lines += headers.map { "\($0.name): \($0.value)" }
    lines.append("")
    let text = Array(base64Encoded(Array(self.text.utf8)).utf8)
    for start in stride(from: 0, to: text.count, by: 76) {
      lines.append(String(decoding: text[start..<min(start + 76, text.count)], as: UTF8.self))
    }
    return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
  }

  /// Encoded words of at most 75 characters, each of whole letters (RFC 2047).
  static func encoded(_ text: String) -> String {
    var words: [String] = []
    var part: [UInt8] = []
    func close() {
      if !part.isEmpty { words.append("=?UTF-8?B?\(base64Encoded(part))?=") }
      part = []
    }
    for scalar in plainText(text).unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if part.count + bytes.count > 45 { close() }
      part += bytes
    }
    close()
    return words.joined(separator: "\r\n ")
  }

  /// `Sun, 01 Mar 2026 09:00:00 +0000`.
  static func date(_ moment: Moment) -> String {
    let days = Moment.floorDivide(moment.milliseconds, by: 86_400_000).quotient
    let weekday = Moment.floorDivide(days + 4, by: 7).remainder
    let text = moment.rfc3339
    let month = Int(text.dropFirst(5).prefix(2)) ?? 1
    return "\(weekdays[Int(weekday)]), \(text.dropFirst(8).prefix(2)) \(months[month - 1]) \(text.prefix(4)) "
      + "\(text.dropFirst(11).prefix(8)) +0000"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
