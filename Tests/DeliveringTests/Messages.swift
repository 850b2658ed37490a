import Foundation
import JSON
import Model

@testable import Delivering

/// The message of the alert that the contract has for an example, with what a test changes in it.
enum Messages {
  static let alert = "al_0190a1"
  static let moscow: @Sendable (Moment) -> Span = { _ in .hours(3) }
  static let time = Moment(rfc3339: "2026-03-01T08:59:40Z") ?? Moment(milliseconds: 0)

  static func row(
    _ type: String = "alert.fired", seq: Int = 1, severity: Severity = .high, at time: Moment = time,
    data changes: [String: JSONValue] = [:]
  ) -> OutboxRow {
    let plain: JSONValue = [
      "schema": 1, "alert": "al_0190a1", "seq": .integer(Int64(seq)), "episode": 1,
      "fingerprint": "f7ac85c5375872c9d7d4c2b79152e474", "key": ["narrative": "dam-breach", "region": "RU-ORE"],
      "stage": "sent", "journal_head": "sha256:77aa", "reason": "first", "reasons": ["first"], "changed": [],
      "rule": ["id": "claim.dam-breach", "version": "sha256:9c1e", "status": "stable"], "condition": "firing",
      "work": "new", "severity": .string(severity.rawValue), "title": "Слух о прорыве дамбы",
      "summary": "dam-breach — Оренбургская область: 3 публ., первый 01.03 11:41", "narrative": "dam-breach",
      "region": ["code": "RU-ORE", "name": "Оренбургская область"], "labels": ["channel": "emergency"],
      "times": ["first_published": "2026-03-01T08:41:00Z", "detected": "2026-03-01T08:59:40Z"],
      "sla": [
        "acknowledge_by": "2026-03-01T09:14:40Z", "respond_by": "2026-03-01T11:59:40Z",
        "hard_by": "2026-03-01T12:59:40Z",
      ],
      "measure": ["score": 9, "items": 3, "sources": 2, "authors": 3],
      "why": [
        ["term": "breach", "weight": 5, "field": "title", "text": "прорвало дамбу"],
        ["term": "calm", "weight": -2, "field": "body", "text": "учения"],
      ],
      "evidence": [
        "count": 3, "items": [["id": "a1", "url": "https://news1.example/1?a=1&b=2", "source": "news1"]],
      ],
      "links": ["self": "https://monitor.example/alerts/al_0190a1"],
    ]
    var data = plain.object ?? JSONObject()
    for (name, value) in changes { data[name] = value }
    let event: JSONValue = [
      "specversion": "1.0", "id": "msg_4f7k2q9d1s", "source": "/monitor/region-56", "type": .string(type),
      "time": .string(time.rfc3339), "data": .object(data),
    ]
    return OutboxRow(
      sink: "x", message: "msg_4f7k2q9d1s", alert: type.hasPrefix("alert.") ? alert : "", seq: seq, type: type,
      severity: severity, body: event.serialized, created: time)
  }
}
