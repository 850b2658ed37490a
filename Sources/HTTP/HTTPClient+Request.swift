extension HTTPClient {
  /// One request. Its headers go along through redirects, so they must hold no secrets unless `redirects` is 0.
  package struct Request: Sendable {
    package enum Method: String, Sendable {
      case get = "GET"
      case post = "POST"
    }

    package var method: Method = .get
    package var url: String
    package var headers: [(name: String, value: String)] = []
    /// Sent with POST only.
    package var body: [UInt8] = []
    package var userAgent: String
    package var limits = Limits()
    /// Instead of the client's own; such a request shares no connections with others.
    package var policy: AddressPolicy?
    /// PEM certificates to trust instead of the system's.
    package var certificateFile: String?

    package init(
      _ method: Method = .get, _ url: String, userAgent: String, headers: [(name: String, value: String)] = [],
      body: [UInt8] = []
    ) {
      self.method = method
      self.url = url
      self.userAgent = userAgent
      self.headers = headers
      self.body = body
    }
  }

  /// How long and how much a request may take. Real time, whatever clock the caller uses.
  package struct Limits: Hashable, Sendable {
    package var connect: Duration = .seconds(10)
    /// Redirects and body included.
    package var total: Duration = .seconds(30)
    /// Bytes a second that must not be undercut for `slowSeconds`.
    package var slowSpeed = 1024
    package var slowSeconds = 15
    /// Bytes, decompressed.
    package var body = 16 << 20
    /// Decompressed ÷ received, judged past `ratioFree` bytes.
    package var ratio = 200
    package var ratioFree = 1 << 20
    /// GET only; 0 hands a 3xx answer to the caller.
    package var redirects = 5
    /// Bytes of all header lines of one answer.
    package var headers = 256 << 10

    package init() {}
  }

  /// An answer of any status.
  package struct Response: Hashable, Sendable {
    package var status: Int
    /// Where it came from, after redirects.
    package var url: String
    /// Lower-case names; of repeated ones the last.
    package var headers: [String: String]
    /// Decompressed.
    package var body: [UInt8]
    /// The redirects on the way.
    package var hops: [Hop]

    package init(status: Int, url: String, headers: [String: String] = [:], body: [UInt8] = [], hops: [Hop] = []) {
      self.status = status
      self.url = url
      self.headers = headers
      self.body = body
      self.hops = hops
    }
  }

  /// One redirect: its status and where it led.
  package struct Hop: Hashable, Sendable {
    package var status: Int
    package var url: String
  }
}
