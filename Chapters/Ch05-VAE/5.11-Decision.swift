import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.11 First decide which digit: what a decision before the pixels is worth, in nats.
struct Decision: SectionContent {
  let lesson: Lesson
  /// Nil where the pixels are not black and white.
  let ladder: Ladder?

  init(_ model: VariationalAutoencoder<Float>, _ lesson: Lesson) {
    self.lesson = lesson
    ladder = lesson.source.output == .bernoulli ? Ladder(model, lesson) : nil
  }
}

/// Models of the same images, each of which decides more before it comes to the pixels.
struct Ladder {
  /// A model on the test images.
  struct Rung {
    let name: String
    /// The means of log P(X|z) over z from Q, and of D[Q ‖ P(z)]; nil of an estimate without such terms.
    var terms: (logLikelihood: Double, divergence: Double)?
    /// log P(X) of each test image, or a bound on it.
    let values: [Double]

    /// How much higher it is than another one, image by image.
    func gain(over other: Rung) -> MonteCarloEstimate {
      MonteCarloEstimate(zip(values, other.values).map { $0 - $1 })
    }
  }

  /// How many training images the mixtures learn from.
  let trainCount: Int
  let test: Tensor<Float>
  let rungs: [Rung]
  /// The mixture with one image a class; nil where there is nothing to decide between.
  let classes: ClassMixture?
  /// The mixtures found without classes, from the smallest to the largest.
  let found: [ExpectationMaximization]
  /// E[log P(X|z)] − D[Q ‖ P(z)] − log P(X) with the exact posterior as Q, of all mixtures and images.
  let residuals: [Double]

  static let sizes = [10, 50, 200]
  static let stepCount = 10

  init(_ model: VariationalAutoencoder<Float>, _ lesson: Lesson) {
    let source = lesson.source
    var generator = lesson.generator(section: 11)
    test = model.observed(source.fewTest.values, using: &generator)
    let train = source.boundedTrain
    trainCount = train.count
    let x = model.observed(train.values, using: &generator).converted(to: Double.self)
    let test = self.test.converted(to: Double.self)
    let m = (x.sum(axis: 0) + 1) / Double(x.shape[0] + 2)

    let coins = ImageMixture(
      shares: Tensor(repeating: 1, shape: [x.shape[0], 1]), of: x, coins: m)
    classes = train.classes.flatMap { ClassMixture($0, x, test: test, coins: m) }
    // A mixture of about as many images as there are to learn from would only repeat them.
    found = Self.sizes.filter { 3 * $0 <= x.shape[0] }.map {
      ExpectationMaximization(
        componentCount: $0, stepCount: Self.stepCount, train: x, test: test, coins: m,
        using: &generator)
    }
    let mixtures =
      [("a coin for each pixel", coins)]
      + (classes.map { [("\(formatted($0.labels.count)) images, one per class", $0.mixture)] } ?? [])
      + found.map { ("\(formatted($0.mixture.count)) images, found by EM", $0.mixture) }
    let terms = mixtures.map { $0.1.terms(test) }
    residuals = terms.flatMap { ($0.logLikelihood - $0.divergence - $0.logEvidence).scalars }
    rungs =
      zip(mixtures, terms).map { mixture, terms in
        Rung(
          name: mixture.0,
          terms: (terms.logLikelihood.mean().scalar, terms.divergence.mean().scalar),
          values: terms.logEvidence.scalars)
      } + Self.rungs(of: model, self.test, using: &generator)
  }

  private static func rungs(
    of model: VariationalAutoencoder<Float>, _ x: Tensor<Float>,
    using generator: inout SeededGenerator
  ) -> [Rung] {
    // cell: vae
    let ε = Tensor<Float>.normal([x.shape[0], model.decoder.latentSize], using: &generator)
    let bound = model.evidenceLowerBound(of: x, noise: ε)  // its two terms, for each X
    // As in 5.8.
    let L₁₀₀ = model.importanceWeightedBound(of: x, sampleCount: 100, using: &generator)
    // end
    return [
      Rung(
        name: "the VAE of 5.3, its bound",
        terms: (
          Double(bound.reconstruction.mean().scalar), Double(bound.divergence.mean().scalar)
        ),
        values: bound.value.scalars.map(Double.init)),
      Rung(name: "the same, L₁₀₀ of 5.8", values: L₁₀₀),
    ]
  }
}

extension Decision {
  func show(on page: Page) {
    guard let ladder else {
      page.note(
        "Left out",
        "These mixtures are for black and white pixels; here every pixel is a real number.")
      return
    }
    page.lead(
      """
      A model that first decides which of K images to make, and then tosses a coin for each pixel. \
      Its P(X) is a sum over K decisions.
      """)
    ImageMixture.showCode(on: page)
    showSteps(ladder, on: page)
    page.lead("What is each decision worth, and what does it cost?")
    page.code("vae")
    showLadder(ladder, on: page)
    page.lead("The images to choose from, and which of them a test image was made from.")
    showImages(ladder, on: page)
    showPosterior(ladder, on: page)
  }

  private func showSteps(_ ladder: Ladder, on page: Page) {
    guard let largest = ladder.found.last else { return }
    let shown = [0, 1, 2, 5, Ladder.stepCount]
    page.table(
      [.right("steps of EM"), .right("objective"), .right("training"), .right("test")],
      rows: shown.map { step in
        let values = largest.steps[step]
        return ["\(step)"] + cells(values.objective, values.train, values.test, decimals: 2)
      },
      caption: """
        With \(formatted(largest.mixture.count)) images: means of log P(X), and the objective per image, \
        which counts the images of coins as well.
        """)
    page.check(
      "No step of EM lowers the objective.",
      .small(
        "largest fall", ladder.found.map(\.largestFall),
        tolerance: 1e-10 * lesson.source.roundingScale))
  }

  private func showLadder(_ ladder: Ladder, on page: Page) {
    let rungs = ladder.rungs
    page.table(
      [
        .left("model"), .right("log P(X|z)"), .right("D[Q‖P(z)]"), .right("log P(X)"),
        .right("gain"),
      ],
      rows: rungs.indices.map { index in
        let rung = rungs[index]
        return [rung.name]
          + (rung.terms.map { cells($0.logLikelihood, $0.divergence, decimals: 2) } ?? ["", ""])
          + [
            formatted(MonteCarloEstimate(rung.values).mean, decimals: 2),
            index == 0 ? "" : rung.gain(over: rungs[index - 1]).text(decimals: 2),
          ]
      },
      caption: """
        Means over \(lesson.source.fewTestInWords), the same black and white pictures for every model. \
        The coins and the mixtures learn from \(formatted(ladder.trainCount)) training images; their Q \
        is P(z|X) itself. The last two rows are bounds on the VAE’s log P(X). \
        The gain is over the row above.
        """)
    page.check(
      "With P(z|X) as Q, a mixture’s bound equals log P(X) on every test image.",
      .small("largest difference", ladder.residuals, tolerance: 1e-10 * lesson.source.roundingScale)
    )
    // EM may find fewer images than there are classes, or worse ones.
    let unclaimed = ladder.classes == nil || ladder.found.isEmpty ? nil : 2
    // The last two are bounds of one model.
    for index in rungs.indices.dropFirst().dropLast() where index != unclaimed {
      let (lower, upper) = (rungs[index - 1], rungs[index])
      lesson.claim(
        "log P(X) of the test images rises from ‘\(lower.name)’ to ‘\(upper.name)’.",
        .positive("mean gain", upper.gain(over: lower)), on: page)
    }
  }

  private func showImages(_ ladder: Ladder, on page: Page) {
    var rows: [ImageGrid.Row] = []
    func add(_ label: String, _ images: Tensor<Double>) {
      let pictures = lesson.source.pictures(images.converted(to: Float.self))
      rows.append(ImageGrid.Row(pictures, label: label))
    }
    if let classes = ladder.classes {
      add("one per class", classes.mixture.images(Array(classes.labels.indices.prefix(10))))
    }
    for mixture in ladder.found.map(\.mixture) where mixture.count != Ladder.sizes[1] {
      add("the most probable of \(formatted(mixture.count))", mixture.mostProbableImages(10))
    }
    guard !rows.isEmpty else { return }
    page.images(
      rows,
      caption: "For each z, the probability that each pixel is white; up to ten images in a row.")
  }

  private func showPosterior(_ ladder: Ladder, on page: Page) {
    let source = lesson.source
    guard let classes = ladder.classes, let labels = source.fewTest.classes else {
      page.note(
        "Left out",
        "No decision between classes is shown: none are known here, or there is only one.")
      return
    }
    page.images(
      [ImageGrid.Row(source.pictures(ladder.test.rows(classes.shown)))],
      caption: "The first test image, and those about which the mixture is least sure.")
    page.table(
      [.right("test image"), .left("its class"), .left("the largest P(z|X)")],
      rows: classes.shown.map { row in
        let choices = classes.ranking(ofRow: row).prefix(3).map {
          "\(source.name(ofClass: $0.label)): \(formatted($0.probability, decimals: 3))"
        }
        return [
          formatted(row + 1), source.name(ofClass: labels[row]), choices.joined(separator: ", "),
        ]
      })
    let best = labels.indices.map { classes.ranking(ofRow: $0)[0] }
    let right = zip(best, labels).count { $0.label == $1 }
    page.prose(
      """
      The most probable z is the right class for \
      \(formatted(100 * Double(right) / Double(labels.count), decimals: 1)) % of \
      \(source.fewTestInWords). On average the mixture gives its choice a probability of \
      \(formatted(MonteCarloEstimate(best.map(\.probability)).mean, decimals: 3)).
      """)
  }
}
