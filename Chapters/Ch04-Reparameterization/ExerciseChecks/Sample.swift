import Autodiff
import Exercises
import Probability

extension Checks {
  static func sample(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let mean: [Double]
      let logVariance: [Double]
      let noise: [Double]

      var sample: [Double] {
        DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
          .sample(noise: Tensor(noise)).scalars
      }

      func sample(
        _ component: (_ mean: Double, _ logVariance: Double, _ noise: Double) -> Double
      ) -> [Double] {
        mean.indices.map { component(mean[$0], logVariance[$0], noise[$0]) }
      }
    }
    var comparison = Comparison<Input, [Double]>(of: {
      try answer($0.mean, $0.logVariance, $0.noise)
    }) { $0.sample }
    comparison.ask(
      "the mean (1, 0), the log variance (0, log 4) and the noise (0.5, -1)",
      Input(mean: [1, 0], logVariance: [0, .log(4)], noise: [0.5, -1]))
    let (mean, noise) = (roundedNormals(3, seed: 41), roundedNormals(3, seed: 42))
    comparison.ask(
      "the mean \(text(mean)), the log variance (-1.20, 0.70, -0.30) and the noise \(text(noise))",
      Input(mean: mean, logVariance: [-1.2, 0.7, -0.3], noise: noise))
    comparison.recognize("that is (ε + μ)σ, which scales the mean as well; z = μ + σε") { input in
      input.sample { ($2 + $0) * .exp($1 / 2) }
    }
    comparison.recognize(
      "the noise was multiplied by the variance σ² instead of its root, σ = exp(½ log σ²)"
    ) { input in input.sample { $0 + .exp($1) * $2 } }
    comparison.recognize("the noise was multiplied by the log variance; σ is exp(½ log σ²)") {
      input in
      input.sample { $0 + $1 * $2 }
    }
    comparison.recognize("the log variance was mistaken for the variance, which is its exponential")
    {
      input in input.sample { $0 + $1.squareRoot() * $2 }
    }
    comparison.recognize("exp(½ log σ²) is σ already; you took another root of it") { input in
      input.sample { $0 + .exp($1 / 4) * $2 }
    }
    comparison.recognize("the noise was added as it is; multiply it by σ first") { input in
      input.sample { mean, _, noise in mean + noise }
    }
    comparison.recognize("that is the mean alone; the noise was not used") { $0.mean }
    return Exercise(
      "sample", "z = μ + σε, from a log variance", minutes: 5,
      hints: [
        "What is the standard deviation if the log variance is 0? And if it is log 4?",
        "log σ² = 2 log σ, so log σ is half of what you are given.",
      ], comparison)
  }
}
