import CCurl
import Glibc

/// The thread that owns the multi handle and every transfer on it. Nothing of it is touched from another thread.
final class Driver {
  private let multi: UnsafeMutableRawPointer
  private let mailbox: Mailbox
  private let policy: AddressPolicy
  private let limit: Int
  private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
  /// Jobs above the limit, in the order they came; their time does not run yet.
  private var waiting: [Job] = []

  private init(_ multi: UnsafeMutableRawPointer, mailbox: Mailbox, policy: AddressPolicy, limit: Int) {
    self.limit = limit
    self.multi = multi
    self.mailbox = mailbox
    self.policy = policy
    _ = nabat_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 512)
    _ = nabat_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
  }

  /// Starts the thread, which frees the multi handle when the mailbox closes; false when it could not be started.
  static func start(_ multi: UnsafeMutableRawPointer, mailbox: Mailbox, policy: AddressPolicy, limit: Int) -> Bool {
    let driver = Unmanaged.passRetained(Driver(multi, mailbox: mailbox, policy: policy, limit: limit))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Driver>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, driver.toOpaque())
    guard code == 0 else {
      driver.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func run() {
    while true {
      let work = mailbox.take()
      waiting += work.jobs
      for id in work.cancelled {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
          waiting.remove(at: index).done(.failure(.cancelled))
        }
        guard let transfer = transfers.values.first(where: { $0.job.id == id }) else { continue }
        end(transfer, .failure(.cancelled))
      }
      if work.isClosing { break }
      startWaiting()
      var running: Int32 = 0
      let code = curl_multi_perform(multi, &running)
      collect()
      if code != CURLM_OK { fail(code) }
      // What ended made room: the new transfers begin before the thread waits.
      if startWaiting() { continue }
      curl_multi_poll(multi, nil, 0, 1000, nil)
    }
    mailbox.forget()
    for job in waiting + mailbox.take().jobs { job.done(.failure(.cancelled)) }
    for transfer in Array(transfers.values) { end(transfer, .failure(.cancelled)) }
    curl_multi_cleanup(multi)
  }

  @discardableResult private func startWaiting() -> Bool {
    let count = min(waiting.count, limit - transfers.count)
    guard count > 0 else { return false }
    let jobs = waiting.prefix(count)
    waiting.removeFirst(count)
    for job in jobs { start(job) }
    return true
  }

  private func start(_ job: Job) {
    do throws(HTTPError) {
      let own = job.request.policy
      let transfer = try Transfer(job, policy: own ?? policy, isolated: own != nil && own != policy)
      try add(transfer)
      transfers[transfer.easy] = transfer
    } catch {
      job.done(.failure(error))
    }
  }

  private func add(_ transfer: Transfer) throws(HTTPError) {
    let code = curl_multi_add_handle(multi, transfer.easy)
    guard code == CURLM_OK else { throw .library(String(cString: curl_multi_strerror(code))) }
  }

  private func collect() {
    var result = CURLE_OK
    while let easy = nabat_curl_next_done(multi, &result) {
      guard let transfer = transfers[easy] else { continue }
      do throws(HTTPError) {
        switch try transfer.outcome(of: result) {
        case .done(let response): end(transfer, .success(response))
        case .redirected:
          curl_multi_remove_handle(multi, easy)
          try add(transfer)
        }
      } catch {
        end(transfer, .failure(error))
      }
    }
  }

  /// The multi handle itself is in trouble: nothing on it will end by itself.
  private func fail(_ code: CURLMcode) {
    let words = String(cString: curl_multi_strerror(code))
    for transfer in Array(transfers.values) { end(transfer, .failure(.library(words))) }
  }

  private func end(_ transfer: Transfer, _ result: Result<HTTPClient.Response, HTTPError>) {
    curl_multi_remove_handle(multi, transfer.easy)
    transfers[transfer.easy] = nil
    transfer.job.done(result)
  }
}
