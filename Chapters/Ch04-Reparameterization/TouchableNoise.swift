import Autodiff

/// What the figure of 4.3 needs in a browser: the model of 4.1 and 4.2 with one ε, and numbers to check its own
/// arithmetic against.
struct TouchableNoise: Encodable {
  /// The error for the given μ, σ and w, and its gradient with respect to them.
  struct Check: Encodable {
    let mean: Double
    let deviation: Double
    let weight: Double
    let error: Double
    let gradient: [Double]
  }

  /// The variances of the two estimates of a derivative from one sample.
  struct Variances: Encodable {
    /// 0 for z², 1 for sin 10z.
    let function: Int
    let mean: Double
    let deviation: Double
    let path: Double
    let score: Double
  }

  let X = Autoencoder.x
  let ε = 0.7
  /// μ, σ and w to begin with.
  let start: [Double]
  let checks: [Check]
  let variances: [Variances]

  /// - Parameter squaredNorm: For h(z) = z² at μ = 1, the variance of the score function's estimate.
  init(sigma: Double, squaredNorm: Double) {
    let model = Autoencoder(sigma: sigma)
    let (m, s, w) = (model.mean.scalar, model.standardDeviation.scalar, model.weight.scalar)
    let result = valueWithGradient(at: model) { [ε] in $0.error($0.sample(noise: Tensor(ε))) }
    start = [m, s, w]
    checks = [
      Check(
        mean: m, deviation: s, weight: w, error: result.value,
        gradient: result.gradient.parameters.map(\.scalar))
    ]
    let sine = SineWave.ClosedForm(k: 10, μ: 0.1, σ: 1)
    variances = [
      Variances(
        function: 0, mean: 1, deviation: sigma, path: 4 * sigma * sigma, score: squaredNorm),
      Variances(function: 1, mean: 0.1, deviation: 1, path: sine.pathwise, score: sine.score),
    ]
  }
}
