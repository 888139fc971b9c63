import Autodiff
import Probability

/// The smallest latent variable model whose posterior need not be normal: z ~ N(0, 1) is one number, and
/// X|z ~ N(f(z), σ²I) has d, where f(z) = a · g(bz) + c and g is a curve.
///
/// P(X) and P(z|X) need one-dimensional integrals, which a grid gives up to rounding. Tensors of z end in
/// an axis of extent 1 and those of X in one of extent d: a batch [n, 1, d] of X against points [m, 1]
/// of z gives log probabilities of shape [n, m]. All of them can be differentiated with respect to a,
/// b, c, log σ² and z.
struct ScalarLatentModel: Parameterized {
  /// The curve g.
  enum Curve: String, CaseIterable, Sendable {
    /// g(u) = u: the posterior is normal.
    case linear
    /// g(u) = tanh u: the posterior has one peak, and is skewed.
    case tanh
    /// g(u) = u²: where X > c, the posterior has two equal peaks.
    case square
    /// g(u) = sin u: the posterior has many peaks.
    case sine

    /// f(z) in symbols, for the models of the sections.
    var formula: String {
      switch self {
      case .linear: "f(z) = z"
      case .tanh: "f(z) = tanh 2z"
      case .square: "f(z) = z²"
      case .sine: "f(z) = sin 2z"
      }
    }

    /// The b in this formula.
    var rate: Double {
      switch self {
      case .linear, .square: 1
      case .tanh, .sine: 2
      }
    }
  }

  /// The curve g.
  let curve: Curve
  /// a, of shape [d].
  var amplitude: Tensor<Double>
  /// b, of shape [].
  var rate: Tensor<Double>
  /// c, of shape [d].
  var offset: Tensor<Double>
  /// log σ², of shape [].
  var logVariance: Tensor<Double>

  /// The model with f(z) = amplitude · curve(rate · z) + offset, where an offset of one number is
  /// that of every component of X.
  init(
    _ curve: Curve, amplitude: [Double] = [1], rate: Double = 1, offset: [Double] = [0],
    logVariance: Double
  ) {
    self.curve = curve
    self.amplitude = Tensor(amplitude)
    self.rate = Tensor(rate)
    self.offset = Tensor(offset).broadcast(to: [amplitude.count])
    self.logVariance = Tensor(logVariance)
  }

  /// The grid of z for integrals, from −10 to 10 in steps of 1/100. It resolves posteriors down to a standard
  /// deviation of about 0.02.
  static let grid = QuadratureRule.trapezoidal(2001, over: -10...10)

  /// f(z), […, 1] → […, d].
  func decode(_ z: Tensor<Double>) -> Tensor<Double> {
    let u = rate * z
    let g =
      switch curve {
      case .linear: u
      case .tanh: Autodiff.tanh(u)
      case .square: u.squared
      case .sine: sin(u)
      }
    return amplitude * g + offset
  }

  /// P(X|z) = N(f(z), σ²I).
  func likelihood(given z: Tensor<Double>) -> DiagonalNormal<Double> {
    DiagonalNormal(mean: decode(z), logVariance: logVariance)
  }

  /// log P(X|z) in nats.
  func logProbability(of x: Tensor<Double>, given z: Tensor<Double>) -> Tensor<Double> {
    likelihood(given: z).logProbability(of: x)
  }

  /// log P(X, z) = log P(X|z) + log P(z) in nats.
  func logJoint(of x: Tensor<Double>, _ z: Tensor<Double>) -> Tensor<Double> {
    logProbability(of: x, given: z) + DiagonalNormal.standard.logProbability(of: z)
  }

  /// log P(X) = log ∫ P(X|z) P(z) dz in nats, [n, 1, d] → [n, 1], by quadrature over z.
  func logEvidence(
    of x: Tensor<Double>, by rule: QuadratureRule = grid
  ) -> Tensor<Double> {
    let z = Tensor(rule.nodes, shape: [rule.nodes.count, 1])
    let sum = (logJoint(of: x, z) + Tensor(rule.logWeights)).logSumExp(axis: -1)
    return sum.reshaped(sum.shape + [1])
  }

  /// log P(z|X) in nats, by Bayes' rule: log P(X|z) + log P(z) − log P(X).
  func logPosterior(of z: Tensor<Double>, given x: Tensor<Double>) -> Tensor<Double> {
    logJoint(of: x, z) - logEvidence(of: x)
  }

  /// E[f(z)] for z from P(z|X), [n, 1, d] → [n, 1], by quadrature over z.
  ///
  /// `function` maps the grid's points z, of shape [m, 1], to values of shape [n, m], or [m] if they
  /// are the same for all X.
  func posteriorExpectation(
    given x: Tensor<Double>, of function: (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor<Double> {
    let z = Tensor(Self.grid.nodes, shape: [Self.grid.nodes.count, 1])
    let mass = exp(logPosterior(of: z, given: x) + Tensor(Self.grid.logWeights))
    return (mass * function(z)).sum(axis: -1, keepingAxis: true)
  }

  /// The normal distributions with the means and variances of P(z|X), [n, 1, d] → [n, 1, 1]: of all
  /// normal Q these have the smallest D[P(z|X)‖Q].
  func posteriorMoments(given x: Tensor<Double>) -> DiagonalNormal<Double> {
    let mean = posteriorExpectation(given: x) { z in z.reshaped([z.count]) }
    let variance = posteriorExpectation(given: x) { z in (z.reshaped([z.count]) - mean).squared }
    let shape = mean.shape + [1]
    return DiagonalNormal(
      mean: mean.reshaped(shape), logVariance: log(variance).reshaped(shape))
  }

  /// Samples z from the prior and X given z: `count` of X, of shape [count, 1, d].
  func sample(_ count: Int, using generator: inout SeededGenerator) -> Tensor<Double> {
    let z = Tensor<Double>.normal([count, 1, 1], using: &generator)
    return likelihood(given: z)
      .sample(noise: .normal([count, 1, amplitude.count], using: &generator))
  }

  /// Shows `amplitude`, `rate`, `offset` and `logVariance`.
  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("amplitude", &amplitude)
    visitor.visit("rate", &rate)
    visitor.visit("offset", &offset)
    visitor.visit("logVariance", &logVariance)
  }
}
