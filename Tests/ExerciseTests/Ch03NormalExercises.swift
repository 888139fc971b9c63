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
      .mistake("half and −1", exercise { 2 * right($0, $1) + 1 }, says: "two mistakes"),
      .mistake(
        "from N(0, 1)", exercise { q, _ in right(q, (0, 0)) }, says: "P does not come in"),
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
      .mistake("one", Checks.boundGradient { _, _, _, _ in [1] }, says: "1 number"),
    ]
  }
  static var fitNormal: [Attempt] {
    typealias G = Exercises.Gaussian
    /// The derivatives for a Q.
    typealias Slopes = (
      _ q: G, _ x: Double, _ noise: Double, _ nodes: [Double], _ weights: [Double]
    ) -> [Double]
    func slopes(
      _ q: G, _ x: Double, _ noise: Double, _ nodes: [Double], _ weights: [Double],
      sigma: Double, slope: (Double) -> Double = { 2 * cos(2 * $0) }, inner: Double = 0.5
    ) -> [Double] {
      var (a, b) = (-q.mean, 0.5 - 0.5 * exp(q.logVariance))
      for (e, v) in zip(nodes, weights) {
        let z = q.mean + sigma * e
        let g = v * (x - sin(2 * z)) * slope(z) / exp(noise)
        a += g
        b += g * inner * sigma * e
      }
      return [a, b]
    }
    func right(_ q: G, _ x: Double, _ noise: Double, _ nodes: [Double], _ w: [Double]) -> [Double] {
      slopes(q, x, noise, nodes, w, sigma: exp(q.logVariance / 2))
    }
    func exercise(
      rate factor: Double = 1, steps change: Int = 0, _ slopes: @escaping Slopes
    ) -> Exercise {
      Checks.fitNormal { x, noise, nodes, weights, start, rate, steps in
        var q = start
        for _ in 0..<steps + change {
          let d = slopes(q, x, noise, nodes, weights)
          q = (q.mean + factor * rate * d[0], q.logVariance + factor * rate * d[1])
        }
        return q
      }
    }
    /// ℒ, up to a constant.
    func bound(_ q: G, _ x: Double, _ noise: Double, _ nodes: [Double], _ w: [Double]) -> Double {
      let squares = nodes.map { e in
        let miss = x - sin(2 * (q.mean + exp(q.logVariance / 2) * e))
        return miss * miss
      }
      let divergence = (q.mean * q.mean + exp(q.logVariance) - 1 - q.logVariance) / 2
      return -dot(w, squares) / (2 * exp(noise)) - divergence
    }
    return [
      .solution(exercise(right)),
      .solution(
        exercise { q, x, noise, nodes, w in
          let h = 1e-5
          func at(_ a: Double, _ b: Double) -> Double {
            bound((q.mean + a, q.logVariance + b), x, noise, nodes, w)
          }
          return [(at(h, 0) - at(-h, 0)) / (2 * h), (at(0, h) - at(0, -h)) / (2 * h)]
        }),
      .stub(Checks.fitNormal { _, _, _, _, _, _, _ in try todo() }),
      .mistake("descent", exercise(rate: -1, right), says: "that descends"),
      .mistake("too few", exercise(steps: -1, right), says: "one step too few"),
      .mistake("too many", exercise(steps: 1, right), says: "one step too many"),
      .mistake(
        "no D",
        exercise { q, x, noise, nodes, w in
          let d = right(q, x, noise, nodes, w)
          return [d[0] + q.mean, d[1] - 0.5 + 0.5 * exp(q.logVariance)]
        }, says: "derivatives of D are missing"),
      .mistake(
        "plus",
        exercise { q, x, noise, nodes, w in
          let d = right(q, x, noise, nodes, w)
          return [d[0] + 2 * q.mean, d[1] - 1 + exp(q.logVariance)]
        }, says: "D is added"),
      .mistake(
        "σ²",
        exercise { q, x, noise, nodes, w in
          slopes(q, x, noise, nodes, w, sigma: exp(q.logVariance))
        }, says: "σ² in place of σ"),
      .mistake(
        "no slope",
        exercise { q, x, noise, nodes, w in
          slopes(q, x, noise, nodes, w, sigma: exp(q.logVariance / 2), slope: { _ in 1 })
        }, says: "2 cos 2z, is missing"),
      .mistake(
        "cos 2z",
        exercise { q, x, noise, nodes, w in
          slopes(q, x, noise, nodes, w, sigma: exp(q.logVariance / 2), slope: { cos(2 * $0) })
        }, says: "a factor 2 is missing"),
      .mistake(
        "by log σ",
        exercise { q, x, noise, nodes, w in
          slopes(q, x, noise, nodes, w, sigma: exp(q.logVariance / 2), inner: 1)
        }, says: "the ½ is missing"),
      .mistake(
        "σ fixed",
        exercise { q, x, noise, nodes, w in
          slopes(q, x, noise, nodes, w, sigma: exp(q.logVariance / 2), inner: 0)
        }, says: "through σ"),
      .mistake(
        "no weights",
        exercise { q, x, noise, nodes, _ in right(q, x, noise, nodes, nodes.map { _ in 1 }) },
        says: "has no weights"),
      .mistake(
        "no 1/s²", exercise { q, x, _, nodes, w in right(q, x, 0, nodes, w) },
        says: "1/s² is missing"),
      .mistake(
        "one after the other",
        Checks.fitNormal { x, noise, nodes, weights, start, rate, steps in
          var q = start
          for _ in 0..<steps {
            q.mean += rate * right(q, x, noise, nodes, weights)[0]
            q.logVariance += rate * right(q, x, noise, nodes, weights)[1]
          }
          return q
        }, says: "compute both at the old values"),
      .mistake(
        "return in the loop",
        Checks.fitNormal { x, noise, nodes, weights, start, rate, _ in
          let d = right(start, x, noise, nodes, weights)
          return (start.mean + rate * d[0], start.logVariance + rate * d[1])
        }, says: "only one step"),
      .mistake(
        "once",
        Checks.fitNormal { x, noise, nodes, weights, start, rate, steps in
          let d = right(start, x, noise, nodes, weights)
          let total = rate * Double(steps)
          return (start.mean + total * d[0], start.logVariance + total * d[1])
        }, says: "are computed once"),
      .mistake(
        "from N(0, 1)",
        Checks.fitNormal { x, noise, nodes, weights, _, rate, steps in
          var q: G = (0, 0)
          for _ in 0..<steps {
            let d = right(q, x, noise, nodes, weights)
            q = (q.mean + rate * d[0], q.logVariance + rate * d[1])
          }
          return q
        }, says: "begin at `start`"),
    ]
  }

  static var sharedQ: [Attempt] {
    typealias Shared = Exercises.SharedQ
    /// From the means of the logs.
    func shared(_ means: [Double]) -> Shared {
      let most = means.max()!
      let logC = most + log(means.map { exp($0 - most) }.reduce(0, +))
      return Shared(q: means.map { exp($0 - logC) }, loss: -logC)
    }
    func sums(_ rows: [[Double]]) -> [Double] {
      rows[0].indices.map { z in rows.map { $0[z] }.reduce(0, +) }
    }
    func means(_ rows: [[Double]]) -> [Double] { sums(rows).map { $0 / Double(rows.count) } }
    func exercise(_ function: @escaping ([[Double]]) -> Shared) -> Exercise {
      Checks.sharedQ { function($0) }
    }
    /// With the right Q or loss, and the other changed.
    func changed(
      q: @escaping ([Double], [[Double]]) -> [Double] = { q, _ in q },
      loss: @escaping (Double, [Double], [[Double]]) -> Double = { loss, _, _ in loss }
    ) -> Exercise {
      exercise { rows in
        let right = shared(means(rows))
        return Shared(q: q(right.q, rows), loss: loss(right.loss, right.q, rows))
      }
    }
    func probabilities(_ rows: [[Double]]) -> [[Double]] { rows.map { $0.map { exp($0) } } }
    return [
      .solution(exercise { shared(means($0)) }),
      .stub(Checks.sharedQ { _ in try todo() }),
      .mistake("product", exercise { shared(sums($0)) }, says: "were added up over X"),
      .mistake(
        "mixture",
        exercise { rows in
          let q = means(probabilities(rows))
          let losses = probabilities(rows).map { kl(q, $0) }
          return Shared(q: q, loss: losses.reduce(0, +) / Double(rows.count))
        }, says: "that is the mean of the posteriors"),
      .mistake(
        "not normalised", changed(q: { _, rows in means(rows).map { exp($0) } }),
        says: "does not sum to 1"),
      .mistake("logs", changed(q: { q, _ in q.map { log($0) } }), says: "return Q(z) itself"),
      .mistake("sign", changed(loss: { loss, _, _ in -loss }), says: "that is log C"),
      .mistake("C", changed(loss: { loss, _, _ in exp(-loss) }), says: "that is C itself"),
      .mistake("bits", changed(loss: { loss, _, _ in loss / log(2) }), says: "in bits"),
      .mistake(
        "sum", changed(loss: { loss, _, rows in loss * Double(rows.count) }),
        says: "the sum over X"),
      .mistake(
        "reversed",
        changed(loss: { _, q, rows in
          probabilities(rows).map { kl($0, q) }.reduce(0, +) / Double(rows.count)
        }), says: "D[P(z|X)‖Q]"),
      .mistake("first X", exercise { shared($0[0]) }, says: "only the first X"),
      .mistake(
        "underflow",
        exercise { rows in
          let weights = means(rows).map { exp($0) }
          let c = weights.reduce(0, +)
          return Shared(q: weights.map { $0 / c }, loss: -log(c))
        }, says: "exp(−1000) is 0"),
      .mistake(
        "shifted by the first",
        exercise { rows in
          let logs = means(rows)
          let logC = logs[0] + log(logs.map { exp($0 - logs[0]) }.reduce(0, +))
          return Shared(q: logs.map { exp($0 - logC) }, loss: -logC)
        }, says: "the first log was subtracted"),
    ]
  }
}
