import CXML2
import Foundation
import HTTP
import JSON
import Model
import TestSupport
import Testing

@testable import Delivering

@Suite("A CAP 1.2 document") struct CAPTests {
  private func document(_ row: OutboxRow, earlier: [EarlierMessage] = [], addresses: [String] = []) throws -> String {
    CAPDocument(
      notice: try #require(Notice(row, offset: Messages.moscow)), message: row, sender: "nabat@region-56",
      restriction: "Для дежурных служб", addresses: addresses, earlier: earlier, offset: Messages.moscow
    ).xml
  }

  private func value(_ name: String, in xml: String) -> String? {
    guard let open = xml.firstRange(of: "<\(name)>") else { return nil }
    let rest = xml[open.upperBound...]
    return rest.firstRange(of: "</\(name)>").map { String(rest[..<$0.lowerBound]) }
  }

  @Test("tells of the circulation of a claim, in the words of the standard")
  func fired() throws {
    let xml = try document(Messages.row())
    let expected = [
      "identifier": "al_0190a1-1", "sender": "nabat@region-56", "sent": "2026-03-01T11:59:40+03:00",
      "status": "Actual", "msgType": "Alert", "scope": "Restricted", "restriction": "Для дежурных служб",
      "incidents": "dam-breach/1", "language": "ru-RU", "category": "Other", "event": "Информационная угроза",
      "responseType": "Assess", "urgency": "Expected", "severity": "Severe", "certainty": "Observed",
      "onset": "2026-03-01T11:41:00+03:00", "expires": "2026-03-01T15:59:40+03:00",
      "headline": "Слух о прорыве дамбы", "web": "https://monitor.example/alerts/al_0190a1",
      "uri": "https://news1.example/1?a=1&amp;b=2", "areaDesc": "Оренбургская область",
    ]
    for (name, text) in expected { #expect(value(name, in: xml) == text, "\(name)") }
    #expect(!xml.contains("Public"))
    // three voices are not told apart
    #expect(xml.contains("<valueName>authors</valueName>\n      <value>&lt; 5</value>"))
  }

  @Test(
    "follows the alert's life",
    arguments: [
      ("alert.updated", ["work": "acknowledged"], "Update", "Assess", "Expected"),
      ("alert.answering", ["work": "answering"], "Update", "Prepare", "Expected"),
      ("alert.responded", ["work": "responded"], "Update", "Monitor", "Expected"),
      ("alert.closed", ["work": "closed", "closed": ["reason": "noise"]], "Cancel", "AllClear", "Past"),
      ("alert.closed", ["work": "closed", "closed": ["reason": "confirmed-fake"]], "Update", "AllClear", "Past"),
    ] as [(String, [String: JSONValue], String, String, String)])
  func life(_ type: String, _ data: [String: JSONValue], _ kind: String, _ response: String, _ urgency: String) throws {
    let xml = try document(
      Messages.row(type, seq: 2, data: data), earlier: [EarlierMessage(seq: 1, time: Messages.time)])
    #expect(value("msgType", in: xml) == kind)
    #expect(value("responseType", in: xml) == response)
    #expect(value("urgency", in: xml) == urgency)
    #expect(value("references", in: xml) == "nabat@region-56,al_0190a1-1,2026-03-01T11:59:40+03:00")
    try Schema().validate(xml)
  }

  @Test("has an urgency by the time that is left, a certainty by the sources, a status by the rule")
  func figures() throws {
    let late = try #require(Moment(rfc3339: "2026-03-01T11:30:00Z"))
    #expect(value("urgency", in: try document(Messages.row(at: late))) == "Immediate")
    let early = try #require(Moment(rfc3339: "2026-03-01T07:00:00Z"))
    #expect(value("urgency", in: try document(Messages.row(at: early))) == "Future")
    for (sources, certainty) in [(0, "Possible"), (1, "Likely"), (2, "Observed")] {
      let row = Messages.row(data: ["measure": ["sources": .integer(Int64(sources))]])
      #expect(value("certainty", in: try document(row)) == certainty)
    }
    for (status, name) in [("stable", "Actual"), ("test", "Test"), ("draft", "Draft")] {
      let row = Messages.row(data: ["rule": ["id": "r", "status": .string(status)]])
      #expect(value("status", in: try document(row)) == name)
    }
    #expect(value("status", in: try document(Messages.row(data: ["labels": ["exercise": "true"]]))) == "Exercise")
    #expect(value("status", in: try document(Messages.row("meta.storage"))) == "System")
    let health = Messages.row(data: ["labels": ["topic": "utilities"]])
    #expect(value("category", in: try document(health)) == "Infra")
    let closed = try document(Messages.row(), addresses: ["a@region.example", "b@region.example"])
    #expect(value("scope", in: closed) == "Private")
    #expect(value("addresses", in: closed) == "a@region.example b@region.example")
    #expect(value("restriction", in: closed) == nil)
  }

  @Test("keeps to the rules of the standard, whatever the texts hold")
  func schema() throws {
    let schema = try Schema()
    try schema.validate(try document(Messages.row()))
    try schema.validate(try document(Messages.row("meta.storage")))
    let odd: JSONValue = "</headline><x>&\u{0}\u{8}\u{202E} «»"
    try schema.validate(try document(Messages.row(data: ["title": odd, "summary": odd, "narrative": "a b,c"])))
    // and the rules can fail
    #expect(throws: Schema.Broken.self) {
      try schema.validate(try document(Messages.row()).replacing("Expected", with: "Soon"))
    }
  }

  @Test("stands in its folder whole, under its identifier, and again after a second attempt")
  func folder() async throws {
    let folder = try TestFolder()
    let context = SinkContext(
      client: try HTTPClient(), userAgent: "t", clock: VirtualClock(Messages.time), instance: ("region-56", "ЦУР"),
      offset: Messages.moscow, earlier: { _, seq in seq > 1 ? [EarlierMessage(seq: 1, time: Messages.time)] : [] })
    let sink = try SinkKind.cap.make(SinkSettings(id: "x", values: ["path": [folder.file("cap")]]), context)
    for row in [Messages.row(), Messages.row(), Messages.row("alert.updated", seq: 2)] {
      #expect(await sink.send(row, attempt: 1, now: Messages.time) == .status(200))
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("cap")).sorted()
    #expect(files == ["al_0190a1-1.xml", "al_0190a1-2.xml"])
    #expect(
      value("references", in: folder.text("cap/al_0190a1-2.xml"))?.hasPrefix("nabat@region-56,al_0190a1-1,") == true)
    let nowhere = try SinkKind.cap.make(SinkSettings(id: "x", values: ["path": ["/proc/none/cap"]]), context)
    guard case .failed = await nowhere.send(Messages.row(), attempt: 1, now: Messages.time) else {
      Issue.record("a folder that cannot be made took a document")
      return
    }
  }
}

/// The rules of the standard for elements and their values, checked by libxml2.
private final class Schema {
  struct Broken: Error {}
  private let schema: xmlSchemaPtr

  init() throws {
    let parser = try #require(xmlSchemaNewParserCtxt(Peer.fixture("cap-1.2-rules.xsd")))
    defer { xmlSchemaFreeParserCtxt(parser) }
    schema = try #require(xmlSchemaParse(parser))
  }

  deinit { xmlSchemaFree(schema) }

  func validate(_ xml: String) throws {
    let bytes = Array(xml.utf8)
    let parsed = bytes.withUnsafeBytes { bytes in
      xmlReadMemory(bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), nil, "UTF-8", 0)
    }
    let document = try #require(parsed)
    defer { xmlFreeDoc(document) }
    let context = try #require(xmlSchemaNewValidCtxt(schema))
    defer { xmlSchemaFreeValidCtxt(context) }
    guard xmlSchemaValidateDoc(context, document) == 0 else { throw Broken() }
  }
}
