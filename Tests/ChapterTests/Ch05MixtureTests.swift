import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05Mixture {
  /// All sixteen black and white images of four pixels.
  private let allImages = Tensor(
    (0..<16).flatMap { number in (0..<4).map { Double(number >> $0 & 1) } }, shape: [16, 4])

  private func randomMixture(count: Int, using generator: inout SeededGenerator) -> ImageMixture {
    let shares = Tensor<Double>.uniform([16, count], using: &generator)
    return ImageMixture(
      shares: shares, of: allImages.rows((0..<16).map { $0 * $0 % 16 }),
      coins: Tensor([0.2, 0.4, 0.6, 0.7]))
  }

  @Test("The probabilities of all images there are add up to 1, and so does every posterior")
  func normalization() {
    var generator = SeededGenerator(seed: 1)
    let mixture = randomMixture(count: 3, using: &generator)
    #expect(abs(exp(mixture.logEvidence(allImages)).sum().scalar - 1) < 1e-13)
    for sum in mixture.posterior(allImages).sum(axis: 1).scalars { #expect(abs(sum - 1) < 1e-13) }
  }

  @Test("With the posterior as Q the bound is log P(X); with another Q it is lower")
  func bound() {
    var generator = SeededGenerator(seed: 2)
    let mixture = randomMixture(count: 3, using: &generator)
    let terms = mixture.terms(allImages)
    let evidence = mixture.logEvidence(allImages)
    for difference in (terms.logLikelihood - terms.divergence - evidence).scalars {
      #expect(abs(difference) < 1e-13)
    }
    // The prior as Q: no divergence, and a worse log P(X|z).
    let weights = exp(mixture.logWeights)
    let withPrior =
      (weights * (mixture.logJoint(allImages) - mixture.logWeights)).sum(axis: 1)
    #expect(zip(withPrior.scalars, evidence.scalars).allSatisfy { $0 < $1 })
  }

  @Test("One image a class is the mean of the class's images and the coins")
  func classMeans() throws {
    let x = Tensor<Double>([1, 1, 0, 1, 0, 0], shape: [3, 2])
    let m = Tensor<Double>([0.5, 0.25])
    let classes = try #require(ClassMixture([7, 3, 7], x, test: x, coins: m))
    #expect(classes.labels == [3, 7])
    let expected = [0.25, 1.25 / 2, 1.5 / 3, 1.25 / 3]
    for (found, expected) in zip(classes.mixture.images([0, 1]).scalars, expected) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(abs(exp(classes.mixture.logWeights).scalars[1] - 0.6) < 1e-13)
    #expect(ClassMixture([3, 3, 3], x, test: x, coins: m) == nil)
    let ranking = classes.ranking(ofRow: 0)
    #expect(ranking[0].probability >= ranking[1].probability)
    #expect(abs(ranking[0].probability + ranking[1].probability - 1) < 1e-13)
  }

  @Test("Every step of EM raises the objective, and a step with shares of another model lowers it")
  func monotony() throws {
    try Collection(train: 300, test: 40, isPatterned: true).inFolder { folder in
      let source = try Source(folder, decoder: "auto", seed: 1)
      var generator = SeededGenerator(seed: 3)
      let x = Tensor<Float>.bernoulli(source.train.values, using: &generator)
        .converted(to: Double.self)
      let m = (x.sum(axis: 0) + 1) / Double(x.shape[0] + 2)
      let found = ExpectationMaximization(
        componentCount: 10, stepCount: 8, train: x, test: x, coins: m, using: &generator)
      #expect(found.steps.count == 9 && found.largestFall < 1e-10)
      #expect(found.steps[8].objective > found.steps[0].objective + 1)
      let shuffled = found.mixture.posterior(x).rows(generator.permutation(of: x.shape[0]))
      let wrong = ImageMixture(shares: shuffled, of: x, coins: m)
      let objective = wrong.objective(logEvidence: wrong.logEvidence(x), coins: m)
      #expect(objective < found.steps[8].objective - 1)
    }
  }

  @Test("To decide the class first is worth much where each class has its pattern")
  func ladder() throws {
    try Collection(train: 640, test: 200, isPatterned: true).inFolder { folder in
      let lesson = Lesson(
        source: try Source(folder, decoder: "auto", seed: 1), seed: 1, isOfTheNote: true)
      let model = try lesson.train(lesson.configuration(.bernoulli), for: "").model
      let ladder = try #require(Decision(model, lesson).ladder)
      // The coins, one image a class, 10, 50 and 200 images, and the VAE twice.
      #expect(ladder.rungs.count == 7 && ladder.trainCount == 640)
      let gain = ladder.rungs[1].gain(over: ladder.rungs[0])
      #expect(Check("", .positive("", gain)).holds)
      let terms = try #require(ladder.rungs[1].terms)
      #expect(terms.divergence > 2 && terms.divergence < .log(10) + 0.1)
      let classes = try #require(ladder.classes)
      #expect(classes.labels == Array(0..<10) && classes.shown.count == 3)
      let labels = try #require(lesson.source.fewTest.classes)
      let right = labels.indices.count { classes.ranking(ofRow: $0)[0].label == labels[$0] }
      #expect(right > 180)
    }
  }

  @Test("Without classes there are fewer rungs, and of real numbers there is no ladder")
  func leftOut() throws {
    try Collection(hasLabels: false).inFolder { folder in
      func ladder(_ decoder: String) throws -> Ladder? {
        let source = try Source(folder, decoder: decoder, seed: 1)
        var generator = SeededGenerator(seed: 1)
        let model = VariationalAutoencoder<Float>(
          Configuration(inputSize: 30, hiddenSizes: [4], latentSize: 2, output: source.output),
          using: &generator)
        return Decision(model, Lesson(source: source, seed: 1, isOfTheNote: false)).ladder
      }
      let bernoulli = try #require(try ladder("bernoulli"))
      #expect(bernoulli.classes == nil && bernoulli.found.count == 1)
      #expect(try ladder("gaussian") == nil)
    }
  }
}
