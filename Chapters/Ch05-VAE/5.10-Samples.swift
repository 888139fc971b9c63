import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// A mixture of normal distributions: z is from one of them, chosen by the weights.
struct CodeMixture {
  struct Part {
    let weight: Double
    let normal: MultivariateNormal<Double>
  }

  private(set) var parts: [Part]

  /// The mixture of K normal distributions that EM finds for codes, which are the rows of a matrix. With
  /// K = 1 it is the normal distribution with the codes' mean and covariance.
  ///
  /// - Throws: `NotPositiveDefinite` where a part is left with too few codes.
  init(_ K: Int, fittedTo codes: Tensor<Double>, using generator: inout SeededGenerator) throws {
    let n = codes.shape[0]
    let center = codes.mean(axis: 0)
    // A little is added to all variances, so that none becomes 0.
    let spread = (codes - center).squared.mean().scalar
    let ridge = (1e-3 * spread + 1e-6) * Tensor.identity(codes.shape[1])
    /// The normal distribution of the codes, each counted with its share.
    func normal(_ share: Tensor<Double>) throws -> MultivariateNormal<Double> {
      let m = (share * codes).sum(axis: 0) / share.sum()
      let S = matmul((share * (codes - m)).transposed(), codes - m) / share.sum()
      return try MultivariateNormal(mean: m, covariance: S + ridge)
    }
    let all = try normal(Tensor(repeating: 1, shape: [n, 1]))
    parts = [Part(weight: 1, normal: all)]
    guard K > 1 else { return }
    parts = (0..<K).map { _ in
      let place = generator.integer(below: n)
      return Part(
        weight: 1 / Double(K),
        normal: MultivariateNormal(
          mean: codes.rows([place]).reshaped([codes.shape[1]]), choleskyFactor: all.choleskyFactor))
    }
    // cell: mixture
    for _ in 0..<20 {
      // E: the share of each part in each code, P(k|z).
      let logJoint = Tensor.concatenated(
        parts.map { (.log($0.weight) + $0.normal.logProbability(of: codes)).reshaped([n, 1]) },
        axis: 1)
      let shares = exp(logJoint - logJoint.logSumExp(axis: 1).reshaped([n, 1]))
      // M: each part becomes the normal distribution of its shares of the codes.
      parts = try (0..<K).map { k in
        let share = shares.slice(axis: 1, k..<k + 1)
        return Part(weight: share.mean().scalar, normal: try normal(share))
      }
    }
    // end
  }

  /// Independent samples, one a row.
  func sample(_ count: Int, using generator: inout SeededGenerator) -> Tensor<Float> {
    let noise = Tensor<Double>.normal([count, parts[0].normal.mean.count], using: &generator)
    var chosen = Tensor<Double>.uniform([count], using: &generator).scalars
    // Each sample from the part in whose stretch of 0…1 its number lies; the last takes the rest.
    var z = Tensor<Double>(zeros: noise.shape)
    for (k, part) in parts.enumerated() {
      let isOfPart = chosen.map { $0 >= 0 && ($0 < part.weight || k == parts.count - 1) }
      chosen = zip(chosen, isOfPart).map { $1 ? -1 : $0 < 0 ? $0 : $0 - part.weight }
      let mask = Tensor(isOfPart.map { $0 ? 1 : 0 }, shape: [count, 1])
      z = z + mask * part.normal.sample(noise: noise)
    }
    return z.converted(to: Float.self)
  }
}

extension Autoencoder {
  /// Examples, real ones or not, and how far they are from real ones.
  struct Sample {
    /// Which model made them, and from where its z came.
    let model, origin: String
    /// The decoder's means at the first z; nil of real examples.
    let means: Tensor<Float>?
    /// The squared distance from the nearest test example.
    let distance: MonteCarloEstimate
    /// L₁₀ under a model that made none of them.
    let bound: MonteCarloEstimate
  }

  /// Samples of both models, with z from the prior and from distributions fitted to training codes.
  static func samples(
    of models: [VariationalAutoencoder<Float>], codes: [Tensor<Float>], _ training: Tensor<Float>,
    among test: Tensor<Float>, _ judge: VariationalAutoencoder<Float>,
    using generator: inout SeededGenerator
  ) -> [Sample] {
    func judged(
      _ model: String, _ origin: String, _ x: Tensor<Float>, means: Tensor<Float>? = nil
    ) -> Sample {
      let distances = nearestNeighbors(of: x, among: test).map(\.squaredDistance)
      let bounds = judge.importanceWeightedBound(of: x, sampleCount: 10, using: &generator)
      return Sample(
        model: model, origin: origin, means: means, distance: MonteCarloEstimate(distances),
        bound: MonteCarloEstimate(bounds))
    }
    var samples = [judged("training examples", "", training)]
    let prior = Tensor<Float>.normal([500, codes[0].shape[1]], using: &generator)
    for (index, name) in ["autoencoder", "VAE"].enumerated() {
      let decoder = models[index].decoder
      var origins = [("N(0, I)", prior)]
      for (name, K) in mixtures where codes[index].shape[0] >= fewestCodes {
        let codes = codes[index].converted(to: Double.self)
        guard let mixture = try? CodeMixture(K, fittedTo: codes, using: &generator) else {
          continue
        }
        origins.append((name, mixture.sample(500, using: &generator)))
      }
      for (origin, z) in origins {
        let x = decoder.sample(given: z, using: &generator)  // X ∼ P(X|z)
        samples.append(judged(name, origin, x, means: decoder.mean(of: z.rows(Array(0..<10)))))
      }
    }
    return samples
  }

  /// What z is drawn from beside the prior.
  private static let mixtures = [("one normal", 1), ("ten normals", 10)]

  /// With fewer codes than this, a normal distribution in ten dimensions says little about them.
  static let fewestCodes = 500
}

extension Autoencoder {
  func showSamples(on page: Page) {
    page.code("mixture")
    let source = lesson.source
    let fitted = samples.filter { !$0.origin.isEmpty && $0.origin != samples[1].origin }
    if fitted.isEmpty {
      page.note(
        "Left out",
        """
        No distribution is fitted to the codes: there are fewer than \(formatted(Self.fewestCodes)), \
        too few for one in ten dimensions.
        """)
    } else if source.kind != .points {
      page.images(
        fitted.map {
          ImageGrid.Row(source.pictures($0.means!), label: "the \($0.model) at z from \($0.origin)")
        },
        caption: """
          Each decoder’s expected pixels, at z from the distributions that were fitted to its training \
          codes.
          """)
    }
    page.table(
      [
        .left("examples"), .left("z from"), .right("distance to the nearest test example"),
        .right("L₁₀ under the model of 5.6"),
      ],
      rows: samples.map {
        [$0.model, $0.origin, $0.distance.text(decimals: 2), $0.bound.text(decimals: 1)]
      },
      caption: source.output == .bernoulli
        ? "The distance is the number of pixels that differ." : "The distances are squared.")
    let unfitted = sample("autoencoder", "N(0, I)")
    lesson.claim(
      "With z from N(0, I), the autoencoder’s samples are further from any real example than the VAE’s.",
      Self.farther(
        unfitted, "the autoencoder’s mean distance", than: sample("VAE", "N(0, I)"), "the VAE’s"),
      on: page)
    guard !fitted.isEmpty else { return }
    lesson.claim(
      "With z from ten normals fitted to its codes, the autoencoder’s samples are closer to real examples than with z from N(0, I).",
      Self.farther(
        unfitted, "the mean distance with N(0, I)",
        than: sample("autoencoder", "ten normals"), "that with ten normals"),
      on: page)
  }

  private func sample(_ model: String, _ origin: String) -> Sample? {
    samples.first { $0.model == model && $0.origin == origin }
  }
}
