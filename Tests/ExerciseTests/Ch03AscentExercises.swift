import Exercises
import Foundation
import Testing

@testable import Ch03_KLIdentity

extension Ch03Exercises {
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
    func bound(
      _ q: G, _ x: Double, _ noise: Double, _ nodes: [Double], _ w: [Double],
      deviation: (_ logVariance: Double) -> Double
    ) -> Double {
      let squares = nodes.map { e in
        let miss = x - sin(2 * (q.mean + deviation(q.logVariance) * e))
        return miss * miss
      }
      let divergence = (q.mean * q.mean + exp(q.logVariance) - 1 - q.logVariance) / 2
      return -dot(w, squares) / (2 * exp(noise)) - divergence
    }
    /// By difference quotients of ℒ.
    func quotients(_ deviation: @escaping (_ logVariance: Double) -> Double) -> Exercise {
      exercise { q, x, noise, nodes, w in
        let h = 1e-5
        func at(_ a: Double, _ b: Double) -> Double {
          bound((q.mean + a, q.logVariance + b), x, noise, nodes, w, deviation: deviation)
        }
        return [(at(h, 0) - at(-h, 0)) / (2 * h), (at(0, h) - at(0, -h)) / (2 * h)]
      }
    }
    let gathered = Checks.fitNormal { x, noise, nodes, weights, start, rate, steps in
      var (q, sums) = (start, [0.0, 0.0])
      for _ in 0..<steps {
        sums = zip(sums, right(q, x, noise, nodes, weights)).map(+)
        q = (q.mean + rate * sums[0], q.logVariance + rate * sums[1])
      }
      return q
    }
    let rooted = exercise { q, x, noise, nodes, weights in
      slopes(q, x, noise, nodes, weights, sigma: exp(q.logVariance / 4), inner: 0.25)
    }
    return [
      .mistake("gathered", gathered, says: "the derivatives of all steps so far are added up"),
      .mistake("√σ", rooted, says: "with a root too many"),
      .solution(exercise(right)),
      .solution(quotients { exp($0 / 2) }),
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
      .mistake("quotients, σ²", quotients { exp($0) }, says: "z is μ + σ²ε"),
      .mistake("quotients, log σ²", quotients { $0 }, says: "z is μ + ε log σ²"),
      .mistake("quotients, log σ", quotients { $0 / 2 }, says: "z is μ + ε log σ;"),
      .mistake("quotients, 1", quotients { _ in 1 }, says: "z is μ + ε;"),
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
      .mistake(
        "shifted by the smallest",
        exercise { rows in
          let logs = means(rows)
          let logC = logs.min()! + log(logs.map { exp($0 - logs.min()!) }.reduce(0, +))
          return Shared(q: logs.map { exp($0 - logC) }, loss: -logC)
        }, says: "the smallest log was subtracted"),
    ]
  }
}
