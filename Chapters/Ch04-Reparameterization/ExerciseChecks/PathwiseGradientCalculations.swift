import Calculations

extension Checks {
  /// By the chain rule, with a derivative for each factor.
  static func pathwiseCalculation(_ task: PathwiseTask) -> Calculation {
    let noise = Calculation.argument("noise", task.noise)
    let sigma = exp(0.5 * .argument("logVariance", task.logVariance)).named("σ")
    let z = (.argument("mean", task.mean) + sigma * noise).named("z")
    let slope = (2 * z).named("2z")
    let derivative = slope * noise * (0.5 * sigma)
    return .list([
      mean(slope, axis: 0, over: "samples"), mean(derivative, axis: 0, over: "samples"),
    ])
  }

  /// With the 2 and the ½ cancelled, and sums that are divided at the end.
  static func pathwiseCalculationFromVariance(_ task: PathwiseTask) -> Calculation {
    let noise = Calculation.argument("noise", task.noise)
    let count = Calculation.argument("noise.count", Double(task.noise.count))
    let variance = exp(.argument("logVariance", task.logVariance)).named("σ²")
    let deviation = (sqrt(variance).named("σ") * noise).named("σε")
    let z = (.argument("mean", task.mean) + deviation).named("z")
    return .list([
      sum(2 * z, axis: 0, over: "samples") / count,
      sum(z * deviation, axis: 0, over: "samples") / count,
    ])
  }
}
