import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.4 Reconstructions: test examples decoded from their own codes, and how probable they are given others.
struct Reconstruction: SectionContent {
  /// log P(X|z) for one way to choose z.
  struct Fit {
    let code: String
    let logLikelihood: MonteCarloEstimate
  }

  let lesson: Lesson
  /// The first test examples as the encoder sees them.
  let examples: Tensor<Float>
  /// What the decoder makes of their codes.
  let decoded: Tensor<Float>
  let fits: [Fit]
  /// By how much log P(X|z) is larger at the example's own code than at the next one's; nil if there is no
  /// next one.
  let gain: MonteCarloEstimate?

  init(_ model: VariationalAutoencoder<Float>, _ lesson: Lesson) {
    self.lesson = lesson
    var generator = lesson.generator(section: 4)
    let x = model.observed(lesson.source.fewTest.values, using: &generator)
    // cell: decode
    let Q = model.encoder(x)  // Q(z|X) of the test examples
    let shown = Array(0..<min(10, x.shape[0]))
    let decoded = model.decoder.mean(of: Q.mean.rows(shown))  // E[X|z] at z = μ(X)
    // end
    (examples, self.decoded) = (x.rows(shown), decoded)

    let shape = Q.mean.shape
    // cell: codes
    var codes = [
      (name: "drawn from Q(z|X)", z: Q.sample(noise: .normal(shape, using: &generator))),
      (name: "the mean of Q(z|X)", z: Q.mean),
      (name: "drawn from P(z)", z: .normal(shape, using: &generator)),
    ]
    if x.shape[0] > 1 {  // as good as a decoder that ignores z
      codes.append((name: "the mean of Q for the next example", z: Q.mean.rotated()))
    }
    let logLikelihoods = codes.map { model.decoder.logProbability(of: x, given: $0.z) }
    // end
    fits = zip(codes, logLikelihoods).map {
      Fit(code: $0.name, logLikelihood: MonteCarloEstimate($1))
    }
    gain =
      codes.count < 4 ? nil : MonteCarloEstimate(logLikelihoods[1] - logLikelihoods[3])
  }

  func show(on page: Page) {
    let lead =
      switch lesson.source.kind {
      case .digits:
        """
        Test images, which training never saw, are encoded and decoded. Look for strokes that have been \
        smoothed, gaps that have been closed, and a digit that has turned into another.
        """
      case .images:
        """
        Test images, which training never saw, are encoded and decoded. Look for detail that has been \
        smoothed away, and for an image that has turned into another.
        """
      case .points: "Test points, and the decoder’s mean at the mean of Q(z|X)."
      }
    page.lead(lead)
    page.code("decode")
    showExamples(on: page)

    page.lead("How probable a test example is given z depends on where z came from.")
    page.code("codes")
    page.table(
      [.left("z is"), .right("mean log P(X|z)")],
      rows: fits.map { [$0.code, $0.logLikelihood.text(decimals: 2)] },
      caption: "Over \(lesson.source.fewTestInWords). Only the first row belongs to the bound.")
    guard let gain else {
      page.note(
        "Left out", "There is only one test image, so there is no other code to try.")
      return
    }
    lesson.claim(
      "An example is more probable given its own z than given the next example’s.",
      .positive("mean gain", gain), on: page)
  }

  private func showExamples(on page: Page) {
    guard lesson.source.kind != .points else {
      page.table(
        [.right("x₁"), .right("x₂"), .right("decoded x₁"), .right("decoded x₂")],
        rows: (0..<examples.shape[0]).map { row in
          [examples[row, 0], examples[row, 1], decoded[row, 0], decoded[row, 1]].map {
            formatted(Double($0), decimals: 3)
          }
        })
      return
    }
    page.images(
      [
        ImageGrid.Row(lesson.source.pictures(examples), label: "test images in black and white"),
        ImageGrid.Row(lesson.source.pictures(decoded), label: "decoded from the mean of Q(z|X)"),
      ],
      caption:
        "Below each test image is the probability, according to the decoder, that each pixel is white."
    )
  }
}
