package import Alerting
package import JSON
package import Model

/// A message of an exercise at one sink.
package struct DrillMessage: Sendable {
  var message: String
  var type: String
  var sink: String
  /// `waiting`, `delivered`, `superseded` or `dead`.
  var state: String
  var attempts: Int
  var lastError: String?

  package init(message: String, type: String, sink: String, state: String, attempts: Int, lastError: String?) {
    self.message = message
    self.type = type
    self.sink = sink
    self.state = state
    self.attempts = attempts
    self.lastError = lastError
  }

  var json: JSONValue {
    [
      "message": .string(message), "type": .string(type), "sink": .string(sink), "state": .string(state),
      "attempts": JSONValue(attempts), "last_error": JSONValue(lastError),
    ]
  }
}

/// What the desk stands for: the alerts, and somebody who carries acts out.
package protocol DutyRoom: Sendable {
  /// All of them, in no order.
  func alerts() async -> [Alert]
  func silences() async -> [Silence]
  /// The title of an alert's rule.
  func title(of alert: Alert) async -> String
  /// The alerts that a silence would hold now.
  func preview(_ act: Act) async throws(Refusal) -> [Alert]
  /// Sends an exercise; what became of its messages so far.
  func drill(_ severity: Severity, region: String?, by: String?) async throws -> [DrillMessage]
  func drillState(_ messages: [String]) async throws -> [DrillMessage]
  /// Lets messages go out again with the ids that they had; how many they are.
  func replay(_ query: DeliveryQuery) async throws -> Int
  /// Carries an act out, or says why not. Throws what the store throws.
  ///
  /// - Parameter members: of the act's line, without `kind` and `at`.
  func perform(_ verb: String, _ members: JSONObject) async throws -> Refusal?
}
