import Autodiff
import Calculations
import Exercises

extension Checks {
  static func centralDifference(
    _ answer: @escaping ((Double) -> Double, Double, Double) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<DifferenceTask, Double>(of: { try answer($0.f, $0.x, $0.h) }) {
      Differences.central($0.f, $0.x, $0.h)
    }
    comparison.ask("f(x) = x³, x = 2 and h = 1", DifferenceTask(x: 2, h: 1) { $0 * $0 * $0 })
    comparison.ask(
      "f(x) = exp(x), x = 0.5 and h = 0.25", DifferenceTask(x: 0.5, h: 0.25) { .exp($0) })
    comparison.ask(
      "f(x) = cos(x), x = 1.5 and h = 0.5", DifferenceTask(x: 1.5, h: 0.5) { .cos($0) })
    comparison.ask(
      "f(x) = x² + x, x = -1.3 and h = 0.2", DifferenceTask(x: -1.3, h: 0.2) { $0 * $0 + $0 })
    comparison.ask(
      "f(x) = x³ − x, x = -2 and h = 1.5", DifferenceTask(x: -2, h: 1.5) { $0 * $0 * $0 - $0 })
    comparison.argument("x", \.x)
    comparison.argument("h", \.h)
    comparison.recognize(DifferenceQuotient.mistakes, in: DifferenceQuotient()) { $1.value($0) }
    comparison.recognizeOtherFormulas()
    comparison.recognizeBranches()
    comparison.calculation { task in
      let x = Calculation.argument("x", task.x)
      let h = Calculation.argument("h", task.h)
      return (applied("f", to: x + h, task.f) - applied("f", to: x - h, task.f)) / (2 * h)
    }
    comparison.calculation { task in
      let x = Calculation.argument("x", task.x)
      let h = Calculation.argument("h", task.h)
      let value = applied("f", to: x, task.f)
      let forward = (applied("f", to: x + h, task.f) - value) / h
      let backward = (value - applied("f", to: x - h, task.f)) / h
      return (forward.named("the forward difference") + backward.named("the backward difference"))
        / 2
    }
    return Exercise(
      "central-difference", "A derivative from two values of the function", minutes: 5,
      hints: [
        "A slope is a height over a length: how far apart are the two points?",
        "The height is f(x + h) − f(x − h), the length is 2h.",
      ], comparison)
  }
}

/// What is given in the exercise on differences.
struct DifferenceTask {
  var x: Double
  var h: Double
  let f: (Double) -> Double
}

/// (f(ahead) − f(behind))/length.
private struct DifferenceQuotient {
  var ahead: (_ x: Double, _ h: Double) -> Double = { x, h in x + h }
  var behind: (_ x: Double, _ h: Double) -> Double = { x, h in x - h }
  var height: (_ ahead: Double, _ behind: Double) -> Double = { $0 - $1 }
  var slope: (_ height: Double, _ h: Double) -> Double = { height, h in height / (2 * h) }

  func value(_ task: DifferenceTask) -> Double {
    slope(height(task.f(ahead(task.x, task.h)), task.f(behind(task.x, task.h))), task.h)
  }

  static var mistakes: [Mistake<DifferenceQuotient>] { places + lengths }

  private static var places: [Mistake<DifferenceQuotient>] {
    [
      Mistake("forward", "that is the forward difference; the value at x − h is missing") {
        $0.behind = { x, _ in x }
        $0.slope = { height, h in height / h }
      },
      Mistake("backward", "that is the backward difference; the value at x + h is missing") {
        $0.ahead = { x, _ in x }
        $0.slope = { height, h in height / h }
      },
      Mistake("f(x) for f(x − h)", "the second value is f(x), but it should be f(x − h)") {
        $0.behind = { x, _ in x }
      },
      Mistake("f(x) for f(x + h)", "the first value is f(x), but it should be f(x + h)") {
        $0.ahead = { x, _ in x }
      },
      Mistake("reversed", "the values are subtracted the wrong way round", isCommon: true) {
        $0.height = { $1 - $0 }
      },
      Mistake("sum", "the two values are added; a height is their difference", isCommon: true) {
        $0.height = { $0 + $1 }
      },
      Mistake("size", "the sign is gone; a falling function has a negative derivative") {
        $0.height = { abs($0 - $1) }
      },
      Mistake(
        "half step", "the two values are at half the distance; evaluate f at x − h and x + h"
      ) {
        $0.ahead = { x, h in x + h / 2 }
        $0.behind = { x, h in x - h / 2 }
        $0.slope = { height, h in height / h }
      },
      Mistake(
        "half places",
        "the two values are at x ± h/2, which are h apart, and were divided by 2h; evaluate f at "
          + "x − h and x + h"
      ) {
        $0.ahead = { x, h in x + h / 2 }
        $0.behind = { x, h in x - h / 2 }
      },
      Mistake("double places", "the values are at x ± 2h; they should be at x ± h") {
        $0.ahead = { x, h in x + 2 * h }
        $0.behind = { x, h in x - 2 * h }
      },
      Mistake("double step", "that is the central difference with the step 2h") {
        $0.ahead = { x, h in x + 2 * h }
        $0.behind = { x, h in x - 2 * h }
        $0.slope = { height, h in height / (4 * h) }
      },
      Mistake("two steps", "the values are at x and x + 2h; they should be at x − h and x + h") {
        $0.ahead = { x, h in x + 2 * h }
        $0.behind = { x, _ in x }
      },
      Mistake("relative", "the values are at x ± hx; the step is h itself") {
        $0.ahead = { x, h in x + h * x }
        $0.behind = { x, h in x - h * x }
      },
    ]
  }

  private static var lengths: [Mistake<DifferenceQuotient>] {
    [
      Mistake("h", "x − h and x + h are 2h apart, not h", isCommon: true) {
        $0.slope = { height, h in height / h }
      },
      Mistake("none", "that is the difference alone; the division by 2h is missing") {
        $0.slope = { height, _ in height }
      },
      Mistake("2", "that is divided by 2, not by 2h: h is missing") {
        $0.slope = { height, _ in height / 2 }
      },
      Mistake(
        "precedence", "/ 2 * h divides by 2 and multiplies by h; write / (2 * h)", isCommon: true
      ) { $0.slope = { height, h in height / 2 * h } },
      Mistake("times 2h", "the difference was multiplied by 2h; divide by it") {
        $0.slope = { height, h in height * 2 * h }
      },
      Mistake("times h", "the difference was multiplied by h; divide by 2h") {
        $0.slope = { height, h in height * h }
      },
      Mistake("h²", "that is divided by h²; the two points are 2h apart") {
        $0.slope = { height, h in height / (h * h) }
      },
      Mistake("2h²", "that is divided by 2h²; the two points are 2h apart") {
        $0.slope = { height, h in height / (2 * h * h) }
      },
      Mistake("4h²", "that is divided by (2h)²; the two points are 2h apart") {
        $0.slope = { height, h in height / (4 * h * h) }
      },
      Mistake("half h", "that is divided by h/2; the two points are 2h apart") {
        $0.slope = { height, h in height / (h / 2) }
      },
      Mistake("0", "x + h - x - h is 0; the distance is (x + h) - (x - h)") {
        $0.slope = { height, _ in height / 0 }
      },
      Mistake("sum of 2 and h", "that is divided by 2 + h; divide by 2 times h") {
        $0.slope = { height, h in height / (2 + h) }
      },
    ]
  }
}

extension Comparison<DifferenceTask, Double> {
  fileprivate mutating func recognizeOtherFormulas() {
    recognize("the brackets around the difference are missing: only f(x − h) was divided by 2h") {
      $0.f($0.x + $0.h) - $0.f($0.x - $0.h) / (2 * $0.h)
    }
    recognize("the brackets around the difference are missing: only f(x − h) was divided") {
      $0.f($0.x + $0.h) - $0.f($0.x - $0.h) / 2 * $0.h
    }
    recognize("the brackets are missing twice: only f(x − h) was divided, and only by h") {
      $0.f($0.x + $0.h) - $0.f($0.x - $0.h) / $0.h
    }
    recognize("h was subtracted from the value f(x); evaluate f at x − h") {
      ($0.f($0.x + $0.h) - ($0.f($0.x) - $0.h)) / (2 * $0.h)
    }
    recognize("f(x) − h stands where f(x − h) should be, without brackets of its own") {
      ($0.f($0.x + $0.h) - $0.f($0.x) - $0.h) / (2 * $0.h)
    }
    recognize("h was added to the values; it belongs inside the brackets: f(x + h), f(x − h)") {
      _ in 1
    }
    recognize("that is divided by 2x; x and h are exchanged") {
      ($0.f($0.x + $0.h) - $0.f($0.h - $0.x)) / (2 * $0.x)
    }
    recognize("that is divided by 2x; the two points are 2h apart") {
      ($0.f($0.x + $0.h) - $0.f($0.x - $0.h)) / (2 * $0.x)
    }
    recognize("that is divided by x + h; the two points are 2h apart") {
      ($0.f($0.x + $0.h) - $0.f($0.x - $0.h)) / ($0.x + $0.h)
    }
    recognize("the slope was multiplied by x") {
      Differences.central($0.f, $0.x, $0.h) * $0.x
    }
    recognize("the places are x · h and x / h; they should be x + h and x − h") {
      ($0.f($0.x * $0.h) - $0.f($0.x / $0.h)) / (2 * $0.h)
    }
    recognize("that is the second difference, which estimates f″; the exercise asks for f′") {
      ($0.f($0.x + $0.h) - 2 * $0.f($0.x) + $0.f($0.x - $0.h)) / ($0.h * $0.h)
    }
    recognize(
      "f(x) counts twice, as for f″. The mean of the forward and the backward difference would be "
        + "right: add these two"
    ) {
      ($0.f($0.x + $0.h) - 2 * $0.f($0.x) + $0.f($0.x - $0.h)) / (2 * $0.h)
    }
    recognize("that is the formula with four values; the exercise asks for the one with two") {
      Differences.fourthOrder($0.f, $0.x, $0.h)
    }
    recognize("that is the value f(x), not a slope") { $0.f($0.x) }
    recognize("that is the mean of the two values, not a slope") {
      ($0.f($0.x + $0.h) + $0.f($0.x - $0.h)) / 2
    }
  }
}
