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
  /// over a square grid from −`halfWidth` to `halfWidth`.
  ///
  /// On smooth integrands that vanish at the edge, such sums converge faster than any power of the
  /// spacing, once it is below the narrowest standard deviation. Complexity: one run of the decoder
  /// for each of (2 · halfWidth / spacing)² points.
  public func gridPosterior(
    of x: Tensor<Double>, halfWidth: Double = 5, spacing: Double
  ) -> [GridPosterior] {
    let side = Int((2 * halfWidth / spacing).rounded()) + 1
    let axis = (0..<side).map { -halfWidth + Double($0) * spacing }
    let posterior = encoder(x)
    let count = x.shape[0]
    var evidence = [Double](repeating: -.infinity, count: count)
    var divergence = [Double](repeating: 0, count: count)
    let cell = spacing * spacing
    let prior = DiagonalNormal<Double>.standard([1, 2])
    for first in stride(from: 0, to: side * side, by: 2048) {
      let points = first..<min(first + 2048, side * side)
      let z = Tensor(
        points.flatMap { [axis[$0 / side], axis[$0 % side]] }, shape: [points.count, 2])
      let joint = (logProbabilities(of: x, given: z) + prior.logProbability(of: z)).scalars
      let parts = Tensor(joint, shape: [count, points.count]).logSumExp(axis: 1).scalars
      for row in 0..<count {
        evidence[row] = logSumExp([evidence[row], parts[row]])
        let q = posterior.rows([row]).logProbability(of: z).scalars
        for (point, logQ) in q.enumerated() where logQ > -700 {
          divergence[row] += .exp(logQ) * (logQ - joint[row * points.count + point]) * cell
        }
      }
    }
    return (0..<count).map { row in
      let logEvidence = evidence[row] + .log(cell)
      return GridPosterior(logEvidence: logEvidence, divergence: divergence[row] + logEvidence)
    }
  }

  /// The evidence lower bound of each row of `x` with its expectation over Q(z|X) taken by a
  /// Gauss–Hermite rule of `nodes` × `nodes` points, for a model with two latent variables.
  public func quadratureBound(of x: Tensor<Double>, nodes: Int) -> [Double] {
    let posterior = encoder(x)
    let rule = GaussHermite(count: nodes)
    let noise = Tensor(
      rule.nodes.flatMap { a in rule.nodes.flatMap { b in [a, b] } }, shape: [nodes * nodes, 2])
    let weights = rule.weights.flatMap { a in rule.weights.map { b in a * b } }
    let divergence = posterior.klDivergenceToStandardNormal().scalars
    return (0..<x.shape[0]).map { row in
      let z = posterior.rows([row]).sample(noise: noise)
      let values = logProbabilities(of: x.rows([row]), given: z).scalars
      return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } - divergence[row]
    }
  }

  /// log P(X|z) for every pair of a row of `x` and a row of `z`: [n, inputSize] and [m, 2] → [n, m].
  private func logProbabilities(
    of x: Tensor<Double>, given z: Tensor<Double>
  ) -> Tensor<Double> {
    let outputs = decoder(z)
    let products = matmul(x, outputs.transposed())
    guard let logVariance = decoder.logVariance else {
      return products - softplus(outputs).sum(axis: 1)
    }
    let distances =
      x.squared.sum(axis: 1, keepingAxis: true) - 2 * products + outputs.squared.sum(axis: 1)
    let size = Tensor(Double(configuration.inputSize))
    return -0.5 * (distances / exp(logVariance) + size * (logVariance + Tensor(log2π)))
  }
}
