import YAML

extension Complaints {
  /// `active: { days, from, to, timezone }`; E106 for what is wrong in it. `timezone` is the file's.
  func activeHours(_ fields: Fields, timezone: String) -> ActiveHours {
    fields.check(known: ["days", "from", "to", "timezone"])
    var hours = ActiveHours(timezone: timezone)
    if let node = fields.value("days"), let days = activeDays(node) { hours.days = days }
    if let minutes = timeOfDay(fields, "from") { hours.from = minutes }
    if let minutes = timeOfDay(fields, "to") { hours.to = minutes }
    if hours.from == hours.to, let node = fields.value("to") ?? fields.value("from") {
      add(RuleCause.active("«from» and «to» are the same time", hint: "leave both out for the whole day"), at: node)
    }
    if hours.from == 1440, let node = fields.value("from") {
      add(RuleCause.active("nothing begins at 24:00", hint: "write \"00:00\""), at: node)
    }
    if let node = fields.value("timezone"), let name = string(node) {
      if LocalTime(zone: name) != nil {
        hours.timezone = name
      } else {
        add(RuleCause.active("unknown time zone «\(name)»", hint: "like Europe/Moscow"), at: node)
      }
    }
    return hours
  }

  private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// `mon-fri`, `sat`, or a list of such.
  private func activeDays(_ node: YAMLNode) -> Set<Int>? {
    var days: Set<Int> = []
    if let list = node.sequence, list.isEmpty { add(RuleCause.active("no day at all"), at: node) }
    for element in node.sequence ?? [node] {
      guard let text = string(element) else { continue }
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { name in
        Complaints.weekdays.firstIndex { $0 == name }
      }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else {
        let hint = "write days like mon, mon-fri or [tue, thu]"
        add(RuleCause.active("«\(text)» are no days", hint: hint), at: element)
        continue
      }
      // «fri-mon» goes over the end of the week.
      for day in first...(last < first ? last + 7 : last) { days.insert(day % 7 + 1) }
    }
    return days.isEmpty ? nil : days
  }

  /// `"08:00"`, in minutes since midnight.
  private func timeOfDay(_ fields: Fields, _ name: String) -> Int? {
    guard let node = fields.value(name), let text = string(node) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60, hours * 60 + minutes <= 1440
    else {
      add(RuleCause.active("«\(text)» is no time of the day", hint: "write it like \"08:00\""), at: node)
      return nil
    }
    if node.scalar?.style == .plain {
      add(RuleCause.active("a time must be quoted", hint: "\"\(text)\""), at: node)
    }
    return hours * 60 + minutes
  }
}
