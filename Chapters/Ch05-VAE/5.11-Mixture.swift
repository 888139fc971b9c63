import Autodiff
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// A mixture of K images: z chooses one of them, and each pixel is then a coin of its own.
struct ImageMixture {
  /// log P(z), of shape [K].
  let logWeights: Tensor<Double>
  /// The images: the logit of each pixel, of shape [K, pixels].
  let logits: Tensor<Double>

  // cell: mixture
  /// log P(X, z) = log P(z) + log P(X|z) for each X, a row of x, and each z.
  func logJoint(_ x: Tensor<Double>) -> Tensor<Double> {
    let logLikelihood = matmul(x, logits.transposed()) - softplus(logits).sum(axis: 1)
    return logWeights + logLikelihood  // log P(X|z) is the sum of x l − log(1 + eˡ)
  }

  /// log P(X) = log ∑ P(X, z): a sum over K values of z, and no integral.
  func logEvidence(_ x: Tensor<Double>) -> Tensor<Double> {
    logJoint(x).logSumExp(axis: 1)
  }

  /// P(z|X) = P(X, z)/P(X), by Bayes' rule.
  func posterior(_ x: Tensor<Double>) -> Tensor<Double> {
    let logJoint = logJoint(x)
    return exp(logJoint - logJoint.logSumExp(axis: 1).reshaped([x.shape[0], 1]))
  }
  // end

  // cell: fit
  /// The best images for given shares: Rᵢₖ is the part of image i that belongs to z = k.
  ///
  /// Each z also gets one image of coins, m, which keeps its pixels away from 0 and 1.
  init(shares R: Tensor<Double>, of x: Tensor<Double>, coins m: Tensor<Double>) {
    let n = R.sum(axis: 0) + 1  // how many images belong to each z
    let p = (matmul(R.transposed(), x) + m) / n.reshaped([n.count, 1])  // their mean
    logWeights = log(n / n.sum())
    logits = log(p) - log(1 - p)
  }
  // end

  /// The number of images.
  var count: Int { logWeights.count }

  /// What EM never lowers, an image: log P(X) of the training images, and log P(X, z) of the images of
  /// coins, whose z is known.
  func objective(logEvidence: Tensor<Double>, coins m: Tensor<Double>) -> Double {
    let known = logJoint(m.reshaped([1, m.count])).sum()
    return ((logEvidence.sum() + known) / Double(logEvidence.count)).scalar
  }

  /// The two terms of the bound with P(z|X) as Q, and log P(X), for each row of x.
  func terms(
    _ x: Tensor<Double>
  ) -> (logLikelihood: Tensor<Double>, divergence: Tensor<Double>, logEvidence: Tensor<Double>) {
    let (joint, logEvidence) = (logJoint(x), logEvidence(x))
    let logPosterior = joint - logEvidence.reshaped([x.shape[0], 1])
    let Q = exp(logPosterior)
    return (
      (Q * (joint - logWeights)).sum(axis: 1), (Q * (logPosterior - logWeights)).sum(axis: 1),
      logEvidence
    )
  }

  /// The probabilities of white of the images of some z, one a row.
  func images(_ z: [Int]) -> Tensor<Double> { sigmoid(logits.rows(z)) }

  /// The images of the z with the largest P(z).
  func mostProbableImages(_ maximum: Int) -> Tensor<Double> {
    let weights = logWeights.scalars
    return images(
      Array(weights.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }.prefix(maximum)))
  }
}

/// A mixture with one image a class, the mean of the class's training images.
struct ClassMixture {
  /// The class that each z stands for.
  let labels: [Int]
  let mixture: ImageMixture
  /// P(z|X) of each test image, a row.
  let posterior: Tensor<Double>
  /// The first test image, and the two with the smallest largest P(z|X).
  let shown: [Int]

  /// Nil if all training images are of one class.
  init?(_ classes: [Int], _ x: Tensor<Double>, test: Tensor<Double>, coins m: Tensor<Double>) {
    labels = Set(classes).sorted()
    guard labels.count > 1 else { return nil }
    let indices = Dictionary(uniqueKeysWithValues: zip(labels, 0...))
    let shares = Tensor<Double>.identity(labels.count).rows(classes.map { indices[$0]! })
    mixture = ImageMixture(shares: shares, of: x, coins: m)
    posterior = mixture.posterior(test)
    let largest = posterior.maximum(axis: 1).scalars
    shown =
      [0] + largest.indices.dropFirst().sorted { (largest[$0], $0) < (largest[$1], $1) }.prefix(2)
  }

  /// The classes with their P(z|X) for a test image, from the most probable on.
  func ranking(ofRow row: Int) -> [(label: Int, probability: Double)] {
    zip(labels, posterior.rows([row]).scalars).map { (label: $0, probability: $1) }
      .sorted { ($1.probability, $0.label) < ($0.probability, $1.label) }
  }
}

/// A mixture that was found without classes, and the way there.
struct ExpectationMaximization {
  /// How far EM has come.
  struct Step: Equatable {
    let objective: Double
    /// The means of log P(X) over the training and the test images.
    let train: Double
    let test: Double
  }

  let mixture: ImageMixture
  /// The start, and what each step led to.
  let steps: [Step]

  init(
    componentCount K: Int, stepCount: Int, train x: Tensor<Double>, test: Tensor<Double>,
    coins m: Tensor<Double>, using generator: inout SeededGenerator
  ) {
    var steps: [Step] = []
    func record(_ mixture: ImageMixture) {
      let logEvidence = mixture.logEvidence(x)
      steps.append(
        Step(
          objective: mixture.objective(logEvidence: logEvidence, coins: m),
          train: logEvidence.mean().scalar, test: mixture.logEvidence(test).mean().scalar))
    }
    // cell: em
    // At the start each z has one training image, chosen at random.
    let chosen = x.rows(Array(generator.permutation(of: x.shape[0]).prefix(K)))
    var mixture = ImageMixture(shares: .identity(K), of: chosen, coins: m)
    record(mixture)
    for _ in 0..<stepCount {
      let R = mixture.posterior(x)  // E step: Rᵢₖ = P(z = k|Xᵢ)
      mixture = ImageMixture(shares: R, of: x, coins: m)  // M step
      record(mixture)
    }
    // end
    (self.mixture, self.steps) = (mixture, steps)
  }

  /// The most that the objective fell in a step.
  var largestFall: Double {
    zip(steps, steps.dropFirst()).map { $0.objective - $1.objective }.max().map { max($0, 0) } ?? 0
  }
}

extension ImageMixture {
  /// Shows the mixture, how it is fitted to shares, and how EM finds the shares.
  static func showCode(on page: Page) {
    page.code("mixture")
    page.code("fit")
    page.code("em")
  }
}
