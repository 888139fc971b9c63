import Autodiff

/// log(w (e^l₁ + … + e^lₙ)) with a weight w, such as 1, 1/n or the spacing of a grid, and where
/// people go wrong in it.
public struct LogSumExp {
  /// What is subtracted from all logs.
  public var shift: ([Double]) -> Double = { $0.max() ?? 0 }
  /// What is added at the end, for what was subtracted.
  public var restored: (_ shift: Double) -> Double = { $0 }
  /// Which logs the sum runs over.
  public var terms: ([Double]) -> [Double] = { $0 }
  /// What is summed.
  public var exponential: (Double) -> Double = { .exp($0) }
  /// Where the sum begins.
  public var start = 0.0
  /// What is taken of the weighted sum of n exponentials.
  public var logarithm: (_ sum: Double, _ n: Double) -> Double = { sum, _ in .log(sum) }

  /// The right formula.
  public init() {}

  /// The logarithm of the weighted sum.
  public func callAsFunction(_ logs: [Double], weight: Double = 1) -> Double {
    let shift = shift(logs)
    let sum = terms(logs).reduce(start) { $0 + exponential($1 - shift) }
    return restored(shift) + logarithm(weight * sum, Double(logs.count))
  }

  /// Numbers that people add to, or put under, what they take the logarithm of.
  public static let floors = [
    1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30, 1e-38,
    1e-40,
    1e-45, 1e-50, 1e-100, 1e-200, 1e-300, 1e-307, 1e-308, .leastNormalMagnitude,
    .leastNonzeroMagnitude, .ulpOfOne,
  ]

  /// What can go wrong in it.
  public static var mistakes: [Mistake<LogSumExp>] {
    mistakesOfTheShift + mistakesOfTheSum + floorMistakes + fixedShiftMistakes + loopMistakes
  }

  private static var mistakesOfTheShift: [Mistake<LogSumExp>] {
    [
      Mistake(
        "not restored", "the largest was subtracted at the start, but not added back at the end",
        isCommon: true
      ) { $0.restored = { _ in 0 } },
      Mistake("subtracted twice", "the largest was subtracted again at the end; add it") {
        $0.restored = { -$0 }
      },
      Mistake(
        "no shift",
        "an exponential became 0 or infinite before the log was taken; subtract the largest of the "
          + "logs first, and add it at the end"
      ) { $0.shift = { _ in 0 } },
      Mistake(
        "from 0",
        "the search for the largest seems to begin at 0, so negative logs are never found; begin "
          + "with −∞, or use `max()`"
      ) { $0.shift = { max(0, $0.max() ?? 0) } },
      Mistake(
        "first", "the first log was subtracted; it has to be the largest, wherever it stands"
      ) { $0.shift = { $0.first ?? 0 } },
      Mistake("last", "the last log was subtracted; it has to be the largest, wherever it stands") {
        $0.shift = { $0.last ?? 0 }
      },
      Mistake(
        "smallest",
        "the smallest log was subtracted; it has to be the largest, or an exponential becomes "
          + "infinite"
      ) { $0.shift = { $0.min() ?? 0 } },
      Mistake(
        "by size",
        "the log of the largest absolute value was subtracted; it has to be the largest log"
      ) { $0.shift = { $0.max { abs($0) < abs($1) } ?? 0 } },
      Mistake(
        "mean",
        "the mean or the middle of the logs was subtracted; it has to be the largest of them"
      ) {
        $0.shift = { $0.reduce(0, +) / Double($0.count) }
      },
      Mistake("largest", "that is the largest of the logs; the others count too") {
        $0.logarithm = { _, _ in 0 }
      },
    ]
  }

  private static var mistakesOfTheSum: [Mistake<LogSumExp>] {
    [
      Mistake("no log", "the logarithm of the sum was not taken at the end") {
        $0.logarithm = { sum, _ in sum }
      },
      Mistake("no log, no shift", "that is the number itself; take its logarithm") {
        $0.shift = { _ in 0 }
        $0.logarithm = { sum, _ in sum }
      },
      Mistake(
        "no exp", "the exponentials of the logs were not taken; that is a logarithm of logarithms"
      ) {
        $0.shift = { _ in 0 }
        $0.exponential = { $0 }
      },
      Mistake("exp reversed", "each log was subtracted from the largest; it is the other way round")
      { $0.exponential = { .exp(-$0) } },
      Mistake("largest left out", "the largest is missing from the sum; its exponential is 1") {
        $0.start = -1
      },
      Mistake("from 1", "the sum of the exponentials begins at 1; it should begin at 0") {
        $0.start = 1
      },
      Mistake("log1p", "that is the log of 1 plus the sum; take the log of the sum") {
        $0.logarithm = { sum, _ in .log(1 + sum) }
      },
      Mistake("log2", "log2 was taken at the end; the natural logarithm is `log`") {
        $0.logarithm = { sum, _ in .log(sum) / .log(2) }
      },
      Mistake("log10", "log10 was taken at the end; the natural logarithm is `log`") {
        $0.logarithm = { sum, _ in .log(sum) / .log(10) }
      },
      Mistake("log2, no shift", "that is the logarithm to base 2; the natural one is `log`") {
        $0.shift = { _ in 0 }
        $0.logarithm = { sum, _ in .log(sum) / .log(2) }
      },
      Mistake("log10, no shift", "that is the logarithm to base 10; the natural one is `log`") {
        $0.shift = { _ in 0 }
        $0.logarithm = { sum, _ in .log(sum) / .log(10) }
      },
    ]
  }

  /// With a floor under what the logarithm is taken of, or under the logs.
  private static var floorMistakes: [Mistake<LogSumExp>] {
    let message =
      "a small number was added to what the log is taken of, or put under it; that hides how small "
      + "the sum is. Subtract the largest of the logs first instead"
    return floors.flatMap { floor in
      [
        Mistake<LogSumExp>("plus \(floor)", message) {
          $0.shift = { _ in 0 }
          $0.logarithm = { sum, _ in .log(sum + floor) }
        },
        Mistake<LogSumExp>("at least \(floor)", message) {
          $0.shift = { _ in 0 }
          $0.logarithm = { sum, _ in .log(max(sum, floor)) }
        },
      ]
    }
      + [20, 50, 88, 100, 300, 500, 700, 708, 709].map { limit in
        Mistake(
          "logs within \(limit)",
          "the logs were clipped; subtract the largest from all of them instead, so that they "
            + "differ as before"
        ) {
          $0.shift = { _ in 0 }
          $0.exponential = { .exp(min(max($0, -limit), limit)) }
        }
      }
  }

  /// What goes wrong less often, and only shows if enough is asked.
  public static var rareMistakes: [Mistake<LogSumExp>] {
    [
      Mistake("smallest log", "that is the smallest of the logs; all of them count") {
        $0.shift = { $0.min() ?? 0 }
        $0.logarithm = { _, _ in 0 }
      },
      Mistake("divided", "the logs were divided by the largest; subtract it") {
        $0.exponential = { $0 }
        $0.terms = { logs in
          let largest = logs.max() ?? 0
          return logs.map { largest + .exp($0 / largest) }
        }
      },
      Mistake(
        "first only", "only the first exponential was added up; does the loop return too early?"
      ) { $0.terms = { Array($0.prefix(1)) } },
      Mistake(
        "last only", "only the last exponential counts; is there an = in place of +=?"
      ) { $0.terms = { Array($0.suffix(1)) } },
      Mistake("not the first", "the first exponential was left out; does a range begin at 1?") {
        $0.terms = { Array($0.dropFirst()) }
      },
      Mistake("not the last", "the last exponential was left out; does a range end too early?") {
        $0.terms = { Array($0.dropLast()) }
      },
    ]
      + floors.filter { $0 >= 1e-8 }.map { floor in
        Mistake<LogSumExp>("shifted, plus \(floor)", "a small number was added inside the log") {
          $0.logarithm = { sum, _ in .log(sum + floor) }
        }
      }
  }
}

/// log((e^l₁ + … + e^lₙ)/n), and where people go wrong in it.
public struct LogMeanExp {
  /// The logarithm of the weighted sum.
  public var sum = LogSumExp()
  /// The weight of the sum of n exponentials.
  public var weight: (_ n: Double) -> Double = { 1 / $0 }
  /// What is done with the logarithm at the end.
  public var finish: (_ logarithm: Double, _ n: Double) -> Double = { logarithm, _ in logarithm }
  /// The logs that are used.
  public var selection: ([Double]) -> [Double] = { $0 }

  /// The right formula.
  public init() {}

  /// The logarithm of the mean.
  public func callAsFunction(_ logs: [Double]) -> Double {
    let logs = selection(logs)
    let n = Double(logs.count)
    return finish(sum(logs, weight: weight(n)), n)
  }

  /// What can go wrong in it.
  public static var mistakes: [Mistake<LogMeanExp>] {
    mistakesOfTheMean + LogSumExp.mistakes.within(\.sum) + placeMistakes
  }

  private static var mistakesOfTheMean: [Mistake<LogMeanExp>] {
    [
      Mistake(
        "mean of logs", "that is the mean of the logs; the exercise asks for the log of the mean"
      ) {
        $0.sum.shift = { _ in 0 }
        $0.sum.exponential = { $0 }
        $0.sum.logarithm = { sum, _ in sum }
      },
      Mistake(
        "sum", "that is the log of the sum; for that of the mean, subtract log n", isCommon: true
      ) { $0.weight = { _ in 1 } },
      Mistake(
        "late n",
        "the sum was divided by n after its log was taken; divide before, or subtract log n after"
      ) {
        $0.weight = { _ in 1 }
        $0.finish = { $0 / $1 }
      },
      Mistake(
        "late n inside",
        "the log of the sum was divided by n; divide the sum by n before you take the log"
      ) {
        $0.weight = { _ in 1 }
        $0.sum.logarithm = { .log($0) / $1 }
      },
      Mistake("n added", "log n was added; subtract it") { $0.weight = { $0 } },
      Mistake("n − 1", "the sum was divided by n − 1; a mean is divided by n", isCommon: true) {
        $0.weight = { 1 / ($0 - 1) }
      },
      Mistake("n twice", "the sum was divided by n twice") { $0.weight = { 1 / ($0 * $0) } },
      Mistake("n for log n", "n was subtracted from the log; subtract log n") {
        $0.weight = { _ in 1 }
        $0.finish = { $0 - $1 }
      },
      Mistake("divided by log n", "the log of the sum was divided by log n; subtract log n") {
        $0.weight = { _ in 1 }
        $0.finish = { $0 / .log($1) }
      },
      Mistake(
        "finite only",
        "the logs that are −∞ were left out; they add 0 to the sum, but count in n"
      ) { $0.selection = { $0.filter { $0 > -.infinity } } },
      Mistake("different only", "equal logs were counted only once") {
        $0.selection = { logs in
          logs.indices.filter { !logs[..<$0].contains(logs[$0]) }.map { logs[$0] }
        }
      },
    ]
  }

  /// What can go wrong in it where it is a part of something else, and all logs are negative: then
  /// it does not show which of the smaller ones was subtracted in place of the largest.
  public static var mistakesAsPart: [Mistake<LogMeanExp>] {
    (mistakes + rareMistakes).without(
      "from 0", "first", "last", "smallest", "by size", "mean", "finite only", "different only",
      "−∞ as 0")
      + [
        Mistake(
          "not the largest",
          "what was subtracted from the logs is not always the largest of them, so an exponential "
            + "became infinite"
        ) { $0.sum.shift = { $0.min() ?? 0 } }
      ]
  }

  /// What goes wrong less often, and only shows if enough is asked.
  public static var rareMistakes: [Mistake<LogMeanExp>] {
    [
      Mistake("first alone", "that is the first of the logs; the others count too") {
        $0.selection = { Array($0.prefix(1)) }
      },
      Mistake("last alone", "that is the last of the logs; is there an = in place of +=?") {
        $0.selection = { Array($0.suffix(1)) }
      },
      Mistake(
        "sum of logs", "that is the sum of the logs; the exercise asks for the log of the mean"
      ) {
        $0.weight = { _ in 1 }
        $0.sum.shift = { _ in 0 }
        $0.sum.exponential = { $0 }
        $0.sum.logarithm = { sum, _ in sum }
      },
      Mistake(
        "exp of the mean", "that is e to the power of the mean of the logs; the order is the other"
      ) {
        $0.sum.shift = { _ in 0 }
        $0.sum.exponential = { $0 }
        $0.sum.logarithm = { sum, _ in .exp(sum) }
      },
      Mistake("always 2", "the sum was divided by 2, however many logs there are") {
        $0.weight = { _ in 0.5 }
      },
      Mistake("−∞ as 0", "−∞ was replaced by 0, whose exponential is 1; that of −∞ is 0") {
        $0.selection = { $0.map { $0 == -.infinity ? 0 : $0 } }
      },
    ] + LogSumExp.rareMistakes.within(\.sum)
  }
}
