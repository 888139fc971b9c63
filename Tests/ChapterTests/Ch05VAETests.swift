import Autodiff
import Claims
import Datasets
import Foundation
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

/// Runs `body` with a lesson on small images of ten classes, which models learn in a moment.
private func withPatterns(_ body: (Lesson) throws -> Void) throws {
  try Collection(train: 640, test: 200, isPatterned: true).inFolder { folder in
    try body(
      Lesson(
        source: try Source(folder, decoder: "auto", seed: 1), seed: 1, isOfTheNote: true))
  }
}

extension Lesson {
  fileprivate func second() throws -> VariationalAutoencoder<Float> {
    try train(configuration(source.output), for: "a second VAE").model
  }
}

@Suite struct Ch05Loss {
  private let configuration = Configuration(inputSize: 6, hiddenSizes: [5], latentSize: 3)

  private func model(_ output: OutputDistribution) -> VariationalAutoencoder<Double> {
    var (configuration, generator) = (configuration, SeededGenerator(seed: 2))
    configuration.output = output
    return VariationalAutoencoder(configuration, using: &generator)
  }

  @Test(
    "The loss written out is the library's, term by term", arguments: OutputDistribution.allCases)
  func terms(output: OutputDistribution) {
    var generator = SeededGenerator(seed: 3)
    let model = model(output)
    let x = Tensor<Double>.bernoulli(.init(repeating: 0.5, shape: [7, 6]), using: &generator)
    let noise = Tensor<Double>.normal([7, 3], using: &generator)
    let terms = Loss.terms(of: model, x, noise: noise)
    let bound = model.evidenceLowerBound(of: x, noise: noise)
    // A few roundings of sums below 100.
    func areEqual(_ left: Tensor<Double>, _ right: Tensor<Double>) -> Bool {
      zip(left.scalars, right.scalars).allSatisfy { abs($0 - $1) < 1e-13 }
    }
    #expect(areEqual(terms.logLikelihood, bound.reconstruction))
    #expect(areEqual(terms.divergence, bound.divergence))
    #expect(abs(terms.loss - bound.loss().scalar) < 1e-13)
  }

  @Test("Section 5.1 counts all parameters")
  func theParametersAreAllThere() throws {
    let lesson = Lesson(
      source: try Source("mnist", decoder: "auto", seed: 1), seed: 1, isOfTheNote: true)
    let loss = Loss(Configuration(), lesson)
    let count = loss.parameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(count == Configuration().parameterCount)
  }

  @Test("A divergence averaged over the latent variables is not what samples from Q say")
  func averagedDivergence() throws {
    let lesson = Lesson(
      source: try Source("mnist", decoder: "auto", seed: 1), seed: 1, isOfTheNote: true)
    let configuration = Configuration(hiddenSizes: [20], latentSize: 5)
    let batch = Batch(configuration, TrainingSettings(), lesson)
    func holds(_ divergence: Double) -> Bool {
      let estimate = batch.sampledDivergence
      return Check(
        "",
        .measured(
          Quantity("", estimate.mean), expected: Quantity("", divergence),
          standardError: estimate.standardError)
      ).holds
    }
    #expect(holds(batch.terms.divergence[0]) && !holds(batch.terms.divergence[0] / 5))
    #expect(batch.gradientCheck.relativeError < 1e-7)
  }
}

@Suite struct Ch05Training {
  @Test("The loop of 5.3 is the library's, to the bit, and that of 5.10 as well")
  func loops() throws {
    try withPatterns { lesson in
      let train = lesson.source.train
      let test = lesson.source.test
      func training(beta: Double = 0.7, drawsLatents: Bool = true) -> Training {
        Training(
          Configuration(inputSize: 30, hiddenSizes: [20], latentSize: 3),
          TrainingSettings(batchSize: 100, beta: beta, drawsLatents: drawsLatents, seed: 4))
      }
      func expectSame(_ left: Training, _ right: Training) {
        for (left, right) in zip(left.model.parameters, right.model.parameters) {
          #expect(left.scalars == right.scalars)
        }
        #expect(left.step == right.step)
        #expect(left.history.map(\.testBound) == right.history.map(\.testBound))
      }
      var (written, library) = (training(), training())
      var autoencoder = training(beta: 0, drawsLatents: false)
      var withoutDraws = autoencoder
      for _ in 0..<2 {
        try written.runEpoch(test: test) { try $0.learn(from: train) }
        try library.runEpoch(on: train, test: test)
        try autoencoder.runEpoch(test: test) { try $0.learnAsAutoencoder(from: train) }
        try withoutDraws.runEpoch(on: train, test: test)
      }
      expectSame(written, library)
      #expect(written.history == library.history)
      expectSame(autoencoder, withoutDraws)
    }
  }

  @Test("Training ends at a loss that is not a number, and keeps what came before")
  func divergence() throws {
    try withPatterns { lesson in
      var training = Training(
        Configuration(inputSize: 30, hiddenSizes: [4], latentSize: 2),
        TrainingSettings(learningRate: 1e30))
      let error = #expect(throws: TrainingError.self) {
        for _ in 0..<3 {
          try training.runEpoch(test: lesson.source.test) {
            try $0.learn(from: lesson.source.train)
          }
        }
      }
      #expect(error?.epoch == training.history.count + 1)
    }
  }

  @Test("The bound of a trained model is above the coins', and that of a bad one is not")
  func coinsAreBeaten() throws {
    try withPatterns { lesson in
      let good = try lesson.train(lesson.configuration(.bernoulli), for: "")
      let bad = TrainedModel(Training(lesson.configuration(.bernoulli)))
      let gains = [good, bad].map { LearningCurve($0, lesson).gain }
      let checks = try gains.map { Check("", .positive("", try #require($0))) }
      #expect(checks.map(\.holds) == [true, false])
      #expect(LearningCurve(good, lesson).history.count == lesson.epochs)
    }
  }

  @Test("Without latent variables, a pixel is as probable as it was often white")
  func coins() throws {
    let source = try Source("mnist", decoder: "auto", seed: 1)
    let x = Tensor<Float>(zeros: [1, 784])
    let white = source.train.values.sum(axis: 0).scalars.map { (Double($0) + 1) / 4502 }
    let expected = white.reduce(0) { $0 + log(1 - $1) }
    // 784 roundings of numbers up to 1, in Float.
    let found = LearningCurve.coinLogProbability(of: x, source.train)
    #expect(abs(Double(found.scalar) - expected) < 784 * 2e-7)
  }
}

@Suite struct Ch05Codes {
  @Test("The mean of Q alone would make the bound too good, and other codes far worse")
  func fits() throws {
    try withPatterns { lesson in
      let section = Reconstruction(try lesson.second(), lesson)
      let fits = section.fits.map(\.logLikelihood)
      #expect(fits.count == 4)
      #expect(fits[1].mean > fits[0].mean)
      for other in fits[2...] {
        #expect(fits[0].mean - other.mean > 4 * (fits[0].standardError + other.standardError))
      }
      // The difference of examples one by one has the mean of the difference.
      let gain = try #require(section.gain)
      #expect(abs(gain.mean - (fits[1].mean - fits[3].mean)) < 1e-4)
    }
  }

  @Test("Samples average to the decoder's means; those of another decoder do not")
  func samples() throws {
    try withPatterns { lesson in
      let section = PriorSamples(try lesson.second(), lesson)
      let difference = try #require(section.difference)
      #expect(Check("", .measured("", difference, expected: 0)).holds)
      #expect(!Check("", .measured("", difference, expected: 0.05)).holds)
      #expect(section.samples.scalars.allSatisfy { $0 == 0 || $0 == 1 })
    }
  }

  @Test("Each part of the divergence is needed, and classes are told apart")
  func plane() throws {
    try withPatterns { lesson in
      let plane = Plane(try Plane.train(lesson), lesson)
      #expect(plane.map.shape == [49, 30] && plane.codes.shape == [200, 2])
      #expect(plane.quantiles == plane.quantiles.sorted() && plane.quantiles[3] == 0)
      let parts = try plane.aggregate.get()
      let sum = parts.mutualInformation + parts.divergence
      #expect(abs(sum - plane.meanDivergence) < 1e-10)
      #expect(parts.mutualInformation > 0.1 && parts.divergence > 0.01)
      let agreement = try #require(plane.agreement)
      #expect(agreement.count == 200 && agreement.agreeing > 100)
      // Ten classes of twenty.
      #expect(abs(agreement.byChance - 19.0 / 199) < 1e-12)
    }
  }

  @Test("A path begins and ends at its two images, and mixes them on the way")
  func path() throws {
    try withPatterns { lesson in
      let model = try lesson.second()
      let section = Interpolation(model, judge: model, lesson)
      let path = try #require(section.path)
      let ends = path.throughPixels
      #expect(path.joinsClasses && ends.shape == [5, 30])
      #expect(ends.rows([0]).scalars.allSatisfy { $0 == 0 || $0 == 1 })
      #expect(ends.rows([2]).scalars.contains(0.5))
      let judgement = try #require(section.judgement)
      // Both ways go to the same images, one of them through a code.
      #expect(judgement.betweenPixels.count == 5 && judgement.betweenCodes.count == 5)
      #expect(judgement.betweenPixels[2].mean < judgement.betweenPixels[0].mean)
    }
  }
}

@Suite struct Ch05Bounds {
  @Test("The identity holds to rounding, and fails without the divergence to the posterior")
  func identity() throws {
    try withPatterns { lesson in
      let plane = try Plane.train(lesson)
      let section = Tightness(try lesson.second(), plane: plane, early: plane, lesson)
      let identities = try section.identities.get()
      #expect(identities.count == 50)
      for identity in identities {
        // Beside sharp patterns the rule's points are further apart than beside digits.
        #expect(identity.residual < 1e-6)
        #expect(identity.logEvidence - identity.bound > 1e-4)
      }
    }
  }

  @Test("Larger groups of the same weights raise the bound on every example")
  func moreWeights() throws {
    try withPatterns { lesson in
      let plane = try Plane.train(lesson)
      let bounds = Tightness(try lesson.second(), plane: plane, early: plane, lesson).bounds
      #expect(bounds.map(\.count) == [1, 10, 100])
      #expect(bounds[0].gain.mean == 0 && bounds[0].leastStep == 0)
      // Weights drawn at random are never all equal.
      for bound in bounds.dropFirst() { #expect(bound.leastStep > 0) }
      #expect(bounds[2].gain.mean > bounds[1].gain.mean)
    }
  }

  @Test(
    "Beside a normal posterior, the best diagonal Q keeps the gap of the closed form, a tilted one none"
  )
  func ownQ() {
    var generator = SeededGenerator(seed: 3)
    var model = VariationalAutoencoder<Double>(
      Configuration(inputSize: 3, hiddenSizes: [], latentSize: 2, output: .unitGaussian),
      using: &generator)
    model.decoder.output.weight = Tensor([2, 0.5, 1, 1.5, -0.5, 1], shape: [2, 3])
    // Q starts at the prior.
    model.encoder = model.encoder.replacingParameters { _, parameter in 0 * parameter }
    let x = Tensor<Double>.normal([2, 3], using: &generator)
    let section = OwnQ(model, after: model, x)
    // P(z|X) has the precision I + WWᵀ; of all diagonal Q the one with the same diagonal is nearest.
    let W = model.decoder.output.weight
    let precision = matmul(W, W.transposed()) + .identity(2)
    let determinant = precision[0, 0] * precision[1, 1] - precision[0, 1] * precision[1, 0]
    let gap = 0.5 * log(precision[0, 0] * precision[1, 1] / determinant)
    #expect(gap > 0.3 && section.examples.count == 2)
    for example in section.examples {
      // Eighty steps of Adam end within a hundredth of a nat, and on no better Q than the best.
      let rest = example.diagonal.divergence - gap
      #expect(rest > -1e-6 && rest < 0.01)
      #expect(example.full.divergence > -1e-6 && example.full.divergence < 0.01)
      #expect(example.encoder.divergence > example.diagonal.divergence)
      #expect(example.missing < OwnQ.tolerance)
      let correlation = -precision[0, 1] / sqrt(precision[0, 0] * precision[1, 1])
      #expect(abs(example.full.normal.correlation - correlation) < 0.05)
    }
    for residual in section.residuals { #expect(abs(residual) < 1e-6) }
  }

  @Test("Only the mean squared residual is an optimum, and only β = 1/σ² makes up for σ = 1")
  func variances() {
    var generator = SeededGenerator(seed: 1)
    let configuration = Configuration(
      inputSize: 6, hiddenSizes: [5], latentSize: 2, output: .gaussian)
    let model = VariationalAutoencoder<Double>(configuration, using: &generator)
    let x = Tensor<Double>.normal([20, 6], using: &generator)
    let noise = Tensor<Double>.normal([20, 2], using: &generator)
    let residual = (x - model.decoder(model.encoder(x).sample(noise: noise))).squared.mean().scalar
    func gradient(_ variance: Double, beta: Double = 1) -> VariationalAutoencoder<Double> {
      GaussianDecoder.gradient(model, x, noise, variance: variance, beta: beta)
    }
    func slope(_ variance: Double) -> Double { gradient(variance).decoder.logVariance!.scalar }
    #expect(abs(slope(residual)) < 1e-10)
    #expect(abs(slope(1.01 * residual)) > 1e-10 && abs(slope(0.99 * residual)) > 1e-10)
    // d/2 (1 − residual/σ²), the derivative in closed form.
    #expect(abs(slope(2) - 3 * (1 - residual / 2)) < 1e-12)
    func difference(beta: Double) -> Double {
      let atOne = gradient(1).encoder.mean.weight
      let weighted = gradient(0.3, beta: beta).encoder.mean.weight * Tensor(0.3)
      return (atOne - weighted).scalars.map(abs).max()! / atOne.scalars.map(abs).max()!
    }
    #expect(difference(beta: 1 / 0.3) < 1e-12 && difference(beta: 1) > 1e-3)
  }

  @Test("σ = 1 leaves few nats of code and larger residuals than a learned σ")
  func learnedVariance() throws {
    try withPatterns { lesson in
      let section = try GaussianDecoder(lesson)
      let (learned, fixed) = (section.models[0], section.models[1])
      #expect(fixed.sigma == 1 && fixed.residual > learned.residual)
      #expect(learned.last.testDivergence > 3 * fixed.last.testDivergence)
      #expect(abs(section.exact.derivative) < 1e-10 && section.exact.difference < 1e-10)
      let units = section.exact.logLikelihood - section.exact.scaledLogLikelihood
      #expect(abs(units - 30 * log(255)) < 1e-10)
    }
  }

  @Test("The autoencoder reconstructs better, and its codes are further from the prior")
  func autoencoder() throws {
    try withPatterns { lesson in
      let section = try Autoencoder(
        beside: try lesson.second(), judge: try Plane.train(lesson), lesson)
      #expect(Check("", .positive("", section.gain)).holds)
      let (autoencoder, variational) = (section.autoencoder, section.variational)
      #expect(autoencoder.trainingFit.mean > variational.trainingFit.mean)
      let divergences = try [autoencoder, variational].map { try #require($0.divergence) }
      #expect(divergences[0] > 5 * divergences[1])
      // Training examples, and three kinds of z for each model.
      #expect(section.samples.count == 7)
      let distances = section.samples.map(\.distance.mean)
      #expect(distances[1] > distances[4] && distances[1] > distances[3])
    }
  }

  @Test(
    "A mixture finds two clouds of codes, and one normal distribution their mean and covariance")
  func mixtures() throws {
    var generator = SeededGenerator(seed: 5)
    let noise = Tensor<Double>.normal([600, 2], using: &generator)
    // A third of the codes lies around (8, 0), the rest around (0, 0).
    let shift = Tensor((0..<1200).map { $0 % 6 == 0 ? 8.0 : 0 }, shape: [600, 2])
    let codes = noise + shift
    let one = try CodeMixture(1, fittedTo: codes, using: &generator).parts[0].normal
    let mean = codes.mean(axis: 0)
    #expect(one.mean.scalars == mean.scalars)
    // All variances are a thousandth of their mean larger, and 10⁻⁶.
    let variance = (codes - mean).squared.mean(axis: 0)
    let added = 1e-3 * variance.mean().scalar + 1e-6
    for axis in 0..<2 { #expect(abs(one.covariance[axis, axis] - variance[axis] - added) < 1e-9) }

    let two = try CodeMixture(2, fittedTo: codes, using: &generator)
    let parts = two.parts.sorted { $0.weight < $1.weight }
    #expect(abs(parts[0].weight - 1.0 / 3) < 1e-3)
    // Means of 200 standard normal numbers.
    #expect(abs(parts[0].normal.mean[0] - 8) < 0.4 && abs(parts[1].normal.mean[0]) < 0.4)
    let samples = two.sample(3000, using: &generator)
    let far = (0..<3000).count { samples[$0, 0] > 4 }
    // Five standard deviations of the number of samples in the smaller cloud.
    #expect(abs(far - 1000) < 130)
  }
}

@Suite struct Ch05Claims {
  private let few = MonteCarloEstimate([0.1, -0.3, 0.2])

  private func lesson(isOfTheNote: Bool) throws -> Lesson {
    Lesson(source: try Source("ring", decoder: "auto", seed: 1), seed: 1, isOfTheNote: isOfTheNote)
  }

  @Test("What does not hold is a failure in the note's run, and a note in any other")
  func whatDoesNotHold() throws {
    let page = Page()
    try lesson(isOfTheNote: true).claim("a", .positive("gain", few), on: page)
    #expect(page.checks.map(\.holds) == [false])
    try lesson(isOfTheNote: false).claim("a", .positive("gain", few), on: page)
    #expect(page.checks.count == 1)
    guard case .note(let note)? = page.blocks.last else { throw Missing() }
    #expect(note.text.contains("“a”") && note.text.contains("gain"))
  }

  @Test("A claim that holds is shown as a check, whatever the settings")
  func whatHoldsIsACheckInAnyRun() throws {
    let page = Page()
    for isOfTheNote in [true, false] {
      try lesson(isOfTheNote: isOfTheNote).claim(
        "a", .atMost(Quantity("b", 1), Quantity("c", 2)), on: page)
    }
    #expect(page.checks.map(\.holds) == [true, true])
  }

  @Test(
    "A gain of nothing without any spread is not a gain, nor is one example",
    arguments: [[0, 0, 0], [5]])
  func noGain(values: [Double]) throws {
    let page = Page()
    let lesson = try lesson(isOfTheNote: false)
    lesson.claim("a", .positive("gain", MonteCarloEstimate(values)), on: page)
    #expect(page.checks.isEmpty && page.blocks.count == 1)
  }
}

struct Missing: Error {}
