import Autodiff

/// The smallest autoencoder that samples: for one example X, Q(z|X) = N(μ, σ²) and
/// P(X|z) = N(wz, ½), so that −log P(X|z) is the squared error (X − wz)², up to a constant.
struct Autoencoder: Parameterized {
  static let x = 1.5
  static let parameterNames = ["μ", "σ", "w"]
  var mean = Tensor(0.5)
  var standardDeviation: Tensor<Double>
  var weight = Tensor(1.2)

  init(sigma: Double) { standardDeviation = Tensor(sigma) }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("μ", &mean)
    visitor.visit("σ", &standardDeviation)
    visitor.visit("w", &weight)
  }

  /// The derivatives of E[(X − wz)²] = (X − wμ)² + w²σ² with respect to μ, σ and w.
  var exactGradient: [Double] {
    let (m, s, w) = (mean.scalar, standardDeviation.scalar, weight.scalar)
    let rest = Self.x - w * m
    return [-2 * w * rest, 2 * w * w * s, -2 * m * rest + 2 * w * s * s]
  }
}
