import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func standardError(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    var comparison = Comparison<[Double], Double>(of: answer) {
      LogMeanEstimate(logWeights: $0).standardError
    }
    comparison.ask("the log weights (0, log 3)", [0, .log(3)])
    let drawn = roundedNormals(5, seed: 28)
    comparison.ask("the log weights \(text(drawn))", drawn)
    let shifted = drawn.map { $0 - 2000 }
    comparison.ask("the log weights \(text(shifted))", shifted)
    comparison.ask("the log weights (900, 901.5, 899)", [900, 901.5, 899])
    comparison.ask("the log weights (−1.5, 700, 699)", [-1.5, 700, 699])
    comparison.ask("the log weights (1, −720, 0.5)", [1, -720, 0.5])
    comparison.ask("the log weights (0.3, −∞, 0.9, 0.2)", [0.3, -.infinity, 0.9, 0.2])
    comparison.argument("logWeights", \.self)
    comparison.recognize(RelativeError.mistakes, in: RelativeError()) { $1($0) }
    comparison.calculateInManyWays()
    return Exercise(
      "standard-error", "The standard error of log P̂, by the delta method", minutes: 15,
      hints: [
        "If you multiply all weights by the same number, the result stays the same. Which number "
          + "keeps the weights from becoming 0?",
        "Let uᵢ = exp(lᵢ − max l). Divide the standard deviation of u by √n and by the mean of u.",
      ], comparison)
  }
}

/// (s/√n)/w̄ from log weights, and where people go wrong in it.
struct RelativeError {
  var weights: ([Double]) -> [Double] = { logs in
    let largest = logs.max() ?? 0
    return logs.map { .exp($0 - largest) }
  }
  var deviation = SampleVariance.unbiased.root
  /// The variance from n and the sums of the weights and of their squares, or of the weights in
  /// turn, in place of that deviation.
  var variance: ((_ weights: [Double]) -> Double)?
  /// What the standard deviation of n weights is divided by.
  var divisor: (_ n: Double) -> Double = { $0.squareRoot() }
  /// What it is then divided by.
  var center: (_ weights: [Double]) -> Double = { mean($0) }
  /// Or, from the log weights.
  var centerOfLogs: ((_ logs: [Double]) -> Double)?
  var finish: (Double) -> Double = { $0 }

  func callAsFunction(_ logs: [Double]) -> Double {
    let weights = weights(logs)
    let deviation = variance?(weights).squareRoot() ?? deviation(weights)
    return finish(
      deviation / divisor(Double(logs.count)) / (centerOfLogs?(logs) ?? center(weights)))
  }

  static var mistakes: [Mistake<RelativeError>] {
    mistakesOfTheMean + mistakesOfTheWeights + mistakesOfMoments
      + SampleVariance.mistakes(in: .unbiased.root).without("no root", "sum", "no brackets").within(
        \.deviation)
  }

  private static var mistakesOfTheMean: [Mistake<RelativeError>] {
    /// The mean of the weights over the largest.
    func relativeMean(_ logs: [Double]) -> Double {
      let largest = logs.max() ?? 0
      return mean(logs.map { .exp($0 - largest) })
    }
    let scaled = "that is multiplied by log P̂; s/(√n w̄) is the error of log P̂ as it stands"
    let noRoot = "the root of the variance is missing: s is the root of Σ(wᵢ − w̄)²/(n − 1)"
    return [
      Mistake(
        "no √n",
        "that is the standard deviation of one weight; that of the mean of n is smaller by a factor "
          + "of √n", isCommon: true
      ) { $0.divisor = { _ in 1 } },
      Mistake("n", "the standard deviation was divided by n, not by √n", isCommon: true) {
        $0.divisor = { $0 }
      },
      Mistake("√(n − 1)", "s was divided by √(n − 1); the n − 1 is in s already, and √n is left") {
        $0.divisor = { ($0 - 1).squareRoot() }
      },
      Mistake("times √n", "s was multiplied by √n, not divided") {
        $0.divisor = { 1 / $0.squareRoot() }
      },
      Mistake(
        "n once",
        "that is √(Σ(wᵢ − w̄)²/n)/w̄; divide the sum by n − 1 to get s², and then s by √n",
        isCommon: true
      ) { $0.deviation.divisor = { _ in 1 } },
      Mistake("absolute", "absolute deviations were averaged; square them, and take the root") {
        $0.deviation.square = { abs($0) }
        $0.deviation.finish = { $0 }
      },
      Mistake("squared", "that is the square of the standard error; the root is missing") {
        $0.finish = { $0 * $0 }
      },
      Mistake("no root, n", noRoot) {
        $0.deviation = .unbiased
        $0.divisor = { $0 }
      },
      Mistake("no root, √n", noRoot) { $0.deviation = .unbiased },
      Mistake("no root, nothing", noRoot) {
        $0.deviation = .unbiased
        $0.divisor = { _ in 1 }
      },
      Mistake("no mean", "that is not yet divided by the mean weight", isCommon: true) {
        $0.center = { _ in 1 }
      },
      Mistake("sum for mean", "that is divided by the sum of the weights, not by their mean") {
        $0.center = { $0.reduce(0, +) }
      },
      Mistake("mean squared", "that is divided by the square of the mean weight") {
        $0.center = { mean($0) * mean($0) }
      },
      Mistake("times the mean", "that is multiplied by the mean weight, not divided") {
        $0.center = { 1 / mean($0) }
      },
      Mistake("root of the mean", "that is divided by the root of the mean weight") {
        $0.center = { mean($0).squareRoot() }
      },
      Mistake("log of the mean", "that is divided by the log of the mean weight") {
        $0.center = { .log(mean($0)) }
      },
      Mistake(
        "log mean", "that is divided by log w̄, the log of the mean; divide by the mean itself"
      ) { $0.centerOfLogs = { Probability.logMeanExp($0) } },
      Mistake(
        "mean not relative",
        "s is that of the weights over the largest, but the mean is not; take both from the same"
      ) { $0.centerOfLogs = { .exp(Probability.logMeanExp($0)) } },
      Mistake("mean of logs", "that is divided by the mean of the logarithms, not of the weights") {
        $0.centerOfLogs = { mean($0) }
      },
      Mistake(
        "times the largest",
        "that is multiplied by the largest weight; it cancels between s and w̄, and stays out"
      ) {
        $0.centerOfLogs = { relativeMean($0) / .exp($0.max() ?? 0) }
      },
      Mistake("times log P̂", scaled) {
        $0.centerOfLogs = { relativeMean($0) / Probability.logMeanExp($0) }
      },
      Mistake("times the size of log P̂", scaled) {
        $0.centerOfLogs = { relativeMean($0) / abs(Probability.logMeanExp($0)) }
      },
      Mistake(
        "over log P̂", "that is divided by log P̂; s/(√n w̄) is the error of log P̂ as it stands"
      ) { $0.centerOfLogs = { relativeMean($0) * Probability.logMeanExp($0) } },
      Mistake("log", "that is the log of the standard error") { $0.finish = { .log($0) } },
    ]
  }

  private static var mistakesOfTheWeights: [Mistake<RelativeError>] {
    let underflow =
      "the weights became 0 or infinite; only their ratios matter, so first subtract the largest "
      + "logarithm from all"
    return [
      Mistake("no mean, no shift", "that is not yet divided by the mean weight") {
        $0.weights = { $0.map { .exp($0) } }
        $0.center = { _ in 1 }
      },
      Mistake(
        "of the logs",
        "that is the standard error of the mean of the logs; the exercise asks for that of the log "
          + "of the mean"
      ) {
        $0.weights = { $0 }
        $0.center = { _ in 1 }
      },
      Mistake("logs for weights", "the logarithms were used in place of the weights") {
        $0.weights = { $0 }
      },
      Mistake("of the logs, over the mean", "the standard deviation is that of the logarithms") {
        $0.weights = { $0 }
        $0.center = { logs in
          let largest = logs.max() ?? 0
          return mean(logs.map { .exp($0 - largest) })
        }
      },
      Mistake("no shift", underflow) { $0.weights = { $0.map { .exp($0) } } },
      Mistake("first", "the first logarithm was subtracted; it has to be the largest") {
        $0.weights = { logs in logs.map { .exp($0 - (logs.first ?? 0)) } }
      },
      Mistake("smallest", "the smallest logarithm was subtracted; it has to be the largest") {
        $0.weights = { logs in logs.map { .exp($0 - (logs.min() ?? 0)) } }
      },
      Mistake("mean of the logs", "the mean logarithm was subtracted; it has to be the largest") {
        $0.weights = { logs in logs.map { .exp($0 - mean(logs)) } }
      },
      Mistake("from 0", "the search for the largest seems to begin at 0; begin with −∞") {
        $0.weights = { logs in
          let largest = max(0, logs.max() ?? 0)
          return logs.map { .exp($0 - largest) }
        }
      },
      Mistake("1/√ESS", "that is √(Σw²)/Σw; the square of the mean weight was not subtracted") {
        $0.deviation.center = { _ in 0 }
        $0.deviation.divisor = { $0 }
      },
    ]
      + LogSumExp.floors.map { floor in
        Mistake("no shift, plus \(floor)", underflow) {
          $0.weights = { $0.map { .exp($0) } }
          $0.center = { mean($0) + floor }
        }
      }
  }
}

extension Comparison<[Double], Double> {
  /// From weights over the largest or the weights themselves; with s, with s²/n, with shares of the
  /// weight, and with the mean square.
  fileprivate mutating func calculateInManyWays() {
    for areRelative in [true, false] {
      func calculate(_ error: @escaping (_ u: Calculation, _ n: Calculation) -> Calculation) {
        calculation { logs in
          error(
            weights(ofLogs: .argument("logWeights", logs), areRelative: areRelative),
            .argument("logWeights.count", Double(logs.count)))
        }
      }
      calculate { u, n in
        let mean = mean(u)
        let deviation = sqrt(sum(square(u - mean)) / (n - 1)).named("s")
        return deviation / sqrt(n) / mean
      }
      calculate { u, n in
        let mean = mean(u)
        let variance = (sum(square(u - mean)) / (n - 1)).named("s²")
        return sqrt(variance / n) / mean
      }
      calculate { u, n in
        let shares = (u / sum(u)).named("the weights over their sum")
        let squares = sum(square(shares - 1 / n))
        return sqrt(n * squares / (n - 1))
      }
      calculate { u, n in
        let ratio = mean(square(u)) / square(mean(u))
        return sqrt((ratio - 1) / (n - 1))
      }
    }
  }
}
