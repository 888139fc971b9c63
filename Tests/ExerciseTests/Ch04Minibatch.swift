import Exercises
import Foundation

@testable import Ch04_Reparameterization

extension Ch04Exercises {
  static var minibatchEstimate: [Attempt] {
    /// From the sum over the batch, the penalty, N and M.
    func exercise(
      _ row: @escaping ([Double]) -> Double = { $0.reduce(0, +) / Double($0.count) },
      _ estimate: @escaping (Double, Double, Double, Double) -> Double
    ) -> Exercise {
      Checks.minibatchEstimate { derivatives, penalty, count in
        let sum = derivatives.map(row).reduce(0, +)
        return estimate(sum, penalty, Double(count), Double(derivatives.count))
      }
    }
    let right = { (sum: Double, penalty: Double, n: Double, m: Double) in n / m * sum + penalty }
    return [
      .solution(exercise { right($0, $1, $2, $3) }),
      .stub(Checks.minibatchEstimate { _, _, _ in try todo() }),
      .mistake("sum", exercise { sum, penalty, _, _ in sum + penalty }, says: "N/M is missing"),
      .mistake(
        "mean", exercise { sum, penalty, _, m in sum / m + penalty },
        says: "that uses the mean over the batch"),
      .mistake(
        "N/M of the mean", exercise { sum, penalty, n, m in n / m * sum / m + penalty },
        says: "the mean over the batch was multiplied"),
      .mistake(
        "N", exercise { sum, penalty, n, _ in n * sum + penalty }, says: "multiply it by N/M"),
      .mistake(
        "M/N", exercise { sum, penalty, n, m in m / n * sum + penalty }, says: "not M/N"),
      .mistake(
        "integers", exercise { sum, penalty, n, m in (n / m).rounded(.down) * sum + penalty },
        says: "with integers"),
      .mistake(
        "all scaled", exercise { sum, penalty, n, m in n / m * (sum + penalty) },
        says: "the penalty was multiplied"),
      .mistake(
        "no penalty", exercise { sum, _, n, m in n / m * sum }, says: "the penalty is missing"),
      .mistake(
        "sum over draws", exercise({ $0.reduce(0, +) }) { right($0, $1, $2, $3) },
        says: "were added up"),
      .mistake(
        "first draw", exercise({ $0[0] }) { right($0, $1, $2, $3) }, says: "only the first"),
      .mistake("1/N", exercise { s, p, n, _ in s / n + p }, says: "divided by N"),
      .mistake(
        "minus", exercise { s, p, n, m in n / m * s - p }, says: "the penalty was subtracted"),
      .mistake(
        "penalty M times", exercise { s, p, n, m in n / m * s + m * p }, says: "of the batch"),
      .mistake("penalty N times", exercise { s, p, n, m in n / m * s + n * p }, says: "of the N"),
      .mistake("penalty / N", exercise { s, p, n, m in n / m * s + p / n }, says: "divided by N"),
      .mistake(
        "penalty scaled in place of the sum", exercise { s, p, n, m in s + m / n * p },
        says: "the penalty was multiplied by M/N; leave it as it is, and"),
      .mistake(
        "of one example", exercise { s, p, n, m in s / m + p / n },
        says: "the estimate divided by N"),
      .mistake(
        "all by M", exercise { s, p, n, m in (n / m * s + p) / m },
        says: "the estimate divided by M"),
      .mistake("sum and penalty / N", exercise { s, p, n, _ in s + p / n }, says: "two mistakes"),
      .mistake(
        "last draw", exercise({ $0[$0.count - 1] }) { right($0, $1, $2, $3) }, says: "the last"),
      .mistake("largest", exercise({ $0.max()! }) { right($0, $1, $2, $3) }, says: "the largest"),
      .mistake(
        "N/L",
        Checks.minibatchEstimate { rows, penalty, n in
          let sum = rows.map { $0.reduce(0, +) / Double($0.count) }.reduce(0, +)
          return Double(n) / Double(rows[0].count) * sum + penalty
        }, says: "divides by L"),
      .mistake(
        "last row only",
        Checks.minibatchEstimate { rows, penalty, n in
          var sum = 0.0
          for row in rows { sum = row.reduce(0, +) / Double(row.count) }
          return Double(n) / Double(rows.count) * sum + penalty
        }, says: "is there an = in place of +=?"),
      .mistake(
        "mean without penalty", exercise { sum, _, _, m in sum / m }, says: "two mistakes"),
      .mistake("NaN", exercise { _, _, _, _ in .nan }, says: "NaN"),
    ]
  }
}
