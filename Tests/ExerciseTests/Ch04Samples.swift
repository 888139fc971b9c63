import Exercises
import Foundation

@testable import Ch04_Reparameterization

extension Ch04Exercises {
  static var sample: [Attempt] {
    /// z from a formula for each component.
    func exercise(_ component: @escaping (Double, Double, Double) -> Double) -> Exercise {
      Checks.sample { mean, logVariance, noise in
        mean.indices.map { component(mean[$0], logVariance[$0], noise[$0]) }
      }
    }
    return [
      .solution(exercise { mean, l, e in mean + exp(l / 2) * e }),
      .stub(Checks.sample { _, _, _ in try todo() }),
      .mistake(
        "(ε + μ)σ", exercise { mean, l, e in (e + mean) * exp(l / 2) },
        says: "scales the mean as well"),
      .mistake(
        "variance", exercise { mean, l, e in mean + exp(l) * e }, says: "σ² was used"),
      .mistake(
        "log", exercise { mean, l, e in mean + l * e }, says: "log σ² itself was used"),
      .mistake(
        "log for variance", exercise { mean, l, e in mean + sqrt(l) * e },
        says: "taken for σ²"),
      .mistake(
        "two roots", exercise { mean, l, e in mean + sqrt(exp(l / 2)) * e },
        says: "another root of it was taken"),
      .mistake("unscaled", exercise { mean, _, e in mean + e }, says: "1 was used in place of σ"),
      .mistake("mean", exercise { mean, _, _ in mean }, says: "that is μ alone"),
      .mistake("no mean", exercise { _, l, e in exp(l / 2) * e }, says: "μ is missing"),
      .mistake("minus", exercise { $0 - exp($1 / 2) * $2 }, says: "subtracted"),
      .mistake("no ε", exercise { mean, l, _ in mean + exp(l / 2) }, says: "noise ε"),
      .mistake("added", exercise { $0 + exp($1 / 2) + $2 }, says: "σ multiplies ε"),
      .mistake("exchanged", exercise { exp($1 / 2) + $0 * $2 }, says: "changed places"),
      .mistake("divided", exercise { $0 + $2 / exp($1 / 2) }, says: "σ"),
      .mistake("½ outside", exercise { $0 + 0.5 * exp($1) * $2 }, says: "inside the exponential"),
      .mistake("doubled", exercise { $0 + exp(2 * $1) * $2 }, says: "not doubled"),
      .mistake("brackets", exercise { $0 + exp(0.5) * $1 * $2 }, says: "with brackets"),
      .mistake("minus sign", exercise { $0 + exp(-0.5 * $1) * $2 }, says: "1/σ"),
      .mistake("softplus", exercise { $0 + log(1 + exp($1)) * $2 }, says: "softplus"),
      .mistake("√softplus", exercise { $0 + sqrt(log(1 + exp($1))) * $2 }, says: "softplus"),
      .mistake("base 10", exercise { $0 + pow(10, 0.5 * $1) * $2 }, says: "10 to that power"),
      .mistake(
        "Int", exercise { $0 + exp(Double(1 / 2) * $1) * $2 }, says: "½ written as 1 / 2"),
      .mistake(
        "clamped", exercise { $0 + exp(0.5 * min(max($1, -20), 20)) * $2 },
        says: "between −20 and 20"),
      .mistake("cut", exercise { $0 + exp(0.5 * max($1, -10)) * $2 }, says: "below −10"),
      .mistake("exp of exp", exercise { $0 + exp(exp(0.5 * $1)) * $2 }, says: "taken twice"),
      .mistake("exp of σ²", exercise { $0 + exp(exp($1)) * $2 }, says: "exp(log σ²) is σ² already"),
      .mistake(
        "little noise", exercise { $0 + exp(0.5 * $1) * 0.01 * $2 }, says: "multiplied by 0.01"),
      .mistake("½ of σ", exercise { $0 + exp(0.5 * $1) / 2 * $2 }, says: "multiplied by 0.5"),
      .mistake("plus 1e-8", exercise { $0 + (exp($1 / 2) + 1e-8) * $2 }, says: "10⁻⁸ was added"),
      .mistake("√(σ² + 1e-10)", exercise { $0 + sqrt(exp($1) + 1e-10) * $2 }, says: "to σ²"),
      .mistake("at least 0.001", exercise { $0 + max(exp($1 / 2), 1e-3) * $2 }, says: "0.001"),
      .mistake("Float", exercise { $0 + Double(exp(Float($1) / 2)) * $2 }, says: "Float"),
      .mistake("size", exercise { $0 + exp($1 / 2) * abs($2) }, says: "lost its sign"),
      .mistake(
        "first noise",
        Checks.sample { mean, l, e in mean.indices.map { mean[$0] + exp(l[$0] / 2) * e[0] } },
        says: "the first number of the noise"),
      .mistake(
        "own noise",
        Checks.sample { mean, l, _ in
          mean.indices.map { mean[$0] + exp(l[$0] / 2) * Double.random(in: -1...1) }
        }, says: "called twice"),
      .mistake("variance and no mean", exercise { _, l, e in exp(l) * e }, says: "two mistakes"),
      .mistake("NaN", exercise { _, _, _ in .nan }, says: "NaN"),
      .mistake("nothing", Checks.sample { _, _, _ in [] }, says: "no numbers"),
      .mistake("too many", Checks.sample { $0 + $1 + $2 }, says: "expected 2 numbers, got 6"),
    ]
  }

  static var fullCovarianceSample: [Attempt] {
    /// μ + Aε, for a matrix [A₁₁, A₁₂, A₂₁, A₂₂] from Σ₁₁, Σ₂₁ and Σ₂₂.
    func exercise(
      scalesMean: Bool = false, _ matrix: @escaping (Double, Double, Double) -> [Double]
    ) -> Exercise {
      Checks.fullCovarianceSample { mean, covariance, noise in
        let a = matrix(covariance[0][0], covariance[1][0], covariance[1][1])
        let e = scalesMean ? [mean[0] + noise[0], mean[1] + noise[1]] : noise
        let z = [a[0] * e[0] + a[1] * e[1], a[2] * e[0] + a[3] * e[1]]
        return scalesMean ? z : [mean[0] + z[0], mean[1] + z[1]]
      }
    }
    func root(_ a: Double, _ b: Double, _ c: Double) -> [Double] {
      [sqrt(a), 0, b / sqrt(a), sqrt(c - b * b / a)]
    }
    return [
      .solution(exercise(root)),
      .stub(Checks.fullCovarianceSample { _, _, _ in try todo() }),
      .mistake("Σ", exercise { [$0, $1, $1, $2] }, says: "which has the covariance Σ²"),
      .mistake(
        "entries", exercise { [sqrt($0), sqrt($1), sqrt($1), sqrt($2)] },
        says: "the root of each entry"),
      .mistake(
        "triangular solve",
        exercise {
          let l = root($0, $1, $2)
          return [1 / l[0], -l[2] / (l[0] * l[3]), 0, 1 / l[3]]
        }, says: "by the inverse of Lᵀ"),
      .mistake(
        "diagonal", exercise { [sqrt($0), 0, 0, sqrt($2)] }, says: "the correlation is lost"),
      .mistake(
        "transposed",
        exercise {
          let l = root($0, $1, $2)
          return [l[0], l[2], l[1], l[3]]
        }, says: "that is Lᵀε"),
      .mistake(
        "no subtraction", exercise { [sqrt($0), 0, $1 / sqrt($0), sqrt($2)] },
        says: "not all of Σ₂₂"),
      .mistake(
        "no root", exercise { [sqrt($0), 0, $1 / sqrt($0), $2 - $1 * $1 / $0] },
        says: "a root is missing in L₂₂"),
      .mistake(
        "by Σ₁₁", exercise { [sqrt($0), 0, $1 / $0, sqrt($2 - ($1 / $0) * ($1 / $0))] },
        says: "not by Σ₁₁"),
      .mistake(
        "undivided", exercise { [sqrt($0), 0, $1, sqrt($2 - $1 * $1)] }, says: "not Σ₂₁ itself"),
      .mistake("L(μ + ε)", exercise(scalesMean: true, root), says: "applied to the mean"),
      .mistake(
        "symmetric",
        exercise { a, b, c in
          let s = sqrt(a * c - b * b)
          let t = sqrt(a + c + 2 * s)
          return [(a + s) / t, b / t, b / t, (c + s) / t]
        }, says: "the symmetric root"),
      .mistake(
        "Lε",
        Checks.fullCovarianceSample { _, s, e in
          let l = root(s[0][0], s[1][0], s[1][1])
          return [l[0] * e[0], l[2] * e[0] + l[3] * e[1]]
        }, says: "the mean is missing"),
      .mistake("lower half of Σ", exercise { [$0, 0, $1, $2] }, says: "as it is"),
      .mistake("variances", exercise { a, _, c in [a, 0, 0, c] }, says: "without the roots"),
      .mistake(
        "no L₂₁", exercise { [root($0, $1, $2)[0], 0, 0, root($0, $1, $2)[3]] }, says: "L₂₁ε₁"),
      .mistake(
        "Σ₁₁ for L₁₁",
        exercise { a, b, c in
          [a, 0, b / a, sqrt(c - (b / a) * (b / a))]
        }, says: "a root is missing in L₁₁"),
      .mistake(
        "plus",
        exercise { a, b, c in
          [sqrt(a), 0, b / sqrt(a), sqrt(c + b * b / a)]
        }, says: "with a minus sign"),
      .mistake(
        "brackets",
        exercise { a, b, c in
          [sqrt(a), 0, b / sqrt(a), sqrt(c) - b * b / a]
        }, says: "goes over all"),
      .mistake(
        "no square",
        exercise { a, b, c in
          [sqrt(a), 0, b / sqrt(a), sqrt(c - b / sqrt(a))]
        }, says: "with the square of L₂₁"),
      .mistake(
        "Σ₂₁²",
        exercise { a, b, c in
          [sqrt(a), 0, b / sqrt(a), sqrt(c - b * b)]
        }, says: "not Σ₂₂ − Σ₂₁²"),
      .mistake(
        "upper",
        exercise { a, b, c in
          [sqrt(a - b * b / c), b / sqrt(c), 0, sqrt(c)]
        }, says: "upper triangular"),
      .mistake(
        "z₁ for ε₁",
        Checks.fullCovarianceSample { mean, s, e in
          let l = root(s[0][0], s[1][0], s[1][1])
          let z = mean[0] + l[0] * e[0]
          return [z, mean[1] + l[2] * z + l[3] * e[1]]
        }, says: "not L₂₁ times z₁"),
      .mistake(
        "correlation",
        exercise { a, b, c in
          let r = b / sqrt(a * c)
          return [1, 0, r, sqrt(1 - r * r)]
        }, says: "of the correlations"),
      .mistake(
        "LDLᵀ",
        Checks.fullCovarianceSample { mean, covariance, noise in
          let first = covariance[0][0]
          let lower = covariance[1][0] / first
          let second = covariance[1][1] - lower * lower * first
          let scaled = [first * noise[0], second * noise[1]]
          return [mean[0] + scaled[0], mean[1] + lower * scaled[0] + scaled[1]]
        }, says: "that is LD of Σ = LDLᵀ"),
      .mistake(
        "ones on the diagonal", exercise { a, b, _ in [1, 0, b / a, 1] },
        says: "with ones on the diagonal"),
      .mistake(
        "L and D in one", exercise { a, b, c in [a, 0, b / a, c - b * b / a] },
        says: "in one matrix"),
      .mistake(
        "one", Checks.fullCovarianceSample { mean, _, _ in [mean[0]] }, says: "got 1 number"),
      .mistake("NaN", exercise { _, _, _ in [.nan, 0, 0, .nan] }, says: "NaN"),
    ]
  }
}
