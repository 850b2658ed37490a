import JSON
import Model

/// What is to be told when its instant is over, so that the reasons of one alert stand together.
struct PendingNotices {
  struct Notice {
    var alert: String
    var telling: Telling
  }

  /// The instant of all of them; nil where nothing waits.
  private(set) var time: Moment?
  private var notices: [Notice] = []

  /// Adds reasons. What waits from an earlier instant must have been taken.
  mutating func add(_ alert: String, _ telling: Telling, at now: Moment) {
    time = now
    if let index = notices.firstIndex(where: { $0.alert == alert }) {
      notices[index].telling.add(telling)
    } else {
      notices.append(Notice(alert: alert, telling: telling))
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
    let notices = notices.map { notice -> JSONValue in
      var object = JSONObject(["alert": .string(notice.alert)])
      for member in notice.telling.members.members { object.append(member.name, member.value) }
      return .object(object)
    }
    return ["time": .integer(time.milliseconds), "notices": .array(notices)]
  }

  mutating func restore(_ state: JSONValue?) {
    guard let time = state?["time"]?.integer else { return }
    self.time = Moment(milliseconds: time)
    notices = (state?["notices"]?.array ?? []).map { notice in
      Notice(alert: notice["alert"]?.string ?? "", telling: Telling(json: notice))
    }
  }
}
