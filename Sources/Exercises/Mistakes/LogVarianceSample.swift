import Autodiff
import Notebook

/// A sample z = μ + σε from N(μ, diag(σ²)), where σ comes from log σ² and the noise ε from outside.
public struct LogVarianceSample {
  /// σ from log σ².
  public var standardDeviation = StandardDeviation()
  /// A component of z, from those of μ, σ and ε.
  public var component: (_ mean: Double, _ standardDeviation: Double, _ noise: Double) -> Double = {
    $0 + $1 * $2
  }
  /// The number of ε for a component.
  public var noise: (_ noise: [Double], _ component: Int) -> Double = { $0[$1] }
  /// The mean of a component.
  public var mean: (_ mean: [Double], _ component: Int) -> Double = { $0[$1] }
  /// The log variance of a component.
  public var logVariance: (_ logVariance: [Double], _ component: Int) -> Double = { $0[$1] }

  /// Whether the mean is taken for the log variance, and the log variance for the mean.
  public var exchangesArguments = false

  /// The right formula.
  public init() {}

  /// z, from one number for each component.
  public func callAsFunction(
    mean: [Double], logVariance: [Double], noise: [Double]
  ) -> [Double] {
    exchangesArguments
      ? self(logVariance, mean, noise) : self(mean, logVariance, noise)
  }

  private func callAsFunction(
    _ mean: [Double], _ logVariance: [Double], _ noise: [Double]
  ) -> [Double] {
    mean.indices.map {
      component(
        self.mean(mean, $0), standardDeviation(self.logVariance(logVariance, $0)),
        self.noise(noise, $0))
    }
  }

  /// What is computed in place of z.
  public static var mistakes: [Mistake<LogVarianceSample>] {
    StandardDeviation.mistakes.within(\.standardDeviation) + sums + products + factors
      + choices
  }

  private static var sums: [Mistake<LogVarianceSample>] {
    [
      wrong("mean", "that is μ alone; the noise is missing") { mean, _, _ in mean },
      wrong("no mean", "that is σε; the mean μ is missing", isCommon: true) { $1 * $2 },
      wrong("squared mean", "μ was squared; z is μ + σε") { $0 * $0 + $1 * $2 },
      wrong("exponential of the mean", "the exponential of μ was taken; only log σ² is a logarithm")
      { .exp($0) + $1 * $2 },
      wrong("minus", "σε was subtracted; z is μ + σε") { $0 - $1 * $2 },
      wrong("minus the mean", "μ was subtracted; z is μ + σε") { $1 * $2 - $0 },
      wrong("sum", "that is μ + σ + ε; σ multiplies ε") { $0 + $1 + $2 },
      wrong("no noise", "that is μ + σ; the noise ε, which σ multiplies, is missing") {
        mean, sigma, _ in mean + sigma
      },
    ]
  }

  private static var products: [Mistake<LogVarianceSample>] {
    [
      wrong("scaled mean", "that is (ε + μ)σ, which scales the mean as well; z is μ + σε") {
        ($0 + $2) * $1
      },
      wrong("only the mean scaled", "that is μσ + ε; σ multiplies the noise and not the mean") {
        $0 * $1 + $2
      },
      wrong("exchanged", "that is σ + με: μ and σ have changed places") { $1 + $0 * $2 },
      wrong("product", "that is μσε; z is the sum μ + σε") { $0 * $1 * $2 },
      wrong("noise of the mean", "that is μ(1 + σε); z is μ + σε") { $0 + $0 * $1 * $2 },
      wrong("divided", "the noise was divided by σ; multiply it by σ", isCommon: true) {
        $0 + $2 / $1
      },
      wrong(
        "standardised",
        "that is (ε − μ)/σ, which turns a sample into noise; z = μ + σε is the other direction"
      ) { ($2 - $0) / $1 },
      wrong("size of the noise", "the noise has lost its sign; z is μ + σε") { $0 + $1 * abs($2) },
      wrong("squared noise", "the noise was squared; z is μ + σε") { $0 + $1 * $2 * $2 },
      wrong("inside the exponential", "ε stands inside the exponential; z is μ + exp(½ log σ²) ε") {
        $0 + .exp($2 * .log($1))
      },
    ]
  }

  /// Factors by which noise is often made smaller or larger.
  private static var factors: [Mistake<LogVarianceSample>] {
    [("a hundredth", 0.01), ("a tenth", 0.1), ("half", 0.5), ("twice", 2)].map { name, factor in
      wrong(
        "\(name) of the noise",
        "σε was multiplied by \(formatted(factor, digits: 1)) as well; z is μ + σε"
      ) { $0 + factor * $1 * $2 }
    }
  }

  private static var choices: [Mistake<LogVarianceSample>] {
    [
      Mistake(
        "first noise", "the first number of the noise was used for every component", isCommon: true
      ) { $0.noise = { noise, _ in noise.first ?? .nan } },
      Mistake("last noise", "the last number of the noise was used for every component") {
        $0.noise = { noise, _ in noise.last ?? .nan }
      },
      Mistake(
        "sum of the noise", "the sum of all the noise was used for every component"
      ) { $0.noise = { noise, _ in noise.reduce(0, +) } },
      Mistake("mean noise", "the mean of all the noise was used for every component") {
        $0.noise = { noise, _ in noise.reduce(0, +) / Double(noise.count) }
      },
      Mistake("first mean", "the first number of the mean was used for every component") {
        $0.mean = { mean, _ in mean.first ?? .nan }
      },
      Mistake("exchanged arguments", "the mean and the log variance have changed places") {
        $0.exchangesArguments = true
      },
      Mistake("first log variance", "the first log variance was used for every component") {
        $0.logVariance = { logVariance, _ in logVariance.first ?? .nan }
      },
    ]
  }

  private static func wrong(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ component: @escaping (Double, Double, Double) -> Double
  ) -> Mistake<LogVarianceSample> {
    Mistake(name, message, isCommon: isCommon) { $0.component = component }
  }
}
