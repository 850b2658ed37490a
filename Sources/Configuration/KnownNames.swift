package import Model

/// What is wrong with a selector, in words, and at which of its characters (from 1); nil where nothing is.
package typealias SelectorProblem = @Sendable (_ selector: String) -> (message: String, column: Int)?

/// What the stages have registered: the names that files may use, and how their selectors are judged.
package struct KnownNames: Sendable {
  package var sourceKinds: [String]
  package var sinks: [SinkShape]
  package var selectorProblem: SelectorProblem

  package init(
    sourceKinds: [String] = ["feed", "page", "article"], sinks: [SinkShape] = [],
    selectorProblem: @escaping SelectorProblem = { _ in nil }
  ) {
    self.sourceKinds = sourceKinds
    self.sinks = sinks
    self.selectorProblem = selectorProblem
  }
}
