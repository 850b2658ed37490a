import Rules

/// What is usual for a window, and how far a count lies from it.
///
/// `ref` = median (or mean) of the samples, `scale` = max(1.4826 · median|sample − ref|, √max(ref, 1)),
/// `z` = (count − ref) / scale, `ratio` = count / max(ref, 1). Source: rule language, spike rule.
package struct Baseline: Sendable, Hashable {
  package let reference: Double
  package let scale: Double
  package let samples: [Double]

  /// `samples` must not be empty.
  package init(samples: [Double], statistic: BaselineSettings.Statistic) {
    precondition(!samples.isEmpty, "a baseline needs at least one sample")
    self.samples = samples
    reference =
      switch statistic {
      case .median: Baseline.median(samples)
      case .mean: samples.reduce(0, +) / Double(samples.count)
      }
    let reference = reference
    let deviation = Baseline.median(samples.map { abs($0 - reference) })
    scale = max(1.4826 * deviation, max(reference, 1).squareRoot())
  }

  /// Observed ÷ usual, ≥ 0, quantised to 1e-6.
  package func ratio(of count: Int) -> Double { Baseline.quantised(Double(count) / max(reference, 1)) }

  /// Deviations from the usual, quantised to 1e-6.
  package func z(of count: Int) -> Double { Baseline.quantised((Double(count) - reference) / scale) }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  static func quantised(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
