/// The variance of n numbers, or its root, and where people go wrong in it.
public struct SampleVariance {
  /// What the sum of the squared deviations is divided by.
  public var divisor: (_ n: Double) -> Double
  /// What the deviations are taken from.
  public var center: ([Double]) -> Double = { $0.reduce(0, +) / Double($0.count) }
  /// What is summed.
  public var square: (Double) -> Double = { $0 * $0 }
  /// What is done at the end.
  public var finish: (Double) -> Double

  /// The mean of the squared deviations from the mean.
  public static var population: SampleVariance {
    SampleVariance(divisor: { $0 }, finish: { $0 })
  }

  /// The same, but divided by n − 1, so that it is unbiased.
  public static var unbiased: SampleVariance {
    SampleVariance(divisor: { $0 - 1 }, finish: { $0 })
  }

  /// The root of the variance.
  public var root: SampleVariance {
    var copy = self
    copy.finish = { $0.squareRoot() }
    return copy
  }

  /// The variance or its root.
  public func callAsFunction(_ numbers: [Double]) -> Double {
    let center = center(numbers)
    let sum = numbers.reduce(0) { $0 + square($1 - center) }
    return finish(sum / divisor(Double(numbers.count)))
  }

  /// What can go wrong in it.
  public static func mistakes(in formula: SampleVariance) -> [Mistake<SampleVariance>] {
    let isUnbiased = formula.divisor(2) == 1
    let isRoot = formula.finish(4) == 2
    let own = (isRoot ? mistakesOfTheRoot : []) + (isUnbiased ? [wholeCorrection] : [])
    return own + [
      Mistake(
        "other divisor",
        isUnbiased
          ? "the squared deviations were divided by n; n − 1 makes the variance unbiased"
          : "the squared deviations were divided by n − 1; the exercise divides by n",
        isCommon: true
      ) { $0.divisor = isUnbiased ? { $0 } : { $0 - 1 } },
      Mistake("sum", "the sum of the squared deviations was not divided", isCommon: true) {
        $0.divisor = { _ in 1 }
      },
      Mistake("n + 1", "the squared deviations were divided by n + 1") {
        $0.divisor = { $0 + 1 }
      },
      isRoot
        ? Mistake("no root", "the root of the variance is missing", isCommon: true) {
          $0.finish = { $0 }
        }
        : Mistake(
          "root", "that is the standard deviation; the exercise asks for the variance, its square",
          isCommon: true
        ) { $0.finish = { $0.squareRoot() } },
      Mistake(
        "not centred", "the mean was not subtracted before squaring; the variance is about the mean"
      ) { $0.center = { _ in 0 } },
      Mistake("from the first", "the deviations are from the first number, not from the mean") {
        $0.center = { $0.first ?? 0 }
      },
      Mistake("from the sum", "the deviations are from the sum of the numbers, not from their mean")
      { $0.center = { $0.reduce(0, +) } },
      Mistake("absolute", "the absolute deviations were added up; square them") {
        $0.square = { abs($0) }
      },
      Mistake("not squared", "the deviations were not squared, so they add up to 0") {
        $0.square = { $0 }
      },
    ]
  }

  private static var wholeCorrection: Mistake<SampleVariance> {
    Mistake(
      "n/(n − 1) of whole numbers",
      "the variance was not made unbiased, except for two numbers; is n/(n − 1) a quotient of two "
        + "Int, which is 1? Write Double(n) / Double(n - 1)"
    ) { $0.divisor = { $0 == 2 ? 1 : $0 } }
  }

  private static var mistakesOfTheRoot: [Mistake<SampleVariance>] {
    [
      Mistake("mean absolute", "that is the mean absolute deviation; square the deviations") {
        $0.square = { abs($0) }
        $0.divisor = { $0 }
        $0.finish = { $0 }
      },
      Mistake(
        "no brackets", "is it divided by n − 1 without brackets? `x / n - 1` subtracts 1 at the end"
      ) {
        let finish = $0.finish
        $0.divisor = { $0 }
        $0.finish = { finish($0 - 1) }
      },
    ]
  }
}
