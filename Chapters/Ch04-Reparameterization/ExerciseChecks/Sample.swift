import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func sample(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    struct Input {
      var mean: [Double]
      var logVariance: [Double]
      var noise: [Double]
    }
    var comparison = Comparison<Input, [Double]>(of: {
      try answer($0.mean, $0.logVariance, $0.noise)
    }) {
      DiagonalNormal(mean: Tensor($0.mean), logVariance: Tensor($0.logVariance))
        .sample(noise: Tensor($0.noise)).scalars
    }
    let (mean, noise) = (roundedNormals(3, seed: 41), roundedNormals(3, seed: 42))
    var inputs = [
      Input(mean: [1, 0], logVariance: [0, .log(4)], noise: [0.5, -1]),
      Input(mean: mean, logVariance: [-1.2, 0.7, -0.3], noise: noise),
    ]
    comparison.ask(
      "the mean (1, 0), the log variance (0, log 4) and the noise (0.5, −1)", inputs[0])
    comparison.ask(
      "the mean \(exact(mean)), the log variance (−1.2, 0.7, −0.3) and the noise \(exact(noise))",
      inputs[1])
    // Only a mean of 0 shows what is added to a small σ.
    for logVariance in [-70.0, 32] {
      inputs.append(Input(mean: [0], logVariance: [logVariance], noise: [-0.8]))
      comparison.ask(
        "the mean (0), the log variance (\(exact(logVariance))) and the noise (−0.8)",
        inputs[inputs.count - 1])
    }
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.argument("noise", \.noise)
    func z(_ input: Input, _ sample: LogVarianceSample) -> [Double] {
      sample(mean: input.mean, logVariance: input.logVariance, noise: input.noise)
    }
    let right = LogVarianceSample()
    let mistakes = LogVarianceSample.mistakes.distinct(in: right, tolerance: 1e-9) { sample in
      inputs.map { z($0, sample) }
    }
    comparison.recognize(mistakes, in: right, z)
    comparison.terms(["μ", "σε"]) { input in
      [
        input.mean,
        zip(input.logVariance, input.noise).map { StandardDeviation()($0) * $1 },
      ]
    }
    comparison.calculation { input in
      let logVariance = Calculation.argument("logVariance", input.logVariance)
      let sigma = exp(0.5 * logVariance).named("σ")
      let noise = sigma * .argument("noise", input.noise)
      return .argument("mean", input.mean) + noise
    }
    comparison.calculation { input in
      let variance = exp(.argument("logVariance", input.logVariance)).named("σ²")
      let noise = sqrt(variance).named("σ") * .argument("noise", input.noise)
      return .argument("mean", input.mean) + noise
    }
    return Exercise(
      "sample", "z = μ + σε, from a log variance", minutes: 5,
      hints: [
        "What is the standard deviation if the log variance is 0? And if it is log 4?",
        "log σ² = 2 log σ, so log σ is half of what you are given.",
      ], comparison)
  }
}
