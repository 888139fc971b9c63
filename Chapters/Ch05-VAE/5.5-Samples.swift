import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.5 Samples from the prior: z from P(z), and then the decoder alone.
struct PriorSamples: SectionContent {
  let lesson: Lesson
  /// The decoder's mean at each z; of images only the first hundred.
  let means: Tensor<Float>
  /// A sample from P(X|z) at each of these z.
  let samples: Tensor<Float>
  /// The mean over the pixels of sample − mean; nil if the decoder is certain of nearly every pixel.
  let difference: MonteCarloEstimate?

  init(_ model: VariationalAutoencoder<Float>, _ lesson: Lesson) {
    self.lesson = lesson
    let (decoder, latentSize) = (model.decoder, model.configuration.latentSize)
    var generator = lesson.generator(section: 5)
    var (means, samples): ([Tensor<Float>], [Tensor<Float>]) = ([], [])
    var differences: [Tensor<Float>] = []
    var variance: Float = 0
    func record(_ mean: Tensor<Float>, _ sample: Tensor<Float>) {
      differences.append((sample - mean).mean(axis: 1))
      variance += (mean * (1 - mean)).sum().scalar
      guard means.isEmpty || lesson.source.kind == .points else { return }
      means.append(mean)
      samples.append(sample)
    }
    // cell: samples
    let prior = Tensor<Float>.normal([500, latentSize], using: &generator)  // z ∼ P(z)
    for start in stride(from: 0, to: 500, by: 100) {  // 100 at a time, to save memory
      let z = prior.rows(Array(start..<start + 100))
      let mean = decoder.mean(of: z)  // E[X|z]
      let sample = decoder.sample(given: z, using: &generator)  // X ∼ P(X|z)
      record(mean, sample)
    }
    // end
    self.means = .concatenated(means)
    self.samples = .concatenated(samples)
    // The number of white pixels is nearly normal only if many pixels can be either.
    difference =
      decoder.logVariance != nil || variance >= 100
      ? MonteCarloEstimate(.concatenated(differences)) : nil
  }

  func show(on page: Page) {
    let source = lesson.source
    if source.kind == .points {
      page.lead("No encoder is needed now: draw z from N(0, I), and a point from P(X|z).")
      page.code("samples")
      showPoints(on: page)
    } else {
      page.lead(
        """
        No encoder is needed now: draw z from N(0, I) and decode it. Compare the expected pixels, which \
        papers show, with samples from P(X|z).
        """)
      page.code("samples")
      let shown = Array(0..<10)
      page.images(
        [
          ImageGrid.Row(source.pictures(means.rows(shown)), label: "expected pixels, E[X|z]"),
          ImageGrid.Row(source.pictures(samples.rows(shown)), label: "samples from P(X|z)"),
        ],
        caption: """
          Ten z from the prior, decoded. In the samples each pixel is drawn independently, which makes them \
          grainy.
          """)
    }
    guard let difference else {
      page.note(
        "Left out",
        """
        The decoder is certain of nearly every pixel. Too few are random for a comparison of samples with \
        their means.
        """)
      return
    }
    page.check(
      "On average the \(source.elements) of samples from P(X|z) equal the decoder’s means.",
      .measured("mean difference", difference, expected: 0, "zero"))
  }

  private func showPoints(on page: Page) {
    let source = lesson.source
    func panel(_ title: String, _ values: Tensor<Float>) -> Plot {
      Plot(
        title, x: Axis("x₁", range: -2...2), y: Axis("x₂", range: -2...2), hasEqualAspect: true,
        layers: [source.points("", values)])
    }
    page.figure(
      "Samples and the ring",
      description: "The samples should lie where the test points lie, and as densely.",
      panel("samples", samples), panel("test points", source.fewTest.values))
    page.table(
      [.left("radius of"), .right("mean"), .right("standard deviation")],
      rows: [("samples", samples), ("test points", source.fewTest.values)].map { name, points in
        let radius = MonteCarloEstimate(sqrt(points.squared.sum(axis: 1)))
        return [
          name, radius.text(decimals: 3), formatted(radius.variance.squareRoot(), decimals: 3),
        ]
      })
  }
}
