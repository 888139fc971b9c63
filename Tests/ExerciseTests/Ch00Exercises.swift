import Autodiff
import Exercises
import Foundation
import Testing

@testable import Ch00_Autodiff

@Suite struct Ch00Exercises {
  static var attempts: [Attempt] {
    centralDifference + neuronGradient + forwardMode + reverseMode + layerGradient
      + gradientDescent + logCosh
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  // MARK: - Section 0.1

  static var centralDifference: [Attempt] {
    typealias Function = (Double) -> Double
    func exercise(_ formula: @escaping (Function, Double, Double) -> Double) -> Exercise {
      Checks.centralDifference(formula)
    }
    return [
      .solution(exercise { f, x, h in (f(x + h) - f(x - h)) / (2 * h) }),
      .stub(Checks.centralDifference { _, _, _ in try todo() }),
      .mistake(
        "forward", exercise { f, x, h in (f(x + h) - f(x)) / h }, says: "forward difference"),
      .mistake("backward", exercise { f, x, h in (f(x) - f(x - h)) / h }, says: "backward"),
      .mistake("h", exercise { f, x, h in (f(x + h) - f(x - h)) / h }, says: "2h apart"),
      .mistake("undivided", exercise { f, x, h in f(x + h) - f(x - h) }, says: "difference alone"),
      .mistake("2", exercise { f, x, h in (f(x + h) - f(x - h)) / 2 }, says: "h is missing"),
      .mistake(
        "precedence", exercise { f, x, h in (f(x + h) - f(x - h)) / 2 * h }, says: "multiplies by h"
      ),
      .mistake(
        "sign", exercise { f, x, h in (f(x - h) - f(x + h)) / (2 * h) }, says: "wrong way round"),
      .mistake(
        "half", exercise { f, x, h in (f(x + h / 2) - f(x - h / 2)) / h }, says: "half the distance"
      ),
      .mistake("NaN", exercise { _, _, _ in .nan }, says: "NaN"),
    ]
  }

  // MARK: - Section 0.2

  static var neuronGradient: [Attempt] {
    struct Neuron {
      let w, x, b, y: Double

      var u: Double { w * x + b }
      var t: Double { tanh(u) }
    }
    /// The three derivatives, from the one with respect to u.
    func exercise(_ derivative: @escaping (Neuron) -> Double) -> Exercise {
      Checks.neuronGradient { w, x, b, y in
        let d = derivative(Neuron(w: w, x: x, b: b, y: y))
        return [d * x, d * w, d]
      }
    }
    func right(_ n: Neuron) -> Double { 2 * (n.t - n.y) * (1 - n.t * n.t) }
    return [
      .solution(exercise(right)),
      .stub(Checks.neuronGradient { _, _, _, _ in try todo() }),
      .mistake("no 2", exercise { right($0) / 2 }, says: "a factor of 2"),
      .mistake("no tanh", exercise { 2 * ($0.t - $0.y) }, says: "derivative of tanh is missing"),
      .mistake("1 − t", exercise { 2 * ($0.t - $0.y) * (1 - $0.t) }, says: "1 − t is not"),
      .mistake("1 − u²", exercise { 2 * ($0.t - $0.y) * (1 - $0.u * $0.u) }, says: "not 1 − u²"),
      .mistake("no square", exercise { 1 - $0.t * $0.t }, says: "outer derivative"),
      .mistake("sign", exercise { -right($0) }, says: "sign of t − y"),
      .mistake(
        "exchanged",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          return [d * w, d * x, d]
        }, says: "exchanged"),
      .mistake(
        "inner",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          return [d, d, d]
        }, says: "last factor is missing"),
      .mistake("empty", Checks.neuronGradient { _, _, _, _ in [] }, says: "no numbers"),
    ]
  }

  // MARK: - Sections 0.3 and 0.4

  /// Follows edges with a rule for what one does to the derivatives.
  private static func walk(
    _ edges: [Edge], _ count: Int, from start: Int, _ follow: (inout [Double], Edge) -> Void
  ) -> [Double] {
    var derivatives = [Double](repeating: 0, count: count)
    derivatives[start] = 1
    for edge in edges { follow(&derivatives, edge) }
    return derivatives
  }

  static var forwardMode: [Attempt] {
    func exercise(_ follow: @escaping (inout [Double], Edge) -> Void) -> Exercise {
      Checks.forwardMode { edges, count, input in walk(edges, count, from: input, follow) }
    }
    func right(_ d: inout [Double], _ edge: Edge) { d[edge.to] += edge.derivative * d[edge.from] }
    return [
      .solution(exercise(right)),
      .stub(Checks.forwardMode { _, _, _ in try todo() }),
      .mistake("=", exercise { $0[$1.to] = $1.derivative * $0[$1.from] }, says: "with +="),
      .mistake("paths", exercise { $0[$1.to] += $0[$1.from] }, says: "number of paths"),
      .mistake("no operand", exercise { $0[$1.to] += $1.derivative }, says: "operand so far"),
      .mistake("sum", exercise { $0[$1.to] += $1.derivative + $0[$1.from] }, says: "they multiply"),
      .mistake(
        "no seed", Checks.forwardMode { _, count, _ in Array(repeating: 0, count: count) },
        says: "everything is 0"),
      .mistake(
        "order",
        Checks.forwardMode { edges, count, input in
          walk(edges.reversed(), count, from: input, right)
        }, says: "wrong order"),
      .mistake(
        "reverse mode",
        Checks.forwardMode { edges, count, _ in
          walk(edges.reversed(), count, from: count - 1) {
            $0[$1.from] += $1.derivative * $0[$1.to]
          }
        }, says: "that is reverse mode"),
      .mistake(
        "all inputs",
        Checks.forwardMode { edges, count, _ in
          var d = (0..<count).map { place in edges.contains { $0.to == place } ? 0.0 : 1.0 }
          for edge in edges { right(&d, edge) }
          return d
        }, says: "every input began with 1"),
    ]
  }

  static var reverseMode: [Attempt] {
    func exercise(_ follow: @escaping (inout [Double], Edge) -> Void) -> Exercise {
      Checks.reverseMode { edges, count in walk(edges.reversed(), count, from: count - 1, follow) }
    }
    func right(_ d: inout [Double], _ edge: Edge) { d[edge.from] += edge.derivative * d[edge.to] }
    return [
      .solution(exercise(right)),
      .stub(Checks.reverseMode { _, _ in try todo() }),
      .mistake("=", exercise { $0[$1.from] = $1.derivative * $0[$1.to] }, says: "with +="),
      .mistake("paths", exercise { $0[$1.from] += $0[$1.to] }, says: "number of paths"),
      .mistake("no g", exercise { $0[$1.from] += $1.derivative }, says: "came back to the result"),
      .mistake("sum", exercise { $0[$1.from] += $1.derivative + $0[$1.to] }, says: "they multiply"),
      .mistake(
        "no seed", Checks.reverseMode { _, count in Array(repeating: 0, count: count) },
        says: "everything is 0"),
      .mistake(
        "order", Checks.reverseMode { edges, count in walk(edges, count, from: count - 1, right) },
        says: "wrong order"),
      .mistake(
        "forward mode",
        Checks.reverseMode { edges, count in
          walk(edges, count, from: 0) { $0[$1.to] += $1.derivative * $0[$1.from] }
        }, says: "that is forward mode"),
    ]
  }

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
      .mistake(
        "slopes elsewhere",
        Checks.logCosh { x in
          // Right for vectors and single numbers only.
          value(x).recorded("log cosh", from: (x, { g in x.rank == 2 ? g : g * tanh(x) }))
        }, says: "checkGradient"),
    ]
  }
}
