import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.2 One batch taken apart: the loss of an untrained model, its terms and its gradient, in double precision.
struct Batch: SectionContent {
  let source: Source
  /// The loss as 5.1 writes it out, with its terms.
  let terms: Loss.Terms
  /// The mean of the bound as the library computes it, which training maximises.
  let meanBound: Double
  /// The mean of log Q − log P over samples from Q(z|X) of the first example.
  let sampledDivergence: MonteCarloEstimate
  /// The gradient of the loss beside differences.
  let gradientCheck: GradientCheck

  init(_ configuration: Configuration, _ settings: TrainingSettings, _ lesson: Lesson) {
    source = lesson.source
    let isBernoulli = source.output == .bernoulli
    let values = source.train[Array(0..<min(16, source.train.count))].converted(to: Double.self)
    var generator = SeededGenerator(seed: settings.seed).stream(0)
    // cell: batch
    let model = VariationalAutoencoder<Double>(configuration, using: &generator)
    let x = isBernoulli ? .bernoulli(values, using: &generator) : values  // each pixel 0 or 1
    let ε = Tensor<Double>.normal([x.shape[0], configuration.latentSize], using: &generator)
    let terms = Loss.terms(of: model, x, noise: ε)
    // end
    self.terms = terms
    meanBound = model.evidenceLowerBound(of: x, noise: ε).value.mean().scalar
    sampledDivergence = Self.sampledDivergence(model.encoder(x).rows([0]), using: &generator)
    var check = Self.gradientCheck(of: model, x, ε, beta: settings.beta, using: &generator)
    // A difference across the kink of a rectifier says nothing about the gradient: take it elsewhere.
    for _ in 0..<2 where check.relativeError > Self.tolerance(source) {
      check = Self.gradientCheck(of: model, x, ε, beta: settings.beta, using: &generator)
    }
    gradientCheck = check
  }

  /// The largest error of the gradient that is allowed.
  private static func tolerance(_ source: Source) -> Double { 1e-7 * source.roundingScale }

  private static func sampledDivergence(
    _ Q: DiagonalNormal<Double>, using generator: inout SeededGenerator
  ) -> MonteCarloEstimate {
    // cell: definition
    let prior = DiagonalNormal<Double>.standard
    var estimate = MonteCarloEstimate()  // a mean and its standard error
    for _ in 0..<20 {
      let z = Q.sample(noise: .normal([1000, Q.mean.shape[1]], using: &generator))  // z ∼ Q
      let logRatios = Q.logProbability(of: z) - prior.logProbability(of: z)  // log Q − log P
      for logRatio in logRatios.scalars { estimate.add(logRatio) }
    }
    // end
    return estimate
  }

  private static func gradientCheck(
    of model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, _ ε: Tensor<Double>,
    beta β: Double, using generator: inout SeededGenerator
  ) -> GradientCheck {
    // cell: gradient
    // Biases of 0 would put the rectifiers of a black image exactly on their kinks.
    let shifted = model.replacingParameters { _, parameter in
      parameter + 0.05 * Tensor.normal(parameter.shape, using: &generator)
    }
    let check = checkGradient(at: shifted, directions: 4, step: 1e-5, using: &generator) {
      $0.evidenceLowerBound(of: x, noise: ε).loss(beta: β)
    }
    // end
    return check
  }

  func show(on page: Page) {
    let count = terms.divergence.count
    page.lead(
      """
      \(count == 1 ? "One example" : "The first \(count) examples") under the weights that training \
      starts from. How does log P(X|z) compare with that of a decoder that says ½ for every pixel?
      """)
    page.code("batch")
    showTerms(on: page)
    page.check(
      "At β = 1, the loss as written out in 5.1 is the negative mean of the bound.",
      .equal(
        Quantity("loss", terms.loss), Quantity("−mean", -meanBound),
        tolerance: 1e-10 * source.roundingScale))

    page.lead("The closed form of the divergence is compared with its definition.")
    page.code("definition")
    page.check(
      "The mean of log Q − log P over 20,000 samples from Q agrees with the closed form.",
      .measured(
        "mean of log Q − log P", sampledDivergence, expected: terms.divergence[0], "closed form"))

    page.lead("The gradient from the tape is compared with differences of the loss itself.")
    page.code("gradient")
    page.check(
      "The gradient of the loss agrees with difference quotients in \(gradientCheck.directions) random directions.",
      .small(
        Quantity("largest relative error", gradientCheck.relativeError),
        tolerance: Self.tolerance(source)))
  }

  private func showTerms(on page: Page) {
    let bound = terms.logLikelihood - terms.divergence
    let columns = [terms.logLikelihood, terms.divergence, bound]
    page.table(
      [.left("example"), .right("log P(X|z)"), .right("D[Q‖P(z)]"), .right("bound")],
      rows: (0..<min(4, bound.count)).map { row in
        ["\(row + 1)"] + columns.map { formatted($0[row], decimals: 3) }
      } + [["mean of \(bound.count)"] + columns.map { formatted($0.mean().scalar, decimals: 3) }])
  }
}
