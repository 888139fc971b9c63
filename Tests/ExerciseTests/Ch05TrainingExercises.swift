import Foundation
import Exercises

@testable import Ch05_VAE

extension Ch05Exercises {
  // MARK: - Adam

  private static func correction(_ decay: Double, _ step: Double) -> Double { 1 - pow(decay, step) }

  /// A step with something else in one place.
  private static func adam(
    old: @escaping (_ decay: Double, _ step: Double) -> Double = { decay, _ in decay },
    new: @escaping (_ decay: Double, _ step: Double) -> Double = { decay, _ in 1 - decay },
    square: @escaping (Double) -> Double = { $0 * $0 },
    firstCorrection: @escaping (_ decay: Double, _ step: Double) -> Double = { correction($0, $1) },
    secondCorrection: @escaping (_ decay: Double, _ step: Double) -> Double = {
      correction($0, $1)
    },
    returnsCorrected: Bool = false,
    quotient: @escaping (_ first: Double, _ second: Double, _ epsilon: Double) -> Double = {
      $0 / (sqrt($1) + $2)
    }
  ) -> Exercise {
    Checks.adamStep { state, gradient, step, rates in
      var state = state
      let (b1, b2, t) = (rates.firstDecay, rates.secondDecay, Double(step))
      for i in gradient.indices {
        let g = gradient[i]
        let first = old(b1, t) * state.firstMoments[i] + new(b1, t) * g
        let second = old(b2, t) * state.secondMoments[i] + new(b2, t) * square(g)
        let m = first / firstCorrection(b1, t)
        let v = second / secondCorrection(b2, t)
        state.parameters[i] -= rates.learningRate * quotient(m, v, rates.epsilon)
        state.firstMoments[i] = returnsCorrected ? m : first
        state.secondMoments[i] = returnsCorrected ? v : second
      }
      return state
    }
  }

  static var adamStep: [Attempt] {
    func none(_: Double, _: Double) -> Double { 1 }
    return [
      .mistake(
        "parameter times the step",
        Checks.adamStep { state, gradient, step, rates in
          var right = state
          for i in gradient.indices {
            let g = gradient[i]
            right.firstMoments[i] +=
              (1 - rates.firstDecay) * (g - state.firstMoments[i])
            right.secondMoments[i] +=
              (1 - rates.secondDecay) * (g * g - state.secondMoments[i])
            let m = right.firstMoments[i] / correction(rates.firstDecay, Double(step))
            let v = right.secondMoments[i] / correction(rates.secondDecay, Double(step))
            right.parameters[i] *= 1 - rates.learningRate * m / (sqrt(v) + rates.epsilon)
          }
          return right
        }, says: "is multiplied by `state.parameters`"),
      .mistake(
        "t of the parameter",
        Checks.adamStep { state, gradient, step, rates in
          var result = state
          for i in gradient.indices {
            let (g, t) = (gradient[i], Double((step - 1) * gradient.count + i + 1))
            result.firstMoments[i] += (1 - rates.firstDecay) * (g - state.firstMoments[i])
            result.secondMoments[i] += (1 - rates.secondDecay) * (g * g - state.secondMoments[i])
            let m = result.firstMoments[i] / correction(rates.firstDecay, t)
            let v = result.secondMoments[i] / correction(rates.secondDecay, t)
            result.parameters[i] -= rates.learningRate * m / (sqrt(v) + rates.epsilon)
          }
          return result
        }, says: "t grows from parameter to parameter"),
      .solution(adam()),
      .stub(Checks.adamStep { _, _, _, _ in try todo() }),
      .mistake(
        "no correction", adam(firstCorrection: none, secondCorrection: none),
        says: "the correction is missing"),
      .mistake(
        "second not corrected", adam(secondCorrection: none),
        says: "in v, the correction is missing"),
      .mistake(
        "first not corrected", adam(firstCorrection: none),
        says: "in m, the correction is missing"),
      .mistake(
        "power t − 1",
        adam(
          firstCorrection: { correction($0, $1 - 1) }, secondCorrection: { correction($0, $1 - 1) }),
        says: "the power t − 1"),
      .mistake(
        "power t + 1",
        adam(
          firstCorrection: { correction($0, $1 + 1) }, secondCorrection: { correction($0, $1 + 1) }),
        says: "the power t + 1"),
      .mistake(
        "power 1",
        adam(
          firstCorrection: { b, _ in 1 - b }, secondCorrection: { b, _ in 1 - b }),
        says: "1 − β in every step"),
      .mistake(
        "power 2",
        adam(firstCorrection: { b, _ in 1 - b * b }, secondCorrection: { b, _ in 1 - b * b }),
        says: "1 − β² in every step"),
      .mistake(
        "power 2 in v", adam(secondCorrection: { b, _ in 1 - b * b }),
        says: "in v, the correction is 1 − β²"),
      .mistake(
        "minus ε", adam(quotient: { $0 / (sqrt($1) - $2) }), says: "ε is subtracted from √v̂"),
      .mistake(
        "βᵗ in v", adam(secondCorrection: { pow($0, $1) }),
        says: "in v, the correction divides by βᵗ"),
      .mistake(
        "corrections exchanged",
        Checks.adamStep { state, gradient, step, rates in
          var state = state
          let (b1, b2) = (rates.firstDecay, rates.secondDecay)
          for i in gradient.indices {
            state.firstMoments[i] = b1 * state.firstMoments[i] + (1 - b1) * gradient[i]
            state.secondMoments[i] =
              b2 * state.secondMoments[i] + (1 - b2) * gradient[i] * gradient[i]
            let m = state.firstMoments[i] / (1 - pow(b2, Double(step)))
            let v = state.secondMoments[i] / (1 - pow(b1, Double(step)))
            state.parameters[i] -= rates.learningRate * m / (sqrt(v) + rates.epsilon)
          }
          return state
        }, says: "the correction of m̂ takes β₂"),
      .mistake(
        "ε in the root", adam(quotient: { $0 / sqrt($1 + $2) }), says: "ε is inside the root"),
      .mistake("no ε", adam(quotient: { m, v, _ in m / sqrt(v) }), says: "ε is missing"),
      .mistake("no root", adam(quotient: { $0 / ($1 + $2) }), says: "by the root of v̂"),
      .mistake("multiplied", adam(quotient: { $0 * (sqrt($1) + $2) }), says: "is multiplied by √v̂"),
      .mistake("uphill", adam(quotient: { -$0 / (sqrt($1) + $2) }), says: "the step goes up"),
      .mistake("momentum", adam(quotient: { m, _, _ in m }), says: "the step is α m̂"),
      .mistake("no square", adam(square: { $0 }), says: "is not squared"),
      .mistake(
        "decays exchanged", adam(old: { b, _ in 1 - b }, new: { b, _ in b }),
        says: "the share of the old moment"),
      .mistake("no 1 − β", adam(new: { _, _ in 1 }), says: "lacks its factor 1 − β"),
      .mistake(
        "powers", adam(old: { pow($0, $1) }, new: { 1 - pow($0, $1) }),
        says: "has the share βᵗ"),
      .mistake(
        "corrected moments returned", adam(returnsCorrected: true),
        says: "the corrected moment is returned"),
      .mistake(
        "ε outside of the quotient",
        Checks.adamStep { state, gradient, step, rates in
          var state = state
          for i in gradient.indices {
            let g = gradient[i]
            let m = rates.firstDecay * state.firstMoments[i] + (1 - rates.firstDecay) * g
            let v = rates.secondDecay * state.secondMoments[i] + (1 - rates.secondDecay) * g * g
            let mHat = m / correction(rates.firstDecay, Double(step))
            let vHat = v / correction(rates.secondDecay, Double(step))
            state.parameters[i] -= rates.learningRate * mHat / sqrt(vHat) + rates.epsilon
            state.firstMoments[i] = m
            state.secondMoments[i] = v
          }
          return state
        }, says: "ε is added to the step"),
      .mistake(
        "fixed ε", adam(quotient: { m, v, _ in m / (sqrt(v) + 1e-8) }),
        says: "does not depend on `rates.epsilon`"),
      .mistake(
        "fixed learning rate",
        Checks.adamStep { state, gradient, step, rates in
          var rates = rates
          rates.learningRate = 0.001
          var result = state
          for i in gradient.indices {
            let m = rates.firstDecay * state.firstMoments[i] + (1 - rates.firstDecay) * gradient[i]
            let v =
              rates.secondDecay * state.secondMoments[i]
              + (1 - rates.secondDecay) * gradient[i] * gradient[i]
            let c1 = correction(rates.firstDecay, Double(step))
            let c2 = correction(rates.secondDecay, Double(step))
            result.parameters[i] -= rates.learningRate * m / c1 / (sqrt(v / c2) + rates.epsilon)
            result.firstMoments[i] = m
            result.secondMoments[i] = v
          }
          return result
        }, says: "does not depend on `rates.learningRate`"),
      .mistake(
        "moments of another count",
        Checks.adamStep { state, _, _, _ in
          AdamState(parameters: state.parameters, firstMoments: [], secondMoments: [])
        }, says: "no numbers for firstMoments"),
    ]
  }

  // MARK: - Active units

  static var activeUnits: [Attempt] {
    let check = Checks.activeUnits
    func variance(_ column: [Double]) -> Double {
      let center = mean(column)
      return mean(column.map { ($0 - center) * ($0 - center) })
    }
    func variant(
      isActive: @escaping (Double) -> Bool = { $0 > 0.01 },
      columns: @escaping ([[Double]]) -> [[Double]] = { transposed($0) },
      of variance: @escaping ([Double]) -> Double
    ) -> Exercise {
      check { means in
        let variances = columns(means).map(variance)
        return LatentActivity(variances: variances, activeCount: variances.filter(isActive).count)
      }
    }
    return [
      .solution(variant(of: variance)),
      .stub(check { _ in try todo() }),
      .mistake(
        "standard deviations", variant { sqrt(variance($0)) }, says: "the standard deviation; the"
      ),
      .mistake(
        "count by standard deviations", variant(isActive: { sqrt($0) > 0.01 }, of: variance),
        says: "the standard deviations were compared"),
      .mistake(
        "threshold 0.1", variant(isActive: { $0 > 0.1 }, of: variance), says: "such as 0.1;"),
      .mistake(
        "threshold 0.001", variant(isActive: { $0 > 0.001 }, of: variance),
        says: "such as 0.001;"),
      .mistake(
        "n − 1", variant { variance($0) * Double($0.count) / Double($0.count - 1) },
        says: "divided by n − 1"),
      .mistake(
        "summed", variant { variance($0) * Double($0.count) }, says: "was not divided"),
      .mistake(
        "not centred", variant { mean($0.map { $0 * $0 }) }, says: "the mean was not subtracted"),
      .mistake(
        "over the latent variables", variant(columns: { $0 }, of: variance),
        says: "over the latent variables of an image"),
      .mistake(
        "count of the others", variant(isActive: { $0 <= 0.01 }, of: variance),
        says: "that are not active"),
      .mistake(
        "divided by the number of latent variables",
        check { means in
          let n = Double(means[0].count)
          let variances = transposed(means).map { column -> Double in
            let center = sum(column) / n
            return sum(column.map { ($0 - center) * ($0 - center) }) / n
          }
          return LatentActivity(
            variances: variances, activeCount: variances.filter { $0 > 0.01 }.count)
        }, says: "divided by the number of latent variables"),
      .mistake(
        "last image left out", variant { variance(Array($0.dropLast())) },
        says: "the last image is left out"),
      .mistake(
        "nothing", check { _ in LatentActivity(variances: [], activeCount: 0) },
        says: "expected 2 numbers for variances"),
    ]
  }

  // MARK: - L_K

  static var importanceWeightedBound: [Attempt] {
    let check = Checks.importanceWeightedBound
    /// The bound with something else than its largest log weight subtracted for each image.
    func shifted(by shift: @escaping (_ rows: [[Double]], _ i: Int) -> Double) -> Exercise {
      check { rows in
        mean(
          rows.indices.map { i in
            let s = shift(rows, i)
            return s + log(mean(rows[i].map { exp($0 - s) }))
          })
      }
    }
    return [
      .solution(check { mean($0.map(logMean)) }),
      .stub(check { _ in try todo() }),
      .mistake("mean of logs", check { mean($0.map(mean)) }, says: "the bound L₁"),
      .mistake("no log K", check { mean($0.map(logSum)) }, says: "log of the sum"),
      .mistake(
        "K outside", check { mean($0.map { logSum($0) / Double($0.count) }) },
        says: "after its log was taken"),
      .mistake(
        "mean of all weights", check { logMean($0.flatMap { $0 }) },
        says: "the mean of all weights"),
      .mistake(
        "wrong axis", check { mean(transposed($0).map(logMean)) }, says: "the other way round"),
      .mistake("sum over images", check { sum($0.map(logMean)) }, says: "sum over the images"),
      .mistake("sign", check { -mean($0.map(logMean)) }, says: "as in a loss"),
      .mistake(
        "mean of inverses", check { -mean($0.map { logMean($0.map { -$0 }) }) },
        says: "the inverse weights"),
      .mistake(
        "minus the logs", check { mean($0.map { logMean($0.map { -$0 }) }) },
        says: "the mean is taken of e^−l"),
      .mistake(
        "largest lost", check { mean($0.map { logMean($0) - $0.max()! }) },
        says: "not added back at the end"),
      .mistake(
        "underflow", check { mean($0.map { log(mean($0.map { exp($0) })) }) },
        says: "subtract the largest"),
      .mistake(
        "one largest for all", shifted { rows, _ in rows.flatMap { $0 }.max()! },
        says: "of all images was subtracted"),
      .mistake(
        "that of the first image", shifted { rows, _ in rows[0].max()! },
        says: "of the first image was subtracted"),
      .mistake("the first weight", shifted { $0[$1][0] }, says: "the first log was subtracted"),
      .mistake("the smallest", shifted { $0[$1].min()! }, says: "the smallest log"),
      .mistake(
        "a floor", check { mean($0.map { log(mean($0.map { exp($0) }) + 1e-10) }) },
        says: "a small number was added"),
      .mistake(
        "largest alone", check { mean($0.map { $0.max()! }) }, says: "the largest of the logs"),
      .mistake(
        "returned inside the loop",
        check { rows in
          for row in rows { return logMean(row) }
          return 0
        }, says: "only the first number counts in `mean over images"),
    ]
  }
}
