import Autodiff
import Probability

/// g(z) = w z + z/‖z‖ for each row of z, with the width w: normal points become points near a ring
/// (Doersch, "Tutorial on variational autoencoders", 2016, figure 2, where w is 1/10). The shape
/// stays [n, 2]; a point at the origin, where g is not defined, becomes NaN.
public func ring<Scalar>(_ z: Tensor<Scalar>, width: Scalar = 0.1) -> Tensor<Scalar> {
  z * width + z / sqrt(z.squared.sum(axis: 1, keepingAxis: true))
}

/// Points near a ring: g(z) of standard normal points z in the plane. Shape [count, 2].
public func ring(count: Int, using generator: inout SeededGenerator) -> Tensor<Double> {
  ring(.normal([count, 2], using: &generator))
}

/// Distributions of points in the plane, centred and some two units wide, for a model to learn.
public enum PointCloud: String, CaseIterable, Sendable {
  /// ``ring(count:using:)``.
  case ring
  /// Two interlocking half circles, blurred by normal noise of 0.05.
  case moons
  /// A spiral of one and a half turns, with points spread evenly along the line, blurred by normal
  /// noise of 0.04.
  case spiral
  /// Nine equally likely normal clusters of standard deviation 0.08, one unit apart.
  case grid

  /// Independent points, of shape [count, 2]: a function of uniform and normal numbers.
  public func sample(count: Int, using generator: inout SeededGenerator) -> Tensor<Double> {
    switch self {
    case .ring:
      return Datasets.ring(count: count, using: &generator)
    case .moons:
      let angle = Tensor<Double>.uniform([count, 1], using: &generator) * .pi
      let half = Tensor.concatenated([cos(angle) - 0.5, sin(angle) - 0.25], axis: 1)
      // The other half circle is this one turned around the origin.
      let side = Tensor.bernoulli(Tensor(repeating: 0.5, shape: [count, 1]), using: &generator)
      return half * (2 * side - 1) + 0.05 * .normal([count, 2], using: &generator)
    case .spiral:
      // The length of the line grows with the square of the angle.
      let turn = sqrt(Tensor<Double>.uniform([count, 1], using: &generator))
      let angle = turn * (3 * .pi)
      return 1.2 * turn * .concatenated([cos(angle), sin(angle)], axis: 1)
        + 0.04 * .normal([count, 2], using: &generator)
    case .grid:
      let places = generator.uniform(count: 2 * count).map { (3 * $0).rounded(.down) - 1 }
      return Tensor(places, shape: [count, 2]) + 0.08 * .normal([count, 2], using: &generator)
    }
  }
}
