import Autodiff
import Calculations

extension Checks {
  /// h − b, [n, 1].
  private static func weight(_ task: ScoreTask) -> Calculation {
    let number = task.values.count
    let count = Calculation.argument("values.count", Double(number))
    let values = Calculation.argument("values", Tensor(task.values, shape: [number, 1]))
    let others = sum(values) - values
    let baseline = (others / (count - 1)).named("b")
    return (values - baseline).named("h - b")
  }

  /// z − μ, [n, d].
  private static func deviation(_ task: ScoreTask) -> Calculation {
    let samples = Calculation.argument("samples", task.samples)
    return (samples - .argument("mean", task.mean)).named("z - μ")
  }

  private static func logVariance(_ task: ScoreTask) -> Calculation {
    .argument("logVariance", task.logVariance)
  }

  /// With the scores (z − μ)/σ² and ½((z − μ)²/σ² − 1).
  static func scoreCalculation(_ task: ScoreTask) -> Calculation {
    let (weight, deviation) = (weight(task), deviation(task))
    let variance = exp(logVariance(task)).named("σ²")
    let meanScore = deviation / variance
    let ratio = square(deviation) / variance
    let logVarianceScore = 0.5 * (ratio - 1)
    return .list([
      mean(weight * meanScore, axis: 0, over: "samples"),
      mean(weight * logVarianceScore, axis: 0, over: "samples"),
    ])
  }

  /// With the scores ε/σ and ½(ε² − 1).
  static func scoreCalculationFromNoise(_ task: ScoreTask) -> Calculation {
    let (weight, deviation) = (weight(task), deviation(task))
    let count = Calculation.argument("samples.count", Double(task.samples.count))
    let sigma = exp(0.5 * logVariance(task)).named("σ")
    let noise = (deviation / sigma).named("ε")
    let logVarianceScore = 0.5 * (square(noise) - 1)
    return .list([
      sum(weight * (noise / sigma), axis: 0, over: "samples") / count,
      sum(weight * logVarianceScore, axis: 0, over: "samples") / count,
    ])
  }

  /// With the scores (z − μ) e^(−l) and ½(z − μ)² e^(−l) − ½ for l = log σ².
  static func scoreCalculationFromPrecision(_ task: ScoreTask) -> Calculation {
    let (weight, deviation) = (weight(task), deviation(task))
    let precision = exp(-logVariance(task))
    let half: Calculation = 0.5 * square(deviation)
    let logVarianceScore = half * precision - 0.5
    return .list([
      mean(weight * (deviation * precision), axis: 0, over: "samples"),
      mean(weight * logVarianceScore, axis: 0, over: "samples"),
    ])
  }
}
