// Write these functions in place of `try todo()`, then: swift run Ch00-Autodiff exercises

import Autodiff
import Foundation
import Notebook

enum Exercises {
  /// A new operation for the core: log cosh x of each element, which is about ½x² near 0 and
  /// |x| − log 2 far away, as one step on the tape with a pullback of your own.
  ///
  /// cosh x = (eˣ + e⁻ˣ)/2. The value must be right for x = ±900, too, where eˣ is not finite.
  ///
  /// `y.recorded("log cosh", from: (x, { g in … }))` (see `exp`, `log` and `softplus` in
  /// Sources/Autodiff/Arithmetic.swift) puts the value y on the tape as the result of one operation on
  /// x. `g` is the gradient of the final number with respect to the result, in its shape; the closure
  /// returns the gradient with respect to x.
  ///
  /// Example: at [0, 1] it is [0, 0.4338]. If the final number is 3 times the second, then g is
  /// [0, 3], and the gradient with respect to x is [0, 2.2848].
  ///
  /// - Parameter x: Numbers in any shape.
  /// - Returns: The values, in the shape of x.
  static func logCosh(_ x: Tensor<Double>) throws -> Tensor<Double> {
    try todo()
  }
}
