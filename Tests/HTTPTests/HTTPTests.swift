import HTTP
import Serving
import Synchronization
import Testing

/// What a test server saw.
final class Visits: Sendable {
  private let seen = Mutex<[HTTPRequest]>([])
  func note(_ request: HTTPRequest) { seen.withLock { $0.append(request) } }
  var all: [HTTPRequest] { seen.withLock { $0 } }
  var paths: [String] { all.map(\.path) }
}

/// Waits until the condition holds; false when it does not within ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(10)
  while !condition() {
    if ContinuousClock.now > deadline { return false }
    try? await Task.sleep(for: .milliseconds(1))
  }
  return true
}

/// A policy under which the tests' own servers may be reached.
let loopback = AddressPolicy(allow: CIDR("127.0.0.0/8").map { [$0] } ?? [])

/// The agent every test request names.
let agent = "nabat/test (+mailto:duty@region.example)"
