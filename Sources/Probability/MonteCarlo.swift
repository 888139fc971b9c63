import Autodiff
import Kernels

/// The mean of independent samples with its standard error.
///
/// Samples may arrive one by one, and estimates may be merged; the sums are those of Welford
/// (Technometrics 4, 1962) and of Chan, Golub and LeVeque ("Updating formulae", 1979), which do not
/// cancel when the mean is large against the spread.
public struct MonteCarloEstimate: Equatable, Sendable {
  /// The number of samples.
  public private(set) var count = 0
  /// Their mean; 0 of no samples.
  public private(set) var mean = 0.0
  private var squaredDeviations = 0.0

  /// The estimate from no samples yet.
  public init() {}

  /// The estimate from samples.
  public init(_ samples: [Double]) {
    for sample in samples { add(sample) }
  }

  /// Takes one more sample.
  public mutating func add(_ sample: Double) {
    count += 1
    let deviation = sample - mean
    mean += deviation / Double(count)
    squaredDeviations += deviation * (sample - mean)
  }

  /// Takes the samples of another estimate.
  public mutating func merge(_ other: MonteCarloEstimate) {
    guard other.count > 0 else { return }
    let total = Double(count + other.count)
    let difference = other.mean - mean
    squaredDeviations +=
      other.squaredDeviations + difference * difference * Double(count) * Double(other.count)
      / total
    mean += difference * Double(other.count) / total
    count += other.count
  }

  /// The unbiased variance of one sample; not a number before the second sample.
  public var variance: Double {
    count > 1 ? squaredDeviations / Double(count - 1) : .nan
  }

  /// The standard deviation of the mean; not a number before the second sample.
  public var standardError: Double { (variance / Double(count)).squareRoot() }
}

/// log Σᵢ exp(xᵢ), without overflow; −∞ of no values.
public func logSumExp(_ values: [Double]) -> Double {
  values.isEmpty ? -.infinity : Tensor(values).logSumExp(axis: 0).scalar
}

/// log of the mean of exp(xᵢ), without overflow; not a number of no values.
public func logMeanExp(_ values: [Double]) -> Double {
  values.isEmpty ? .nan : logSumExp(values) - .log(Double(values.count))
}

/// An estimate of the logarithm of an expectation.
public struct LogMeanEstimate: Equatable, Sendable {
  /// The logarithm of the mean, in nats. It is biased downwards (Jensen's inequality), by about
  /// half its squared standard error.
  public var logMean: Double
  /// The standard error of `logMean` by the delta method: that of the mean over the mean.
  public var standardError: Double
  /// The number of samples.
  public var count: Int

  /// The estimate of log E[w] from the logarithms of independent weights w.
  public init(logWeights: [Double]) {
    count = logWeights.count
    logMean = logMeanExp(logWeights)
    guard logMean.isFinite else {
      standardError = .nan
      return
    }
    // The weights over their mean have mean 1: the standard error of the one is that of the other.
    let relative = exp(Tensor(logWeights) - Tensor(logMean))
    standardError = MonteCarloEstimate(relative.scalars).standardError
  }
}

/// How many equally weighted samples are worth as much as these: (Σw)²/Σw², between 1 and their
/// number; 0 when no weight is positive.
///
/// Source: Kong, Liu and Wong, JASA 89 (1994); Liu, "Monte Carlo Strategies", equation 2.5.1.
public func effectiveSampleSize(logWeights: [Double]) -> Double {
  let logSum = logSumExp(logWeights)
  if logSum == -.infinity { return 0 }
  return .exp(2 * logSum - logSumExp(logWeights.map { 2 * $0 }))
}
