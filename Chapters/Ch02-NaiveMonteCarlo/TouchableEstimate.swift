import Autodiff
import Probability

/// What the figure of 2.4 needs in a browser: σ, and numbers to check its own arithmetic against.
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
  let checks: [Check]
  let samples: [Sample]

  /// - Parameter z: Samples from the prior in two dimensions.
  init(sigma: Double, _ z: Tensor<Double>) {
    self.sigma = sigma
    checks = [1, 2, 5].map { d in
      let problem = Dimension.Problem(d, sigma: sigma)
      return Check(
        sigma: sigma, d: d,
        logEvidence: problem.model.evidence.logProbability(of: problem.x).scalar,
        secondMoment: .exp(problem.model.logWeightMoment(2, of: problem.x).scalar))
    }
    let (model, x) = (
      Dimension.Problem(2, sigma: sigma).model, Dimension.Problem(2, sigma: sigma).x
    )
    let logEvidence = checks[1].logEvidence
    let weights = exp(model.logProbability(of: x, given: z) - logEvidence).scalars
    var sum = 0.0
    samples = weights.indices.map { i in
      sum += weights[i]
      return Sample(z: [z[i, 0], z[i, 1]], mean: sum / Double(i + 1))
    }
  }
}
