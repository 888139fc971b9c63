import Autodiff
import Claims
import Notebook
import Probability

/// The part of 3.7 about posterior collapse: θ and Q are maximised together, but the decoder's noise is
/// held at a given σ.
struct Collapse {
  /// Where θ and Q end for one σ. Divergences and log P(X) are means over the examples.
  struct Row {
    let noise: Double
    /// The length of f's slope, ‖a‖ · b.
    let slope: Double
    let divergence, gap, logEvidence: Double
    /// ½ log(λ₁/σ²), or 0 if that is negative.
    let expectedDivergence: Double
  }

  let rows: [Row]

  /// A decoder of which only a and c are moved, and Q(z|X) for each X.
  private struct FixedNoise: Parameterized {
    var autoencoder: Autoencoder

    mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
      visitor.visit("amplitude", &autoencoder.model.amplitude)
      visitor.visit("offset", &autoencoder.model.offset)
      visitor.visit("q", &autoencoder.q)
    }
  }

  /// X of two numbers, one after another.
  init(_ examples: [Double]) {
    let x = Tensor(examples, shape: [examples.count / 2, 1, 2])
    rows = [0.25, 0.5, 2].map { Self.row(noise: $0, x) }
  }

  private static func row(noise: Double, _ x: Tensor<Double>) -> Row {
    let zeros = Tensor<Double>(zeros: [x.shape[0], 1, 1])
    // cell: collapse
    let start = FixedNoise(  // Q is the prior, and σ is not among the parameters
      autoencoder: Autoencoder(
        model: ScalarLatentModel(.linear, amplitude: [0.5, 0], logVariance: 2 * .log(noise)),
        q: DiagonalNormal(mean: zeros, logVariance: zeros)))
    let end = gradientAscent(from: start, steps: 500) { $0.autoencoder.bound(x) }.last!.autoencoder
    let divergence = end.q.klDivergenceToStandardNormal().mean().scalar  // D[Q(z|X)‖P(z)]
    let λ = largestVariance(x)
    let expectedDivergence = max(0, 0.5 * .log(λ / (noise * noise)))
    // end
    return Row(
      noise: noise, slope: sqrt((end.model.amplitude * end.model.rate).squared.sum()).scalar,
      divergence: divergence, gap: end.model.gap(end.q, x).mean().scalar,
      logEvidence: end.model.logEvidence(of: x).mean().scalar,
      expectedDivergence: expectedDivergence)
  }

  /// λ₁, the variance of the examples in the direction in which it is largest: the larger eigenvalue of
  /// their 2 × 2 covariance.
  static func largestVariance(_ x: Tensor<Double>) -> Double {
    let deviations = (x - x.mean(axis: 0)).reshaped([x.shape[0], 2])
    let covariance = matmul(deviations.transposed(), deviations) / Double(x.shape[0])
    let (a, b, c) = (covariance[0, 0], covariance[0, 1], covariance[1, 1])
    return 0.5 * (a + c + ((a - c) * (a - c) + 4 * b * b).squareRoot())
  }

  func show(on page: Page) {
    page.lead(
      """
      θ and Q are maximised together again, for f(z) = z, but now the decoder's noise σ is held fixed. \
      See what happens to Q and to f when σ is larger than the spread of the examples.
      """)
    page.code("collapse")
    page.table(
      [
        .right("σ"), .right("slope of f"), .right("D[Q‖P(z)]"), .right("expected"),
        .right("D[Q‖P(z|X)]"), .right("log P(X)"),
      ],
      rows: rows.map {
        cells($0.noise, decimals: 2)
          + cells($0.slope, $0.divergence, $0.expectedDivergence, $0.gap, $0.logEvidence)
      },
      caption:
        "Means over the 60 examples, in nats. Expected: ½ log(λ₁/σ²), or 0 if that is negative.")
    // D is the mean of ½(μ² + σ² − 1 − log σ²). Where each μ and log σ² is off by at most δ, D is
    // off by at most the mean of |μ|δ + ½|σ² − 1|δ, plus terms in δ². At the optimum the mean of
    // μ² + σ² is 1, so that this is below 1.5 δ. δ is far less than the last step, and the claim
    // would say little with the whole of it.
    page.check(
      "θ and Q together lead to D[Q‖P(z)] = ½ log(λ₁/σ²), or to 0 if that is negative.",
      .small(
        "largest difference", rows.map { $0.divergence - $0.expectedDivergence },
        tolerance: min(1.5 * lastStep(steps: 500), 5e-6)))
  }
}
