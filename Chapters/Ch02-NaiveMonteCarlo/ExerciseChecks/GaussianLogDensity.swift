import Autodiff
import Calculations
import Exercises

extension Checks {
  static func gaussianLogDensity(
    _ answer: @escaping ([Double], [Double], Double) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<GaussianTask, Double>(
      of: { try answer($0.x, $0.mean, $0.sigma) }
    ) { $0.value() }
    comparison.ask(
      "X = (1, 0), f = (0, 0) and σ = 0.5", GaussianTask(x: [1, 0], mean: [0, 0], sigma: 0.5))
    let (x, mean) = (roundedNormals(4, seed: 22), roundedNormals(4, seed: 23))
    comparison.ask(
      "X = \(text(x)), f = \(text(mean)) and σ = 2", GaussianTask(x: x, mean: mean, sigma: 2))
    comparison.ask(
      "X = (0.3, −0.2, 0.6), f = (0.1, 0.4, 0.2) and σ = 1.5",
      GaussianTask(x: [0.3, -0.2, 0.6], mean: [0.1, 0.4, 0.2], sigma: 1.5))
    comparison.ask(
      "a pixel X = 3 where f = 1, and σ = 0.01", GaussianTask(x: [3], mean: [1], sigma: 0.01))
    comparison.ask(
      "X = (3, −3, 3), f = (0, 0, 0) and σ = 0.1",
      GaussianTask(x: [3, -3, 3], mean: [0, 0, 0], sigma: 0.1))
    comparison.argument("x", \.x)
    comparison.argument("mean", \.mean)
    comparison.argument("sigma", \.sigma)
    comparison.recognize(
      NormalLogDensity.mistakes(.standardDeviation, of: "pixels"),
      in: NormalLogDensity(.standardDeviation)
    ) { $0.value(by: $1) }
    comparison.recognizeOtherDistances()
    comparison.terms(["−½ log 2π of each pixel", "−½ log σ² of each pixel", "−‖X − f‖²/(2σ²)"]) {
      $0.terms
    }
    comparison.calculateInManyWays()
    return Exercise(
      "gaussian-log-density", "log N(X; f, σ²I) of an image", minutes: 10,
      hints: [
        "The logarithm of a product over pixels is a sum over pixels. Each pixel contributes two "
          + "terms.",
        "σ is a standard deviation, so log(2πσ²) is log(2π) + 2 log σ.",
      ], comparison)
  }
}

/// What is given in the exercise on the Gaussian output.
private struct GaussianTask {
  var x: [Double]
  var mean: [Double]
  var sigma: Double

  func value(by formula: NormalLogDensity = NormalLogDensity(.standardDeviation)) -> Double {
    formula(x, mean: mean, scales: x.map { _ in sigma })
  }

  /// The sums over the pixels of which it consists.
  var terms: [Double] {
    let n = Double(x.count)
    let normalisation = [-n / 2 * .log(2 * .pi), -n * .log(sigma)]
    return normalisation + [value() - normalisation[0] - normalisation[1]]
  }

  /// The log density with another number in place of ‖X − f‖².
  func value(_ distance: ([Double]) -> Double) -> Double {
    let normalisation = -Double(x.count) * (Double.log(2 * .pi) / 2 + .log(sigma))
    return normalisation - distance(zip(x, mean).map { $0 - $1 }) / (2 * sigma * sigma)
  }
}

extension Comparison<GaussianTask, Double> {
  /// As a sum over pixels of whole terms, and as a constant with the sum of squares.
  fileprivate mutating func calculateInManyWays() {
    for way in NormalWay.allCases {
      calculation { task in
        sum(
          way(
            .argument("x", task.x), .argument("mean", task.mean),
            sigma: .argument("sigma", task.sigma)))
      }
    }
    calculation { task in
      let count = Calculation.argument("x.count", Double(task.x.count))
      let variance = square(Calculation.argument("sigma", task.sigma))
      let squares = sum(
        square(Calculation.argument("x", task.x) - .argument("mean", task.mean)))
      let constant = -0.5 * count * log(Calculation("2 * pi", 2 * .pi))
      return constant - 0.5 * (count * log(variance)) - squares / (2 * variance)
    }
  }

  /// What people take in place of the squared distance.
  fileprivate mutating func recognizeOtherDistances() {
    recognize("the differences were added up before they were squared; square each of them") {
      $0.value { deviations in
        let sum = deviations.reduce(0, +)
        return sum * sum
      }
    }
    recognize("that is the mean of the squared differences; the density takes their sum") {
      $0.value { deviations in
        deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)
      }
    }
    recognize("the difference was not squared, and has the wrong sign") {
      $0.value { -$0.reduce(0, +) }
    }
    recognize("the determinant of σ²I, which is σ²ⁿ, was used without its log") { task in
      let n = Double(task.x.count)
      let determinant = task.x.reduce(1) { product, _ in product * task.sigma * task.sigma }
      return task.value() + n * .log(task.sigma) - determinant / 2
    }
    recognize("X² was taken in place of (X − f)²") { task in
      task.value { _ in task.x.reduce(0) { $0 + $1 * $1 } }
    }
    recognize("X + f was squared; it has to be X − f") { task in
      task.value { _ in zip(task.x, task.mean).reduce(0) { $0 + ($1.0 + $1.1) * ($1.0 + $1.1) } }
    }
    recognize("X² − f² was taken in place of (X − f)²") { task in
      task.value { _ in zip(task.x, task.mean).reduce(0) { $0 + $1.0 * $1.0 - $1.1 * $1.1 } }
    }
  }
}
