import Autodiff
import Kernels
import NeuralNetworks
import Probability

/// What a grid over two latent variables tells about one example.
public struct GridPosterior: Equatable, Sendable {
  /// log P(X) = log ∫ P(X|z) P(z) dz, in nats.
  public let logEvidence: Double
  /// D[Q(z|X) ‖ P(z|X)], in nats: how far the encoder's answer is from the true posterior.
  public let divergence: Double
}

extension VariationalAutoencoder<Double> {
  /// log P(X) and D[Q ‖ P(z|X)] for each row of `x`, for a model with two latent variables, as sums
  /// over a square grid.
  ///
  /// The grid reaches eight standard deviations beyond the means of the prior and of every Q(z|X),
  /// and its spacing is 0.6 of the smallest of their standard deviations: on smooth integrands that
  /// vanish at the edge, such sums converge faster than any power of the spacing (Trefethen and
  /// Weideman, SIAM Review 56, 2014). Complexity: one run of the decoder a point.
  public func gridPosterior(of x: Tensor<Double>) -> [GridPosterior] {
    let posterior = encoder(x)
    let deviations = posterior.standardDeviation.scalars
    let reach = zip(posterior.mean.scalars, deviations).map { abs($0) + 8 * $1 }.reduce(8, max)
    let spacing = 0.6 * deviations.reduce(1, min)
    let axis = QuadratureRule.trapezoidal(
      Int((2 * reach / spacing).rounded(.up)) + 1, over: -reach...reach)
    let grid = PlaneGrid(axis, axis)
    let rows = Array(0..<x.shape[0])
    let posteriors = rows.map { posterior.rows([$0]) }
    var evidence = rows.map { _ in -Double.infinity }
    var divergence = rows.map { _ in 0.0 }
    for first in stride(from: 0, to: grid.logWeights.count, by: 512) {
      let points = Array(first..<min(first + 512, grid.logWeights.count))
      let z = grid.points.rows(points)
      let logWeights = Tensor<Double>(points.map { grid.logWeights[$0] })
      let joint: Tensor<Double> =
        logProbabilities(of: x, given: z) + DiagonalNormal.standard.logProbability(of: z)
      let parts = (joint + logWeights).logSumExp(axis: 1).scalars
      for row in rows {
        evidence[row] = logSumExp([evidence[row], parts[row]])
        let logQ = posteriors[row].logProbability(of: z)
        let logRatio = logQ - joint.rows([row]).reshaped([points.count])
        divergence[row] += (exp(logQ + logWeights) * logRatio).sum().scalar
      }
    }
    return rows.map {
      GridPosterior(logEvidence: evidence[$0], divergence: divergence[$0] + evidence[$0])
    }
  }

  /// The evidence lower bound of each row of `x` with its expectation over Q(z|X) taken by a
  /// Gauss–Hermite rule of `nodes` × `nodes` points, for a model with two latent variables.
  public func quadratureBound(of x: Tensor<Double>, nodes: Int) -> [Double] {
    let posterior = encoder(x)
    let rule = QuadratureRule.gaussHermite(nodes)
    let grid = PlaneGrid(rule, rule)
    let weights = exp(Tensor(grid.logWeights))
    let divergence = posterior.klDivergenceToStandardNormal().scalars
    return (0..<x.shape[0]).map { row in
      let z = posterior.rows([row]).sample(noise: grid.points)
      return (logProbabilities(of: x.rows([row]), given: z) * weights).sum().scalar
        - divergence[row]
    }
  }

  /// log P(X|z) for every pair of a row of `x` and a row of `z`: [n, inputSize] and [m, 2] → [n, m].
  private func logProbabilities(
    of x: Tensor<Double>, given z: Tensor<Double>
  ) -> Tensor<Double> {
    let outputs = decoder(z)
    let products = matmul(outputs, x.transposed()).transposed()
    guard let logVariance = decoder.logVariance else {
      return products - softplus(outputs).sum(axis: 1)
    }
    let distances =
      x.squared.sum(axis: 1, keepingAxis: true) - 2 * products + outputs.squared.sum(axis: 1)
    let size = Tensor(Double(configuration.inputSize))
    return -0.5 * (distances * exp(-logVariance) + size * (logVariance + Tensor(logTwoPi)))
  }
}
