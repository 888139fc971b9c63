import Autodiff
import Notebook

/// σ = exp(½ log σ²), the standard deviation from a log variance.
public struct StandardDeviation {
  /// σ from log σ².
  public var value: (_ logVariance: Double) -> Double = { .exp($0 / 2) }

  /// The right formula.
  public init() {}

  /// σ from log σ².
  public func callAsFunction(_ logVariance: Double) -> Double { value(logVariance) }

  /// What is used in place of σ. Only a log variance of less than −60 or more than 30 shows all.
  public static var mistakes: [Mistake<StandardDeviation>] { wrongFunctions + limits + offsets }

  /// Functions that are used in place of exp(½ log σ²).
  public static var wrongFunctions: [Mistake<StandardDeviation>] { powers + otherFunctions }

  private static var powers: [Mistake<StandardDeviation>] {
    [
      wrong(
        "variance", "σ² was used in place of its root; σ is exp(½ log σ²)", isCommon: true
      ) { .exp($0) },
      wrong(
        "half outside",
        "the ½ belongs inside the exponential: σ is exp(½ log σ²), not ½ exp(log σ²)"
      ) { .exp($0) / 2 },
      wrong(
        "two roots", "exp(½ log σ²) is σ already, and another root of it was taken"
      ) { .exp($0 / 4) },
      wrong(
        "fourth power", "that is σ⁴ in place of σ: log σ² is to be halved, not doubled"
      ) { .exp(2 * $0) },
      wrong(
        "reciprocal", "the sign in the exponential is wrong: exp(−½ log σ²) is 1/σ", isCommon: true
      ) { .exp(-$0 / 2) },
      wrong("precision", "exp(−log σ²) is 1/σ²; σ is exp(½ log σ²)") { .exp(-$0) },
      wrong(
        "one",
        "1 was used in place of σ: was it left out, or is ½ written as 1 / 2, which is 0 for "
          + "whole numbers?"
      ) { _ in 1 },
    ]
  }

  private static var otherFunctions: [Mistake<StandardDeviation>] {
    [
      wrong(
        "log variance", "log σ² itself was used in place of σ, which is exp(½ log σ²)",
        isCommon: true
      ) { $0 },
      wrong(
        "log", "½ log σ² is log σ; its exponential is missing"
      ) { $0 / 2 },
      wrong(
        "root of the log", "log σ² was taken for σ²: σ is not its root, but exp(½ log σ²)"
      ) { $0.squareRoot() },
      wrong(
        "root of the size of the log",
        "log σ² was taken for σ²: σ is not its root, but exp(½ log σ²)"
      ) { abs($0).squareRoot() },
      wrong("log of the log", "log σ² is a logarithm already, and its logarithm was taken") {
        .log($0) / 2
      },
      wrong(
        "exponential of the deviation",
        "the exponential was taken twice: exp(½ log σ²) is σ already"
      ) { .exp(.exp($0 / 2)) },
      wrong(
        "exponential of the variance", "the exponential was taken twice: exp(log σ²) is σ² already"
      ) { .exp(.exp($0)) },
      wrong(
        "exponential of half the variance",
        "the exponential was taken twice: exp(log σ²) is σ² already"
      ) { .exp(.exp($0) / 2) },
      wrong("exp of the root", "that is exp(√log σ²); σ is exp(½ log σ²)") {
        .exp($0.squareRoot())
      },
      wrong("exp minus 1", "that is exp(½ log σ²) − 1; σ is the exponential itself") {
        .exp($0 / 2) - 1
      },
      wrong("½ added", "the ½ was added to log σ²; multiply by it") { .exp($0 + 0.5) },
      wrong("positive log", "log σ² itself, cut off at 0, was used in place of its exponential") {
        max($0, 0)
      },
      wrong("exp of half tanh", "there is a tanh around log σ², which may be any number") {
        .exp(.tanh($0) / 2)
      },
      wrong(
        "size of the log", "the size of log σ² was used in place of σ, which is exp(½ log σ²)"
      ) { abs($0) },
      wrong(
        "exp of ½", "that is exp(½) times log σ²; with brackets it is exp(½ log σ²)"
      ) { .exp(0.5) * $0 },
      wrong(
        "softplus", "softplus, log(1 + eˣ), was used in place of the exponential"
      ) { .softplus($0) },
      wrong(
        "root of softplus",
        "softplus, log(1 + eˣ), was used in place of the exponential: σ is exp(½ log σ²)"
      ) { Double.softplus($0).squareRoot() },
      // The form that loses all digits of a small exponential.
      wrong("naive softplus", "softplus, log(1 + eˣ), was used in place of the exponential") {
        .log(1 + .exp($0))
      },
      wrong(
        "root of naive softplus",
        "softplus, log(1 + eˣ), was used in place of the exponential: σ is exp(½ log σ²)"
      ) { Double.log(1 + .exp($0)).squareRoot() },
      wrong(
        "softplus of half",
        "softplus, log(1 + eˣ), was used in place of the exponential"
      ) { .softplus($0 / 2) },
      wrong(
        "sigmoid", "the logistic function was used in place of the exponential"
      ) { .sigmoid($0) },
      wrong(
        "base 2", "log σ² is a natural logarithm: σ is exp(½ log σ²), not 2 to that power"
      ) { .exp(.log(2) * $0 / 2) },
      wrong(
        "base 10", "log σ² is a natural logarithm: σ is exp(½ log σ²), not 10 to that power"
      ) { .exp(.log(10) * $0 / 2) },
    ]
  }

  /// Limits that are often put on a log variance.
  private static var limits: [Mistake<StandardDeviation>] {
    let usual: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 16, 18, 20, 30]
    let single = usual.flatMap { (limit: Double) in
      [
        wrong(
          "at least −\(limit)",
          "log σ² was kept from falling below \(words(-limit)); it may be any number"
        ) { .exp(max($0, -limit) / 2) },
        wrong(
          "at most \(limit)",
          "log σ² was kept from rising above \(words(limit)); it may be any number"
        ) { .exp(min($0, limit) / 2) },
      ]
    }
    let double = usual.dropFirst().flatMap { (lower: Double) in
      Set([0, 2, 5, 10, 20, lower]).sorted().map { (upper: Double) in
        wrong(
          "within −\(lower) and \(upper)",
          "log σ² was limited to between \(words(-lower)) and \(words(upper)); it may be "
            + "any number"
        ) { .exp(max(-lower, min($0, upper)) / 2) }
      }
    }
    return single + double
  }

  private static func words(_ limit: Double) -> String { formatted(limit, decimals: 0) }

  /// Small numbers that are often added to a σ, or set as its least value.
  private static var offsets: [Mistake<StandardDeviation>] {
    [1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2].flatMap { (small: Double) in
      let number = formatted(small, digits: 1)
      return [
        wrong("plus \(small)", "\(number) was added to σ, which is positive without it") {
          .exp($0 / 2) + small
        },
        wrong("root of plus \(small)", "\(number) was added to σ², which is positive without it") {
          (.exp($0) + small).squareRoot()
        },
        wrong("not below \(small)", "σ was kept from falling below \(number); it may be smaller") {
          max(.exp($0 / 2), small)
        },
      ]
    }
  }

  private static func wrong(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ value: @escaping (Double) -> Double
  ) -> Mistake<StandardDeviation> {
    Mistake(name, message, isCommon: isCommon) { $0.value = value }
  }
}
