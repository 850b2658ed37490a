import Counting
import Testing

/// The numbers that the rule language gives as checked.
@Suite("What is usual") struct BaselineTests {
  @Test("an evening of about ten, then seventy-two")
  func surge() {
    // median 10.5, median deviation 1, so the scale is √10.5 = 3.2404
    let baseline = Baseline(samples: [10, 12, 8, 11], statistic: .median)
    #expect(baseline.reference == 10.5)
    #expect(baseline.ratio(of: 72) == 6.857143)
    #expect(baseline.z(of: 72) == 18.979312)
  }

  @Test("a busy hour that is always busy")
  func busy() {
    // median 30.5: 72 / 30.5
    #expect(Baseline(samples: [30, 28, 35, 31], statistic: .median).ratio(of: 72) == 2.360656)
  }

  @Test("many times nothing is still little")
  func quiet() {
    // median 0: ratio and z are taken against 1
    let baseline = Baseline(samples: [0, 1, 0, 0], statistic: .median)
    #expect(baseline.ratio(of: 9) == 9)
    #expect(baseline.z(of: 9) == 9)
  }

  @Test("a spread wider than chance widens the scale")
  func wide() {
    // median 20, deviations 20, 10, 0, 10, 20: median 10, so the scale is 14.826
    let baseline = Baseline(samples: [0, 10, 20, 30, 40], statistic: .median)
    #expect(abs(baseline.scale - 14.826) < 1e-9)
    #expect(Baseline(samples: [0, 10, 20, 30, 50], statistic: .mean).reference == 22)
  }
}
