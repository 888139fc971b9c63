import Autodiff
import Kernels

/// The mean of some numbers; NaN if there are none.
public func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }

/// The mean of independent samples with its standard error.
///
/// Samples may arrive one by one, and estimates may be merged; the sums are those of Welford
/// (Technometrics 4, 1962) and of Chan, Golub and LeVeque ("Updating formulae", 1979), which do not
/// cancel when the mean is large compared with the spread.
public struct MonteCarloEstimate: Equatable, Sendable {
  /// The number of samples.
  public private(set) var count = 0
  /// Their mean; 0 if there are none.
  public private(set) var mean = 0.0
  private var squaredDeviations = 0.0

  /// The estimate from no samples yet.
  public init() {}

  /// The estimate from samples.
  public init(_ samples: [Double]) {
    for sample in samples { add(sample) }
  }

  /// Adds one more sample.
  public mutating func add(_ sample: Double) {
    count += 1
    let deviation = sample - mean
    mean += deviation / Double(count)
    squaredDeviations += deviation * (sample - mean)
  }

  /// Adds the samples of another estimate.
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

  /// The unbiased variance of one sample; NaN before the second sample.
  public var variance: Double {
    count > 1 ? squaredDeviations / Double(count - 1) : .nan
  }

  /// The standard deviation of the mean; NaN before the second sample.
  public var standardError: Double { (variance / Double(count)).squareRoot() }
}

/// An estimate of the logarithm of an expectation E[w] from the logarithms of independent weights w.
///
/// Estimates from pieces of the samples can be merged, so that only one piece has to be kept in
/// memory.
public struct LogMeanEstimate: Equatable, Sendable {
  /// The number of samples.
  public private(set) var count: Int
  /// The logarithm of the weights' mean, in nats; NaN if there are no samples. It is biased
  /// downwards (Jensen's inequality), by about half its squared standard error.
  public private(set) var logMean: Double
  /// The sum of the squared deviations of the weights from their mean, divided by the square of the
  /// mean.
  private var squaredDeviations = 0.0

  /// The estimate from weights.
  public init(logWeights: [Double]) {
    count = logWeights.count
    logMean = logMeanExp(logWeights)
    guard logMean.isFinite else { return }
    let deviations = exp(Tensor(logWeights) - logMean) - 1
    squaredDeviations = deviations.squared.sum().scalar
  }

  /// The estimate from `sampleCount` weights that are drawn 1,000 at a time, so that memory does
  /// not grow with their number: `logWeights` gives the logarithms of the next `count`.
  public init(sampleCount: Int, logWeights: (_ count: Int) -> [Double]) {
    self.init(logWeights: [])
    for first in stride(from: 0, to: sampleCount, by: 1000) {
      merge(LogMeanEstimate(logWeights: logWeights(min(1000, sampleCount - first))))
    }
  }

  /// Adds the samples of another estimate; the sums are those of ``MonteCarloEstimate``.
  public mutating func merge(_ other: LogMeanEstimate) {
    guard count > 0, other.count > 0 else {
      if count == 0 { self = other }
      return
    }
    let (n, m) = (Double(count), Double(other.count))
    let total = logSumExp([logMean + .log(n), other.logMean + .log(m)]) - .log(n + m)
    count += other.count
    // Each mean divided by the common one.
    let (left, right) = (Double.exp(logMean - total), Double.exp(other.logMean - total))
    logMean = total
    squaredDeviations =
      total.isFinite
      ? left * left * squaredDeviations + right * right * other.squaredDeviations
        + (left - right) * (left - right) * n * m / (n + m) : 0
  }

  /// The standard error of `logMean` by the delta method: that of the mean divided by the mean. It
  /// is NaN before the second sample, or when no weight is positive.
  public var standardError: Double {
    guard count > 1, logMean.isFinite else { return .nan }
    return (squaredDeviations / Double(count - 1) / Double(count)).squareRoot()
  }

  /// How many equally weighted samples are worth as much as these: (Σw)²/Σw², see
  /// ``effectiveSampleSize(logWeights:)``.
  public var effectiveSampleSize: Double {
    guard logMean.isFinite else { return logMean == -.infinity ? 0 : .nan }
    return Double(count) / (1 + squaredDeviations / Double(count))
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
