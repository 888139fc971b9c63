import Autodiff
import Exercises
import Probability

extension Checks {
  static func effectiveSampleSize(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    func size(_ logs: [Double]) -> Double { Probability.effectiveSampleSize(logWeights: logs) }
    var comparison = Comparison<[Double], Double>(of: answer, with: size)
    comparison.ask("the log weights (0, log 3)", [0, .log(3)])
    comparison.ask("the log weights (−2000, −2000, −2003)", [-2000, -2000, -2003])
    let drawn = roundedNormals(5, seed: 34)
    comparison.ask("the log weights \(text(drawn))", drawn)
    comparison.recognize("that is its inverse: the square of the sum belongs in the numerator") {
      1 / size($0)
    }
    comparison.recognize(
      "that is the effective fraction of the n samples; the exercise asks for their number"
    ) {
      size($0) / Double($0.count)
    }
    comparison.recognize("the sum in the numerator has to be squared") { logs in
      size(logs) / .exp(logSumExp(logs) - (logs.max() ?? 0))
    }
    comparison.recognize(
      "that is 1/Σw², which is right only for weights whose sum is 1; these were not normalised"
    ) { logs in .exp(2 * (logs.max() ?? 0) - logSumExp(logs.map { 2 * $0 })) }
    comparison.recognize("the logarithms were used in place of the weights") { logs in
      let sum = logs.reduce(0, +)
      return sum * sum / logs.reduce(0) { $0 + $1 * $1 }
    }
    comparison.recognize(
      "the weights became 0; only ratios matter, so first subtract the largest logarithm from all"
    ) { logs in
      let weights = logs.map(Double.exp)
      let sum = weights.reduce(0, +)
      return sum * sum / weights.reduce(0) { $0 + $1 * $1 }
    }
    return Exercise(
      "effective-sample-size", "How many equally weighted samples these are worth", minutes: 10,
      hints: [
        "What happens to the result if all weights are multiplied by the same number?",
        "Use exp(lᵢ − max l) as the weights.",
      ], comparison)
  }
}
