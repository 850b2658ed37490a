import HTTP
import Model
import Polling
import Synchronization

/// Waits until the condition holds; false when it does not within ten seconds.
func eventually(_ condition: () async -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(10)
  while await !condition() {
    if ContinuousClock.now > deadline { return false }
    try? await Task.sleep(for: .milliseconds(1))
  }
  return true
}

/// 2026-03-01T09:00:00Z, when all tests begin.
let start = Moment(milliseconds: 1_772_355_600_000)

/// A source of a made-up town.
func source(_ id: String, _ url: String, every: Span = .minutes(5)) -> Source {
  var source = Source(id: id, kind: "feed", url: url, place: Place(file: "feeds/test.yaml", line: 1))
  source.every = every
  source.contact = "mailto:duty@region.example"
  return source
}

/// Answers without a network, and remembers what was asked and how many requests were under way at once.
final class ScriptedWeb: Fetching {
  struct Asked: Sendable {
    var at: Moment
    var url: String
    var headers: [String: String]
    var userAgent: String
  }
  private struct State {
    var asked: [Asked] = []
    var answers: [String: [Result<HTTPClient.Response, HTTPError>]] = [:]
    var underWay: [String: Int] = [:]
    var most = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
    var holds = false
  }
  private let state = Mutex(State())
  private let clock: VirtualClock

  init(clock: VirtualClock) { self.clock = clock }

  var asked: [Asked] { state.withLock { $0.asked } }
  var urls: [String] { asked.map(\.url) }
  /// Most requests at once to one host.
  var most: Int { state.withLock { $0.most } }
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// The answers to an address, one after another; the last stays.
  func answer(_ url: String, _ answers: Result<HTTPClient.Response, HTTPError>...) {
    state.withLock { $0.answers[url] = answers }
  }
  func hold() { state.withLock { $0.holds = true } }
  func release() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume() }
  }

  func send(_ request: HTTPClient.Request) async throws(HTTPError) -> HTTPClient.Response {
    let host = WebAddress.authority(of: request.url) ?? ""
    let (answer, holds) = state.withLock { state in
      let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { $1 }
      state.asked.append(
        Asked(at: clock.now, url: request.url, headers: headers, userAgent: request.userAgent))
      state.underWay[host, default: 0] += 1
      state.most = max(state.most, state.underWay[host] ?? 0)
      var answers = state.answers[request.url] ?? []
      let answer = answers.first
      if answers.count > 1 { answers.removeFirst() }
      state.answers[request.url] = answers
      return (answer, state.holds)
    }
    if holds { await withCheckedContinuation { one in state.withLock { $0.waiting.append(one) } } }
    state.withLock { $0.underWay[host, default: 0] -= 1 }
    return try (answer ?? .success(response(request.url))).get()
  }
}

/// An answer in short.
func response(
  _ url: String = "http://news.example/", _ status: Int = 200, _ headers: [String: String] = [:], _ body: String? = nil
)
  -> HTTPClient.Response
{
  HTTPClient.Response(status: status, url: url, headers: headers, body: Array((body ?? url).utf8), hops: [])
}
