import Notebook
import Probability

extension Check.Evidence {
  /// The largest of several differences that should be zero, compared with the rounding errors
  /// allowed.
  public static func small(
    _ label: String, _ differences: [Double], tolerance: Double = 1e-10
  ) -> Check.Evidence {
    // `max` can hide a NaN.
    let largest =
      differences.contains(where: \.isNaN) ? .nan : differences.map(abs).max() ?? .nan
    return .small(Quantity(label, largest), tolerance: tolerance)
  }

  /// An estimate beside its exact value.
  public static func measured(
    _ label: String, _ estimate: MonteCarloEstimate, expected: Double,
    _ expectedLabel: String = "expected"
  ) -> Check.Evidence {
    .measured(
      Quantity(label, estimate.mean), expected: Quantity(expectedLabel, expected),
      standardError: estimate.standardError)
  }

  /// A mean that is positive beyond its standard error.
  public static func positive(
    _ label: String, _ estimate: MonteCarloEstimate
  ) -> Check.Evidence {
    .greater(
      Quantity(label, estimate.mean), than: Quantity("zero", 0),
      standardError: estimate.standardError)
  }

  /// The distance of samples from a distribution, compared with the largest distance allowed. A
  /// correct sampler exceeds that once in 16,000 runs, as rarely as an error of four standard
  /// errors.
  public static func distributed(
    _ test: KolmogorovSmirnovTest, count: Int
  ) -> Check.Evidence {
    .atMost(
      Quantity("the largest distance between the distribution functions", test.statistic),
      Quantity(
        "what a correct sampler exceeds once in 16,000 runs",
        KolmogorovSmirnovTest.criticalValue(count: count, significance: 1 / 16_000)))
  }
}
