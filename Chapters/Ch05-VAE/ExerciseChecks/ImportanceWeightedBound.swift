import Autodiff
import Exercises
import Probability

extension Checks {
  static func importanceWeightedBound(
    _ answer: @escaping ([[Double]]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<[[Double]], Double>(of: answer) { mean($0.map { logMeanExp($0) }) }
    func ask(_ logWeights: [[Double]]) {
      comparison.ask("the log weights \(exact(logWeights))", logWeights)
    }
    comparison.ask("the log weights (0, log 3), (-1, -1)", [[0, .log(3)], [-1, -1]])
    ask(roundedNormals(3, 4, seed: 66))
    ask([[-2000, -2001, -2003], [-1500, -1502.5, -1500]])
    comparison.recognize(
      "that is the mean of the log weights, the bound L₁; L_K is the log of their mean"
    ) { mean($0.map(mean)) }
    comparison.recognize("that is the log of a sum, not of a mean; subtract log K") {
      mean($0.map(logSumExp))
    }
    comparison.recognize("the sum was divided by K after its log was taken; divide before") {
      mean($0.map { logSumExp($0) / Double($0.count) })
    }
    comparison.recognize(
      "that is the log of the mean of all weights; take the log for each image, and then the mean"
    ) { logMeanExp($0.flatMap { $0 }) }
    comparison.recognize(
      "that is the log of a mean over the images, averaged over the K samples; it should be the "
        + "other way round"
    ) { mean(transposed($0).map { logMeanExp($0) }) }
    comparison.recognize("that is the sum over the images; the exercise asks for their mean") {
      $0.map { logMeanExp($0) }.reduce(0, +)
    }
    comparison.recognize("the largest was subtracted first, but not added back at the end") {
      mean($0.map { logMeanExp($0) - ($0.max() ?? 0) })
    }
    comparison.recognize(
      "the weights became 0 before the log was taken; subtract the largest log weight first"
    ) { mean($0.map { .log(mean($0.map(Double.exp))) }) }
    return Exercise(
      "importance-weighted-bound", "L_K, from the log weights of a test set", minutes: 10,
      hints: [
        "One mean is inside the logarithm and one is outside. Which of them is over the K samples?",
        "It is the mean over the images of the logMeanExp of chapter 2.",
      ], comparison)
  }
}
