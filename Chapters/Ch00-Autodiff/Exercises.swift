// Write these functions in place of `return try todo()`. To check them:
//   swift run Ch00-Autodiff exercises
// To check them again whenever you save this file:
//   swift run Ch00-Autodiff exercises watch

import Autodiff
import Exercises
import Foundation

enum Exercises {
  /// The derivative of a function, estimated by a central difference (section 0.1): from the values
  /// of the function at the same distance h on both sides of x.
  ///
  /// Example: for f(x) = x³, x = 2 and h = 1 it is (27 − 1)/2 = 13. (The derivative is 12.)
  ///
  /// - Parameters:
  ///   - f: The function.
  ///   - x: The point at which to estimate the derivative.
  ///   - h: The step, positive.
  /// - Returns: The estimate of f′(x).
  static func centralDifference(
    of f: (Double) -> Double, at x: Double, step h: Double
  ) throws -> Double {
    return try todo()
  }

  /// The gradient of the squared error E = (tanh(wx + b) − y)² of one neuron, by the chain rule on
  /// paper (section 0.2). Name the steps u = wx + b, t = tanh u and E = (t − y)², and work
  /// backwards from E. The derivative of tanh u is 1 − tanh² u.
  ///
  /// Example: for w = 0, x = 3, b = 0 and y = 1, t is 0, and the derivatives with respect to w, x
  /// and b are −6, 0 and −2.
  ///
  /// - Parameters:
  ///   - w: The weight.
  ///   - x: The input.
  ///   - b: The bias.
  ///   - y: The target, which the neuron should output.
  /// - Returns: [∂E/∂w, ∂E/∂x, ∂E/∂b].
  static func neuronGradient(w: Double, x: Double, b: Double, y: Double) throws -> [Double] {
    return try todo()
  }

  /// Forward mode (section 0.4): the derivative of every number on a tape with respect to one of
  /// them.
  ///
  /// Each number on the tape has a place, which is counted from 0. The tape is given as edges, in
  /// the order of computation. An edge leads from an operand to a result, and carries the
  /// derivative of the result with respect to that operand. All edges into an operand come before
  /// the edges that lead out of it.
  ///
  /// Example: take the edges 0 → 1 with the derivative 2, 0 → 2 with 3, and 1 → 2 with 5. With
  /// respect to the number at place 0, the derivatives are [1, 2, 13]: the last is 3 + 5 · 2.
  ///
  /// - Parameters:
  ///   - edges: All edges: `edge.from` and `edge.to` are places, `edge.derivative` is a number.
  ///   - count: How many places the tape has.
  ///   - input: The place of the number with respect to which you differentiate.
  /// - Returns: One derivative for each place, [count].
  static func forwardMode(edges: [Edge], count: Int, input: Int) throws -> [Double] {
    return try todo()
  }

  /// Reverse mode (section 0.3): the derivative of the last number on a tape with respect to every
  /// number on it. The edges are as in `forwardMode`; go through them from the last to the first.
  ///
  /// Example: for the edges 0 → 1 with the derivative 2, 0 → 2 with 3, and 1 → 2 with 5, the
  /// gradient is [13, 5, 1].
  ///
  /// - Parameters:
  ///   - edges: All edges, in the order of computation.
  ///   - count: How many places the tape has.
  /// - Returns: The derivative of the number at place `count` − 1 with respect to the number at
  ///   each place, [count].
  static func reverseMode(edges: [Edge], count: Int) throws -> [Double] {
    return try todo()
  }

  /// The pullback of a layer (section 0.5): the gradients with respect to its weights and biases,
  /// from the gradient with respect to its output Y = XW + b.
  ///
  /// Example: for X = [[1, 2], [3, 4]] and g = [[1], [10]], the gradient of W is [[31], [42]] and
  /// that of b is [11]: together [[31], [42], [11]].
  ///
  /// - Parameters:
  ///   - x: X, n examples of k numbers each, [n][k].
  ///   - g: The gradient of the final number with respect to Y, [n][m].
  /// - Returns: The gradient of W, [k][m], and below it, as one more row, that of b.
  static func layerGradient(x: [[Double]], g: [[Double]]) throws -> [[Double]] {
    return try todo()
  }

  /// Gradient descent (section 0.6): the step θ ← θ − α ∇L(θ), repeated a number of times.
  ///
  /// Example: for L(θ) = θ², whose gradient is 2θ, from θ = [1] with α = 0.25, two steps lead to
  /// [0.5] and on to [0.25].
  ///
  /// - Parameters:
  ///   - start: θ before the first step, [d].
  ///   - rate: The learning rate α.
  ///   - steps: How many steps to take; with 0, the answer is the start.
  ///   - gradient: A function that returns ∇L(θ), [d], for any θ.
  /// - Returns: θ after the last step, [d].
  static func gradientDescent(
    from start: [Double], rate: Double, steps: Int, gradient: ([Double]) -> [Double]
  ) throws -> [Double] {
    return try todo()
  }

  /// Reverse mode from nothing, in the manner of section 0.3: the derivative of one node of a graph
  /// with respect to every node.
  ///
  /// Unlike a tape, the graph lists its nodes in any order: the operands of a node may stand before
  /// it or after it. (No node depends on itself.) So you have to find the order of computation
  /// first. A good way is a class `Value` of your own, with a value, a gradient and its operands; or
  /// do it with arrays. Then go back through that order from its end.
  ///
  /// Example: in `[.product(2, 1), .input(3), .sum(1, 3), .input(2)]` the node at place 0 is
  /// (3 + 2) · 3 = 15. Its derivatives with respect to the four nodes are [1, 8, 3, 3]. The number 8
  /// belongs to the input 3, which is used twice: 5 comes from the product, and 3 from the sum.
  ///
  /// - Parameters:
  ///   - output: The place of the node f to differentiate, counted from 0.
  ///   - graph: All nodes. `.input(v)` is the number v, `.sum(a, b)` and `.product(a, b)` are
  ///     computed from the nodes at the places a and b, which may be the same, and `.tanh(a)` from
  ///     the node at place a. Some nodes may have no effect on f.
  /// - Returns: ∂f/∂v for the value v of each node, in the order of `graph`; 0 for a node that has
  ///   no effect on f, and 1 for f itself.
  static func backpropagation(from output: Int, through graph: [Node]) throws -> [Double] {
    return try todo()
  }

  /// A new operation for the core (section 0.7): log cosh x of each element, as one step on the
  /// tape with a pullback of your own. It is about ½x² near 0, and about |x| − log 2 far away from
  /// 0.
  ///
  /// cosh x is (eˣ + e⁻ˣ)/2. The value and the gradient must also be right for x = ±900,
  /// where cosh x is not finite.
  ///
  /// `y.recorded("log cosh", from: (x, { g in … }))` (see `exp`, `log` and `softplus` in
  /// Sources/Autodiff/Arithmetic.swift) puts the value y on the tape as the result of one operation
  /// on x. Here `g` is the gradient of the final number with respect to y, in the shape of y; the
  /// closure returns the gradient with respect to x. Compute y first, with whatever operations you
  /// like: only what you return counts for the tape.
  ///
  /// Example: at [0, 1] it is [0, 0.4338]. If the final number is 3 times the second, then g is
  /// [0, 3], and the gradient with respect to x is [0, 2.2848].
  ///
  /// - Parameter x: A tensor of any shape.
  /// - Returns: The values, in the shape of x.
  static func logCosh(_ x: Tensor<Double>) throws -> Tensor<Double> {
    return try todo()
  }
}
