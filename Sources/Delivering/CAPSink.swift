import Glibc
package import Model

/// CAP 1.2 documents in a folder: one file an event, whole or not at all.
package struct CAPSink: Sink {
  private let folder: String
  private let sender: String
  private let restriction: String
  private let addresses: [String]
  private let context: SinkContext

  package init(
    folder: String, sender: String, restriction: String, addresses: [String], context: SinkContext
  ) {
    self.folder = folder
    self.sender = sender
    self.restriction = restriction
    self.addresses = addresses
    self.context = context
  }

  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    guard let notice = Notice(message, offset: context.offset) else { return .refused("the message is no event") }
    let document = CAPDocument(
      notice: notice, message: message, sender: sender, restriction: restriction, addresses: addresses,
      earlier: message.alert.isEmpty ? [] : context.earlier(message.alert, message.seq), offset: context.offset)
    let path = "\(folder)/\(document.identifier).xml"
    return write(Array(document.xml.utf8), to: path)
  }

  /// A new file takes its place in the folder when it is on disk.
  private func write(_ bytes: [UInt8], to path: String) -> SinkAnswer {
    if mkdir(folder, 0o750) != 0, errno != EEXIST { return failure() }
    let beside = "\(path).new"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { return failure() }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      written += count
    }
    let isWhole = written == bytes.count && fsync(descriptor) == 0
    let answer = isWhole ? nil : failure()
    close(descriptor)
    guard answer == nil, rename(beside, path) == 0 else {
      let failure = answer ?? failure()
      unlink(beside)
      return failure
    }
    return .status(200)
  }

  private func failure() -> SinkAnswer { .failed("\(folder): \(String(cString: strerror(errno)))") }
}

extension SinkKind {
  package static let cap = SinkKind(
    name: "cap", summary: "A CAP 1.2 document for every event, into a folder",
    keys: [
      SinkKey("path", .path, isRequired: true), SinkKey("sender", .text), SinkKey("restriction", .text),
      SinkKey("addresses", .mailAddresses),
    ]
  ) { settings, context throws(SinkError) in
    CAPSink(
      folder: try settings.text("path"), sender: settings["sender"] ?? "nabat@\(context.instance.id)",
      restriction: settings["restriction"] ?? "Для дежурных служб", addresses: settings.values["addresses"] ?? [],
      context: context)
  }
}
