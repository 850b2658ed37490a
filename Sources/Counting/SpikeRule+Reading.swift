import JSON
import Model
package import Rules
import YAML

extension RuleType {
  /// Counts over a window against what is usual.
  package static let spike = RuleType(
    name: "spike", summary: "more comments or items than is usual at this hour",
    keys: [
      "measure", "per", "window", "step", "baseline", "fire", "clear", "lateness", "hygiene", "learning",
    ], shapes: SpikeReader.shapes,
    read: { SpikeReader($0).rule() })
}

/// Reads what only a spike rule has.
private struct SpikeReader {
  private let reading: RuleReading
  private let fields: Fields
  private let complaints: Complaints

  private enum Quantity: String, CaseIterable { case count }
  private enum Learning: String, CaseIterable { case report }
  private enum Cold: String, CaseIterable {
    case previousDay = "previous-24h"
    case none
    case off = "false"
  }
  /// What `fire` has besides comparisons.
  private static let gateKeys = ["raise", "rearm"]

  static var shapes: [String: JSONValue] {
    let names = SpikeRule.Measure.allCases.map(\.rawValue)
    let measures = Dictionary(uniqueKeysWithValues: names.map { ($0, RuleSchema.numberBounds) })
    return [
      "measure": JSONSchema.choice(Quantity.allCases.map(\.rawValue)), "per": RuleSchema.fieldNames,
      "window": JSONSchema.span, "step": JSONSchema.span, "lateness": JSONSchema.span,
      "learning": JSONSchema.choice(Learning.allCases.map(\.rawValue)),
      "fire": JSONSchema.closed(
        names + gateKeys,
        measures.merging(["raise": JSONSchema.number(0...100), "rearm": JSONSchema.span]) { own, _ in own }, atLeast: 1),
      "clear": JSONSchema.closed(names + ["for"], measures.merging(["for": JSONSchema.span]) { own, _ in own }),
      "baseline": JSONSchema.closed(
        ["season", "lookback", "stat", "min_samples", "cold", "holidays"],
        [
          "season": JSONSchema.choice(BaselineSettings.Season.allCases.map(\.rawValue)), "lookback": JSONSchema.span,
          "stat": JSONSchema.choice(BaselineSettings.Statistic.allCases.map(\.rawValue)),
          "min_samples": JSONSchema.integer(1...1000), "holidays": JSONSchema.text,
          "cold": JSONSchema.anyOf([JSONSchema.choice(Cold.allCases.map(\.rawValue)), ["const": false]]),
        ]),
      "hygiene": JSONSchema.closed(
        ["same_text_share"],
        [
          "same_text_share": RuleSchema.bounds(
            JSONSchema.number(0...1),
            otherKeys: [
              "else": JSONSchema.closed(
                ["label", "severity"],
                ["label": JSONSchema.text, "severity": JSONSchema.choice(Severity.allCases.map(\.rawValue))])
            ])
        ]),
    ]
  }

  init(_ reading: RuleReading) {
    self.reading = reading
    fields = reading.fields
    complaints = reading.complaints
  }

  func rule() -> SpikeRule? {
    for name in ["window", "fire"] { fields.require(name) }
    _ = fields.choice("measure", Quantity.self)
    _ = fields.choice("learning", Learning.self)
    let window = fields.span("window")
    let step = fields.span("step") ?? window.map { min($0, .minutes(5)) }
    let per = fields.value("per").flatMap { complaints.fieldNames($0) } ?? ["region"]
    let fireFields = fields.mapping("fire")
    let fire = fireFields.map { measures($0, otherKeys: SpikeReader.gateKeys) }
    let baseline = fields.mapping("baseline").map { self.baseline($0) } ?? BaselineSettings()
    let lateness = fields.span("lateness", zero: true) ?? .zero
    let clearFields = fields.mapping("clear")
    let clear = clearFields.map { measures($0, otherKeys: ["for"]) } ?? [:]
    let clearFor = clearFields?.span("for", zero: true) ?? .zero
    let copies = hygiene()
    let raise = fireFields?.value("raise").flatMap { complaints.number($0, in: 0...100) }
    let rearm = fireFields?.span("rearm", zero: true)
    if let fireFields, fireFields.value("rarity") == nil {
      for name in SpikeReader.gateKeys {
        guard let entry = fireFields.entry(name) else { continue }
        complaints.add(YAMLCause.value("«\(name)» belongs to «rarity», which «fire» does not ask for"), at: entry.key)
      }
    }
    if let fireNode = fields.value("fire"), fire?.isEmpty == true, fireNode.mapping?.isEmpty == true {
      complaints.add(YAMLCause.value("«fire» asks for nothing"), at: fireNode)
    }
    if let window, let step, step > window, let node = fields.value("step") {
      complaints.add(YAMLCause.value("«step» \(step) is longer than «window» \(window)"), at: node)
    }
    guard let window, let step, let fire, !fire.isEmpty else { return nil }
    checkHysteresis(fire, clear)
    var rule = SpikeRule(window: window, step: step, fire: fire)
    rule.per = per
    rule.baseline = baseline
    rule.clear = clear
    rule.clearFor = clearFor
    rule.lateness = lateness
    rule.copies = copies
    if let raise { rule.raise = raise }
    if let rearm { rule.rearm = rearm }
    return rule
  }

  private func measures(_ fields: Fields, otherKeys: [String]) -> [SpikeRule.Measure: [Bound<Double>]] {
    let names = SpikeRule.Measure.allCases.map(\.rawValue)
    fields.check(known: names + otherKeys)
    var measures: [SpikeRule.Measure: [Bound<Double>]] = [:]
    for measure in SpikeRule.Measure.allCases {
      guard let node = fields.value(measure.rawValue) else { continue }
      let bounds = reading.bounds(node)
      if !bounds.isEmpty { measures[measure] = bounds }
    }
    return measures
  }

  private func baseline(_ fields: Fields) -> BaselineSettings {
    fields.check(known: ["season", "lookback", "stat", "min_samples", "cold", "holidays"])
    var settings = BaselineSettings()
    if let season = fields.choice("season", BaselineSettings.Season.self) { settings.season = season }
    if let lookback = fields.span("lookback") { settings.lookback = lookback }
    if let statistic = fields.choice("stat", BaselineSettings.Statistic.self) { settings.statistic = statistic }
    if let samples = fields.integer("min_samples", in: 1...1000) { settings.minSamples = samples }
    if let cold = fields.choice("cold", Cold.self) { settings.coldFromPreviousDay = cold == .previousDay }
    if let file = fields.string("holidays"), let node = fields.value("holidays") {
      settings.calendar = calendar(file, at: node)
    }
    return settings
  }

  /// A calendar beside the rule file.
  private func calendar(_ file: String, at node: YAMLNode) -> DayCalendar? {
    let folder = node.place.file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let path = file.hasPrefix("/") || folder.isEmpty ? file : "\(folder)/\(file)"
    do {
      return try DayCalendar(path: path)
    } catch {
      complaints.add(YAMLCause.value("the calendar cannot be read: \(error.words)"), at: node)
      return nil
    }
  }

  private func hygiene() -> CopyLimit? {
    guard let hygiene = fields.mapping("hygiene") else { return nil }
    hygiene.check(known: ["same_text_share"])
    guard let node = hygiene.value("same_text_share") else { return nil }
    let bounds = complaints.bounds(node, otherKeys: ["else"]) { complaints.number($0, in: 0...1) }
    var limit = CopyLimit(bounds: bounds)
    if let otherwise = Fields(node, complaints)?.mapping("else") {
      otherwise.check(known: ["label", "severity"])
      if let label = otherwise.string("label") { limit.label = label }
      limit.severity = otherwise.choice("severity", Severity.self)
    }
    return bounds.isEmpty ? nil : limit
  }

  /// An alert that clears while it fires would flap at every step.
  private func checkHysteresis(
    _ fire: [SpikeRule.Measure: [Bound<Double>]], _ clear: [SpikeRule.Measure: [Bound<Double>]]
  ) {
    guard !clear.isEmpty, let entry = fields.entry("clear") else { return }
    let excluded = SpikeRule.Measure.allCases.contains { measure in
      guard let fire = fire[measure], let clear = clear[measure] else { return false }
      return !SpikeReader.canHoldTogether(fire + clear)
    }
    guard !excluded else { return }
    let example = SpikeRule.Measure.allCases.first { fire[$0] != nil && clear[$0] != nil }
    let hint = example.map { ": the bounds of «\($0.rawValue)» overlap" } ?? ": they share no measure"
    complaints.add(RuleCause.clearWithFire(hint), at: entry.key)
  }

  /// Whether some number satisfies every bound.
  private static func canHoldTogether(_ bounds: [Bound<Double>]) -> Bool {
    var low = (limit: -Double.infinity, isOpen: false)
    var high = (limit: Double.infinity, isOpen: false)
    for bound in bounds {
      switch bound.relation {
      case .gte: if bound.limit > low.limit { low = (bound.limit, false) }
      case .gt: if bound.limit >= low.limit { low = (bound.limit, true) }
      case .lte: if bound.limit < high.limit { high = (bound.limit, false) }
      case .lt: if bound.limit <= high.limit { high = (bound.limit, true) }
      }
    }
    return low.limit < high.limit || (low.limit == high.limit && !low.isOpen && !high.isOpen)
  }
}
