import Autodiff
import Calculations

// What several exercises of this chapter calculate, in the ways in which students write it.

/// Ways to calculate the log of a mean of exponentials.
enum LogMeanExpWay: CaseIterable {
  /// m + log(mean(exp(logs − m))), where m is the largest.
  case mean
  /// The same with the sum of the exponentials, divided by n.
  case dividedSum
  /// The same with log n subtracted at the end.
  case subtractedLog
  /// Without m; out of range for large and small numbers.
  case plain

  /// - Parameters:
  ///   - logs: The logs, or one along an axis, which is kept with the extent 1.
  ///   - count: n, with its name: "logs.count".
  func callAsFunction(
    of logs: Calculation, count: Calculation, axis: Int? = nil, over name: String? = nil
  ) -> Calculation {
    let m = largest(logs, axis: axis, over: name).named("m")
    let relative = exp(logs - m)
    return switch self {
    case .mean: m + log(Calculations.mean(relative, axis: axis, over: name))
    case .dividedSum: m + log(sum(relative, axis: axis, over: name) / count)
    case .subtractedLog: m + log(sum(relative, axis: axis, over: name)) - log(count)
    case .plain: log(Calculations.mean(exp(logs), axis: axis, over: name))
    }
  }
}

/// The weights over the largest, or the weights themselves, which may be 0 or infinite.
func weights(ofLogs logs: Calculation, areRelative: Bool) -> Calculation {
  areRelative ? exp(logs - largest(logs).named("m")).named("u") : exp(logs).named("w")
}

/// −½ log(2πσ²) − (x − μ)²/(2σ²) of each number, in the ways in which students write it.
enum NormalWay: CaseIterable {
  /// −½ (log(2πσ²) + (x − μ)²/σ²).
  case bracket
  /// −log √(2π) − log σ − (x − μ)²/(2σ²).
  case terms
  /// −½ (log 2π + log σ² + (x − μ)²/σ²).
  case logs
  /// −log(σ √(2π)) − ½ ((x − μ)/σ)².
  case quotient
  /// The log of the density, which may be 0.
  case density

  func callAsFunction(_ x: Calculation, _ mean: Calculation, sigma: Calculation) -> Calculation {
    let circle = Calculation("2 * pi", 2 * .pi)
    let difference = x - mean
    switch self {
    case .bracket:
      let variance = square(sigma)
      return -0.5 * (log(circle * variance) + square(difference) / variance)
    case .terms:
      return -log(sqrt(circle)) - log(sigma) - square(difference) / (2 * square(sigma))
    case .logs:
      let variance = square(sigma)
      return -0.5 * (log(circle) + log(variance) + square(difference) / variance)
    case .quotient:
      return -log(sigma * sqrt(circle)) - 0.5 * square(difference / sigma)
    case .density:
      return log(1 / (sigma * sqrt(circle)) * exp(-0.5 * square(difference / sigma)))
    }
  }
}

/// log P(X|z) + log P(z) − log Q(z|X) of each row of z, where P is N(0, I).
func logWeights(
  of z: Calculation, _ likelihood: Calculation, _ mean: Calculation, _ logVariance: Calculation,
  _ normal: NormalWay
) -> Calculation {
  let name = "latent variables"
  let circle = Calculation("2 * pi", 2 * .pi)
  let prior = sum(-0.5 * (log(circle) + square(z)), axis: 1, over: name).named("log P(z)")
  let terms =
    switch normal {
    case .bracket:
      -0.5 * (log(circle) + logVariance + square(z - mean) / exp(logVariance))
    case .terms:
      -(0.5 * log(circle * exp(logVariance))) - square(z - mean) / (2 * exp(logVariance))
    default: normal(z, mean, sigma: exp(0.5 * logVariance).named("σ"))
    }
  let proposal = sum(terms, axis: 1, over: name).named("log Q(z|X)")
  return normal == .bracket ? likelihood + (prior - proposal) : likelihood + prior - proposal
}

/// One number for each row of a matrix.
func column(of name: String, _ numbers: [Double]) -> Calculation {
  .argument(
    name, Tensor(numbers, shape: [numbers.count, 1]),
    counts: [("\(name).count", Double(numbers.count))])
}
