import Autodiff
import Exercises
import Foundation
import Testing

@testable import Ch00_Autodiff

extension Ch00Exercises {
  // MARK: - Section 0.5

  static var layerGradient: [Attempt] {
    func weights(_ x: [[Double]], _ g: [[Double]]) -> [[Double]] {
      x[0].indices.map { k in
        g[0].indices.map { j in zip(x, g).reduce(0) { $0 + $1.0[k] * $1.1[j] } }
      }
    }
    func bias(_ g: [[Double]]) -> [Double] { g[0].indices.map { j in g.reduce(0) { $0 + $1[j] } } }
    func right(_ x: [[Double]], _ g: [[Double]]) -> [[Double]] { weights(x, g) + [bias(g)] }
    return [
      .solution(Checks.layerGradient(right)),
      .stub(Checks.layerGradient { _, _ in try todo() }),
      .mistake(
        "mean",
        Checks.layerGradient { x, g in
          right(x, g).map { row in row.map { $0 / Double(x.count) } }
        }, says: "the mean over the examples"),
      .mistake("first", Checks.layerGradient { right([$0[0]], [$1[0]]) }, says: "only the first"),
      .mistake(
        "last", Checks.layerGradient { right([$0.last!], [$1.last!]) }, says: "only the last"),
      .mistake(
        "mean bias",
        Checks.layerGradient { x, g in weights(x, g) + [bias(g).map { $0 / Double(x.count) }] },
        says: "gradient of b was averaged"),
      .mistake(
        "first bias", Checks.layerGradient { x, g in weights(x, g) + [g[0]] }, says: "used by all"),
      .mistake(
        "no x", Checks.layerGradient { x, g in x[0].map { _ in bias(g) } + [bias(g)] },
        says: "lacks X"),
      .mistake("no b", Checks.layerGradient(weights), says: "row of b is missing"),
      .mistake(
        "b first", Checks.layerGradient { x, g in [bias(g)] + weights(x, g) }, says: "stands above"),
      .mistake(
        "transposed",
        Checks.layerGradient { x, g in
          g[0].indices.map { j in right(x, g).map { $0[j] } }
        }, says: "transpose"),
      .mistake(
        "NaN", Checks.layerGradient { x, g in right(x, g).map { $0.map { _ in .nan } } },
        says: "NaN"),
      .mistake(
        "too short",
        Checks.layerGradient { right(Array($0.dropLast()), Array($1.dropLast())) },
        says: "last example is left out"),
      .mistake(
        "sign", Checks.layerGradient { x, g in weights(x, g).map { $0.map { -$0 } } + [bias(g)] },
        says: "sign of W"),
      .mistake(
        "b of ones", Checks.layerGradient { x, g in weights(x, g) + [g[0].map { _ in 1 }] },
        says: "not 1"),
      .mistake(
        "b over outputs",
        Checks.layerGradient { x, g in weights(x, g) + [g.map { $0.reduce(0, +) }] },
        says: "sum over the examples"),
      .mistake(
        "g of the first output",
        Checks.layerGradient { x, g in
          weights(x, g.map { row in row.map { _ in row[0] } }) + [bias(g)]
        }, says: "only the first column of g"),
      .mistake(
        "mean W and b forgotten",
        Checks.layerGradient { x, g in
          weights(x, g).map { $0.map { $0 / Double(x.count) } } + [bias(g).map { _ in 0 }]
        }, says: "two mistakes"),
    ]
  }

  // MARK: - Section 0.6

  static var gradientDescent: [Attempt] {
    typealias Gradient = ([Double]) -> [Double]
    /// Steps of a rate that may depend on the one asked for, and on how many steps there are.
    func exercise(
      rate: @escaping (Double, Int) -> Double = { rate, _ in rate },
      steps: @escaping (Int) -> Int = { $0 }
    ) -> Exercise {
      Checks.gradientDescent { start, α, count, gradient in
        var θ = start
        for _ in 0..<steps(count) {
          let g = gradient(θ)
          for index in θ.indices { θ[index] -= rate(α, count) * g[index] }
        }
        return θ
      }
    }
    return [
      .solution(exercise()),
      .stub(Checks.gradientDescent { _, _, _, _ in try todo() }),
      .mistake("uphill", exercise(rate: { α, _ in -α }), says: "uphill"),
      .mistake(
        "stale",
        Checks.gradientDescent { start, α, steps, gradient in
          zip(start, gradient(start)).map { $0 - α * Double(steps) * $1 }
        }, says: "computed anew"),
      .mistake("more", exercise(steps: { $0 + 1 }), says: "one step too many"),
      .mistake("by two", exercise(steps: { ($0 + 1) / 2 }), says: "every other step"),
      .mistake(
        "stops when small",
        Checks.gradientDescent { start, α, steps, gradient in
          var θ = start
          for _ in 0..<steps {
            let g = gradient(θ)
            if g.allSatisfy({ abs($0) < 1e-6 }) { return θ }
            for index in θ.indices { θ[index] -= α * g[index] }
          }
          return θ
        }, says: "no longer moved where the gradient was small"),
      .mistake(
        "only downhill",
        Checks.gradientDescent { start, α, steps, gradient in
          var θ = start
          for _ in 0..<steps {
            let next = zip(θ, gradient(θ)).map { $0 - α * $1 }
            let (old, new) = (gradient(θ), gradient(next))
            if new.reduce(0, { $0 + $1 * $1 }) < old.reduce(0, { $0 + $1 * $1 }) { θ = next }
          }
          return θ
        }, says: "take every step"),
      .mistake(
        "from 1",
        Checks.gradientDescent { start, α, steps, gradient in
          var θ = start
          for _ in 0..<steps {
            let g = gradient(θ)
            for index in θ.indices.dropFirst() { θ[index] -= α * g[index] }
          }
          return θ
        }, says: "a loop begin at 1"),
      .mistake("fewer", exercise(steps: { max(0, $0 - 1) }), says: "one step is missing"),
      .mistake("no rate", exercise(rate: { _, _ in 1 }), says: "the learning rate is missing"),
      .mistake(
        "divided", exercise(rate: { α, count in α / Double(count) }), says: "divided by the number"),
      .mistake(
        "the step",
        Checks.gradientDescent { start, α, steps, gradient in
          var (θ, step) = (start, start)
          for index in 0..<max(steps, 1) {
            step = gradient(θ).map { α * $0 }
            if index + 1 < steps { θ = zip(θ, step).map { $0 - $1 } }
          }
          return step
        }, says: "that is the last step"),
      .mistake(
        "one after the other",
        Checks.gradientDescent { start, α, steps, gradient in
          var θ = start
          for _ in 0..<steps {
            for index in θ.indices { θ[index] -= α * gradient(θ)[index] }
          }
          return θ
        }, says: "had moved already"),
      .mistake("empty", Checks.gradientDescent { _, _, _, _ in [] }, says: "no numbers"),
      .mistake(
        "return inside",
        Checks.gradientDescent { start, α, steps, gradient in
          for _ in 0..<steps { return zip(start, gradient(start)).map { $0 - α * $1 } }
          return start
        }, says: "return too early"),
      .mistake(
        "no loop",
        Checks.gradientDescent { start, α, _, gradient in
          zip(start, gradient(start)).map { $0 - α * $1 }
        }, says: "there is no loop"),
      .mistake(
        "one step old",
        Checks.gradientDescent { start, α, steps, gradient in
          var (θ, velocity) = (start, start.map { _ in 0.0 })
          for _ in 0..<steps {
            let g = gradient(θ)
            θ = zip(θ, velocity).map { $0 - α * $1 }
            velocity = g
          }
          return θ
        }, says: "the first used 0"),
      .mistake(
        "momentum",
        Checks.gradientDescent { start, α, steps, gradient in
          var (θ, velocity) = (start, start.map { _ in 0.0 })
          for _ in 0..<steps {
            velocity = zip(velocity, gradient(θ)).map { 0.9 * $0 + $1 }
            θ = zip(θ, velocity).map { $0 - α * $1 }
          }
          return θ
        }, says: "momentum"),
      .mistake(
        "unit steps",
        Checks.gradientDescent { start, α, steps, gradient in
          var θ = start
          for _ in 0..<steps {
            let g = gradient(θ)
            let size = sqrt(g.map { $0 * $0 }.reduce(0, +))
            θ = zip(θ, g).map { $0 - α * $1 / size }
          }
          return θ
        }, says: "divided by its length"),
      .mistake(
        "overwritten",
        Checks.gradientDescent { start, α, steps, gradient in
          var θ = start
          for _ in 0..<steps { θ = gradient(θ).map { -α * $0 } }
          return θ
        }, says: "was replaced by −α"),
      .mistake(
        "first coordinate",
        Checks.gradientDescent { start, α, steps, gradient in
          var θ = start
          for _ in 0..<steps { θ[0] -= α * gradient(θ)[0] }
          return θ
        }, says: "only θ₁ was moved"),
      .mistake("half", exercise(rate: { α, _ in α / 2 }), says: "½ is too much"),
      .mistake(
        "uphill, one fewer", exercise(rate: { α, _ in -α }, steps: { max(0, $0 - 1) }),
        says: "two mistakes"),
      .mistake("the start", Checks.gradientDescent { start, _, _, _ in start }, says: "as it came"),
    ]
  }

  // MARK: - The core

  static var logCosh: [Attempt] {
    func value(_ x: Tensor<Double>) -> Tensor<Double> { softplus(2 * x) - x - log(2) }
    func cosh(_ x: Tensor<Double>) -> Tensor<Double> { 0.5 * (exp(x) + exp(-x)) }
    func sinh(_ x: Tensor<Double>) -> Tensor<Double> { 0.5 * (exp(x) - exp(-x)) }
    /// One step on the tape, of a value and a pullback at x.
    func exercise(
      _ value: @escaping (Tensor<Double>) -> Tensor<Double> = value,
      _ pullback: @escaping (_ x: Tensor<Double>, _ g: Tensor<Double>) -> Tensor<Double>
    ) -> Exercise {
      Checks.logCosh { x in value(x).recorded("log cosh", from: (x, { g in pullback(x, g) })) }
    }
    return [
      .solution(exercise { x, g in g * tanh(x) }),
      .stub(Checks.logCosh { _ in try todo() }),
      .mistake(
        "off the tape", Checks.logCosh { value($0.detached) }, says: "no gradient came back"),
      .mistake("no g", exercise { x, _ in tanh(x) }, says: "the pullback leaves out g"),
      .mistake("g alone", exercise { _, g in g }, says: "returns g as it is"),
      .mistake("1/cosh", exercise { x, g in g / cosh(x) }, says: "1/cosh x"),
      .mistake("sinh", exercise { x, g in g * sinh(x) }, says: "before the log was taken"),
      .mistake(
        "second derivative", exercise { x, g in g * (1 - tanh(x).squared) }, says: "1 − tanh² x"),
      .mistake("times value", exercise { x, g in g * value(x) }, says: "right for exp alone"),
      .mistake(
        "log 2", exercise({ value($0) + log(2) }) { x, g in g * tanh(x) },
        says: "log 2 is missing"),
      .mistake("cosh", exercise(cosh) { x, g in g * sinh(x) }, says: "its logarithm is missing"),
      .mistake(
        "overflow", exercise({ log(cosh($0)) }) { x, g in g * tanh(x) },
        says: "can be taken out of the log"),
      .mistake("composed", Checks.logCosh { log(cosh($0)) }, says: "not several"),
      .mistake("composed well", Checks.logCosh { value($0) }, says: "should go through one"),
      .mistake("empty", Checks.logCosh { _ in Tensor([]) }, says: "no numbers"),
      .mistake("one number", Checks.logCosh { _ in Tensor(0) }, says: "got one number"),
      .mistake("sign", exercise { x, g in -g * tanh(x) }, says: "has the wrong sign"),
      .mistake(
        "not returned",
        Checks.logCosh { x in
          let y = value(x)
          _ = y.recorded("log cosh", from: (x, { g in g * tanh(x) }))
          return y
        }, says: "should go through one"),
      .mistake(
        "rounded", exercise({ softplus(2 * $0) - $0 - 0.693 }) { x, g in g * tanh(x) },
        says: "was rounded to 0.693"),
      .mistake(
        "1 − y²", exercise { x, g in g * (1 - value(x) * value(x)) }, says: "right for y = tanh x"),
      .mistake(
        "mean", exercise { x, g in g * tanh(x) * (1 / Double(x.count)) },
        says: "the number of elements"),
      .mistake("tanh of y", exercise { x, g in g * tanh(value(x)) }, says: "tanh of the value"),
      .mistake(
        "no factor 2", exercise { x, g in g * (sigmoid(2 * x) - 1) }, says: "lacks a factor 2"),
      .mistake("sum", exercise { x, g in g + tanh(x) }, says: "adds g"),
      .mistake(
        "far formula", exercise({ relu($0) + relu(-$0) - log(2) }) { x, g in g * tanh(x) },
        says: "only far from 0"),
      .mistake(
        "no x", exercise({ softplus(2 * $0) - log(2) }) { x, g in g * tanh(x) },
        says: "x is missing"),
      .mistake(
        "½ outside", exercise({ 0.5 * (value($0) + log(2)) }) { x, g in g * tanh(x) },
        says: "outside the log"),
      .mistake(
        "e^(2x)", exercise({ log(1 + exp(2 * $0)) - $0 - log(2) }) { x, g in g * tanh(x) },
        says: "e^(2x) became infinite"),
      .mistake(
        "∞/∞", exercise { x, g in g * sinh(x) / cosh(x) }, says: "use tanh"),
      .mistake(
        "detached inside",
        Checks.logCosh { x in
          let x = x.detached
          return value(x).recorded("log cosh", from: (x, { g in g * tanh(x) }))
        }, says: "x.detached"),
      .mistake(
        "slopes elsewhere",
        Checks.logCosh { x in
          // Right for vectors and single numbers only.
          value(x).recorded("log cosh", from: (x, { g in x.rank == 2 ? g : g * tanh(x) }))
        }, says: "checkGradient"),
    ]
  }
}
