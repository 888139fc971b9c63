import Autodiff
import Kernels
import NeuralNetworks
import Probability

/// What a grid over two latent variables tells us about one example.
public struct GridPosterior: Equatable, Sendable {
  /// log P(X) = log ∫ P(X|z) P(z) dz, in nats.
  public let logEvidence: Double
  /// D[Q(z|X) ‖ P(z|X)], in nats: how far the encoder's answer is from the true posterior.
  public let divergence: Double
}

/// The error for a grid that would be too fine to sum over in a reasonable time.
public struct GridError: Error, Equatable, CustomStringConvertible {
  /// The smallest σ(X), which determines the spacing of the grid.
  public let smallestDeviation: Double
  /// The most points that a side of the grid may have.
  public let mostNodes: Int

  /// One sentence.
  public var description: String {
    "Q(z|X) has a standard deviation of \(smallestDeviation), too small for a grid of at most "
      + "\(mostNodes) × \(mostNodes) points"
  }
}

extension VariationalAutoencoder<Double> {
  /// A square grid over two latent variables, for sums of integrands that are as wide as the prior
  /// or as one of the given normal distributions.
  ///
  /// It reaches eight standard deviations beyond the means of all of them, and its spacing is 0.6 of
  /// the smallest standard deviation: on smooth integrands that vanish at the edge, such sums
  /// converge faster than any power of the spacing (Trefethen and Weideman, SIAM Review 56, 2014).
  ///
  /// - Parameter valuesPerPoint: How many values are computed at each point. The more there are,
  ///   the fewer points are allowed, so that every sum takes only seconds.
  public func latentGrid(
    for posterior: DiagonalNormal<Double>, valuesPerPoint: Int
  ) throws(GridError) -> LatentGrid {
    // Four million points for the pixels of a digit, and for larger images fewer points, so that
    // the number of values stays the same.
    let mostNodes = Int(2048 * min(1, (784 / Double(valuesPerPoint)).squareRoot()))
    let deviations = posterior.standardDeviation.scalars
    // A NaN stays, and then fails the guard below.
    let reach = zip(posterior.mean.scalars, deviations).map { abs($0) + 8 * $1 }
      .reduce(8) { $0.isNaN || $1 <= $0 ? $0 : $1 }
    let smallest = deviations.reduce(1) { $0.isNaN || $1 >= $0 ? $0 : $1 }
    let count = (2 * reach / (0.6 * smallest)).rounded(.up) + 1
    guard count <= Double(mostNodes) else {
      throw GridError(smallestDeviation: smallest, mostNodes: mostNodes)
    }
    return LatentGrid(
      axis: .trapezoidal(Int(count), over: -reach...reach),
      pieceLength: pointsAtOnce(valuesPerPoint: valuesPerPoint))
  }

  /// log P(X) and D[Q ‖ P(z|X)] for each row of `x`, for a model with two latent variables, as sums
  /// over a square grid that is fine enough for the prior and for every Q(z|X).
  ///
  /// Complexity: one run of the decoder for each point; at most four million points, and fewer for
  /// outputs of more than 784 numbers.
  ///
  /// - Throws: `GridError` if the grid would have to be finer.
  public func gridPosterior(of x: Tensor<Double>) throws(GridError) -> [GridPosterior] {
    let posterior = encoder(x)
    let grid = try latentGrid(for: posterior, valuesPerPoint: configuration.inputSize)
    let rows = Array(0..<x.shape[0])
    let posteriors = rows.map { posterior.rows([$0]) }
    var evidence = rows.map { _ in -Double.infinity }
    var divergence = rows.map { _ in 0.0 }
    for (z, logWeights) in grid.pieces {
      let joint: Tensor<Double> =
        logProbabilities(of: x, givenFew: z) + DiagonalNormal.standard.logProbability(of: z)
      let parts = (joint + logWeights).logSumExp(axis: 1).scalars
      for row in rows {
        evidence[row] = logSumExp([evidence[row], parts[row]])
        let logQ = posteriors[row].logProbability(of: z)
        let logRatio = logQ - joint.rows([row]).reshaped([logWeights.count])
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
      let logProbabilities = logProbabilities(of: x.rows([row]), given: z).reshaped(weights.shape)
      return (logProbabilities * weights).sum().scalar - divergence[row]
    }
  }

  /// log P(X|z) for every pair of a row of `x` and a row of `z`: [n, inputSize] and [m, latentSize] →
  /// [n, m]. The decoder runs on some of the rows of `z` at a time, so that memory does not grow with
  /// their number.
  public func logProbabilities(of x: Tensor<Double>, given z: Tensor<Double>) -> Tensor<Double> {
    let length = pointsAtOnce(valuesPerPoint: configuration.inputSize)
    let pieces = stride(from: 0, to: z.shape[0], by: length).map { start in
      logProbabilities(of: x, givenFew: z.rows(Array(start..<min(start + length, z.shape[0]))))
    }
    return .concatenated(pieces, axis: 1)
  }

  private func logProbabilities(
    of x: Tensor<Double>, givenFew z: Tensor<Double>
  ) -> Tensor<Double> {
    let outputs = decoder(z)
    let products = matmul(outputs, x.transposed()).transposed()
    guard let logVariance = decoder.logVariance else {
      return products - softplus(outputs).sum(axis: 1)
    }
    let distances =
      x.squared.sum(axis: 1, keepingAxis: true) - 2 * products + outputs.squared.sum(axis: 1)
    let size = Double(configuration.inputSize)
    return -0.5 * (distances * exp(-logVariance) + size * (logVariance + logTwoPi))
  }
}

/// The pairs of a rule's nodes, made piece by piece, so that memory does not grow with their number.
public struct LatentGrid {
  let axis: QuadratureRule
  let pieceLength: Int

  /// The points of each piece, of shape [n, 2], with the second coordinate running fastest, and the
  /// logarithms of their weights.
  public var pieces: some Sequence<(z: Tensor<Double>, logWeights: Tensor<Double>)> {
    let (nodes, logWeights) = (axis.nodes, axis.logWeights)
    let count = nodes.count * nodes.count
    return stride(from: 0, to: count, by: pieceLength).lazy.map { [pieceLength] start in
      let pairs = (start..<min(start + pieceLength, count)).map {
        $0.quotientAndRemainder(dividingBy: nodes.count)
      }
      return (
        Tensor(
          pairs.flatMap { [nodes[$0.quotient], nodes[$0.remainder]] }, shape: [pairs.count, 2]),
        Tensor(pairs.map { logWeights[$0.quotient] + logWeights[$0.remainder] })
      )
    }
  }
}

/// How many points are worked on at once: fewer where each takes much memory.
private func pointsAtOnce(valuesPerPoint: Int) -> Int {
  max(16, min(512, 512 * 784 / valuesPerPoint))
}
