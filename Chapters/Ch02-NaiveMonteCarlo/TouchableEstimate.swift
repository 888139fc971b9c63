import Autodiff
import Probability

/// What a figure of 2.2, 2.3 or 2.4 needs in a browser: the model of 2.3, what the reader may vary, and numbers to check
/// its own arithmetic against.
struct TouchableEstimate: Encodable {
  /// log P(X) and E[w²] in d dimensions.
  struct Check: Encodable {
    let sigma: Double
    let d: Int
    let logEvidence: Double
    let secondMoment: Double
  }

  /// A sample of z, and the mean weight of all up to it.
  struct Sample: Encodable {
    let z: [Double]
    let mean: Double
  }

  let sigma: Double
  /// From where to where σ can be moved.
  let sigmas: [Double]
  /// How many numbers z has at first.
  let dimension: Int
  /// From where to where it can be moved.
  let dimensions: [Int]
  let checks: [Check]
  let samples: [Sample]

  /// - Parameters:
  ///   - z: Samples from the prior, as many numbers each as the figure begins with.
  ///   - sigmas: From where to where σ can be moved; nil if it cannot.
  init(
    sigma: Double, _ z: Tensor<Double>, sigmas: ClosedRange<Double>? = nil,
    dimensions: ClosedRange<Int>
  ) {
    self.sigma = sigma
    self.sigmas = sigmas.map { [$0.lowerBound, $0.upperBound] } ?? [sigma, sigma]
    self.dimensions = [dimensions.lowerBound, dimensions.upperBound]
    dimension = z.shape[1]
    checks = [1, 2, 5].map { d in
      let problem = Dimension.Problem(d, sigma: sigma)
      return Check(
        sigma: sigma, d: d,
        logEvidence: problem.model.evidence.logProbability(of: problem.x).scalar,
        secondMoment: .exp(problem.model.logWeightMoment(2, of: problem.x).scalar))
    }
    let problem = Dimension.Problem(z.shape[1], sigma: sigma)
    let logEvidence = problem.model.evidence.logProbability(of: problem.x)
    let weights = exp(problem.model.logProbability(of: problem.x, given: z) - logEvidence).scalars
    var sum = 0.0
    samples = weights.indices.map { i in
      sum += weights[i]
      return Sample(z: z.rows([i]).scalars, mean: sum / Double(i + 1))
    }
  }
}

/// Twenty samples from the prior in d dimensions, for a figure. A copy of the generator draws them, so that the section's
/// own samples stay what they are.
func firstSamples(_ d: Int, _ generator: SeededGenerator) -> Tensor<Double> {
  var generator = generator
  return .normal([20, d], using: &generator)
}
