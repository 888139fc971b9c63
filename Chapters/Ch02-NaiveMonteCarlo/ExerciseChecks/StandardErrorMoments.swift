import Exercises

extension RelativeError {
  /// The mistakes of those who compute the variance from Σ w², or in one pass.
  static var mistakesOfMoments: [Mistake<RelativeError>] {
    let right = "s² is (Σ w² − n w̄²)/(n − 1)"
    let subtracted: [(String, (_ n: Double, _ sum: Double) -> Double)] = [
      (
        "w̄² was subtracted from the sum of squares only once; \(right)",
        { n, sum in sum / n * sum / n }
      ),
      (
        "w̄² was subtracted from the sum of squares n − 1 times, not n times; \(right)",
        { n, sum in (n - 1) * (sum / n * sum / n) }
      ),
      (
        "the whole (Σ w)² was subtracted from the sum of squares; subtract (Σ w)²/n",
        { _, sum in sum * sum }
      ),
      (
        "the mean itself was subtracted from the mean square; subtract w̄²", { _, sum in sum }
      ),
    ]
    let sums = subtracted.flatMap { message, subtracted in
      [0.0, 1].map { less in
        Mistake<RelativeError>("\(message), n − \(less)", message) {
          $0.variance = { weights in
            let n = Double(weights.count)
            let sum = weights.reduce(0, +)
            let squares = weights.reduce(0) { $0 + $1 * $1 }
            return abs(squares - subtracted(n, sum)) / (n - less)
          }
        }
      }
    }
    let negative = Mistake<RelativeError>(
      "negative",
      "the variance became negative, and its root NaN: is n − 1 without brackets, `x / n - 1`, or "
        + "(Σ w)² not divided by n?"
    ) { $0.variance = { _ in -1 } }
    return sums + passes + [negative]
  }

  /// The mistakes in one pass over the weights, with a mean that is updated.
  private static var passes: [Mistake<RelativeError>] {
    let passes: [(String, (_ before: Double, _ after: Double) -> Double)] = [
      (
        "in Welford’s update, the deviation from the old mean was squared; multiply it by that from "
          + "the new mean", { before, _ in before * before }
      ),
      (
        "the deviations are from the mean of the weights so far; compute the mean of all first",
        { _, after in after * after }
      ),
    ]
    return passes.map { message, square in
      Mistake(message, message) {
        $0.variance = { weights in
          var (mean, sum) = (0.0, 0.0)
          for (index, weight) in weights.enumerated() {
            let before = weight - mean
            mean += before / Double(index + 1)
            sum += square(before, weight - mean)
          }
          return sum / Double(weights.count - 1)
        }
      }
    }
  }
}
