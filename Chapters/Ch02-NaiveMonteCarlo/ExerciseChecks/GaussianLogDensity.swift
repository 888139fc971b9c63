import Autodiff
import Exercises
import Probability

extension Checks {
  static func gaussianLogDensity(
    _ answer: @escaping ([Double], [Double], Double) throws -> Double
  ) -> Exercise {
    struct Input {
      let x: [Double]
      let mean: [Double]
      let sigma: Double

      var count: Double { Double(x.count) }
      /// ‖X − f‖²/2.
      var halfDistance: Double { zip(x, mean).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / 2 }
      var value: Double { value(variance: sigma * sigma) }

      func value(variance: Double) -> Double {
        DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(.log(variance)))
          .logProbability(of: Tensor(x)).scalar
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.x, $0.mean, $0.sigma) }) {
      $0.value
    }
    comparison.ask(
      "X = (1, 0), f = (0, 0) and σ = 0.5", Input(x: [1, 0], mean: [0, 0], sigma: 0.5))
    let (x, mean) = (roundedNormals(4, seed: 22), roundedNormals(4, seed: 23))
    comparison.ask("X = \(text(x)), f = \(text(mean)) and σ = 2", Input(x: x, mean: mean, sigma: 2))
    comparison.ask(
      "a pixel X = 3 where f = 1, and σ = 0.01", Input(x: [3], mean: [1], sigma: 0.01))
    comparison.recognize("that is the mean over the pixels; log P(X|z) is their sum") {
      $0.value / $0.count
    }
    comparison.recognize("σ stands where its square, the variance, belongs") {
      $0.value(variance: $0.sigma)
    }
    comparison.recognize("that is −log P(X|z), as in a loss; the exercise asks for log P(X|z)") {
      -$0.value
    }
    comparison.recognize(
      "the whole first term is missing; it is needed, because it depends on σ, which may be learned"
    ) { -$0.halfDistance / ($0.sigma * $0.sigma) }
    comparison.recognize("the first term was counted only once; every pixel has its own") { input in
      input.value + (input.count - 1) * (0.5 * logTwoPi + .log(input.sigma))
    }
    comparison.recognize("the −½ log 2π of every pixel is missing") {
      $0.value + 0.5 * logTwoPi * $0.count
    }
    comparison.recognize("the first term lacks its factor ½") { input in
      input.value - input.count * (0.5 * logTwoPi + .log(input.sigma))
    }
    comparison.recognize("the squared distance was divided by σ², not by 2σ²") { input in
      input.value - input.halfDistance / (input.sigma * input.sigma)
    }
    return Exercise(
      "gaussian-log-density", "log N(X; f, σ²I) of an image", minutes: 10,
      hints: [
        "The logarithm of a product over pixels is a sum over pixels. Each pixel contributes two "
          + "terms.",
        "σ is a standard deviation, so log(2πσ²) is log(2π) + 2 log σ.",
      ], comparison)
  }
}
