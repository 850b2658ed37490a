import Alerting
import JSON
import Model
import Rules
package import Serving

/// Answers requests: `/api/…` in JSON for programs that know the token, `/alerts/…` in HTML for people.
///
/// Only POST changes anything: previews of links must not acknowledge.
package struct DutyDesk: Sendable {
  let room: any DutyRoom
  /// Whoever may read the database's folder knows it.
  let token: String
  /// Hosts by which the desk may be called; a page of elsewhere that a browser was led to has another.
  let hosts: Set<String>

  package init(room: any DutyRoom, token: String, hosts: Set<String>) {
    self.room = room
    self.token = token
    self.hosts = hosts
  }

  package func answer(_ request: HTTPRequest) async -> HTTPResponse {
    guard let host = request.headers["host"], hosts.contains(host.lowercased()) else {
      return .json(421, problem: "this server is not the host that was asked for")
    }
    let path = request.path.split(separator: "/").map(String.init)
    if path.first == "api" { return await api(request, Array(path.dropFirst())) }
    if path.first == "alerts", path.count >= 2 { return await page(request, Array(path.dropFirst())) }
    return .html(404, title: "Нет такой страницы", body: "<p>Здесь ничего нет.</p>")
  }

  // MARK: API

  private func api(_ request: HTTPRequest, _ path: [String]) async -> HTTPResponse {
    guard let given = request.headers["authorization"], given.sameBytes(as: "Bearer \(token)") else {
      return .json(401, problem: "the token is missing or wrong: it stands in the file beside the database")
    }
    switch (request.method, path.first, path.count) {
    case ("GET", "alerts", 1): return await list(isOpenOnly: request.query["open"] != nil)
    case ("GET", "alerts", 2):
      guard let alert = await alert(path[1]) else { return .json(404, problem: "there is no alert «\(path[1])»") }
      return .json(200, alert.publicJSON)
    case ("GET", "alerts", 3) where path[2] == "evidence": return await evidence(path[1], after: request.query["after"])
    case ("POST", "alerts", 3): return await act(request, on: path[1], verb: path[2])
    case ("GET", "silences", 1):
      let silences = await room.silences().sorted { ($0.since, $0.id) < ($1.since, $1.id) }
      return .json(200, ["silences": .array(silences.map(\.publicJSON))])
    case ("POST", "silences", 1): return await silence(request)
    case ("POST", "silences", 3) where path[2] == "end":
      return await perform("unsilence", JSONObject(["silence": .string(path[1])]), body: request.body)
    case ("POST", "drill", 1): return await drill(request)
    case ("POST", "deliveries", 2) where path[1] == "replay": return await replay(request)
    case (_, "alerts", 1...3), (_, "silences", 1...3):
      return .json(405, problem: "\(request.method) is not for this path")
    default: return .json(404, problem: "there is no such path")
    }
  }

  /// The evidence of an alert behind a text, without the texts themselves.
  private func evidence(_ id: String, after: String?) async -> HTTPResponse {
    guard let alert = await alert(id) else { return .json(404, problem: "there is no alert «\(id)»") }
    let known = after.flatMap { after in alert.evidence.firstIndex { $0.id == after } }
    let items = alert.publicJSON["evidence"]?["items"]?.array ?? []
    return .json(
      200,
      ["count": JSONValue(alert.evidenceCount), "items": .array(Array(items.dropFirst(known.map { $0 + 1 } ?? 0)))])
  }

  /// Begins an exercise, or with `messages` says what became of one.
  private func drill(_ request: HTTPRequest) async -> HTTPResponse {
    let wish = (try? JSONValue(parsing: request.body)) ?? .null
    let severity = wish["severity"]?.string ?? Severity.medium.rawValue
    guard let severity = Severity(rawValue: severity) else {
      return .json(409, problem: "«\(severity)» is no severity")
    }
    do {
      let known = wish["messages"]?.array?.compactMap(\.string)
      let messages =
        if let known { try await room.drillState(known) } else {
          try await room.drill(severity, region: wish["region"]?.string, by: wish["by"]?.string)
        }
      return .json(200, ["messages": .array(messages.map(\.json))])
    } catch {
      return .json(500, problem: "the exercise could not be written down: \(error)")
    }
  }

  /// Sends messages again: `{endpoint, state, from, to}`, dead ones where no state is named.
  private func replay(_ request: HTTPRequest) async -> HTTPResponse {
    guard let wish = try? JSONValue(parsing: request.body), let endpoint = wish["endpoint"]?.string else {
      return .json(400, problem: "«endpoint» is missing: whose messages to send again")
    }
    var query = DeliveryQuery(sink: endpoint, states: [.dead])
    if let name = wish["state"]?.string {
      guard let state = OutboxRow.State(rawValue: name) else { return .json(400, problem: "«\(name)» is no state") }
      query.states = [state]
    }
    for (name, bound) in [("from", \DeliveryQuery.from), ("to", \.to)] {
      guard let text = wish[name]?.string else { continue }
      guard let moment = Moment(rfc3339: text) else { return .json(400, problem: "«\(text)» is no time") }
      query[keyPath: bound] = moment
    }
    do { return .json(200, ["replayed": JSONValue(try await room.replay(query))]) } catch {
      return .json(500, problem: "the messages could not be written down: \(error)")
    }
  }

  private func list(isOpenOnly: Bool) async -> HTTPResponse {
    var alerts = await room.alerts().sorted { ($1.detected, $1.id) < ($0.detected, $0.id) }
    if isOpenOnly { alerts.removeAll { !$0.isOpen } }
    return .json(200, ["alerts": .array(alerts.map(\.publicJSON))])
  }

  private func alert(_ id: String) async -> Alert? { await room.alerts().first { $0.id == id } }

  private static let verbs = ["acknowledge", "answer", "respond", "close", "reopen"]

  private func act(_ request: HTTPRequest, on id: String, verb: String) async -> HTTPResponse {
    guard DutyDesk.verbs.contains(verb) else { return .json(404, problem: "there is no act «\(verb)»") }
    return await perform(verb, JSONObject(["alert": .string(id)]), body: request.body)
  }

  /// - Parameter body: more members of the act, as a JSON object.
  private func perform(_ verb: String, _ members: JSONObject, body: [UInt8]) async -> HTTPResponse {
    var members = members
    if !body.isEmpty {
      guard let more = (try? JSONValue(parsing: body))?.object else {
        return .json(400, problem: "the body must be a JSON object")
      }
      for member in more.members where members[member.name] == nil && !["kind", "at", "do"].contains(member.name) {
        members.append(member.name, member.value)
      }
    }
    do {
      if let refusal = try await room.perform(verb, members) { return .json(409, problem: refusal.why) }
    } catch {
      return .json(500, problem: "the act could not be written down: \(error)")
    }
    if let id = members["alert"]?.string, let alert = await alert(id) { return .json(200, alert.publicJSON) }
    return .json(200, ["done": .string(verb)])
  }

  /// A silence needs to have been looked at: either `preview`, or `previewed` with the alerts that were seen.
  private func silence(_ request: HTTPRequest) async -> HTTPResponse {
    guard var wish = (try? JSONValue(parsing: request.body))?.object else {
      return .json(400, problem: "the body must be a JSON object")
    }
    let seen = wish["previewed"]?.array?.compactMap(\.string)
    let isPreview = wish["preview"]?.bool ?? false
    wish["previewed"] = nil
    wish["preview"] = nil
    guard wish["reason"]?.string?.isEmpty == false else {
      return .json(409, problem: "«reason» is missing: why nobody is to be told")
    }
    let matched: [Alert]
    do throws(Refusal) {
      matched = try await room.preview(Act(verb: "silence", json: JSONValue.object(wish).serialized))
    } catch {
      return .json(409, problem: error.why)
    }
    let found: JSONValue = .array(matched.map(\.publicJSON))
    if isPreview { return .json(200, ["alerts": found]) }
    guard let seen, matched.allSatisfy({ seen.contains($0.id) }) else {
      return .json(409, ["error": "alerts match that were not looked at: ask for a preview first", "alerts": found])
    }
    let before = await room.silences().map(\.id)
    let answer = await perform("silence", wish, body: [])
    guard answer.status == 200 else { return answer }
    let made = await room.silences().first { !before.contains($0.id) }
    return .json(200, ["silence": made?.publicJSON ?? .null, "alerts": found])
  }

  // MARK: Pages

  private func page(_ request: HTTPRequest, _ path: [String]) async -> HTTPResponse {
    guard let alert = await alert(path[0]) else {
      return .html(404, title: "Нет такого предупреждения", body: "<p>Предупреждение не найдено.</p>")
    }
    let title = await room.title(of: alert)
    switch (request.method, path.dropFirst().first) {
    case ("GET", nil): return AlertPage(alert: alert, title: title, token: token).answer()
    case ("GET", "ack"): return AlertPage(alert: alert, title: title, token: token).answer(hasForm: true)
    case ("POST", "ack"):
      let form = Form(request.body)
      // Only a page of this server knows it: a form elsewhere cannot act in an officer's name.
      guard form["token"]?.sameBytes(as: AlertPage.formToken(token)) ?? false else {
        return .html(403, title: "Не принято", body: "<p>Форма устарела: откройте страницу ещё раз.</p>")
      }
      guard let by = form["by"], !by.isEmpty else {
        return .html(400, title: "Не принято", body: "<p>Укажите свою учётную запись.</p>")
      }
      var members = JSONObject(["alert": .string(alert.id), "by": .string(by)])
      if let note = form["note"], !note.isEmpty { members.append("note", .string(note)) }
      do {
        if let refusal = try await room.perform("acknowledge", members) {
          return .html(409, title: "Не принято", body: "<p>\(xmlEscaped(refusal.why))</p>")
        }
      } catch {
        return .html(500, title: "Не записано", body: "<p>\(xmlEscaped("\(error)"))</p>")
      }
      return HTTPResponse(status: 303, headers: [("Location", "/alerts/\(alert.id)")])
    default: return .html(405, title: "Так нельзя", body: "<p>Этот адрес так не вызывают.</p>")
    }
  }
}

extension String {
  /// In a time that does not tell where they differ.
  fileprivate func sameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    return zip(utf8, other.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension HTTPResponse {
  static func json(_ status: Int, _ value: JSONValue) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")],
      body: Array((value.serialized + "\n").utf8))
  }

  static func json(_ status: Int, problem: String) -> HTTPResponse { json(status, ["error": .string(problem)]) }

  static func html(_ status: Int, title: String, body: String) -> HTTPResponse {
    let text = """
      <!DOCTYPE html>
      <html lang="ru"><head><meta charset="utf-8"><title>\(xmlEscaped(title))</title></head>
      <body><h1>\(xmlEscaped(title))</h1>
      \(body)
      </body></html>

      """
    return HTTPResponse(
      status: status,
      headers: [
        ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'"),
        ("Referrer-Policy", "no-referrer"),
      ], body: Array(text.utf8))
  }
}
