package import Model

/// What is wrong with a selector, in words, and at which of its characters (from 1); nil where nothing is.
package typealias SelectorProblem = @Sendable (_ selector: String) -> (message: String, column: Int)?

/// What is wrong with the form of a date, in words; nil where nothing is.
package typealias FormatProblem = @Sendable (_ format: String) -> String?

/// What the stages have registered: the names that files may use, and how their selectors are judged.
package struct KnownNames: Sendable {
  package var sourceKinds: [String]
  package var sinks: [SinkShape]
  package var selectorProblem: SelectorProblem
  package var formatProblem: FormatProblem
  /// Built-in selectors of pages by their names, in order.
  package var presets: [(name: String, list: PageList)]

  package init(
    sourceKinds: [String] = ["feed", "page", "article", "spool"], sinks: [SinkShape] = [],
    presets: [(name: String, list: PageList)] = [], formatProblem: @escaping FormatProblem = { _ in nil },
    selectorProblem: @escaping SelectorProblem = { _ in nil }
  ) {
    self.presets = presets
    self.formatProblem = formatProblem
    self.sourceKinds = sourceKinds
    self.sinks = sinks
    self.selectorProblem = selectorProblem
  }
}
