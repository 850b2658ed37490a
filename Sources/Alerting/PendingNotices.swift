import JSON
import Model

/// What is to be told when its instant is over, so that the reasons of one alert stand together.
struct PendingNotices {
  struct Notice {
    var alert: String
    var reasons: Set<NoticeReason>
    var changed: Set<String>
  }

  /// The instant of all of them; nil where nothing waits.
  private(set) var time: Moment?
  private var notices: [Notice] = []

  /// Adds a reason. What waits from an earlier instant must have been taken.
  mutating func add(_ alert: String, _ reason: NoticeReason, changed: Set<String>, at now: Moment) {
    time = now
    if let index = notices.firstIndex(where: { $0.alert == alert }) {
      notices[index].reasons.insert(reason)
      notices[index].changed.formUnion(changed)
    } else {
      notices.append(Notice(alert: alert, reasons: [reason], changed: changed))
    }
  }

  /// What waits from instants before `now`; all of it where `now` is nil.
  mutating func take(before now: Moment?) -> (time: Moment, notices: [Notice])? {
    guard let time, now.map({ time < $0 }) ?? true else { return nil }
    defer { self = PendingNotices() }
    return (time, notices)
  }

  /// For a store.
  var state: JSONValue {
    guard let time else { return .null }
    func list(_ values: some Sequence<String>) -> JSONValue {
      .array(values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(JSONValue.string))
    }
    let notices = notices.map { notice -> JSONValue in
      [
        "alert": .string(notice.alert), "reasons": list(notice.reasons.map(\.rawValue)),
        "changed": list(notice.changed),
      ]
    }
    return ["time": .integer(time.milliseconds), "notices": .array(notices)]
  }

  mutating func restore(_ state: JSONValue?) {
    guard let time = state?["time"]?.integer else { return }
    func strings(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
    self.time = Moment(milliseconds: time)
    notices = (state?["notices"]?.array ?? []).map { notice in
      Notice(
        alert: notice["alert"]?.string ?? "",
        reasons: Set(strings(notice["reasons"]).compactMap(NoticeReason.init)),
        changed: Set(strings(notice["changed"])))
    }
  }
}
