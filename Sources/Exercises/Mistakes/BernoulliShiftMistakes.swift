import Autodiff

// What goes wrong where p is kept away from 0 and 1, and where the stable form is written out.

extension BernoulliLogProbability {
  static var messageAboutFloors: String {
    "p or its logarithm was kept away from 0, or the logit within bounds; that hides how "
      + "improbable X is"
  }

  /// With p squeezed into an interval within (0, 1), or with a floor under the logarithms of a p
  /// that may be 0 or 1.
  static var roundedFloorMistakes: [Mistake<BernoulliLogProbability>] {
    let message = messageAboutFloors
    let margins = [0.1, 0.05, 0.01] + LogSumExp.floors.filter { $0 >= 1e-15 }
    let squeezed = margins.map { margin in
      Mistake<BernoulliLogProbability>("p squeezed by \(margin)", message) {
        $0.term = { x, l in
          let p = (1 - 2 * margin) / (1 + Double.exp(-l)) + margin
          return x == 1 ? .log(p) : .log(1 - p)
        }
      }
    }
    let limits: [Double] = [10, 15, 16, 20, 30, 50, 80, 88, 100, 200, 300, 500, 700, 709, 1000]
    return squeezed
      + limits.map { limit in
        Mistake<BernoulliLogProbability>("logs of p at least \(-limit)", message) {
          $0.logOne = { max(.log(1 / (1 + .exp(-$0))), -limit) }
          $0.logZero = { max(.log(1 - 1 / (1 + .exp(-$0))), -limit) }
        }
      }
  }

  /// With log(1 + e^a) as m + log(e^(−m) + e^(a − m)), where m should be max(a, 0).
  static var shiftMistakes: [Mistake<BernoulliLogProbability>] {
    let form = "log(1 + e^a) is m + log(e^(−m) + e^(a − m)) with m = max(a, 0)"
    let shifted = "an exponential was not shifted by m: \(form)"
    let first = written("first not shifted", shifted) { a, m in Double.exp(a) + Double.exp(a - m) }
    let second = written("second not shifted", shifted) { a, m in Double.exp(-m) + Double.exp(a) }
    let one = written("1 not shifted", shifted) { a, m in 1 + Double.exp(a - m) }
    let wrong = written(
      "wrong m", "m has the wrong sign, so an exponential became 0 or infinite: \(form)",
      shift: { max(-$0, 0) }
    ) { a, m in Double.exp(-m) + Double.exp(a - m) }
    return first + second + one + wrong
  }

  /// A wrong m + log(…) in place of log(1 + e^a), in each of the three ways in which that gives the
  /// log probability.
  private static func written(
    _ name: String, _ message: String, shift: @escaping (_ a: Double) -> Double = { max($0, 0) },
    sum: @escaping (_ a: Double, _ m: Double) -> Double
  ) -> [Mistake<BernoulliLogProbability>] {
    func softplus(_ a: Double) -> Double {
      let m = shift(a)
      return m + .log(sum(a, m))
    }
    return [
      Mistake("\(name), a = l", message) { $0.term = { x, l in x * l - softplus(l) } },
      Mistake("\(name), a = −l", message) { $0.term = { x, l in (x - 1) * l - softplus(-l) } },
      Mistake("\(name), chosen by X", message) {
        $0.term = { x, l in x == 1 ? -softplus(-l) : -softplus(l) }
      },
    ]
  }
}
