import HTTP
import Model
import Polling
import Testing

@Suite("The poll schedule") struct PollScheduleTests {
  private let feed = source("news", "http://news.example/rss")

  private func after(
    _ outcome: PollResult.Outcome, from before: SourceState? = nil, validators: Validators? = nil,
    verdict: PollVerdict = PollVerdict(), retryAfter: Moment? = nil, jitter: Double = 0
  ) -> SourceState {
    PollResult(
      source: feed, url: feed.url, outcome: outcome, fetchedAt: start, validators: validators, retryAfter: retryAfter,
      before: before ?? SourceState(source: "news"), jitter: jitter
    ).state(after: verdict)
  }

  private var payload: PollResult.Outcome { .payload(Payload(bytes: [], url: feed.url)) }
  private var failure: PollResult.Outcome { .failed(words: PollWords.words(for: 500), status: 500) }

  @Test("asks again after the interval, a tenth earlier or later")
  func interval() {
    #expect(after(payload).next == start + .minutes(5))
    #expect(after(.unchanged, jitter: -1).next == start + .seconds(270))
    #expect(after(.unchanged, jitter: 1).next == start + .seconds(330))
  }

  @Test("backs off twofold to a day and comes back after one success")
  func backoff() {
    var state = SourceState(source: "news")
    var gaps: [String] = []
    for _ in 0..<12 {
      state = after(failure, from: state)
      gaps.append(state.next.map { ($0 - start).description } ?? "never")
    }
    #expect(
      gaps == ["5m", "10m", "20m", "40m", "1h20m", "2h40m", "5h20m", "10h40m", "21h20m", "1d", "1d", "1d"])
    #expect(state.failures == 12)
    #expect(state.lastSuccess == nil)
    state = after(payload, from: state)
    #expect(state.next == start + .minutes(5))
    #expect(state.failures == 0)
    #expect(state.lastError == nil)
    #expect(state.lastSuccess == start)
  }

  @Test("never undercuts Retry-After")
  func retryAfter() {
    #expect(after(failure, retryAfter: start + .hours(2)).next == start + .hours(2))
    #expect(after(failure, retryAfter: start + .seconds(1)).next == start + .minutes(5))
  }

  @Test("asks once a day for what is gone")
  func gone() {
    let state = after(.failed(words: PollWords.words(for: 410), status: 410))
    #expect(state.next == start + .hours(24))
    #expect(state.failures == 1)
  }

  @Test("keeps the validators of a good answer only, and the new ETag of a 304")
  func validators() {
    let first = Validators(etag: "\"1\"", lastModified: "Sun, 01 Mar 2026 08:00:00 GMT")
    let bad = after(payload, validators: first, verdict: PollVerdict(isGood: false))
    #expect(bad.etag == nil)
    #expect(bad.validatorURL == nil)
    #expect(bad.failures == 1)
    #expect(bad.lastError == "ответ пришёл, но прочитать его не удалось: проверьте вид источника и селекторы")

    let good = after(payload, validators: first)
    #expect(good.etag == "\"1\"")
    #expect(good.lastModified == "Sun, 01 Mar 2026 08:00:00 GMT")
    #expect(good.validatorURL == feed.url)
    #expect(after(failure, from: good).etag == "\"1\"")

    let unchanged = after(.unchanged, from: good, validators: Validators(etag: "\"2\"", lastModified: nil))
    #expect(unchanged.etag == "\"2\"")
    #expect(unchanged.lastModified == "Sun, 01 Mar 2026 08:00:00 GMT")
    #expect(after(.unchanged, from: good) == after(.unchanged, from: good, validators: first))

    #expect(after(payload, from: good).etag == nil)
  }

  @Test("says failures in words an officer can act on")
  func words() {
    #expect(PollWords.words(for: 404) == "404: адреса больше нет; найдите новый на сайте")
    #expect(PollWords.words(for: 500) == "500: ошибка на стороне сайта; повторим позже")
    #expect(PollWords.words(for: 418) == "418: сервер отказал; проверьте адрес")
    #expect(PollWords.words(for: HTTPError.timedOut(seconds: 30)) == "нет ответа за 30 с; повторим позже")
    #expect(
      PollWords.words(for: HTTPError.bodyTooLarge(limit: 16 << 20)) == "ответ больше 16 МБ; проверьте, тот ли это адрес"
    )
    #expect(
      PollWords.words(for: HTTPError.tooManyRedirects(5))
        == "больше 5 перенаправлений: адрес ходит по кругу; проверьте его в браузере")
    #expect(PollWords.words(for: HTTPError.tls("certificate has expired")).hasPrefix("TLS: "))
  }
}
