package import Alerting
package import JSON
package import Model

/// What the desk stands for: the alerts, and somebody who carries acts out.
package protocol DutyRoom: Sendable {
  /// All of them, in no order.
  func alerts() async -> [Alert]
  func silences() async -> [Silence]
  /// The title of an alert's rule.
  func title(of alert: Alert) async -> String
  /// The alerts that a silence would hold now.
  func preview(_ act: Act) async throws(Refusal) -> [Alert]
  /// Carries an act out, or says why not. Throws what the store throws.
  ///
  /// - Parameter members: of the act's line, without `kind` and `at`.
  func perform(_ verb: String, _ members: JSONObject) async throws -> Refusal?
}
