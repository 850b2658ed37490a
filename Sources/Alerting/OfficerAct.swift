import JSON
import Model
import Rules

/// What an officer wants done, read from a line of a tape.
enum OfficerAct {
  /// Who, with what words.
  struct Signature {
    var by: String?
    var note: String?
  }
  /// The alert that an act is about.
  enum Target {
    case id(String)
    case key(rule: String, Key)
  }
  enum Work {
    /// - Parameter lasting: how long the acknowledgement holds without progress.
    case acknowledge(lasting: Span)
    case answer
    case respond(url: String)
    case close(Alert.Closing)
    case reopen
  }

  case work(Work, Target, Signature)
  case silence(Silence.Wish, Signature)
  case unsilence(Silence.Name, Signature)

  /// How long an acknowledgement holds that does not say it.
  static let acknowledgementLasts = Span.minutes(60)
}

/// Why an act is refused, in one sentence without a full stop.
package struct Refusal: Error, Hashable, Sendable {
  package var why: String
  package init(_ why: String) { self.why = why }
}

extension OfficerAct {
  init(_ act: Act) throws(Refusal) {
    guard let json = try? JSONValue(parsing: act.json) else { throw Refusal("the act cannot be read as JSON") }
    let signature = Signature(by: json.filled("by"), note: json.filled("note"))
    switch act.verb {
    case "silence": self = .silence(try Silence.Wish(json), signature)
    case "unsilence": self = .unsilence(try Silence.Name(json), signature)
    default: self = .work(try Work(act.verb, json), try Target(json), signature)
    }
  }
}

extension OfficerAct.Work {
  init(_ verb: String, _ json: JSONValue) throws(Refusal) {
    switch verb {
    case "acknowledge":
      let given = if let span = try json.span("for") { span } else { try json.span("expires") }
      let lasting = given ?? OfficerAct.acknowledgementLasts
      guard lasting > .zero else { throw Refusal("«for» must be longer than nothing") }
      self = .acknowledge(lasting: lasting)
    case "answer": self = .answer
    case "respond":
      guard let url = json.filled("url") else { throw Refusal("«url» is missing: where the answer stands") }
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw Refusal("«url» is not an address that begins with https://: \(url)")
      }
      self = .respond(url: url)
    case "close":
      let known = Alert.Closing.allCases.map(\.rawValue).joined(separator: ", ")
      guard let name = json.filled("reason") else { throw Refusal("«reason» is missing: one of \(known)") }
      guard let reason = Alert.Closing(rawValue: name) else {
        throw Refusal("unknown reason «\(name)»: one of \(known)")
      }
      self = .close(reason)
    case "reopen": self = .reopen
    default:
      throw Refusal("unknown act «\(verb)»: acknowledge, answer, respond, close, reopen, silence or unsilence")
    }
  }
}

extension OfficerAct.Target {
  init(_ json: JSONValue) throws(Refusal) {
    guard let alert = json["alert"], !alert.isNull else {
      throw Refusal("«alert» is missing: its id, or its rule and key")
    }
    if let id = alert.string {
      self = .id(id)
    } else if let rule = alert.filled("rule"), let key = Key(json: alert["key"] ?? .object(JSONObject())) {
      self = .key(rule: rule, key)
    } else {
      throw Refusal("«alert» must be an id, or an object with «rule» and «key»")
    }
  }
}

extension JSONValue {
  /// The text of a member; nil where it is absent, empty or no text.
  func filled(_ name: String) -> String? { self[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }

  /// A length of time such as `1h30m`; nil where it is absent.
  func span(_ name: String) throws(Refusal) -> Span? {
    guard let value = self[name], !value.isNull else { return nil }
    guard let text = value.string, let span = Span(text) else {
      throw Refusal("«\(name)» is not a length of time such as 1h30m")
    }
    return span
  }
}
