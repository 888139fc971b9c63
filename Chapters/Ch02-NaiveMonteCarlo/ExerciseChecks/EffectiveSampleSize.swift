import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func effectiveSampleSize(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    var comparison = Comparison<[Double], Double>(of: answer) {
      Probability.effectiveSampleSize(logWeights: $0)
    }
    comparison.ask("the log weights (0, log 3)", [0, .log(3)])
    comparison.ask("the log weights (−2000, −2000, −2003)", [-2000, -2000, -2003])
    let drawn = roundedNormals(5, seed: 34)
    comparison.ask("the log weights \(text(drawn))", drawn)
    comparison.ask("the log weights (2, 2, 2, 2)", [2, 2, 2, 2])
    comparison.ask("the log weights (−∞, 900, 901)", [-.infinity, 900, 901])
    comparison.ask("the log weights (−1.5, 700, 699)", [-1.5, 700, 699])
    comparison.ask("the log weights (1, −720, 0.5)", [1, -720, 0.5])
    comparison.argument("logWeights", \.self)
    comparison.recognize(SampleSize.mistakes, in: SampleSize()) { $1($0) }
    comparison.calculateInManyWays()
    return Exercise(
      "effective-sample-size", "How many equally weighted samples these are worth", minutes: 10,
      hints: [
        "What happens to the result if all weights are multiplied by the same number?",
        "Use exp(lᵢ − max l) as the weights.",
      ], comparison)
  }
}

/// (Σw)²/Σw² from log weights, and where people go wrong in it.
private struct SampleSize {
  var weights: ([Double]) -> [Double] = { logs in
    let largest = logs.max() ?? 0
    return logs.map { .exp($0 - largest) }
  }
  var size: (_ weights: [Double]) -> Double = { weights in
    let sum = weights.reduce(0, +)
    return sum * sum / squares(weights)
  }

  func callAsFunction(_ logs: [Double]) -> Double { size(weights(logs)) }

  private static func squares(_ weights: [Double]) -> Double {
    weights.reduce(0) { $0 + $1 * $1 }
  }

  private static func shifted(_ logs: [Double], by shift: Double) -> [Double] {
    logs.map { .exp($0 - shift) }
  }

  static var mistakes: [Mistake<SampleSize>] { mistakesOfTheSize + mistakesOfTheWeights }

  private static var mistakesOfTheSize: [Mistake<SampleSize>] {
    let right = SampleSize().size
    return [
      Mistake("inverse", "that is its inverse: the square of the sum belongs in the numerator") {
        $0.size = { 1 / right($0) }
      },
      Mistake(
        "fraction",
        "that is the effective fraction of the n samples; the exercise asks for their number"
      ) { $0.size = { right($0) / Double($0.count) } },
      Mistake("n times", "that is n times too large: sums belong in both places, and no mean") {
        $0.size = { right($0) * Double($0.count) }
      },
      Mistake("n² less", "that is n² times too small: sums belong in both places, and no mean") {
        $0.size = { right($0) / Double($0.count * $0.count) }
      },
      Mistake(
        "n times the inverse",
        "that is n divided by the effective sample size; the square of the sum belongs in the "
          + "numerator, and n nowhere"
      ) { $0.size = { Double($0.count) / right($0) } },
      Mistake("no square", "the sum in the numerator has to be squared") {
        $0.size = { $0.reduce(0, +) / squares($0) }
      },
      Mistake("squares above", "the numerator is the square of the sum, not the sum of the squares")
      { $0.size = { squares($0) / $0.reduce(0, +) } },
      Mistake("all alike", "numerator and denominator are the same: Σw² is the sum of the squares")
      {
        $0.size = { _ in 1 }
      },
      Mistake("root", "that is the root of the effective sample size") {
        $0.size = { right($0).squareRoot() }
      },
      Mistake("log", "that is the logarithm of the effective sample size") {
        $0.size = { .log(right($0)) }
      },
      Mistake(
        "not normalised",
        "that is 1/Σw², which is right only for weights whose sum is 1; these were not normalised"
      ) { $0.size = { 1 / squares($0) } },
      Mistake("1/max", "that is 1 over the largest share of the weight; square the shares and add")
      {
        $0.size = { $0.reduce(0, +) / ($0.max() ?? 1) }
      },
      Mistake("n", "that is n, however unequal the weights are") { $0.size = { Double($0.count) } },
      Mistake("from the variance", "that is n/(1 + s²/w̄²) with n − 1 in s²; it needs n there") {
        $0.size = { weights in
          let mean = mean(weights)
          return Double(weights.count) / (1 + SampleVariance.unbiased(weights) / (mean * mean))
        }
      },
      Mistake("variance of u", "that is n/(1 + s²), with s² not divided by the squared mean weight")
      {
        $0.size = { Double($0.count) / (1 + SampleVariance.population($0)) }
      },
      Mistake("rounded", "that is rounded; an effective sample size is not a whole number") {
        $0.size = { right($0).rounded() }
      },
      Mistake("entropy", "that is the entropy of the weights; it needs Σw²") {
        $0.size = { weights in
          let sum = weights.reduce(0, +)
          return weights.reduce(0) { $0 - ($1 == 0 ? 0 : $1 / sum * .log($1 / sum)) }
        }
      },
      Mistake("perplexity", "that is e to the power of the entropy of the weights; use Σw²") {
        $0.size = { weights in
          let sum = weights.reduce(0, +)
          return .exp(
            weights.reduce(0) { $0 - ($1 == 0 ? 0 : $1 / sum * .log($1 / sum)) })
        }
      },
    ]
  }

  private static var mistakesOfTheWeights: [Mistake<SampleSize>] {
    let underflow =
      "the weights became 0 or infinite; only their ratios matter, so first subtract the largest "
      + "logarithm from all"
    return [
      Mistake(
        "not normalised, no shift",
        "that is 1/Σw², which is right only for weights whose sum is 1; these were not normalised"
      ) {
        $0.weights = { shifted($0, by: 0) }
        $0.size = { 1 / squares($0) }
      },
      Mistake("no square, no shift", "the sum in the numerator has to be squared") {
        $0.weights = { shifted($0, by: 0) }
        $0.size = { $0.reduce(0, +) / squares($0) }
      },
      Mistake("logs", "the logarithms were used in place of the weights") { $0.weights = { $0 } },
      Mistake("no shift", underflow) { $0.weights = { shifted($0, by: 0) } },
      Mistake("first", "the first logarithm was subtracted; it has to be the largest") {
        $0.weights = { shifted($0, by: $0.first ?? 0) }
      },
      Mistake("smallest", "the smallest logarithm was subtracted; it has to be the largest") {
        $0.weights = { shifted($0, by: $0.min() ?? 0) }
      },
      Mistake("roots", "the roots of the weights were used, exp(½ log w)") {
        $0.weights = { logs in shifted(logs.map { $0 / 2 }, by: (logs.max() ?? 0) / 2) }
      },
      Mistake("mean", "the mean logarithm was subtracted; it has to be the largest") {
        $0.weights = { shifted($0, by: mean($0)) }
      },
      Mistake("from 0", "the search for the largest seems to begin at 0; begin with −∞") {
        $0.weights = { shifted($0, by: max(0, $0.max() ?? 0)) }
      },
    ]
      + LogSumExp.floors.map { floor in
        Mistake("no shift, plus \(floor)", underflow) {
          $0.weights = { shifted($0, by: 0) }
          $0.size = { weights in
            let sum = weights.reduce(0, +)
            return sum * sum / (squares(weights) + floor)
          }
        }
      }
      + LogSumExp.floors.map { floor in
        Mistake("no shift, weights plus \(floor)", underflow) {
          $0.weights = { shifted($0, by: 0).map { $0 + floor } }
          $0.size = { weights in
            let sum = weights.reduce(0, +)
            return 1 / squares(weights.map { $0 / sum })
          }
        }
      }
      + ([0] + LogSumExp.floors).map { floor in
        Mistake("no shift, normalised, plus \(floor)", underflow) {
          $0.weights = { shifted($0, by: 0) }
          $0.size = { weights in
            let sum = weights.reduce(0, +) + floor
            return 1 / squares(weights.map { $0 / sum })
          }
        }
      }
  }
}

extension Comparison<[Double], Double> {
  /// From weights over the largest or the weights themselves; as they are, and as shares of their
  /// sum; and from logarithms only.
  fileprivate mutating func calculateInManyWays() {
    for areRelative in [true, false] {
      calculation { logs in
        let u = weights(ofLogs: .argument("logWeights", logs), areRelative: areRelative)
        return square(sum(u)) / sum(square(u))
      }
      calculation { logs in
        let u = weights(ofLogs: .argument("logWeights", logs), areRelative: areRelative)
        let shares = (u / sum(u)).named("the weights over their sum")
        return 1 / sum(square(shares))
      }
    }
    calculation { logs in
      let logs = Calculation.argument("logWeights", logs)
      func logSumExp(_ logs: Calculation) -> Calculation {
        let m = largest(logs)
        return m + log(sum(exp(logs - m)))
      }
      return exp(2 * logSumExp(logs) - logSumExp(2 * logs))
    }
  }
}
