import Autodiff
import Exercises

extension Checks {
  static func neuronGradient(
    _ answer: @escaping (Double, Double, Double, Double) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let w, x, b, y: Double

      var t: Double { .tanh(w * x + b) }

      /// The three derivatives, all with the same factor before them.
      func gradient(_ factor: Double) -> [Double] { [factor * x, factor * w, factor] }
    }
    var comparison = Comparison<Input, [Double]>(of: { try answer($0.w, $0.x, $0.b, $0.y) }) {
      $0.gradient(2 * ($0.t - $0.y) * (1 - $0.t * $0.t))
    }
    func ask(_ w: Double, _ x: Double, _ b: Double, _ y: Double) {
      comparison.ask(
        "w = \(text(w)), x = \(text(x)), b = \(text(b)) and y = \(text(y))",
        Input(w: w, x: x, b: b, y: y))
    }
    ask(0, 3, 0, 1)
    ask(0.7, -0.4, 0.3, 0.6)
    ask(-1.1, 0.8, 0.2, -0.5)
    comparison.recognize("the derivative of the square has a factor of 2") {
      $0.gradient(($0.t - $0.y) * (1 - $0.t * $0.t))
    }
    comparison.recognize("the derivative of tanh is missing: 1 − t²") {
      $0.gradient(2 * ($0.t - $0.y))
    }
    comparison.recognize("1 − t is not the derivative of tanh; 1 − t² is") {
      $0.gradient(2 * ($0.t - $0.y) * (1 - $0.t))
    }
    comparison.recognize("the derivative of tanh is 1 − t², with t = tanh u, not 1 − u²") {
      let u = $0.w * $0.x + $0.b
      return $0.gradient(2 * ($0.t - $0.y) * (1 - u * u))
    }
    comparison.recognize("the outer derivative is missing: that of (t − y)² with respect to t") {
      $0.gradient(1 - $0.t * $0.t)
    }
    comparison.recognize("the sign of t − y is flipped") {
      $0.gradient(-2 * ($0.t - $0.y) * (1 - $0.t * $0.t))
    }
    comparison.recognize("w and x are exchanged: ∂u/∂w is x, and ∂u/∂x is w") {
      let gradient = $0.gradient(2 * ($0.t - $0.y) * (1 - $0.t * $0.t))
      return [gradient[1], gradient[0], gradient[2]]
    }
    comparison.recognize("the last factor is missing: ∂u/∂w is x, and ∂u/∂x is w") {
      Array(repeating: 2 * ($0.t - $0.y) * (1 - $0.t * $0.t), count: 3)
    }
    return Exercise(
      "neuron-gradient", "The chain rule by hand, for one neuron", minutes: 15,
      hints: [
        "Begin at the end: what is ∂E/∂t? Then ∂E/∂u is that times ∂t/∂u.",
        "∂E/∂u = 2(t − y)(1 − t²). What is ∂u/∂w, ∂u/∂x and ∂u/∂b?",
      ], comparison)
  }
}
