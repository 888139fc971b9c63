import Autodiff
import Calculations
import Exercises
import Notebook
import Probability

extension Checks {
  static func exponential(
    _ answer: @escaping ([Double], Double, (Double) -> Double) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<ExponentialTask, [Double]>(of: {
      try answer($0.z, $0.rate, Normal.standard.cumulativeProbability)
    }) { ExponentialQuantile()($0) }
    comparison.ask("z = (0) and λ = 2", ExponentialTask(z: [0], rate: 2))
    comparison.ask("z = (−1, 0, 1) and λ = 0.5", ExponentialTask(z: [-1, 0, 1], rate: 0.5))
    let drawn = roundedNormals(2, 2, seed: 16).flatMap { $0 }
    comparison.ask("z = \(text(drawn)) and λ = 3", ExponentialTask(z: drawn, rate: 3))
    comparison.ask(
      "z = (-4, 0.3, 8) and λ = 1.7", ExponentialTask(z: [-4, 0.3, 8], rate: 1.7))
    comparison.argument("z", \.z)
    comparison.argument("rate", \.rate)
    comparison.recognize(ExponentialQuantile.mistakes, in: ExponentialQuantile()) { $1($0) }
    comparison.recognizeOtherNumbers()
    comparison.calculation { task in
      -log(1 - task.uniform) / task.scale
    }
    comparison.calculation { task in
      log(1 / (1 - task.uniform)) / task.scale
    }
    comparison.calculation { task in
      (-1 / task.scale) * log(1 - task.uniform)
    }
    return Exercise(
      "exponential", "Exponential numbers from normal ones", minutes: 10,
      hints: [
        "Solve u = 1 − e^(−λx) for x.",
        "x = −log(1 − u)/λ. What is u?",
      ], comparison)
  }
}

/// What is given in the exercise on exponential numbers.
private struct ExponentialTask {
  var z: [Double]
  var rate: Double
}

extension ExponentialTask {
  /// Φ(z) as the beginning of a calculation.
  fileprivate var uniform: Calculation {
    applied("phi", to: .argument("z", z), Normal.standard.cumulativeProbability)
  }

  fileprivate var scale: Calculation { .argument("rate", rate) }
}

extension Comparison<ExponentialTask, [Double]> {
  fileprivate mutating func recognizeOtherNumbers() {
    recognize("log(Φ(z) − 1) is the log of a negative number; F⁻¹(u) is −log(1 − u)/λ") { task in
      task.z.map { _ in .nan }
    }
    recognize("λ was multiplied with z, inside Φ; divide the logarithm by it") { task in
      ExponentialQuantile()(ExponentialTask(z: task.z.map { $0 * task.rate }, rate: 1))
    }
    recognize("z was divided by λ, inside Φ; divide the logarithm by it") { task in
      ExponentialQuantile()(ExponentialTask(z: task.z.map { $0 / task.rate }, rate: 1))
    }
    for largest in [1.0, 5, 10, 20] {
      recognize("nothing above \(largest) comes out: is the answer cut, or a search too narrow?") {
        ExponentialQuantile()($0).map { min($0, largest) }
      }
    }
    for small in [1e-15, 1e-12, 1e-10, 1e-9] {
      recognize("Φ(z) was cut to at most 1 − \(small), so large z come out too small") { task in
        task.z.map { z in
          -.log(1 - min(Normal.standard.cumulativeProbability(upTo: z), 1 - small)) / task.rate
        }
      }
    }
    recognize("negative z give 0; Φ(z) is below ½ there, and x still positive") { task in
      zip(task.z, ExponentialQuantile()(task)).map { $0 < 0 ? 0 : $1 }
    }
    recognize("that is e^z/λ; F⁻¹ belongs at Φ(z)") { task in
      task.z.map { .exp($0) / task.rate }
    }
    recognize("that is |z|/λ, half a normal distribution; F⁻¹ belongs at Φ(z)") { task in
      task.z.map { abs($0) / task.rate }
    }
    recognize("the first number is left out; does the loop begin too late?") {
      Array(ExponentialQuantile()($0).dropFirst())
    }
    recognize("only the first number was mapped; does the loop return too early?") {
      Array(ExponentialQuantile()($0).prefix(1))
    }
    recognize("that is the mean of the numbers; return each of them") {
      [mean(ExponentialQuantile()($0))]
    }
    recognize("the numbers were sorted; each belongs to its z") {
      ExponentialQuantile()($0).sorted()
    }
  }
}

/// −log(1 − Φ(z))/λ.
private struct ExponentialQuantile {
  var uniform: (_ z: Double) -> Double = { Normal.standard.cumulativeProbability(upTo: $0) }
  var logarithm: (_ u: Double) -> Double = { .log1p(-$0) }
  var scaled: (_ logarithm: Double, _ rate: Double) -> Double = { -$0 / $1 }
  /// For what is no logarithm over a rate.
  var other: ((_ u: Double, _ rate: Double) -> Double)?

  func callAsFunction(_ task: ExponentialTask) -> [Double] {
    task.z.map { z in
      let u = uniform(z)
      return other?(u, task.rate) ?? scaled(logarithm(u), task.rate)
    }
  }

  static var mistakes: [Mistake<ExponentialQuantile>] { uniforms + logarithms + rates + others }

  private static var uniforms: [Mistake<ExponentialQuantile>] {
    [
      Mistake("z", "F⁻¹ was applied to z itself; it needs Φ(z), which is uniform", isCommon: true) {
        $0.uniform = { $0 }
      },
      Mistake("density", "the density of z was used; Φ is its distribution function") {
        $0.uniform = { .exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
      },
      Mistake("twice", "Φ was applied twice") {
        $0.uniform = {
          let u = Normal.standard.cumulativeProbability(upTo: $0)
          return Normal.standard.cumulativeProbability(upTo: u)
        }
      },
      Mistake("size", "the sign of z was dropped before Φ") {
        $0.uniform = { Normal.standard.cumulativeProbability(upTo: abs($0)) }
      },
      Mistake("erf of z", "Φ(z) is ½(1 + erf(z/√2)): √2 is missing; `phi` is given") {
        $0.uniform = { Normal.standard.cumulativeProbability(upTo: $0 * 2.0.squareRoot()) }
      },
      Mistake("erf", "Φ(z) is ½(1 + erf(z/√2)), not erf(z/√2); `phi` is given") {
        $0.uniform = { 2 * Normal.standard.cumulativeProbability(upTo: $0) - 1 }
      },
      Mistake("1.702", "σ(1.702 z) is only near Φ(z); use `phi`, which is given") {
        $0.uniform = { .sigmoid(1.702 * $0) }
      },
      Mistake("sigmoid", "that has a sigmoid or softplus in place of Φ; use `phi`, which is given")
      {
        $0.uniform = { .sigmoid($0) }
      },
    ]
  }

  private static var logarithms: [Mistake<ExponentialQuantile>] {
    [
      Mistake(
        "u for 1 − u",
        "that is −log Φ(z)/λ; it has the right distribution, since 1 − u is uniform if u is, "
          + "but it falls as z grows: F⁻¹(u) is −log(1 − u)/λ", isCommon: true
      ) { $0.logarithm = { .log($0) } },
      Mistake("1 + u", "that is the log of 1 + u; F⁻¹(u) is −log(1 − u)/λ", isCommon: true) {
        $0.logarithm = { .log1p($0) }
      },
      Mistake("log10", "that is the logarithm to base 10; F⁻¹ has the natural one, log") {
        $0.logarithm = { .log1p(-$0) / .log(10) }
      },
      Mistake("log2", "that is the logarithm to base 2; F⁻¹ has the natural one, log") {
        $0.logarithm = { .log1p(-$0) / .log(2) }
      },
      Mistake("brackets", "brackets are missing: 1 − log u in place of log(1 − u)") {
        $0.logarithm = { 1 - .log($0) }
      },
      Mistake(
        "minus u",
        "that is Φ(z)/λ, still uniform: the logarithm is missing, or u stands outside of it"
      ) {
        $0.logarithm = { -$0 }
      },
      Mistake("odds", "that is the quantile function of the logistic distribution, log(u/(1 − u))")
      {
        $0.logarithm = { .log1p(-$0) - .log($0) }
      },
      Mistake("no logarithm", "the logarithm is missing: F⁻¹(u) is −log(1 − u)/λ") {
        $0.logarithm = { 1 - $0 }
      },
      Mistake("exp", "that is an exponential; F⁻¹ undoes it by a logarithm") {
        $0.logarithm = { -.exp(-$0) }
      },
      Mistake("square", "the logarithm was squared") {
        $0.logarithm = { .log1p(-$0) * .log1p(-$0) }
      },
    ]
      + [1e-15, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].map { (least: Double) in
        Mistake(
          "at least \(least)",
          "1 − u was cut to at least \(formatted(least, digits: 1)), so large z come out too small"
        ) { $0.logarithm = { .log(max(1 - $0, least)) } }
      }
      + [1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6].map { (small: Double) in
        Mistake(
          "plus \(small)",
          "\(formatted(small, digits: 1)) was added inside the logarithm; 1 − u is positive by itself"
        ) { $0.logarithm = { .log(1 - $0 + small) } }
      }
  }

  private static var rates: [Mistake<ExponentialQuantile>] {
    [
      Mistake(
        "times λ", "the result was multiplied by λ; a larger rate makes smaller numbers",
        isCommon: true
      ) { $0.scaled = { -$0 * $1 } },
      Mistake("no λ", "the division by λ is missing", isCommon: true) {
        $0.scaled = { logarithm, _ in -logarithm }
      },
      Mistake(
        "sign", "the logarithm of a probability is negative: the sign is missing", isCommon: true
      ) { $0.scaled = { $0 / $1 } },
      Mistake("λ²", "that is divided by λ², not by λ") { $0.scaled = { -$0 / ($1 * $1) } },
      Mistake("√λ", "that is divided by the root of λ, not by λ") {
        $0.scaled = { -$0 / $1.squareRoot() }
      },
      Mistake("minus λ", "λ was subtracted; divide by it") { $0.scaled = { -$0 - $1 } },
      Mistake("plus λ", "λ was added; divide by it") { $0.scaled = { -$0 + $1 } },
      Mistake(
        "reciprocal", "that is 1 divided by the right answer: log(1 − u) is not in the denominator"
      ) { $0.scaled = { -1 / ($0 * $1) } },
      Mistake("mean minus", "1/λ was added; F⁻¹(u) is −log(1 − u)/λ, divided by λ") {
        $0.scaled = { 1 / $1 - $0 }
      },
      Mistake("upside down", "that is λ divided by the logarithm; divide by λ") {
        $0.scaled = { -$1 / $0 }
      },
      Mistake("times λ, no sign", "the logarithm was multiplied by λ, and the sign is missing") {
        $0.scaled = { $0 * $1 }
      },
    ]
  }

  private static var others: [Mistake<ExponentialQuantile>] {
    let others: [(String, String, (_ u: Double, _ λ: Double) -> Double)] = [
      ("F", "that is F(Φ(z)); the inverse of F is needed", { u, λ in 1 - .exp(-λ * u) }),
      ("Φ(z)", "that is Φ(z), still uniform; F⁻¹ was not applied", { u, _ in u }),
      ("1 − Φ(z)", "that is 1 − Φ(z), still uniform; F⁻¹ was not applied", { u, _ in 1 - u }),
      ("density", "that is the density λe^(−λu); F⁻¹ is needed", { u, λ in λ * .exp(-λ * u) }),
      ("survival", "that is e^(−λu); F⁻¹ is needed", { u, λ in .exp(-λ * u) }),
      (
        "1/F", "that is 1/F(Φ(z)); F⁻¹ is the inverse function, not the reciprocal",
        { u, λ in 1 / (1 - .exp(-λ * u)) }
      ),
      (
        "Laplace", "that is the quantile of the Laplace distribution, on both sides of 0",
        { u, λ in (u < 0.5 ? .log(2 * u) : -.log(2 * (1 - u))) / λ }
      ),
      (
        "logistic times λ", "that is λ log(u/(1 − u)), of a logistic distribution",
        { u, λ in λ * (.log(u) - .log1p(-u)) }
      ),
      (
        "Gumbel", "that is Gumbel’s quantile, −log(−log u)/λ; F⁻¹(u) is −log(1 − u)/λ",
        { u, λ in -.log(-.log(u)) / λ }
      ),
      (
        "Pareto", "that is Pareto’s quantile, (1 − u)^(−1/λ); F⁻¹(u) is −log(1 − u)/λ",
        { u, λ in .exp(-.log1p(-u) / λ) }
      ),
      (
        "Weibull", "1/λ was made an exponent; F⁻¹(u) is −log(1 − u) divided by λ",
        { u, λ in .exp(.log(-.log1p(-u)) / λ) }
      ),
      (
        "Rayleigh", "√(−2 log(1 − u)) makes lengths of normal points; F⁻¹(u) is −log(1 − u)/λ",
        { u, λ in (-2 * .log1p(-u)).squareRoot() / λ }
      ),
      ("u/λ", "that is −log(u/λ)/λ; F⁻¹(u) is −log(1 − u)/λ", { u, λ in -.log(u / λ) / λ }),
      ("1 − e⁻ᵘ", "that is (1 − e^(−u))/λ; F⁻¹ has a logarithm", { u, λ in (1 - .exp(-u)) / λ }),
      (
        "1 − log u", "that is (1 − log u)/λ; the brackets are missing in −log(1 − u)/λ",
        { u, λ in (1 - .log(u)) / λ }
      ),
      (
        "inside",
        "λ stands inside the logarithm, which gives −log(1 − u/λ); divide the logarithm by it",
        { u, λ in -.log1p(-u / λ) }
      ),
      (
        "inside, times",
        "λ stands inside the logarithm, as in −log(1 − λu); divide the logarithm by it",
        { u, λ in -.log1p(-u * λ) }
      ),
      (
        "(1 − u)/λ",
        "λ stands inside the logarithm, as in −log((1 − u)/λ); divide the logarithm by it",
        { u, λ in .log(λ) - .log1p(-u) }
      ),
    ]
    return others.map { name, message, other in Mistake(name, message) { $0.other = other } }
      + [
        Mistake("1 − z", "Φ was taken at 1 − z: 1 − Φ(z) is not Φ(1 − z)") {
          $0.uniform = { $0 }
          $0.other = { z, λ in
            -.log(Normal.standard.cumulativeProbability(upTo: 1 - z)) / λ
          }
        },
        Mistake("density of z", "that is the density λe^(−λz) at z; F⁻¹, at Φ(z), is needed") {
          $0.uniform = { $0 }
          $0.other = { z, λ in λ * .exp(-λ * z) }
        },
        Mistake("survival of z", "that is e^(−λz); F⁻¹, at Φ(z), is needed") {
          $0.uniform = { $0 }
          $0.other = { z, λ in .exp(-λ * z) }
        },
        Mistake("F of z", "that is F(z); the inverse of F, at Φ(z), is needed") {
          $0.uniform = { $0 }
          $0.other = { z, λ in 1 - .exp(-λ * z) }
        },
      ]
  }
}
