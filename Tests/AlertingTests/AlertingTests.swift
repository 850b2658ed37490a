import Alerting
import Rules
import Testing

/// The values were worked out with Python's hashlib and base64, the fingerprint's is that of the rule language.
@Suite("The names of an alert") struct IdentityTests {
  private let key = Key([("region", "RU-ORE"), ("narrative", "dam-breach"), ("source", nil), ("lang", "")])

  @Test("its fingerprint comes from rule and key, in whatever order the fields are given")
  func fingerprint() {
    #expect(key.canonical == "narrative=dam-breach\nregion=RU-ORE\n")
    #expect(Identity.fingerprint(rule: "claim.dam-breach", key: key) == "f7ac85c5375872c9d7d4c2b79152e474")
  }

  @Test("the ids of an episode and of its messages come from the fingerprint and their numbers")
  func ids() {
    let alert = Identity.alert(fingerprint: "f7ac85c5375872c9d7d4c2b79152e474", episode: 1)
    #expect(alert == "al_n2mzdkkfmjomfk3s")
    #expect(Identity.message(alert: alert, seq: 1) == "msg_fyg6ahl2jk4n66ptqtno")
  }
}
