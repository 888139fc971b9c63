import Exercises
import Kernels
import Probability

/// A mixture of K images: z chooses one of them, and each pixel is then a coin of its own.
struct Mixture {
  /// P(z), K numbers that add up to 1.
  var weights: [Double]
  /// The probability that each pixel is white, [K][pixels].
  var whites: [[Double]]
}

/// A mixture that was fitted to images, and the way there.
struct MixtureFit: AnswerConvertible {
  /// The mixture after the last step.
  var mixture: Mixture
  /// P(z|X) under it, [images][K].
  var posteriors: [[Double]]
  /// The mean of log P(X) over the images, at the start and after each step.
  var logEvidences: [Double]

  /// All of it, with names.
  var answer: Answer {
    Answer(parts: [
      ("posteriors", posteriors), ("logEvidences", logEvidences),
      ("mixture.weights", mixture.weights), ("mixture.whites", mixture.whites),
    ])
  }
}

extension Checks {
  static func fitMixture(
    _ answer:
      @escaping (_ x: [[Double]], _ start: Mixture, _ coins: [Double], _ stepCount: Int) throws ->
      MixtureFit
  ) -> Exercise {
    var comparison = Comparison<MixtureTask, MixtureFit>(of: {
      try answer($0.x, $0.start, $0.coins, $0.stepCount)
    }) { MixtureEM().fit($0) }
    for task in MixtureTask.all { comparison.ask(task.description, task) }
    comparison.argument("x", \.x) { 1 - $0 }
    comparison.argument("start.whites", \.start.whites) { 0.8 * $0 + 0.1 }
    comparison.argument("coins", \.coins) { 0.5 * $0 + 0.2 }
    comparison.recognize(MixtureEM.mistakes, in: MixtureEM()) { $1.fit($0) }
    comparison.calculation { $0.expectation(choosingPixels: false) }
    comparison.calculation { $0.expectation(choosingPixels: true) }
    comparison.calculation { $0.maximization }
    return Exercise(
      "fit-mixture", "Expectation–maximisation for a mixture of images", minutes: 100,
      hints: [
        "Write log P(X, z) for one image and one z first, then log P(X) and P(z|X) of an image, "
          + "then a step. With 0 steps the answer needs no step yet.",
        "log P(X) is the logSumExp of log P(X, z) over z, and P(z|X) is exp(log P(X, z) − "
          + "log P(X)).",
        "In a step, add up the posteriors of each z, once as they are for Nₖ and once times the "
          + "images for pₖ. The image of coins adds m to one sum and 1 to the other.",
      ], comparison)
  }
}

/// The input of the exercise on mixtures.
struct MixtureTask {
  let description: String
  var x: [[Double]]
  var start: Mixture
  var coins: [Double]
  var stepCount: Int

  static var all: [MixtureTask] {
    let x: [[Double]] = [[1, 0], [1, 1], [0, 0]]
    let start = Mixture(weights: [0.75, 0.25], whites: [[0.8, 0.5], [0.2, 0.5]])
    let inputs =
      "the images \(exact(x)), the weights (0.75, 0.25), the white probabilities "
      + "\(exact(start.whites)), the coins (0.5, 0.4)"
    func small(_ stepCount: Int) -> MixtureTask {
      MixtureTask(
        description: "\(inputs) and \(stepCount) step\(stepCount == 1 ? "" : "s")", x: x,
        start: start, coins: [0.5, 0.4], stepCount: stepCount)
    }
    return [
      small(0), small(1), small(40), random(seed: 82, images: 4, pixels: 3, stepCount: 0),
      random(seed: 83, images: 5, pixels: 2, stepCount: 1),
      random(seed: 80, images: 6, pixels: 4, stepCount: 2),
      // Half of the pixels cost about 30 nats, so P(X) is about e⁻⁹⁰⁰. No limit hides there.
      random(seed: 81, images: 3, pixels: 60, stepCount: 1) { $0 < 0.5 ? 1e-13 : 1 - 1e-13 },
    ]
  }

  /// Images and a mixture of three at random.
  private static func random(
    seed: UInt64, images: Int, pixels: Int, stepCount: Int,
    white: (_ uniform: Double) -> Double = { $0 }
  ) -> MixtureTask {
    var numbers = roundedUniforms((images + 4) * pixels, seed: seed)[...]
    func next() -> [Double] {
      defer { numbers = numbers.dropFirst(pixels) }
      return Array(numbers.prefix(pixels))
    }
    return MixtureTask(
      description: "\(images) images of \(pixels) pixels, K = 3 and \(stepCount) "
        + "step\(stepCount == 1 ? "" : "s")",
      x: (0..<images).map { _ in next().map { $0 < 0.5 ? 1 : 0 } },
      start: Mixture(
        weights: [0.5, 0.2, 0.3], whites: (0..<3).map { _ in next().map(white) }),
      coins: next(), stepCount: stepCount)
  }
}

/// Numbers between 0.02 and 0.98, rounded to two decimals.
private func roundedUniforms(_ count: Int, seed: UInt64) -> [Double] {
  var generator = SeededGenerator(seed: seed)
  return generator.uniform(count: count).map { hundredths(0.02 + 0.96 * $0) }
}

/// EM for a mixture of images, with the places where people go wrong.
struct MixtureEM {
  var logWeight: (Double) -> Double = { .log($0) }
  /// How many times the weight counts, from the number of pixels.
  var weightCount: (_ pixels: Int) -> Double = { _ in 1 }
  /// log P of a pixel that is white with the probability `white`.
  var logPixel: (_ x: Double, _ white: Double) -> Double = { x, white in
    .log(x == 1 ? white : 1 - white)
  }
  /// log P(X|z) from those of the pixels.
  var logImage: ([Double]) -> Double = { $0.reduce(0, +) }
  /// What is made of log P(X, z) for all z.
  var logJoint: ([Double]) -> [Double] = { $0 }
  /// log P(X) from log P(X, z) for all z.
  var logEvidence: ([Double]) -> Double = { logSumExp($0) }
  /// The mean over the images.
  var evidence: ([Double]) -> Double = { mean($0) }
  /// What the sum of log P(X) is divided by, if not by the number of images.
  var evidenceDivisor: (_ images: Double, _ components: Double, _ pixels: Double) -> Double = {
    images, _, _ in images
  }
  /// P(z|X) from log P(X, z), [images][K].
  var posteriors: ([[Double]]) -> [[Double]] = { joints in
    joints.map { joint in
      let sum = logSumExp(joint)
      return joint.map { .exp($0 - sum) }
    }
  }
  /// Which of the images count in a step.
  var images: (Range<Int>) -> Range<Int> = { $0 }
  /// What is added up for Nₖ, from an image’s P(z|X) for all z.
  var shares: ([Double]) -> [Double] = { $0 }
  /// What is added up for the whites, from the same.
  var whiteShares: ([Double]) -> [Double] = { $0 }
  /// What is made of Nₖ for all z, and of the sums over the images for all pixels.
  var sums: ([Double]) -> [Double] = { $0 }
  var whiteSums: ([Double]) -> [Double] = { $0 }
  /// How many images of coins each z has, in the weights and in the whites.
  var coinsInWeights: (_ components: Double) -> Double = { _ in 1 }
  var coinsInWhites: (_ step: Share) -> Double = { _ in 1 }
  /// The image of coins.
  var coins: (_ m: Double) -> Double = { $0 }
  /// What a pixel adds, from its image’s P(z|X).
  var white: (_ posterior: Double, _ x: Double) -> Double = { $0 * $1 }
  /// What the sum of the pixels is divided by.
  var whiteDivisor: (_ step: Share, _ m: Double) -> Double = { step, _ in step.sum + 1 }
  var weightDivisor: (_ images: Double, _ components: Double) -> Double = { $0 + $1 }
  /// What a step keeps of the mixture before.
  var kept: (_ new: Mixture, _ old: Mixture) -> Mixture = { new, _ in new }
  /// Which part of the mixture is changed first, with posteriors of its own for the rest.
  var order = Order.together
  /// What the log-evidence may still change by when the steps end early.
  var tolerance: Double?
  /// Whether every step takes the posteriors of the mixture at the start.
  var startsAnew = false
  /// How many steps are made.
  var stepCount: (Int) -> Int = { $0 }
  /// What is made of the result.
  var finish: (_ fit: MixtureFit, _ steps: [Step]) -> MixtureFit = { fit, _ in fit }

  /// A z’s share in a step.
  struct Share {
    /// Nₖ.
    let sum: Double
    let images: Double
    let components: Double
    /// The new weight.
    let weight: Double
  }

  /// The order in which a step changes the mixture.
  enum Order {
    case together, weightsFirst, whitesFirst
  }

  /// A mixture on the way, and P(z|X) under it.
  struct Step {
    let mixture: Mixture
    let posteriors: [[Double]]
  }
}

extension MixtureEM {
  func fit(_ task: MixtureTask) -> MixtureFit {
    var (posteriors, evidence) = expectation(task.x, task.start)
    var steps = [Step(mixture: task.start, posteriors: posteriors)]
    var fit = MixtureFit(mixture: task.start, posteriors: posteriors, logEvidences: [evidence])
    for _ in 0..<stepCount(task.stepCount) {
      fit.mixture = kept(
        step(task, (startsAnew ? steps[0] : steps.last!).posteriors, fit.mixture), fit.mixture)
      (posteriors, evidence) = expectation(task.x, fit.mixture)
      fit.posteriors = posteriors
      fit.logEvidences.append(evidence)
      steps.append(Step(mixture: fit.mixture, posteriors: posteriors))
      let lastTwo = fit.logEvidences.suffix(2)
      if let tolerance, abs(lastTwo.last! - lastTwo.first!) < tolerance { break }
    }
    return finish(fit, steps)
  }

  private func expectation(
    _ x: [[Double]], _ mixture: Mixture
  ) -> (posteriors: [[Double]], evidence: Double) {
    let joints = x.map { x in
      logJoint(
        zip(mixture.weights, mixture.whites).map { weight, whites in
          weightCount(whites.count) * logWeight(weight)
            + logImage(zip(x, whites).map { logPixel($0, $1) })
        })
    }
    let images = Double(x.count)
    return (
      posteriors(joints),
      evidence(joints.map(logEvidence)) * images
        / evidenceDivisor(images, Double(mixture.weights.count), Double(x[0].count))
    )
  }

  /// The next mixture, of which a part may be changed first.
  private func step(
    _ task: MixtureTask, _ posteriors: [[Double]], _ old: Mixture
  ) -> Mixture {
    var new = maximization(task, posteriors)
    switch order {
    case .together: break
    case .weightsFirst:
      let between = Mixture(weights: new.weights, whites: old.whites)
      new.whites = maximization(task, expectation(task.x, between).posteriors).whites
    case .whitesFirst:
      let between = Mixture(weights: old.weights, whites: new.whites)
      new.weights = maximization(task, expectation(task.x, between).posteriors).weights
    }
    return new
  }

  private func maximization(_ task: MixtureTask, _ posteriors: [[Double]]) -> Mixture {
    let images = Double(task.x.count)
    let counted = self.images(task.x.indices)
    let x = task.x[counted]
    let components = Double(posteriors[0].count)
    let shares = sums(transposed(posteriors[counted].map(shares)).map { $0.reduce(0, +) }).map {
      Share(
        sum: $0, images: images, components: components,
        weight: ($0 + coinsInWeights(components)) / weightDivisor(images, components))
    }
    return Mixture(
      weights: shares.map(\.weight),
      whites: zip(shares, transposed(posteriors[counted].map(whiteShares))).map {
        share, posteriors in
        let sums = task.coins.indices.map { j in
          zip(posteriors, x).reduce(coinsInWhites(share) * coins(task.coins[j])) {
            $0 + white($1.0, $1.1[j])
          }
        }
        return zip(whiteSums(sums), task.coins).map { $0 / whiteDivisor(share, $1) }
      })
  }
}
