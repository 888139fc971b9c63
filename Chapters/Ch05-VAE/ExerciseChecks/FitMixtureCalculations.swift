import Autodiff
import Calculations
import Exercises
import Kernels
import Probability

extension MixtureTask {
  /// The answer without a step: P(z|X), log P(X) and the mixture itself.
  func expectation(choosingPixels: Bool) -> Calculation? {
    guard stepCount == 0 else { return nil }
    let weights = Calculation.argument(
      "start.weights", Tensor(start.weights, shape: [1, start.weights.count, 1]),
      counts: [("start.weights.count", Double(start.weights.count))])
    let whites = Calculation.argument(
      "start.whites",
      Tensor(Array(start.whites.joined()), shape: [1, start.whites.count, coins.count]),
      counts: [("coins.count", Double(coins.count))])
    let x = Calculation.argument(
      "x", Tensor(Array(x.joined()), shape: [x.count, 1, coins.count]),
      counts: [("x.count", Double(x.count))])
    let pixels =
      choosingPixels
      ? log(x * whites + (1 - x) * (1 - whites)) : x * log(whites) + (1 - x) * log(1 - whites)
    let joint = (log(weights) + sum(pixels, axis: 2, over: "pixels")).named("log P(X, z)")
    let largest = largest(joint, axis: 1, over: "z").named("largest")
    let logSum = log(sum(exp(joint - largest), axis: 1, over: "z"))
    let logEvidence = (largest + logSum).named("log P(X)")
    return .list([exp(joint - logEvidence), mean(logEvidence, over: "images"), weights, whites])
  }

  /// The answer after one step, from P(z|X) at the start.
  var maximization: Calculation? {
    guard stepCount == 1 else { return nil }
    var beginning = self
    beginning.stepCount = 0
    let fit = MixtureEM().fit(beginning)
    let posteriors = Calculation.argument("R", fit.posteriors)
    let images = Calculation.argument("Double(x.count)", Double(x.count))
    let components = Calculation.argument("Double(K)", Double(start.weights.count))
    let shares = transposed(sum(posteriors, axis: 0, over: "images")).named("Nₖ")
    let weights = ((shares + 1) / (images + components)).named("πₖ")
    let white = product(transposed(posteriors), .argument("x", x)).named("Σ Rᵢₖ xᵢⱼ")
    let coins = Calculation.argument("coins", coins)
    let whites = ((white + coins) / (shares + 1)).named("pₖⱼ")
    let pixels = matrix(x)
    let before = fit.logEvidences
    let next = Calculation.function("P(z|X)", of: [weights, whites]) { numbers in
      let joint = Self.logJoint(pixels, weights: numbers[0], whites: numbers[1])
      let logEvidence = joint.logSumExp(axis: 1)
      let posteriors = exp(joint - logEvidence.reshaped([logEvidence.count, 1]))
      return Tensor(posteriors.scalars + before + [logEvidence.mean().scalar])
    }
    return .list([next, weights, whites])
  }

  /// log P(X, z), [images, K].
  private static func logJoint(
    _ x: Tensor<Double>, weights: Tensor<Double>, whites: Tensor<Double>
  ) -> Tensor<Double> {
    let (count, size) = (whites.shape[0], whites.shape[1])
    let x = x.reshaped([x.shape[0], 1, size])
    let p = whites.reshaped([1, count, size])
    let pixels = x * log(p) + (1 - x) * log(1 - p)
    return log(weights.reshaped([1, count])) + pixels.sum(axis: 2)
  }
}
