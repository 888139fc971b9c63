import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// P(z|X) of one example on a grid over the part of the plane where it is.
struct PlanePosterior {
  /// The points along each axis.
  let axes: [QuadratureRule]
  /// All pairs of them, of shape [n, 2]; z₂ runs fastest.
  let z: Tensor<Double>
  /// The logarithm of the area that each stands for.
  let logArea: Tensor<Double>
  /// log P(X).
  let logEvidence: Double
  /// log P(z|X).
  let logDensity: Tensor<Double>

  /// - Parameters:
  ///   - x: One example, [1, inputSize].
  ///   - place: The part of the plane.
  init(of model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, over place: Place) {
    // Fewer points where a decoder takes longer.
    let most = 257 * min(1, (784 / Double(x.shape[1])).squareRoot())
    axes = place.ranges.map { range in
      let count = ((range.upperBound - range.lowerBound) / place.spacing).rounded(.up) + 1
      return .trapezoidal(Int(min(count, most)), over: range)
    }
    let grid = PlaneGrid(axes[0], axes[1])
    // cell: posterior
    let (z, logArea) = (grid.points, Tensor(grid.logWeights))  // points and their areas
    let logLikelihood = model.logProbabilities(of: x, given: z).reshaped(logArea.shape)
    let logJoint = logLikelihood + DiagonalNormal.standard.logProbability(of: z)  // log P(X, z)
    let logEvidence = (logJoint + logArea).logSumExp(axis: 0)  // log P(X) = log ∫ P(X, z) dz
    let logDensity = logJoint - logEvidence  // log P(z|X)
    // end
    (self.z, self.logArea, self.logDensity) = (z, logArea, logDensity)
    self.logEvidence = logEvidence.scalar
  }

  // cell: divergence
  /// D[Q‖P(z|X)] = ∫ Q(z) (log Q(z) − log P(z|X)) dz, as a sum over the grid.
  func divergence(of Q: MultivariateNormal<Double>) -> Tensor<Double> {
    let logQ = Q.logProbability(of: z)
    return (exp(logQ + logArea) * (logQ - logDensity)).sum()
  }

  /// Changes this one Q until its divergence is as small as it gets: 80 steps of Adam.
  func fitted(from start: PlaneNormal) -> PlaneNormal {
    var (Q, adam) = (start, Adam(for: start))
    for step in 0..<80 {
      adam.learningRate = 0.05 * (1 - Double(step) / 80)
      adam.update(&Q, along: valueWithGradient(at: Q) { divergence(of: $0.normal) }.gradient)
    }
    return Q
  }
  // end
}

/// How close the encoder's Q comes to P(z|X), and how close the best Q of two families, for some examples.
struct OwnQ {
  /// A normal distribution and its divergence from the posterior.
  struct Fit {
    let name: String
    let normal: MultivariateNormal<Double>
    let divergence: Double
    /// The sum of Q over the grid, which is 1 if the grid is wide and fine enough for Q.
    let mass: Double
  }

  /// One example.
  struct Example {
    let logEvidence: Double
    /// The encoder's Q, the best diagonal one, and the best normal one.
    let encoder, diagonal, full: Fit

    var fits: [Fit] { [encoder, diagonal, full] }
  }

  let examples: [Example]
  /// The example for which it matters most that Q is diagonal.
  let shown: Int
  /// P(z|X) of that example with the encoder's Q after the first epoch, and with all three after training.
  let views: [PosteriorView]
  /// log P(X) − (bound + D[Q‖P(z|X)]) of that example with each of its Q. The bound is from a
  /// Gauss–Hermite rule around Q, which knows nothing of the grid.
  let residuals: [Double]

  init(
    _ model: VariationalAutoencoder<Double>, after first: VariationalAutoencoder<Double>,
    _ x: Tensor<Double>
  ) {
    let (Q, places) = (model.encoder(x), PlanePosterior.places(model, x))
    let examples = places.indices.map { row in
      let start = PlaneNormal(Q.rows([row]), isDiagonal: true)
      var place = places[row]
      var example = Self.example(of: model, x.rows([row]), start, over: place)
      // A finer and wider grid where a Q turned out narrower than its spacing, or reaches beyond it.
      for _ in 0..<2 where example.missing > Self.tolerance {
        place = place.refined
        example = Self.example(of: model, x.rows([row]), start, over: place)
      }
      return example
    }
    let shown = examples.indices.max {
      examples[$0].lostToDiagonal < examples[$1].lostToDiagonal
    }!
    let one = x.rows([shown])
    (self.examples, self.shown) = (examples, shown)
    let early = PlanePosterior(of: first, one, over: PlanePosterior.places(first, one)[0])
    let (logEvidence, fits) = (examples[shown].logEvidence, examples[shown].fits)
    views = [
      PosteriorView(
        of: first, one, logEvidence: early.logEvidence,
        around: [PlaneNormal(first.encoder(one), isDiagonal: true).normal]),
      PosteriorView(of: model, one, logEvidence: logEvidence, around: fits.map(\.normal)),
    ]
    residuals = fits.map { logEvidence - (Self.bound(model, one, $0.normal) + $0.divergence) }
  }

  private static func example(
    of model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, _ encoder: PlaneNormal,
    over place: PlanePosterior.Place
  ) -> Example {
    let posterior = PlanePosterior(of: model, x, over: place)
    // cell: families
    let diagonal = posterior.fitted(from: encoder)  // any μ and σ, from the encoder's on
    var tilted = diagonal
    tilted.isDiagonal = false
    let full = posterior.fitted(from: tilted)  // any μ and Σ
    // end
    func fit(_ name: String, _ Q: MultivariateNormal<Double>) -> Fit {
      Fit(
        name: name, normal: Q, divergence: posterior.divergence(of: Q).scalar,
        mass: exp(Q.logProbability(of: posterior.z) + posterior.logArea).sum().scalar)
    }
    return Example(
      logEvidence: posterior.logEvidence, encoder: fit("the encoder’s", encoder.normal),
      diagonal: fit("the best diagonal", diagonal.normal),
      full: fit("the best normal", full.normal))
  }

  /// The bound of one example, E[log P(X|z) + log P(z) − log Q(z)], by a rule of 64 × 64 points.
  private static func bound(
    _ model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, _ Q: MultivariateNormal<Double>
  ) -> Double {
    let rule = QuadratureRule.gaussHermite(64)
    let grid = PlaneGrid(rule, rule)
    let z = Q.sample(noise: grid.points)
    let weights = exp(Tensor(grid.logWeights))
    let logRatio =
      model.logProbabilities(of: x, given: z).reshaped(weights.shape)
      + DiagonalNormal.standard.logProbability(of: z) - Q.logProbability(of: z)
    return (weights * logRatio).sum().scalar
  }
}

extension OwnQ.Example {
  /// What the best diagonal Q loses to the best normal one.
  var lostToDiagonal: Double { diagonal.divergence - full.divergence }

  /// How much of the three Q the grid does not hold.
  var missing: Double { fits.map { abs($0.mass - 1) }.reduce(0, max) }
}

extension OwnQ {
  func show(on page: Page, _ lesson: Lesson) {
    let (example, count) = (examples[shown], examples.count)
    page.code("posterior")
    page.code("divergence")
    page.code("families")
    page.figure(
      "P(z|X) of one \(lesson.source.example), and Q",
      description: """
        The shades are P(z|X) of test example \(shown + 1); each curve encloses nine tenths of a Q. \
        In the first panel both networks are as they were after one epoch.
        """,
      views[0].plot("after one epoch", [("the encoder’s Q", .q)]),
      views[1].plot(
        "after training",
        [
          ("the encoder’s Q", .q), ("the best diagonal Q", .series(5)),
          ("the best normal Q", .series(6)),
        ]))
    page.table(
      [.left("Q"), .right("correlation"), .right("D, example \(shown + 1)")]
        + (count > 1 ? [.right("D, mean of \(count)")] : []),
      rows: example.fits.indices.map { index in
        let fit = example.fits[index]
        return [
          fit.name, formatted(fit.normal.correlation, decimals: 2),
          formatted(fit.divergence, decimals: 3),
        ]
          + (count > 1
            ? [MonteCarloEstimate(examples.map { $0.fits[index].divergence }).text(decimals: 3)]
            : [])
      }, caption: "D is D[Q‖P(z|X)] in nats.")
    showClaims(on: page, lesson)
  }

  private func showClaims(on page: Page, _ lesson: Lesson) {
    let rises = examples.flatMap { example in
      [
        example.diagonal.divergence - example.encoder.divergence,
        example.full.divergence - example.diagonal.divergence,
      ]
    }
    lesson.claim(
      "For each example the best diagonal Q is at least as close to P(z|X) as the encoder’s, and the best normal Q at least as close as the diagonal one.",
      .small("largest rise of D", rises.map { max(0, $0) }, tolerance: 1e-3), on: page)
    lesson.claim(
      "The grids are wide and fine enough: each Q sums to 1 on its grid.",
      .small("largest difference", examples.map(\.missing), tolerance: Self.tolerance), on: page)
    // What is missing of a Q may have a log ratio of up to a hundred.
    lesson.claim(
      "For this example log P(X) = bound + D[Q‖P(z|X)] with each of the three Q.",
      .small("largest residual", residuals, tolerance: 100 * Self.tolerance), on: page)
  }

  /// How much of a Q may be missing on its grid.
  static let tolerance = 1e-6
}
