import Foundation
import Serving
import TestSupport

/// A server's folder with one rule and as many sources as a test needs, each on a port of its own.
final class Town {
  let folder: TestFolder
  private var servers: [HTTPServer] = []

  /// - Parameter sources: by id; what each answers to a request.
  init(sources: [(id: String, answer: @Sendable (HTTPRequest) -> HTTPResponse)] = []) throws {
    folder = try TestFolder()
    var feeds = """
      format: 1
      defaults: { region: XA-ZAR, lang: ru, timezone: UTC, every: 1s, contact: "mailto:duty@town.example" }
      sources:

      """
    for source in sources {
      let server = try HTTPServer(handler: source.answer)
      servers.append(server)
      feeds += "  - { id: \(source.id), title: \(source.id), kind: feed, url: \"\(server.url)/feed\", class: media }\n"
    }
    if sources.isEmpty {
      feeds += "  - { id: quiet, kind: feed, url: \"http://127.0.0.1:9/feed\", class: media, every: 1h }\n"
    }
    try folder.write("feeds/town.yaml", feeds)
    try folder.write("rules/bridge.rules.yaml", Town.rule)
    try folder.write("nabat.yaml", Town.configuration())
  }

  deinit { for server in servers { server.stop() } }

  static func configuration(sinks: String = "") -> String {
    """
    format: 1
    instance: { id: town, timezone: UTC }
    paths: { feeds: feeds, rules: rules, database: var/nabat.db, log: var/alerts.ndjson }
    network: { contact: "mailto:duty@town.example", allow: [127.0.0.0/8] }
    \(sinks)

    """
  }

  static let sink = """
    sinks:
      - { id: duty, type: webhook, url: "http://127.0.0.1:9/hook", secret: { file: var/secret } }
    """

  static let rule = """
    format: 1
    rules:
      - id: claim.bridge
        title: Слух о мосте
        claim: Мост рухнул.
        type: claim
        status: stable
        severity: high
        owner: duty
        terms:
          bridge: { any: [рухнуть мост], weight: 5 }
        match: bridge
        narrative: bridge
        key: [narrative, region]
        summary: "{{ evidence.count }} публ."
        tests:
          - name: the plain claim
            given:
              - item: { id: a1, at: +0m, region: XA-ZAR, body: "В городе рухнул мост" }
            expect:
              - { at: +0m, alerts: 1 }

    """

  /// An RSS feed of items with these titles, as raw bytes.
  static func feed(_ titles: [[UInt8]]) -> HTTPResponse {
    var body = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>t</title>".utf8)
    for (index, title) in titles.enumerated() {
      body += Array("<item><guid>g\(index)</guid><link>http://town.example/\(index)</link><title>".utf8) + title
      body += Array("</title></item>".utf8)
    }
    body += Array("</channel></rss>".utf8)
    return HTTPResponse(headers: [("content-type", "application/rss+xml")], body: body)
  }

  static func feed(_ titles: String...) -> HTTPResponse { feed(titles.map { Array($0.utf8) }) }

  func start(shell: String? = nil) throws -> ProgramRun { try ProgramRun(["run"], in: folder.path, shell: shell) }

  /// Starts a server that is expected to refuse at once.
  func refused() async throws -> ProgramRun.Ended { await (try start()).end(within: .seconds(20)) }
}
