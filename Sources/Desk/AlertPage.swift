import Alerting
import Model
import Rules
import Serving

/// The page of one alert: how it stands, and on demand a form to acknowledge it.
struct AlertPage {
  let alert: Alert
  let title: String
  let token: String

  /// What a form carries to show that it came from here: not the token itself, which opens the API.
  static func formToken(_ token: String) -> String { Digest.sha256Hex(Array("form\n\(token)".utf8)) }

  func answer(hasForm: Bool = false) -> HTTPResponse {
    var rows = [
      ("Номер", alert.id), ("Правило", alert.rule),
      ("Ключ", alert.key.fields.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")),
      ("Состояние", alert.condition == .firing ? "действует" : "прекратилось"),
      ("Работа", AlertPage.words[alert.work] ?? ""),
      ("Обнаружено", alert.detected.rfc3339),
    ]
    if let owner = alert.owner { rows.append(("Занимается", owner)) }
    if let deadlines = alert.deadlines {
      rows.append(("Подтвердить до", deadlines.acknowledge.rfc3339))
      rows.append(("Ответить до", deadlines.respond.rfc3339))
      rows.append(("Крайний срок", deadlines.hard.rfc3339))
    }
    let table = rows.map { "<tr><th>\(xmlEscaped($0.0))</th><td>\(xmlEscaped($0.1))</td></tr>" }.joined(separator: "\n")
    return .html(200, title: title, body: "<table>\n\(table)\n</table>\n" + (hasForm ? form : link))
  }

  private static let words: [Alert.Work: String] = [
    .new: "новое", .acknowledged: "принято", .answering: "готовится ответ", .responded: "ответ дан", .closed: "закрыто",
  ]

  private var link: String { "<p><a href=\"/alerts/\(xmlEscaped(alert.id))/ack\">Принять в работу</a></p>" }

  private var form: String {
    """
    <form method="post" action="/alerts/\(xmlEscaped(alert.id))/ack">
    <input type="hidden" name="token" value="\(AlertPage.formToken(token))">
    <p><label>Учётная запись <input name="by" required maxlength="100"></label></p>
    <p><label>Заметка <input name="note" maxlength="500"></label></p>
    <p><button type="submit">Принять в работу</button></p>
    </form>
    """
  }
}

/// The fields of a form as browsers send it (`application/x-www-form-urlencoded`); of repeated ones the first.
struct Form {
  private var fields: [String: String] = [:]

  init(_ body: [UInt8]) {
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = Form.decoded(parts[0])
      if fields[name] == nil { fields[name] = parts.count > 1 ? Form.decoded(parts[1]) : "" }
    }
  }

  subscript(_ name: String) -> String? { fields[name] }

  private static func decoded(_ text: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
