import Exercises

/// A result on a tape was computed from an operand.
struct Edge: Sendable {
  /// The place of the operand.
  let from: Int
  /// The place of the result, after that of the operand.
  let to: Int
  /// The derivative of the result with respect to the operand, all other operands held fixed.
  let derivative: Double
}

/// A number in a graph: given, or computed from nodes at other places.
enum Node: Sendable {
  /// A given number.
  case input(Double)
  /// The sum of the values at two places, which may be the same.
  case sum(Int, Int)
  /// The product of the values at two places, which may be the same.
  case product(Int, Int)
  /// The hyperbolic tangent of the value at a place.
  case tanh(Int)
}

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      centralDifference { try Exercises.centralDifference(of: $0, at: $1, step: $2) },
      neuronGradient(Exercises.neuronGradient), forwardMode(Exercises.forwardMode),
      reverseMode(Exercises.reverseMode), layerGradient(Exercises.layerGradient),
      gradientDescent {
        try Exercises.gradientDescent(from: $0, rate: $1, steps: $2, gradient: $3)
      },
      backpropagation(Exercises.backpropagation),
      logCosh(Exercises.logCosh),
    ]
  }
}
