import Foundation
import Exercises
import Testing

@testable import Ch03_KLIdentity

extension Ch03Exercises {
  // MARK: - Section 3.5

  static var normalDivergence: [Attempt] {
    typealias G = Exercises.Gaussian
    func right(_ q: G, _ p: G) -> Double {
      let shift = (q.mean - p.mean) * (q.mean - p.mean) / exp(p.logVariance)
      return (exp(q.logVariance - p.logVariance) + shift - 1 + p.logVariance - q.logVariance) / 2
    }
    func exercise(_ function: @escaping (G, G) -> Double) -> Exercise {
      Checks.normalDivergence { function($0, $1) }
    }
    /// With σ² and log σ² in another way.
    func from(_ variance: @escaping (Double) -> Double, _ log: @escaping (Double) -> Double)
      -> Exercise
    {
      exercise { q, p in
        let (v, w) = (variance(q.logVariance), variance(p.logVariance))
        let shift = (q.mean - p.mean) * (q.mean - p.mean) / w
        return (v / w + shift - 1 + log(p.logVariance) - log(q.logVariance)) / 2
      }
    }
    /// With another shift.
    func shifted(_ shift: @escaping (_ q: G, _ p: G) -> Double) -> Exercise {
      exercise { right(($0.mean, $0.logVariance), ($0.mean, $1.logVariance)) + shift($0, $1) / 2 }
    }
    return [
      .solution(exercise(right)),
      .stub(Checks.normalDivergence { _, _ in try todo() }),
      .mistake("exchanged", exercise { right($1, $0) }, says: "that is D[P‖Q]"),
      .mistake("sign", exercise { -right($0, $1) }, says: "sign is flipped"),
      .mistake("no ½", exercise { 2 * right($0, $1) }, says: "½ is missing"),
      .mistake("no −1", exercise { right($0, $1) + 0.5 }, says: "−1 is missing"),
      .mistake(
        "log's sign", exercise { right($0, $1) + $0.logVariance - $1.logVariance },
        says: "log of the variance has the wrong sign"),
      .mistake(
        "no logs", exercise { right($0, $1) + ($0.logVariance - $1.logVariance) / 2 },
        says: "log of the variance is missing"),
      .mistake(
        "not divided", shifted { ($0.mean - $1.mean) * ($0.mean - $1.mean) },
        says: "has to be divided by P's variance"),
      .mistake(
        "by Q", shifted { ($0.mean - $1.mean) * ($0.mean - $1.mean) / exp($0.logVariance) },
        says: "divided by Q's variance"),
      .mistake(
        "not squared", shifted { ($0.mean - $1.mean) / exp($1.logVariance) }, says: "not squared"),
      .mistake("as variance", from({ $0 }, { log($0) }), says: "used as the variance"),
      .mistake("no exp", from({ $0 }, { $0 }), says: "exp is missing"),
      .mistake(
        "as deviation", from({ $0 * $0 }, { 2 * log($0) }), says: "as the standard deviation"),
      .mistake("squared", from({ exp(2 * $0) }, { 2 * $0 }), says: "used as log σ"),
      .mistake("log squared", from({ exp($0) }, { $0 * $0 }), says: "log σ² was squared"),
      .mistake("bits", exercise { right($0, $1) / log(2) }, says: "1.443 times"),
      .mistake(
        "one term whole", exercise { right($0, $1) + exp($0.logVariance - $1.logVariance) / 2 },
        says: "the variance is not halved"),
      .mistake(
        "log of all",
        exercise { q, p in
          let (v, w) = (exp(q.logVariance), exp(p.logVariance))
          return log(w / v - 1 + v / w + (q.mean - p.mean) * (q.mean - p.mean) / w) / 2
        }, says: "the log was taken of the whole bracket"),
      .mistake(
        "no σ₀²", exercise { right($0, $1) - exp($0.logVariance - $1.logVariance) / 2 },
        says: "the variance of Q itself"),
      .mistake(
        "upside down",
        exercise {
          right($0, $1) + sinh($1.logVariance - $0.logVariance)
        }, says: "upside down"),
      .mistake("no means", shifted { _, _ in 0 }, says: "the term of the means"),
      .mistake(
        "means added",
        shifted { ($0.mean + $1.mean) * ($0.mean + $1.mean) / exp($1.logVariance) },
        says: "the means were added"),
      .mistake(
        "limited",
        exercise { q, p in
          right((q.mean, min(max(q.logVariance, -10), 10)), p)
        }, says: "limited to a range"),
      .mistake(
        "small number", from({ exp($0) }, { log(exp($0) + 1e-6) }), says: "a small number"),
      .mistake(
        "cross entropy",
        exercise { q, p in
          right(q, p) + (log(2 * .pi) + 1 + q.logVariance) / 2
        }, says: "its entropy, is missing"),
      .mistake(
        "precedence",
        exercise { q, p in
          let (v, w) = (exp(q.logVariance), exp(p.logVariance))
          let square = v + (q.mean - p.mean) * (q.mean - p.mean)
          return square / 2 * w + (p.logVariance - q.logVariance - 1) / 2
        }, says: "a / (2 * b)"),
      .mistake("2π", exercise { right($0, $1) + log(2 * .pi) / 2 }, says: "log 2π"),
      .mistake(
        "ratio of logs",
        exercise { q, p in
          right(q, p) - exp(q.logVariance - p.logVariance) / 2
            + exp(q.logVariance / p.logVariance) / 2
        }, says: "the logs were divided"),
      .mistake(
        "kept above", from({ max(exp($0), 1e-3) }, { log(max(exp($0), 1e-3)) }),
        says: "a small number was added"),
      .mistake("exchanged, with a sign", exercise { -right($1, $0) }, says: "two mistakes"),
      .mistake("half and −1", exercise { 2 * right($0, $1) + 1 }, says: "two mistakes"),
      .mistake(
        "from N(0, 1)", exercise { q, _ in right(q, (0, 0)) }, says: "P does not come in"),
      .mistake(
        "both variances 1", exercise { right(($0.mean, 0), ($1.mean, 0)) },
        says: "as if both variances were 1"),
      .mistake(
        "squared difference", exercise { pow($0.mean - $1.mean, 2) },
        says: "the ½ and the variances are missing"),
    ]
  }

  static var standardDivergence: [Attempt] {
    /// ½ Σ of a term.
    func half(_ term: @escaping (_ m: Double, _ l: Double) -> Double) -> Exercise {
      Checks.standardDivergence { m, l in zip(m, l).map { term($0, $1) }.reduce(0, +) / 2 }
    }
    func term(_ m: Double, _ l: Double) -> Double { m * m + exp(l) - 1 - l }
    var attempts: [Attempt] = []
    attempts.append(
      .solution(half(term)))
    attempts.append(
      .stub(Checks.standardDivergence { _, _ in try todo() }))
    attempts.append(
      .mistake(
        "mean",
        Checks.standardDivergence { m, l in
          let terms: [Double] = zip(m, l).map { term($0, $1) }
          return terms.reduce(0, +) / Double(2 * m.count)
        }, says: "averaged over the latent variables"))
    attempts.append(
      .mistake("no ½", half { 2 * term($0, $1) }, says: "½ is missing"))
    attempts.append(
      .mistake("sign", half { -term($0, $1) }, says: "sign is flipped"))
    attempts.append(
      .mistake("turned", half { (1 + $0 * $0) / exp($1) - 1 + $1 }, says: "D[N(0, I)‖Q]"))
    attempts.append(
      .mistake(
        "one −1",
        Checks.standardDivergence { m, l in
          let terms: [Double] = zip(m, l).map { term($0, $1) + 1 }
          return (terms.reduce(0, +) - 1) / 2
        }, says: "occurs only once"))
    attempts.append(
      .mistake("no −1", half { term($0, $1) + 1 }, says: "−1 is missing"))
    attempts.append(
      .mistake("+ log", half { term($0, $1) + 2 * $1 }, says: "wrong sign"))
    attempts.append(
      .mistake("μ", half { $0 + exp($1) - 1 - $1 }, says: "not squared"))
    attempts.append(
      .mistake("no μ", half { exp($1) - 1 - $1 }, says: "means are missing"))
    attempts.append(
      .mistake("no exp", half { m, _ in m * m - 1 }, says: "exp is missing"))
    attempts.append(
      .mistake("as variance", half { $0 * $0 + $1 - 1 - log($1) }, says: "as the variance"))
    attempts.append(
      .mistake(
        "as σ", half { $0 * $0 + $1 * $1 - 1 - log($1 * $1) }, says: "as the standard deviation"))
    attempts.append(
      .mistake("σ for σ²", half { $0 * $0 + exp($1 / 2) - 1 - $1 }, says: "σ stands in place"))
    attempts.append(
      .mistake("σ⁴", half { $0 * $0 + exp(2 * $1) - 1 - $1 }, says: "was squared"))
    attempts.append(
      .mistake(
        "as log σ", half { $0 * $0 + exp(2 * $1) - 1 - 2 * $1 }, says: "used as log σ"))
    attempts.append(
      .mistake("bits", half { term($0, $1) / log(2) }, says: "1.443 times"))
    attempts.append(
      .mistake(
        "½ first only",
        half { 2 * term($0, $1) - $0 * $0 }, says: "not before the means only"))
    attempts.append(
      .mistake(
        "k / 2",
        Checks.standardDivergence { m, l in
          let terms: [Double] = zip(m, l).map { (term($0, $1) + 1) / 2 }
          return terms.reduce(0, +) - Double(m.count / 2)
        }, says: "k / 2 of two Ints"))
    attempts.append(
      .mistake(
        "return in the loop",
        Checks.standardDivergence { m, l in term(m[0], l[0]) / 2 }, says: "only the first number"))
    attempts.append(
      .mistake(
        "= for +=",
        Checks.standardDivergence { m, l in term(m[m.count - 1], l[l.count - 1]) / 2 },
        says: "only the last number"))
    attempts.append(
      .mistake("limited", half { term($0, min(max($1, -30), 20)) }, says: "limited to a range"))
    attempts.append(
      .mistake(
        "small number", half { $0 * $0 + exp($1) - 1 - log(exp($1) + 1e-10) },
        says: "a small number"))
    attempts.append(
      .mistake("softplus", half { $0 * $0 + log(1 + exp($1)) - 1 - $1 }, says: "log(1 + e^l)"))
    attempts.append(
      .mistake("|μ|", half { abs($0) + exp($1) - 1 - $1 }, says: "without their sign"))
    attempts.append(
      .mistake("log of log", half { $0 * $0 + exp($1) - 1 - log($1) }, says: "logarithm of log σ²"))
    attempts.append(
      .mistake(
        "Σ μ squared",
        Checks.standardDivergence { m, l in
          let sum = m.reduce(0, +)
          let rest: [Double] = l.map { exp($0) - 1 - $0 }
          return (sum * sum + rest.reduce(0, +)) / 2
        }, says: "before they were squared"))
    attempts.append(
      .mistake(
        "mean without ½",
        Checks.standardDivergence { m, l in
          let terms: [Double] = zip(m, l).map { term($0, $1) }
          return terms.reduce(0, +) / Double(m.count)
        }, says: "two mistakes"))
    return attempts
  }

  // MARK: - Section 3.6

  static var boundGradient: [Attempt] {
    /// From Σ wX, Σ w², 1/s², μ and σ², the gradients of the two terms.
    func terms(
      _ x: [Double], _ w: [Double], _ precision: Double, _ mean: Double, _ variance: Double
    ) -> (reconstruction: [Double], divergence: [Double]) {
      (
        [precision * (dot(w, x) - dot(w, w) * mean), -precision * dot(w, w) * variance / 2],
        [mean, (variance - 1) / 2]
      )
    }
    /// With 1/s² and σ² in another way, and signs before the two terms.
    func exercise(
      precision: @escaping (_ logVariance: Double, _ size: Double) -> Double = { l, _ in exp(-l) },
      variance: @escaping (Double) -> Double = { exp($0) }, _ a: Double = 1, _ b: Double = -1,
      times factor: @escaping (_ logVariance: Double) -> Double = { _ in 1 }
    ) -> Exercise {
      Checks.boundGradient { x, w, noise, q in
        let (r, d) = terms(
          x, w, precision(noise, Double(x.count)), q.mean, variance(q.logVariance))
        return [a * r[0] + b * d[0], factor(q.logVariance) * (a * r[1] + b * d[1])]
      }
    }
    /// With the right derivatives changed.
    func changed(
      _ name: String, says message: String,
      _ change:
        @escaping (
          _ derivatives: inout [Double], _ x: [Double], _ w: [Double], _ noise: Double,
          _ q: Exercises.Gaussian
        ) -> Void
    ) -> Attempt {
      .mistake(
        name,
        Checks.boundGradient { x, w, noise, q in
          let (r, d) = terms(x, w, exp(-noise), q.mean, exp(q.logVariance))
          var derivatives = [r[0] - d[0], r[1] - d[1]]
          change(&derivatives, x, w, noise, q)
          return derivatives
        }, says: message)
    }
    return [
      .solution(exercise()),
      .stub(Checks.boundGradient { _, _, _, _ in try todo() }),
      .mistake("loss", exercise(-1, 1), says: "both signs are flipped"),
      .mistake("plus", exercise(1, 1), says: "were added"),
      .mistake("no D", exercise(1, 0), says: "of E[log P(X|z)] alone"),
      .mistake("D", exercise(0, -1), says: "of −D alone"),
      .mistake(
        "at the mean",
        Checks.boundGradient { x, w, noise, q in
          let (r, d) = terms(x, w, exp(-noise), q.mean, exp(q.logVariance))
          return [r[0] - d[0], -d[1]]
        }, says: "at the mean of Q"),
      .mistake("by σ²", exercise(times: { exp(-$0) }), says: "with respect to σ²;"),
      .mistake("by σ", exercise(times: { 2 * exp(-$0 / 2) }), says: "with respect to σ;"),
      .mistake("by log σ", exercise(times: { _ in 2 }), says: "with respect to log σ;"),
      .mistake(
        "no w",
        Checks.boundGradient { x, w, noise, q in
          let (r, d) = terms(x, w, exp(-noise), q.mean, exp(q.logVariance))
          let residual = zip(x, w).map { $0 - $1 * q.mean }.reduce(0, +)
          return [exp(-noise) * residual - q.mean, r[1] - d[1]]
        }, says: "inner derivative w"),
      .mistake("no 1/s²", exercise(precision: { _, _ in 1 }), says: "1/s² is missing"),
      .mistake("log s²", exercise(precision: { l, _ in 1 / l }), says: "log s² was used"),
      .mistake("s⁴", exercise(precision: { l, _ in exp(-2 * l) }), says: "as if it were s;"),
      .mistake("log σ²", exercise(variance: { $0 }), says: "log σ² was used"),
      .mistake(
        "mean", exercise(precision: { exp(-$0) / $1 }), says: "mean over the numbers of X"),
      .mistake(
        "NaN", Checks.boundGradient { _, _, _, _ in [.nan, 0] }, says: "got NaN"),
      changed("natural gradient", says: "was multiplied by σ²") { d, _, _, _, q in
        d[0] *= exp(q.logVariance)
      },
      changed("Σ w squared", says: "each w on its own") { d, x, w, noise, q in
        let sum = w.reduce(0, +)
        d = [
          exp(-noise) * (dot(w, x) - sum * sum * q.mean) - q.mean,
          -exp(q.logVariance - noise) * sum * sum / 2 - exp(q.logVariance) / 2 + 0.5,
        ]
      },
      changed("brackets", says: "1/s² multiplies wX") { d, x, w, noise, q in
        d[0] = dot(w, x) - exp(-noise) * dot(w, w) * q.mean - q.mean
      },
      changed("D by s²", says: "D does not contain s²") { d, x, w, noise, q in
        let variance = exp(q.logVariance)
        d = [
          exp(-noise) * (dot(w, x) - dot(w, w) * q.mean - q.mean),
          exp(-noise) * (-dot(w, w) * variance - variance + 1) / 2,
        ]
      },
      changed("by σ² in one term", says: "in E[log P(X|z)], the derivative") { d, _, w, noise, q in
        d[1] = -exp(-noise) * dot(w, w) / 2 - exp(q.logVariance) / 2 + 0.5
      },
      changed("½ missing", says: "½ is missing") { d, _, _, _, _ in d[1] -= 0.5 },
      changed("+μ", says: "−μ has the wrong sign") { d, _, _, _, q in d[0] += 2 * q.mean },
      changed("constant", says: "for every input") { d, _, _, _, _ in d = [2, -0.5] },
      changed("exchanged", says: "∂ℒ/∂μ comes first") { d, _, _, _, _ in d.reverse() },
      changed("no s² in the second", says: "missing in ∂ℒ/∂(log σ²)") { d, _, w, _, q in
        d[1] = 0.5 - exp(q.logVariance) * (1 + dot(w, w)) / 2
      },
      .mistake("one", Checks.boundGradient { _, _, _, _ in [1] }, says: "1 number"),
    ]
  }
}
