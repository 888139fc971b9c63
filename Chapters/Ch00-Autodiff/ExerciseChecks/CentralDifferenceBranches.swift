import Autodiff
import Exercises

extension Comparison<DifferenceTask, Double> {
  /// Other formulas for some inputs, and other steps or places.
  mutating func recognizeBranches() {
    let conditions: [(String, (DifferenceTask) -> Bool)] = [
      ("h ≥ 1", { $0.h >= 1 }), ("h > 1", { $0.h > 1 }), ("large h", { $0.h >= 0.5 }),
      ("small h", { $0.h < 0.5 }), ("h < 1", { $0.h < 1 }), ("positive x", { $0.x > 0 }),
      ("negative x", { $0.x < 0 }), ("large x", { $0.x > 1 }), ("large |x|", { abs($0.x) > 1 }),
    ]
    for (name, condition) in conditions {
      recognize("for \(name) that is the forward difference; use the central one for all x and h") {
        condition($0) ? $0.forward : $0.central
      }
      recognize("for \(name) that is the backward difference; use the central one for all x and h")
      {
        condition($0) ? $0.backward : $0.central
      }
    }
    for largest in [1e-3, 1e-2, 0.1, 0.25, 0.5, 1] {
      recognize("h was cut to at most \(largest); take the step that is given") {
        $0.central(step: min($0.h, largest))
      }
    }
    for least in [0.5, 1] {
      recognize("h was raised to at least \(least); take the step that is given") {
        $0.central(step: max($0.h, least))
      }
    }
    recognize("that is the mean of the forward and the central difference; take the central one") {
      ($0.forward + $0.central) / 2
    }
    recognize("that is the mean of the backward and the central difference; take the central one") {
      ($0.backward + $0.central) / 2
    }
    recognize("that is the larger of the forward and the backward difference; take their mean") {
      max($0.forward, $0.backward)
    }
    recognize("that is the smaller of the forward and the backward difference; take their mean") {
      min($0.forward, $0.backward)
    }
    recognize("the step was multiplied by the larger of 1 and |x|; the step is h itself") {
      $0.central(step: $0.h * max(1, abs($0.x)))
    }
    recognize("that is extrapolated from the steps h and h/2; one central difference is asked for")
    {
      (4 * $0.central(step: $0.h / 2) - $0.central) / 3
    }
    recognize("that is a one-sided formula with f(x), f(x + h), f(x + 2h); use x − h and x + h") {
      (4 * $0.f($0.x + $0.h) - 3 * $0.f($0.x) - $0.f($0.x + 2 * $0.h)) / (2 * $0.h)
    }
    recognize("the values are at x − 2h and x; they should be at x − h and x + h") {
      ($0.f($0.x) - $0.f($0.x - 2 * $0.h)) / (2 * $0.h)
    }
    recognize("the values are at x ± h/2, which are h apart, and were divided by h/2") {
      2 * $0.central(step: $0.h / 2)
    }
    recognize("that is the difference of the logarithms of f; take that of the values of f") {
      (.log($0.f($0.x + $0.h)) - .log($0.f($0.x - $0.h))) / (2 * $0.h)
    }
    recognize("the sign of x was dropped; evaluate f at x − h and x + h") {
      ($0.f(abs($0.x) + $0.h) - $0.f(abs($0.x) - $0.h)) / (2 * $0.h)
    }
  }
}

extension DifferenceTask {
  fileprivate var forward: Double { (f(x + h) - f(x)) / h }

  fileprivate var backward: Double { (f(x) - f(x - h)) / h }

  fileprivate var central: Double { central(step: h) }

  fileprivate func central(step: Double) -> Double { Differences.central(f, x, step) }
}
