import Autodiff
import Exercises
import Probability

extension Checks {
  static func standardError(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    /// The weights over their mean.
    func relativeWeights(_ logs: [Double]) -> [Double] {
      let logMean = Probability.logMeanExp(logs)
      return logs.map { .exp($0 - logMean) }
    }
    func error(of logs: [Double]) -> Double { LogMeanEstimate(logWeights: logs).standardError }
    var comparison = Comparison<[Double], Double>(of: answer, with: error)
    comparison.ask("the log weights (0, log 3)", [0, .log(3)])
    let drawn = roundedNormals(5, seed: 28)
    comparison.ask("the log weights \(text(drawn))", drawn)
    let shifted = drawn.map { $0 - 2000 }
    comparison.ask("the log weights \(text(shifted))", shifted)
    comparison.recognize(
      "that is the standard deviation of one weight; that of the mean of n is smaller by a factor "
        + "of √n"
    ) { error(of: $0) * Double($0.count).squareRoot() }
    comparison.recognize("that is not yet divided by the mean weight") {
      error(of: $0) * .exp(Probability.logMeanExp($0))
    }
    comparison.recognize("the squared deviations were divided by n; n − 1 makes s² unbiased") {
      error(of: $0) * (1 - 1 / Double($0.count)).squareRoot()
    }
    comparison.recognize("that is the square of the standard error; the root is missing") {
      error(of: $0) * error(of: $0)
    }
    comparison.recognize(
      "that is the standard error of the mean of the logs; the exercise asks for that of the log "
        + "of the mean"
    ) { MonteCarloEstimate($0).standardError }
    comparison.recognize("the standard deviation was divided by n, not by √n") {
      error(of: $0) / Double($0.count).squareRoot()
    }
    comparison.recognize(
      "the weights became 0; only ratios matter, so first subtract the largest logarithm from all"
    ) { logs in
      let estimate = MonteCarloEstimate(logs.map(Double.exp))
      return estimate.standardError / estimate.mean
    }
    return Exercise(
      "standard-error", "The standard error of log P̂, by the delta method", minutes: 15,
      hints: [
        "If you multiply all weights by the same number, the result stays the same. Which number "
          + "keeps the weights from becoming 0?",
        "Let uᵢ = exp(lᵢ − max l). Divide the standard deviation of u by √n and by the mean of u.",
      ], comparison)
  }
}
