import Exercises
import Foundation

@testable import Ch03_KLIdentity

/// Other quantities in place of the right ones.
extension Ch03Exercises {
  static var slipsInMeasures: [Attempt] {
    func shared(_ logMean: @escaping (_ logs: [Double]) -> Double) -> Exercise {
      Checks.sharedQ { rows in
        let terms = rows[0].indices.map { z in exp(logMean(rows.map { $0[z] })) }
        let sum = terms.reduce(0, +)
        return Exercises.SharedQ(q: terms.map { $0 / sum }, loss: -log(sum))
      }
    }
    return [
      .mistake(
        "difference of means", Checks.normalDivergence { $0.mean - $1.mean },
        says: "the difference of the two means"),
      .mistake(
        "equal variances",
        Checks.normalDivergence { q, p in
          (q.mean - p.mean) * (q.mean - p.mean) / (2 * exp(q.logVariance))
        }, says: "the formula for equal variances"),
      .mistake(
        "in units of σ",
        Checks.normalDivergence { q, p in
          (q.mean - p.mean) / (exp(q.logVariance) + exp(p.logVariance)).squareRoot()
        }, says: "in units of σ"),
      .mistake(
        "log of a log",
        shared { logs in logs.reduce(0) { $0 + log(abs($1)) } / Double(logs.count) },
        says: "the log was taken once more"),
      .mistake(
        "harmonic", shared { logs in -log(logs.reduce(0) { $0 + exp(-$1) } / Double(logs.count)) },
        says: "harmonic mean"),
      .mistake(
        "halves", shared { $0.dropFirst().reduce($0[0]) { ($0 + $1) / 2 } },
        says: "half of all the weight"),
    ]
  }
}
