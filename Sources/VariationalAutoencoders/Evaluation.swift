import Autodiff
import Datasets
import NeuralNetworks
import Probability

/// How well a model does on examples that it may or may not have been trained on.
public struct Evaluation: Equatable, Sendable {
  /// The mean evidence lower bound in nats per example, with its standard error over the examples.
  public let evidenceLowerBound: MonteCarloEstimate
  /// The mean of log P(X|z), summed over the pixels.
  public let reconstruction: Double
  /// The mean of D[Q(z|X) ‖ P(z)], summed over the latent variables.
  public let divergence: Double
  /// The number of latent variables whose mean μ(X) varies over the examples with a variance above
  /// 0.01: the others carry no information (Burda et al., "Importance weighted autoencoders", 2016,
  /// section 5.2).
  public let activeUnits: Int
}

/// How many examples of some size are worked on at once, so that memory grows neither with their
/// number nor with their size.
private func chunkLength(size: Int) -> Int { max(1, min(500, 500 * 784 / max(size, 1))) }

extension VariationalAutoencoder<Float> {
  /// The examples as the model sees them: unchanged or, for a Bernoulli decoder, as black and white
  /// pixels drawn with the grey values as probabilities.
  public func observed(
    _ values: Tensor<Float>, using generator: inout SeededGenerator
  ) -> Tensor<Float> {
    configuration.output == .bernoulli ? .bernoulli(values, using: &generator) : values
  }

  /// The evidence lower bound on examples and its parts, with one z per example: drawn from Q(z|X)
  /// or, if `drawsLatents` is false, its mean. There must be at least one example.
  public func evaluate(
    on examples: Examples, drawsLatents: Bool = true, using generator: inout SeededGenerator
  ) -> Evaluation {
    if examples.count == 0 { fatalError("evaluate: there are no examples") }
    var (reconstruction, divergence): ([Double], [Double]) = ([], [])
    var means: [Tensor<Float>] = []
    for indices in examples.chunks(of: chunkLength(size: examples.size)) {
      let x = observed(examples[indices], using: &generator)
      let posterior = encoder(x)
      let noise = Tensor<Float>.normal(posterior.mean.shape, using: &generator)
      let z = drawsLatents ? posterior.sample(noise: noise) : posterior.mean
      reconstruction += decoder.logProbability(of: x, given: z).scalars.map(Double.init)
      divergence += posterior.klDivergenceToStandardNormal().scalars.map(Double.init)
      means.append(posterior.mean)
    }
    let mean = Tensor.concatenated(means)
    let variance = (mean - mean.mean(axis: 0)).squared.mean(axis: 0)
    return Evaluation(
      evidenceLowerBound: MonteCarloEstimate(zip(reconstruction, divergence).map { $0 - $1 }),
      reconstruction: MonteCarloEstimate(reconstruction).mean,
      divergence: MonteCarloEstimate(divergence).mean,
      activeUnits: variance.scalars.count { $0 > 0.01 })
  }

  /// The same model in double precision.
  public func converted() -> VariationalAutoencoder<Double> {
    var unused = SeededGenerator(seed: 0)
    let values = parameters
    return VariationalAutoencoder<Double>(configuration, using: &unused)
      .replacingParameters { index, _ in values[index].converted(to: Double.self) }
  }
}

/// The point of a set that lies nearest to another one.
public struct Neighbor: Equatable, Sendable {
  /// Its row.
  public let index: Int
  /// The square of the Euclidean distance; between black and white pictures, the number of pixels
  /// that differ.
  public let squaredDistance: Double
}

/// The nearest row of `others` for each row of `points`, the first if several are equally near.
/// Shapes [n, d] and [m, d], m ≥ 1. Without `others`, the nearest of all other rows of `points`, of
/// which there must be at least one. Complexity: O(n·m·d).
public func nearestNeighbors(
  of points: Tensor<Float>, among others: Tensor<Float>? = nil
) -> [Neighbor] {
  let candidates = others ?? points
  let count = candidates.shape[0]
  if count < (others == nil ? 2 : 1) { fatalError("nearestNeighbors: no point to choose from") }
  let squares = candidates.squared.sum(axis: 1)
  let transposed = candidates.transposed()
  return stride(from: 0, to: points.shape[0], by: 500).flatMap { start in
    let indices = Array(start..<min(start + 500, points.shape[0]))
    let rows = points.rows(indices)
    let distances =
      (rows.squared.sum(axis: 1, keepingAxis: true) - 2 * matmul(rows, transposed) + squares)
      .scalars
    return indices.enumerated().map { row, point in
      var (nearest, least) = (-1, Float.infinity)
      for other in 0..<count where others != nil || other != point {
        let distance = distances[row * count + other]
        if distance < least || nearest < 0 { (nearest, least) = (other, distance) }
      }
      // Rounding can make the distance of equal points slightly negative.
      return Neighbor(index: nearest, squaredDistance: Double(max(least, 0)))
    }
  }
}
