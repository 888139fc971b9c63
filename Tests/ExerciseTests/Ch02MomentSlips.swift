import Exercises
import Foundation

@testable import Ch02_NaiveMonteCarlo

/// Sums that go wrong on the way to a standard error or to a mean of densities.
extension Ch02Exercises {
  static var slipsInMoments: [Attempt] {
    func error(_ variance: @escaping (_ n: Double, _ sum: Double, _ squares: Double) -> Double)
      -> Exercise
    {
      Checks.standardError { logs in
        let w = logs.map { exp($0 - logs.max()!) }
        let (n, sum) = (Double(w.count), w.reduce(0, +))
        return sqrt(variance(n, sum, w.reduce(0) { $0 + $1 * $1 }) / n) / (sum / n)
      }
    }
    func logDensity(_ x: [Double], _ center: [Double], _ sigma: Double) -> Double {
      zip(x, center).reduce(0) { sum, pair in
        let deviation = (pair.0 - pair.1) / sigma
        return sum - log(sigma) - 0.5 * log(2 * .pi) - 0.5 * deviation * deviation
      }
    }
    return [
      .mistake(
        "mean² once", error { n, sum, squares in (squares - sum / n * sum / n) / (n - 1) },
        says: "only once"),
      .mistake(
        "sum², not over n", error { n, sum, squares in abs(squares - sum * sum) / (n - 1) },
        says: "subtract (Σ w)²/n"),
      .mistake(
        "mean for its square", error { n, sum, squares in abs(squares - sum) / (n - 1) },
        says: "the mean itself was subtracted"),
      .mistake(
        "negative", error { n, sum, squares in (squares - sum * sum) / (n - 1) },
        says: "became negative, and its root NaN"),
      .mistake(
        "mean so far",
        Checks.standardError { logs in
          var (n, sum, squares) = (0.0, 0.0, 0.0)
          for log in logs {
            n += 1
            sum += exp(log - logs.max()!)
            let deviation = exp(log - logs.max()!) - sum / n
            squares += deviation * deviation
          }
          return sqrt(squares / (n - 1) / n) / (sum / n)
        }, says: "the mean of the weights so far"),
      .mistake(
        "same place",
        Checks.kernelLogLikelihood { fresh, training, sigma in
          let logs = zip(fresh, training).map { logDensity($0, $1, sigma) }
          return logs.reduce(0, +) / Double(logs.count)
        }, says: "at the same place"),
    ]
  }
}
