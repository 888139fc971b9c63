import Autodiff
import Foundation
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct NormalTests {
  static let pair = (
    p: Normal(mean: 0.7, logVariance: -0.9), q: Normal(mean: -0.4, logVariance: 0.5)
  )

  @Test func densityIsTheDerivativeOfTheDistribution() {
    let normal = NormalTests.pair.p
    for x in [-1.0, 0.7, 2.5] {
      let difference =
        normal.cumulativeProbability(upTo: x + 1e-5) - normal.cumulativeProbability(upTo: x - 1e-5)
      // The third derivative over 6 · 10⁻¹⁰, and rounding: 10⁻¹⁶ over 2 · 10⁻⁵.
      #expect(abs(difference / 2e-5 - normal.density(at: x)) < 1e-9)
      #expect(isClose(normal.density(at: x), exp(normal.logProbability(of: x)), 1e-15))
    }
    // log N(0 | 0, 1) = −½ log 2π
    #expect(isClose(Normal.standard.logProbability(of: 0), -0.5 * log(2 * .pi), 2e-16))
  }

  @Test func quantilesInvertTheDistribution() {
    let normal = Normal(mean: 2, variance: 9)
    #expect(isClose(normal.quantile(0.975), 2 + 3 * 1.959_963_984_540_054, 1e-15))
    for probability in [1e-6, 0.1, 0.5, 0.9999] {
      let returned = normal.cumulativeProbability(upTo: normal.quantile(probability))
      #expect(abs(returned - probability) < 1e-15)
    }
  }

  @Test("Entropy and divergence are the integrals that define them")
  func entropyAndDivergenceAreTheirIntegrals() {
    let (p, q) = NormalTests.pair
    let entropy = integrate(
      { -p.density(at: $0) * p.logProbability(of: $0) }, from: -.infinity, to: .infinity)
    #expect(abs(entropy.value - p.entropy) < 1e-12)
    let divergence = integrate(
      { p.density(at: $0) * (p.logProbability(of: $0) - q.logProbability(of: $0)) },
      from: -.infinity, to: .infinity)
    #expect(abs(divergence.value - p.klDivergence(to: q)) < 2e-12)
    #expect(p.klDivergence(to: p) == 0)
  }

  @Test func divergenceIsTheMeanLogRatioOfSamples() {
    let (p, q) = NormalTests.pair
    var generator = SeededGenerator(seed: 30)
    let estimate = MonteCarloEstimate(
      p.samples(100_000, using: &generator).map {
        p.logProbability(of: $0) - q.logProbability(of: $0)
      })
    #expect(
      abs(estimate.mean - p.klDivergence(to: q)) < millionthDeviation * estimate.standardError)
  }

  static var mean: Tensor<Double> { Tensor([0.3, -1, 2, 0, 0.5, -0.25], shape: [2, 3]) }
  static var logVariance: Tensor<Double> { Tensor([-0.5, 0.25, 1, 0, -2, 0.75], shape: [2, 3]) }
  static var other: DiagonalNormal<Double> {
    DiagonalNormal(mean: Tensor([0.1, 0.2, -0.3]), logVariance: Tensor([0.4, -0.6, 0]))
  }

  /// The components of row `row` as normals of one number.
  static func components(_ distribution: DiagonalNormal<Double>, _ row: Int) -> [Normal] {
    let means = distribution.mean.broadcast(to: [2, 3])
    let logVariances = distribution.logVariance.broadcast(to: [2, 3])
    return (0..<3).map { Normal(mean: means[row, $0], logVariance: logVariances[row, $0]) }
  }

  @Test("A diagonal normal's log density is the sum over its components")
  func diagonalIsTheSumOfItsComponents() {
    let distribution = DiagonalNormal(mean: NormalTests.mean, logVariance: NormalTests.logVariance)
    let x = Tensor<Double>([1, 2, 3, -1, 0, 0.5], shape: [2, 3])
    #expect(distribution.logProbability(of: x).shape == [2])
    for row in 0..<2 {
      let components = NormalTests.components(distribution, row)
      let others = NormalTests.components(NormalTests.other, row)
      let logProbability = (0..<3).reduce(0) { $0 + components[$1].logProbability(of: x[row, $1]) }
      let entropy = components.reduce(0) { $0 + $1.entropy }
      let toStandard = components.reduce(0) { $0 + $1.klDivergence(to: .standard) }
      let toOther = zip(components, others).reduce(0) { $0 + $1.0.klDivergence(to: $1.1) }
      // Sums of about ten terms of size 10 in another order.
      #expect(abs(distribution.logProbability(of: x)[row] - logProbability) < 2e-14)
      #expect(abs(distribution.entropy[row] - entropy) < 2e-14)
      #expect(abs(distribution.klDivergenceToStandardNormal()[row] - toStandard) < 2e-14)
      #expect(abs(distribution.klDivergence(to: NormalTests.other)[row] - toOther) < 2e-14)
    }
  }

  @Test("One variance can serve all components")
  func oneVarianceForAllBroadcasts() {
    let one = DiagonalNormal(mean: NormalTests.mean, logVariance: Tensor([0.3]))
    let all = DiagonalNormal(
      mean: NormalTests.mean, logVariance: Tensor(repeating: 0.3, shape: [2, 3]))
    let x = Tensor<Double>(repeating: 0.5, shape: [2, 3])
    #expect(one.logProbability(of: x) == all.logProbability(of: x))
    #expect(one.entropy == all.entropy)
    #expect(one.klDivergenceToStandardNormal() == all.klDivergenceToStandardNormal())
    #expect(one.klDivergence(to: NormalTests.other) == all.klDivergence(to: NormalTests.other))
  }

  @Test func diagonalSamplesHaveTheirMeanAndVariance() {
    var generator = SeededGenerator(seed: 31)
    let distribution = DiagonalNormal<Double>(
      mean: Tensor([1, -2]), logVariance: Tensor([1.5, -1]))
    let sample = distribution.sample(noise: .normal([50_000, 2], using: &generator))
    for (column, mean, variance) in [(0, 1.0, exp(1.5)), (1, -2.0, exp(-1.0))] {
      let values = sample.slice(axis: 1, column..<column + 1).scalars
      #expect(deviation(of: values, from: mean, variance: variance) < millionthDeviation)
      let squares = values.map { ($0 - mean) * ($0 - mean) }
      #expect(
        deviation(of: squares, from: variance, variance: 2 * variance * variance)
          < millionthDeviation)
    }
  }

  @Test(
    "Samples and divergences have the bits of the formulas, and so have their gradients",
    arguments: [
      [[2, 3], [2, 3]], [[40, 20], [40, 20]], [[3], [3]], [[5, 7], [7]], [[4, 6], [1]],
    ])
  func oneOperationHasTheBitsOfMany(shapes: [[Int]]) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var generator = SeededGenerator(seed: 35)
      let parameters = shapes.map { Tensor<Scalar>.normal($0, using: &generator) }
      let noise = Tensor<Scalar>.normal(shapes[0], using: &generator)
      let weights = Tensor<Scalar>.normal(shapes[0].dropLast() + [1], using: &generator)
      typealias Function = (_ mean: Tensor<Scalar>, _ logVariance: Tensor<Scalar>) -> Tensor<Scalar>
      let pairs: [(fused: Function, composed: Function)] = [
        (
          { DiagonalNormal(mean: $0, logVariance: $1).sample(noise: noise) * weights },
          { ($0 + exp(0.5 * $1) * noise) * weights }
        ),
        (
          {
            let divergence = DiagonalNormal(mean: $0, logVariance: $1)
              .klDivergenceToStandardNormal()
            return divergence.reshaped(weights.shape) * weights
          },
          {
            let terms = $0.squared + (exp($1) - 1 - $1)
            return (0.5 * terms.sum(axis: -1)).reshaped(weights.shape) * weights
          }
        ),
      ]
      for pair in pairs {
        let results = [pair.fused, pair.composed].map { function in
          var value: [Scalar] = []
          let gradient = valueWithGradient(at: parameters) { parameters in
            let result = function(parameters[0], parameters[1])
            value = result.scalars
            return result.sum()
          }.gradient
          return [value] + gradient.map(\.scalars)
        }
        if shapes[0] == shapes[1] {
          #expect(results[0] == results[1])
        } else {
          // The gradient of a log variance that was stretched is summed in another order: a few
          // roundings of numbers below 64.
          #expect(results[0][0] == results[1][0] && results[0][1] == results[1][1])
          for (fused, composed) in zip(results[0][2], results[1][2]) {
            #expect(abs(fused - composed) <= 16 * Scalar(64).ulp)
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// The difference of `checkGradient` is good to 10⁻⁹.
  @Test func gradientsAgreeWithDifferences() {
    var generator = SeededGenerator(seed: 32)
    let x = Tensor<Double>.normal([2, 3], using: &generator)
    let weights = Tensor<Double>([1, -0.7])
    let losses: [(DiagonalNormal<Double>, Tensor<Double>) -> Tensor<Double>] = [
      { $0.logProbability(of: $1) }, { p, _ in p.klDivergenceToStandardNormal() },
      { p, _ in p.klDivergence(to: NormalTests.other) }, { p, _ in p.entropy },
      { p, x in NormalTests.other.logProbability(of: p.sample(noise: x)) },
    ]
    for loss in losses {
      let check = checkGradient(
        at: [NormalTests.mean, NormalTests.logVariance, x], using: &generator
      ) { parameters in
        let distribution = DiagonalNormal(mean: parameters[0], logVariance: parameters[1])
        return (loss(distribution, parameters[2]) * weights).sum()
      }
      #expect(check.relativeError < 1e-8)
    }
  }
}

@Suite struct BernoulliTests {
  @Test func probabilitiesOfAllOutcomesSumToOne() {
    let logits = Tensor<Double>([-3, 0, 1.5])
    let outcomes = Tensor<Double>(
      (0..<8).flatMap { bits in (0..<3).map { Double(bits >> $0 & 1) } }, shape: [8, 3])
    let logProbabilities = Bernoulli(logits: logits).logProbability(of: outcomes)
    #expect(logProbabilities.shape == [8])
    #expect(abs(logSumExp(logProbabilities.scalars)) < 1e-15)
    let entropy = logProbabilities.scalars.reduce(0) { $0 - exp($1) * $1 }
    #expect(abs(Bernoulli(logits: logits).entropy.scalar - entropy) < 2e-15)
    let probability = 1 / (1 + exp(-1.5))
    #expect(isClose(Bernoulli(logits: logits).mean[2], probability, 4e-16))
  }

  @Test(
    "Pixels are stretched like any other tensor: a column to columns and a row to rows",
    arguments: [[3, 1], [1, 3], [3], [1], []], [[3, 3], [1, 3], [3], [2, 3, 3]])
  func stretchedPixels(pixels: [Int], logits: [Int]) {
    var generator = SeededGenerator(seed: 36)
    let x = Tensor<Double>.bernoulli(Tensor(repeating: 0.5, shape: pixels), using: &generator)
    let l = Tensor<Double>.normal(logits, using: &generator)
    let result = valueWithGradient(at: [x, l]) { operands in
      Bernoulli(logits: operands[1]).logProbability(of: operands[0]).sum()
    }
    let expected = valueWithGradient(at: [x, l]) { operands in
      (operands[0] * operands[1] - softplus(operands[1])).sum()
    }
    // Sums of at most 18 terms, each at most 4.
    #expect(abs(result.value - expected.value) <= 18 * 64.0.ulp)
    for (found, wanted) in zip(result.gradient, expected.gradient) {
      #expect(found.shape == wanted.shape)
      for (found, wanted) in zip(found.scalars, wanted.scalars) {
        #expect(abs(found - wanted) <= 18 * 64.0.ulp)
      }
    }
  }

  /// Where the probabilities themselves are 0 and 1 in floating point.
  @Test("Log probabilities stay finite for logits far from 0")
  func farLogitsStayFinite() {
    let distribution = Bernoulli<Double>(logits: Tensor([-1000, 1000], shape: [2, 1]))
    #expect(
      distribution.logProbability(of: Tensor([1, 0], shape: [2, 1])).scalars == [-1000, -1000])
    #expect(distribution.logProbability(of: Tensor([0, 1], shape: [2, 1])).scalars == [0, 0])
  }

  @Test func samplesHaveTheirMean() {
    var generator = SeededGenerator(seed: 33)
    let distribution = Bernoulli<Float>(logits: Tensor(repeating: -1, shape: [100_000]))
    let sample = distribution.sample(using: &generator).scalars.map(Double.init)
    let probability = 1 / (1 + exp(1.0))
    #expect(sample.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(
      deviation(of: sample, from: probability, variance: probability * (1 - probability))
        < millionthDeviation)
  }

  @Test func gradientsAgreeWithDifferences() {
    var generator = SeededGenerator(seed: 34)
    let x = Tensor<Double>([1, 0, 1])
    let check = checkGradient(at: Tensor<Double>([-0.5, 0.25, 2]), using: &generator) { logits in
      let distribution = Bernoulli(logits: logits)
      return distribution.logProbability(of: x) + 0.3 * distribution.entropy
    }
    #expect(check.relativeError < 1e-8)
  }
}
