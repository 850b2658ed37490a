import TestSupport

/// The files of the package, by absolute path.
enum Shipped {
  static let rules = ProgramRun.root + "/rules"
  static let tape = ProgramRun.root + "/examples/demo/story.ndjson"
  static let history = ProgramRun.root + "/examples/demo/history.ndjson"
}

/// A rule of one word with one test.
func wordRule(expecting alerts: Int = 1, extra: String = "") -> String {
  """
  format: 1
  rules:
    - id: claim.bridge
      title: Слух о мосте
      claim: Мост рухнул.
      type: claim
      severity: high
      owner: duty
      terms:
        bridge: { any: [рухнуть мост], weight: 5 }
      match: bridge
      narrative: bridge
      key: [narrative, region]
  \(extra)
      tests:
        - name: the plain claim
          given:
            - item: { id: a1, at: +0m, region: XA-ZAR, body: "В городе рухнул мост" }
          expect:
            - { at: +0m, alerts: \(alerts) }

  """
}
