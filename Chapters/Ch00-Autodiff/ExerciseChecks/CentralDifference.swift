import Autodiff
import Exercises

extension Checks {
  static func centralDifference(
    _ answer: @escaping ((Double) -> Double, Double, Double) throws -> Double
  ) -> Exercise {
    struct Input {
      let f: (Double) -> Double
      let x: Double
      let h: Double
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.f, $0.x, $0.h) }) {
      Differences.central($0.f, $0.x, $0.h)
    }
    comparison.ask("f(x) = x³, x = 2 and h = 1", Input(f: { $0 * $0 * $0 }, x: 2, h: 1))
    comparison.ask(
      "f(x) = exp(x), x = 0.5 and h = 0.25", Input(f: { .exp($0) }, x: 0.5, h: 0.25))
    comparison.ask(
      "f(x) = sin(x), x = -1 and h = 0.5", Input(f: { .sin($0) }, x: -1, h: 0.5))
    comparison.recognize("that is the forward difference; the value at x − h is missing") {
      Differences.forward($0.f, $0.x, $0.h)
    }
    comparison.recognize("that is the backward difference; the value at x + h is missing") {
      ($0.f($0.x) - $0.f($0.x - $0.h)) / $0.h
    }
    comparison.recognize("x − h and x + h are 2h apart, not h") {
      ($0.f($0.x + $0.h) - $0.f($0.x - $0.h)) / $0.h
    }
    comparison.recognize("that is the difference alone; the division by 2h is missing") {
      $0.f($0.x + $0.h) - $0.f($0.x - $0.h)
    }
    comparison.recognize("that is divided by 2, not by 2h: h is missing") {
      ($0.f($0.x + $0.h) - $0.f($0.x - $0.h)) / 2
    }
    comparison.recognize("/ 2 * h multiplies by h; write / (2 * h)") {
      ($0.f($0.x + $0.h) - $0.f($0.x - $0.h)) / 2 * $0.h
    }
    comparison.recognize("the values are subtracted the wrong way round") {
      -Differences.central($0.f, $0.x, $0.h)
    }
    comparison.recognize("the two values are at half the distance; evaluate f at x − h and x + h") {
      Differences.central($0.f, $0.x, $0.h / 2)
    }
    return Exercise(
      "central-difference", "A derivative from two values of the function", minutes: 5,
      hints: [
        "A slope is a height over a length: how far apart are the two points?",
        "The height is f(x + h) − f(x − h), the length is 2h.",
      ], comparison)
  }
}
