import JSON
import Model

/// One document on its way: the decoded bytes, the views of them that readers ask for, and the warnings gathered.
///
/// Used by one thread from the call of `DocumentReader.read` to its return.
final class Document {
  let options: ReadingOptions
  /// The address of the document after redirects.
  let url: String
  /// The base of relative addresses outside any `xml:base`.
  let base: String
  /// Lower-case names.
  let headers: [String: String]
  /// Valid UTF-8 without a byte order mark.
  let bytes: [UInt8]
  let dates: DateReader
  private(set) var warnings: [FeedWarning] = []

  init(_ payload: Payload, options: ReadingOptions) {
    self.options = options
    url = payload.url
    headers = payload.headers
    base = payload.headers["content-location"].flatMap { WebAddress.resolve($0, base: payload.url) } ?? payload.url
    let zone = options.source.map { $0.timezone == "UTC" ? options.timezone : $0.timezone } ?? options.timezone
    dates = DateReader(now: options.now, timezone: zone)
    let unpacked = Compression.unpacked(
      payload.bytes, contentEncoding: payload.headers["content-encoding"], limit: Limits.body + 1)
    var body = unpacked.bytes
    let cut = body.count > Limits.body
    if cut { body.removeLast(body.count - Limits.body) }
    let decoded = TextDecoder.decode(
      body, contentType: options.contentType ?? payload.headers["content-type"], override: options.source?.encoding)
    bytes = decoded.bytes
    warnings = decoded.warnings
    if !unpacked.methods.isEmpty {
      warn("packed", "the body was saved packed (\(unpacked.methods.joined(separator: ", "))) and was unpacked")
    }
    if unpacked.isCut, !cut { warn("packed-damaged", "the packed body is damaged or cut off: its beginning was read") }
    if cut { warn("body-limit", "only the first \(Limits.body >> 20) MB were read") }
  }

  /// The same document with no warnings yet, for another thread to read a part of it.
  func fork() -> Document { Document(self) }

  private init(_ other: Document) {
    options = other.options
    url = other.url
    base = other.base
    headers = other.headers
    bytes = other.bytes
    dates = other.dates
    parsed = other.parsed
  }

  /// Takes over the warnings of a fork.
  func join(_ fork: Document) {
    warnings.append(contentsOf: fork.warnings.prefix(max(0, Limits.warnings - warnings.count)))
  }

  func warn(_ code: String, line: Int? = nil, _ text: String) {
    guard warnings.count < Limits.warnings else { return }
    warnings.append(FeedWarning(code: code, line: line, text: text))
  }

  /// The document as XML; nil when no element could be read.
  var tree: XMLTree? {
    if let parsed { return parsed }
    let result = XMLReader.read(bytes)
    for warning in result.warnings { warn(warning.code, line: warning.line, warning.text) }
    parsed = .some(result.tree)
    return result.tree
  }

  /// The tree once it was built; its absence too.
  private var parsed: XMLTree??

  /// The document as an HTML page, with a warning where it is cut; nil when there is nothing to parse.
  ///
  /// - Parameter isTrimmed: without the contents of scripts, styles and comments, for a reader who asks for none.
  func page(isTrimmed: Bool = false) -> HTMLPage? {
    let page = HTMLPage(isTrimmed ? PageTrimming.trimmed(bytes) : bytes)
    if page?.isCut == true { warn("attribute-limit", "the page was read up to a tag with too many attributes") }
    return page
  }

  /// The first byte that is not white space.
  var firstByte: UInt8? { bytes.first { !isSpace($0) } }

  /// Whether the document opens as an HTML page.
  private(set) lazy var opensAsPage: Bool = {
    let head = Bytes.lowercased(bytes.prefix(1024).drop(while: isSpace))
    return ["<!doctype html", "<html", "<head", "<body"].contains { Bytes.starts(head[...], with: $0) }
  }()

  /// The canonical name of the root element of XML that is not a page.
  var rootName: String? { firstByte == nil || opensAsPage ? nil : tree?.root?.name }

  /// Reads a date, with warnings for what cannot be or cannot be read.
  func date(_ text: String?, line: Int? = nil) -> Moment? {
    guard var text, !text.allSatisfy(\.isWhitespace) else { return nil }
    return text.withUTF8 { date($0, line: line) }
  }

  /// The same of trimmed UTF-8 bytes in place.
  func date(_ bytes: UnsafeBufferPointer<UInt8>, line: Int? = nil) -> Moment? {
    let reading = dates.read(bytes)
    if case .moment(let moment) = reading, moment <= options.now + .minutes(5) { return moment }
    let text = String(decoding: bytes, as: UTF8.self)
    switch reading {
    case .moment(let moment):
      warn("future-date", line: line, "the date «\(text.shown)» is ahead")
      return moment
    case .implausible:
      warn("date-range", line: line, "the date «\(text.shown)» is out of range")
    case .unreadable:
      warn("date-unreadable", line: line, "the date «\(text.shown)» cannot be read")
    }
    return nil
  }

  /// A date that was read, with a warning where it cannot be meant.
  func plausible(_ moment: Moment, _ text: String) -> Moment? {
    guard moment.milliseconds >= 0, moment.milliseconds <= options.now.milliseconds + 731 * 86_400_000 else {
      warn("date-range", "the date «\(text.shown)» is out of range")
      return nil
    }
    if moment > options.now + .minutes(5) { warn("future-date", "the date «\(text.shown)» is ahead") }
    return moment
  }

  /// The stated language of the answer's headers.
  var headerLanguage: String? { headers["content-language"].flatMap(Language.tag) }
}

extension String {
  /// The text cut for a warning: what came from outside must not flood it.
  var shown: String { count > 60 ? prefix(60) + "…" : self }
}
