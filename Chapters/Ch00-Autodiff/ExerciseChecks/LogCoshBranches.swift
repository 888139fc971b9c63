import Autodiff
import Exercises

extension LogCosh {
  /// What goes wrong only for some x: where something overflows, and on one side of a limit.
  static var branches: [Mistake<LogCosh>] { quotients + values + slopes }

  /// Quotients that are 0/0 at 0, or ∞/∞ far from it.
  private static var quotients: [Mistake<LogCosh>] {
    let infinite: [(name: String, isInfinite: (Double) -> Bool)] = [
      ("(e^(2x) − 1)/(e^(2x) + 1), which is ∞/∞ for large x", { $0 > 350 }),
      ("(1 − e^(−2x))/(1 + e^(−2x)), which is ∞/∞ for negative x far from 0", { $0 < -350 }),
    ]
    let values: [(name: String, value: (Double) -> Double)] = [
      ("", right), ("the value became infinite, and ", { .log(cosh($0)) }),
      ("e^(2x) became infinite in the value, and ", { $0 > 350 ? .infinity : right($0) }),
      ("e^(−2x) became infinite in the value, and ", { $0 < -350 ? .infinity : right($0) }),
    ]
    return values.flatMap { place, value in
      infinite.map { name, isInfinite in
        Mistake(place + name, place + "the pullback computes tanh x as \(name); use tanh") {
          $0.value = value
          $0.pullback = { x, _, g in isInfinite(x) ? .nan : g * .tanh(x) }
        }
      }
    } + [
      Mistake(
        "sinh/y",
        "the pullback divides sinh x by the value, log cosh x, in place of cosh x; at x = 0 that is "
          + "0/0"
      ) { $0.pullback = { x, y, g in g * sinh(x) / y } },
      Mistake("tanh/y", "the pullback divides tanh x by the value; at x = 0 that is 0/0") {
        $0.pullback = { x, y, g in g * .tanh(x) / y }
      },
      Mistake("plus y", "the pullback adds the value to g; it is g times tanh x") {
        $0.pullback = { _, y, g in g + y }
      },
      Mistake("2 − tanh", "the pullback has the wrong sign in tanh x = 1 − 2/(e^(2x) + 1)") {
        $0.pullback = { x, _, g in g * (2 - .tanh(x)) }
      },
    ]
  }

  private static var values: [Mistake<LogCosh>] {
    let others: [(String, (Double) -> Double)] = [
      ("|x|: −log 2 is missing there", { abs($0) }),
      ("x − log 2: it should be |x| − log 2 there", { $0 - .log(2) }),
      ("x: it should be |x| − log 2 there", { $0 }),
      ("0: it should be |x| − log 2 there", { _ in 0 }),
      ("|x| + log 2: log 2 is subtracted there", { abs($0) + .log(2) }),
    ]
    return [2, 3, 20].flatMap { (limit: Double) in
      others.map { name, other in
        Mistake("\(name), beyond \(limit)", "for large |x| the value is \(name)") {
          $0.value = { abs($0) > limit ? other($0) : right($0) }
        }
      }
    }
      + [2, 3].map { (limit: Double) in
        Mistake(
          "far, beyond \(limit)",
          "|x| − log 2 was used too early, where e^(−2|x|) is not yet negligible"
        ) { $0.value = { abs($0) > limit ? abs($0) - .log(2) : right($0) } }
      }
      + [0.25, 0.5, 0.9, 1.5].map { (limit: Double) in
        Mistake(
          "near, below \(limit)", "½x² was used for small |x|, which is only nearly right there"
        ) {
          $0.value = { abs($0) < limit ? $0 * $0 / 2 : right($0) }
        }
      } + [
        Mistake(
          "relu", "for negative x the value is 0: relu(x) is not |x|, which is relu(x) + relu(−x)"
        ) { $0.value = { $0 < 0 ? 0 : right($0) } }
      ]
  }

  private static var slopes: [Mistake<LogCosh>] {
    [2, 3, 20].map { (limit: Double) in
      Mistake(
        "slope 0 beyond \(limit)",
        "for large |x| the pullback returns 0; it should be g times ±1 there"
      ) { $0.pullback = { x, _, g in abs(x) > limit ? 0 : g * .tanh(x) } }
    }
      + [2, 3, 20].map { (limit: Double) in
        Mistake(
          "slope 1 beyond \(limit)",
          "for large |x| the pullback returns g; for negative x it should be −g there"
        ) { $0.pullback = { x, _, g in abs(x) > limit ? g : g * .tanh(x) } }
      }
  }
}
