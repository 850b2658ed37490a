import CCurl
import Synchronization

/// Sends HTTP requests: one libcurl multi handle on one thread of its own, shared by all callers.
package final class HTTPClient: Sendable {
  private let mailbox: Mailbox
  private let nextID = Mutex<UInt64>(0)

  /// Starts the thread. Every request without a policy of its own follows `policy`; at most `transfers` are under way at
  /// once, the others wait in the order they came.
  package init(policy: AddressPolicy = .publicOnly, transfers: Int = 64) throws(HTTPError) {
    precondition(transfers > 0, "a client sends something")
    guard HTTPClient.global == CURLE_OK else { throw .library(String(cString: curl_easy_strerror(HTTPClient.global))) }
    guard let multi = curl_multi_init() else { throw .library("curl_multi_init failed") }
    mailbox = Mailbox(multi)
    guard Driver.start(multi, mailbox: mailbox, policy: policy, limit: transfers) else {
      curl_multi_cleanup(multi)
      throw .library("no thread could be started")
    }
  }

  deinit { stop() }

  /// Ends all requests with `cancelled` and the thread with them.
  package func stop() { mailbox.close() }

  /// Sends one request and waits for the whole answer. Cancelling the task removes the transfer.
  package func send(_ request: Request) async throws(HTTPError) -> Response {
    let id = nextID.withLock { id in
      id += 1
      return id
    }
    let mailbox = mailbox
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Result<Response, HTTPError>, Never>) in
        mailbox.post(Job(id: id, request: request) { continuation.resume(returning: $0) })
        // A task cancelled before the post: its handler came too early to find the job.
        if Task.isCancelled { mailbox.cancel(id) }
      }
    } onCancel: {
      mailbox.cancel(id)
    }
    return try result.get()
  }

  private static let global: CURLcode = curl_global_init(Int(CURL_GLOBAL_ALL))
}

/// One request on its way to the thread. `done` is called exactly once.
struct Job: Sendable {
  let id: UInt64
  let request: HTTPClient.Request
  let done: @Sendable (Result<HTTPClient.Response, HTTPError>) -> Void
}

/// What callers leave for the thread.
final class Mailbox: Sendable {
  struct Work {
    var jobs: [Job] = []
    var cancelled: [UInt64] = []
    var isClosing = false
  }

  private struct State {
    var work = Work()
    /// nil once the thread has freed it. Only `curl_multi_wakeup`, which libcurl allows from any thread, uses it here.
    nonisolated(unsafe) var multi: UnsafeMutableRawPointer?
  }
  private let state: Mutex<State>

  init(_ multi: UnsafeMutableRawPointer) {
    nonisolated(unsafe) let multi = multi
    state = Mutex(State(multi: multi))
  }

  func post(_ job: Job) {
    let accepted = state.withLock { state in
      guard let multi = state.multi, !state.work.isClosing else { return false }
      state.work.jobs.append(job)
      curl_multi_wakeup(multi)
      return true
    }
    if !accepted { job.done(.failure(.cancelled)) }
  }

  func cancel(_ id: UInt64) {
    state.withLock { state in
      guard let multi = state.multi else { return }
      state.work.cancelled.append(id)
      curl_multi_wakeup(multi)
    }
  }

  func close() {
    state.withLock { state in
      guard let multi = state.multi else { return }
      state.work.isClosing = true
      curl_multi_wakeup(multi)
    }
  }

  /// For the thread: everything left since the last call.
  func take() -> Work {
    state.withLock { state in
      defer {
        state.work.jobs = []
        state.work.cancelled = []
      }
      return state.work
    }
  }

  /// For the thread: from here on nobody touches the multi handle through this mailbox.
  func forget() { state.withLock { $0.multi = nil } }
}
