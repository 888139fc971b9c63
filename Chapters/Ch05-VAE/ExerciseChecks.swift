import Autodiff
import Kernels
import NeuralNetworks
import Notebook
import Probability

/// What a step of Adam changes: one number each for every parameter.
struct AdamState: AnswerConvertible {
  var parameters: [Double]
  /// The running mean of the gradient, not corrected.
  var firstMoments: [Double]
  /// The running mean of its square, not corrected.
  var secondMoments: [Double]

  /// The three as rows.
  var answer: Answer { [parameters, firstMoments, secondMoments].answer }
}

/// What a step of Adam needs beside.
struct AdamRates {
  /// α.
  var learningRate = 0.001
  /// β₁.
  var firstDecay = 0.9
  /// β₂.
  var secondDecay = 0.999
  /// ε.
  var epsilon = 1e-8
}

/// How much the means of Q(z|X) vary from image to image.
struct LatentActivity: AnswerConvertible {
  /// The variance of each latent variable's mean.
  var variances: [Double]
  /// How many are above 0.01.
  var activeCount: Int

  /// The variances, and then the number.
  var answer: Answer { (variances + [Double(activeCount)]).answer }
}

/// The layers of a variational autoencoder, all of them linear.
struct SmallAutoencoder: Parameterized {
  /// From the pixels to the encoder's hidden units.
  var hidden: Dense<Double>
  /// From there to μ(X).
  var mean: Dense<Double>
  /// From there to log σ²(X).
  var logVariance: Dense<Double>
  /// From z to the decoder's hidden units.
  var decoderHidden: Dense<Double>
  /// From there to the logits of the pixels.
  var output: Dense<Double>

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("hidden", &hidden)
    visitor.visit("mean", &mean)
    visitor.visit("logVariance", &logVariance)
    visitor.visit("decoderHidden", &decoderHidden)
    visitor.visit("output", &output)
  }
}

/// What the exercises of this chapter ask, and the mistakes that they know.
enum Checks {
  static var all: [Exercise] {
    [
      reconstruction(Exercises.reconstruction), loss(Exercises.loss),
      adamStep(Exercises.adamStep), latentActivity(Exercises.latentActivity),
      importanceWeightedBound(Exercises.importanceWeightedBound),
      differentiableLoss(Exercises.differentiableLoss),
    ]
  }

  // MARK: - Section 5.1

  static func reconstruction(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> Double
  ) -> Exercise {
    struct Input {
      let x: [[Double]]
      let logits: [[Double]]

      var value: Double { meanLogProbability(of: x, logits: logits) }

      /// The mean over the images of a sum over the pixels.
      func mean(_ term: (_ x: Double, _ logit: Double) -> Double) -> Double {
        meanOfSums(zip(x, logits).map { zip($0, $1).map(term) })
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.x, $0.logits) }) { $0.value }
    func ask(_ x: [[Double]], _ logits: [[Double]]) {
      comparison.ask(
        "the images \(text(x)) with the logits \(text(logits))", Input(x: x, logits: logits))
    }
    comparison.ask(
      "the images (1, 0), (1, 1) with the logits (0, log 3), (0, 0)",
      Input(x: [[1, 0], [1, 1]], logits: [[0, .log(3)], [0, 0]]))
    ask([[1, 0, 0, 1], [0, 0, 1, 1], [1, 0, 1, 0]], normal(3, 4, seed: 51))
    ask([[1, 0]], [[-800, 2]])
    ask([[0, 1]], [[900, 0.5]])
    comparison.recognize("that is the mean over the pixels; log P(X|z) of an image is the sum") {
      $0.value / Double($0.x[0].count)
    }
    comparison.recognize("that is the sum over the images; wanted is their mean") {
      $0.value * Double($0.x.count)
    }
    comparison.recognize("that is −log P(X|z), as in a loss; wanted is log P(X|z)") { -$0.value }
    comparison.recognize("black pixels were left out; a 0 has the probability 1 − p") {
      $0.mean { x, logit in -x * .softplus(-logit) }
    }
    comparison.recognize("0 and 1 are exchanged: p is the probability of a 1") {
      $0.mean { x, logit in (1 - x) * logit - .softplus(logit) }
    }
    comparison.recognize("the logits were taken for probabilities; p is 1/(1 + e^(−l))") {
      $0.mean { x, logit in x * .log(logit) + (1 - x) * .log(1 - logit) }
    }
    comparison.recognize(
      "probabilities were put where the formula has logits, as if by a sigmoid too many"
    ) {
      $0.mean { x, logit in x * .sigmoid(logit) - .softplus(.sigmoid(logit)) }
    }
    comparison.recognize(
      "p became 0 or 1 before its logarithm was taken; the formula does without p"
    ) {
      $0.mean { x, logit in
        let p = 1 / (1 + Double.exp(-logit))
        return x == 1 ? .log(p) : .log(1 - p)
      }
    }
    comparison.recognize("e^l became infinite; for a large l, log(1 + e^l) is l + log(1 + e^(−l))")
    {
      $0.mean { x, logit in x * logit - .log(1 + .exp(logit)) }
    }
    return Exercise(
      "reconstruction", "log P(X|z) of a batch of images, from logits", minutes: 10,
      hints: [
        "Two loops: one over the pixels of an image, which adds, and one over the images, which "
          + "averages.",
        "log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|)) for every l.",
      ], comparison)
  }

  static func loss(
    _ answer: @escaping ([[Double]], [[Double]], [[Double]], [[Double]], Double) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<LossTask, Double>(of: {
      try answer($0.x, $0.logits, $0.mean, $0.logVariance, $0.beta)
    }) { $0.value() }
    func ask(_ task: LossTask) {
      comparison.ask(
        "X = \(text(task.x)), the logits \(text(task.logits)), μ = \(text(task.mean)), "
          + "log σ² = \(text(task.logVariance)) and β = \(text(task.beta))", task)
    }
    ask(LossTask(x: [[1, 0]], logits: [[0, 0]], mean: [[1, 0]], logVariance: [[0, 0]], beta: 1))
    ask(
      LossTask(
        x: [[1, 0, 0, 1], [0, 1, 1, 1], [0, 0, 1, 0]], logits: normal(3, 4, seed: 52),
        mean: normal(3, 2, seed: 53), logVariance: normal(3, 2, seed: 54), beta: 1))
    ask(
      LossTask(
        x: [[0, 1, 0], [1, 1, 0]], logits: normal(2, 3, seed: 55), mean: normal(2, 4, seed: 56),
        logVariance: normal(2, 4, seed: 57), beta: 4))
    comparison.recognize(
      "log P(X|z) is averaged over the pixels, not summed: as if β were so many times as large"
    ) { $0.value(reconstruction: 1 / $0.pixelCount) }
    comparison.recognize("the divergence is averaged over the latent variables; it sums over them")
    {
      $0.value(divergence: $0.beta / $0.latentCount)
    }
    comparison.recognize(
      "both terms are means, over pixels and over latent variables; both are sums"
    ) { $0.value(reconstruction: 1 / $0.pixelCount, divergence: $0.beta / $0.latentCount) }
    comparison.recognize("that is the sum over the images; wanted is their mean") {
      $0.value() * Double($0.x.count)
    }
    comparison.recognize(
      "the divergence is subtracted; in a loss, which is made small, it is added"
    ) { $0.value(divergence: -$0.beta) }
    comparison.recognize("log P(X|z) is added; a loss that is made small has −log P(X|z)") {
      $0.value(reconstruction: -1)
    }
    comparison.recognize("that is the bound, which is made large; the loss is its negative") {
      -$0.value()
    }
    comparison.recognize("β weights log P(X|z); it belongs to the divergence") {
      $0.value(reconstruction: $0.beta, divergence: 1)
    }
    comparison.recognize("β weights both terms; it belongs to the divergence alone") {
      $0.value(reconstruction: $0.beta)
    }
    comparison.recognize("β is not used") { $0.value(divergence: 1) }
    comparison.recognize("the divergence lacks its ½") { $0.value(divergence: 2 * $0.beta) }
    comparison.recognize("the −1 of every latent variable is missing in the divergence") { task in
      task.value() + 0.5 * task.beta * task.latentCount
    }
    comparison.recognize(
      "the log variance was taken for the variance; σ² is its exponential"
    ) { $0.value { mean, logVariance in mean * mean + logVariance - 1 - .log(logVariance) } }
    comparison.recognize(
      "e to half the log variance is the standard deviation; the divergence takes the variance"
    ) { $0.value { mean, logVariance in mean * mean + .exp(logVariance / 2) - 1 - logVariance } }
    return Exercise(
      "vae-loss", "The loss of a batch, with a β", minutes: 20,
      hints: [
        "Without β, it is a mean over images of a sum over pixels and a sum over latent variables. "
          + "Which sign has each, if the bound is to grow as the loss falls?",
        "You have log P(X|z) already: the loss is the mean of β times the divergence, minus "
          + "reconstruction(of: x, logits: logits).",
      ], comparison)
  }

  // MARK: - Section 5.3

  static func adamStep(
    _ answer: @escaping (AdamState, [Double], Int, AdamRates) throws -> AdamState
  ) -> Exercise {
    var comparison = Comparison<AdamTask, AdamState>(of: {
      try answer($0.state, $0.gradient, $0.step, $0.rates)
    }) { $0.value }
    func ask(_ name: String, _ task: AdamTask) {
      let (state, rates) = (task.state, task.rates)
      comparison.ask(
        "\(name), the parameters \(text(state.parameters)), the moments \(text(state.firstMoments)) "
          + "and \(text(state.secondMoments)), the gradient \(text(task.gradient)), α = "
          + "\(text(rates.learningRate)), β₁ = \(text(rates.firstDecay)), β₂ = "
          + "\(text(rates.secondDecay)) and ε = \(text(rates.epsilon)), where the rows are "
          + "the parameters and the two moments", task)
    }
    ask(
      "step 1",
      AdamTask(
        state: AdamState(parameters: [1], firstMoments: [0], secondMoments: [0]), gradient: [0.5],
        step: 1, rates: AdamRates(learningRate: 0.1, epsilon: 0)))
    ask(
      "step 3",
      AdamTask(
        state: AdamState(
          parameters: normal(3, seed: 58), firstMoments: normal(3, seed: 59),
          secondMoments: [1.2, 0.4, 2.5]), gradient: normal(3, seed: 60),
        step: 3, rates: AdamRates(learningRate: 0.5)))
    ask(
      "step 4",
      AdamTask(
        state: AdamState(
          parameters: normal(2, seed: 61), firstMoments: normal(2, seed: 62),
          secondMoments: [0.3, 0.9]), gradient: normal(2, seed: 63),
        step: 4,
        rates: AdamRates(learningRate: 0.2, firstDecay: 0.5, secondDecay: 0.75, epsilon: 0.1)))
    comparison.recognize(
      "the correction is missing: moments that began at 0 are to be divided by 1 − β₁ᵗ and 1 − β₂ᵗ"
    ) { $0.variant(firstPower: { _ in .infinity }, secondPower: { _ in .infinity }) }
    comparison.recognize("v̂ lacks its correction, the division by 1 − β₂ᵗ") {
      $0.variant(secondPower: { _ in .infinity })
    }
    comparison.recognize("m̂ lacks its correction, the division by 1 − β₁ᵗ") {
      $0.variant(firstPower: { _ in .infinity })
    }
    comparison.recognize(
      "the correction takes β to the power t − 1; in the first step, t is 1"
    ) { $0.variant(firstPower: { $0 - 1 }, secondPower: { $0 - 1 }) }
    comparison.recognize("the correction takes β to the power t + 1; in the first step, t is 1") {
      $0.variant(firstPower: { $0 + 1 }, secondPower: { $0 + 1 })
    }
    comparison.recognize("the correction is 1 − β in every step; it takes β to the power t") {
      $0.variant(firstPower: { _ in 1 }, secondPower: { _ in 1 })
    }
    comparison.recognize("ε is inside the root; it is added to √v̂") {
      $0.variant(quotient: { first, second, epsilon in first / (second + epsilon).squareRoot() })
    }
    comparison.recognize("ε is missing") {
      $0.variant(quotient: { first, second, _ in first / second.squareRoot() })
    }
    comparison.recognize("m̂ is divided by v̂, not by its root") {
      $0.variant(quotient: { first, second, epsilon in first / (second + epsilon) })
    }
    comparison.recognize("the step goes up: it is to be subtracted, so that the loss falls") {
      $0.variant(quotient: { first, second, epsilon in -first / (second.squareRoot() + epsilon) })
    }
    comparison.recognize("the gradient in the second moment is not squared") {
      $0.variant(square: { $0 })
    }
    comparison.recognize("β is the share of the old moment that is kept, and 1 − β that of the new")
    { task in
      var swapped = task
      swapped.rates.firstDecay = 1 - task.rates.firstDecay
      swapped.rates.secondDecay = 1 - task.rates.secondDecay
      return swapped.variant(
        corrections: (
          task.correction(task.rates.firstDecay), task.correction(task.rates.secondDecay)
        ))
    }
    comparison.recognize(
      "the corrected moments are returned; the next step goes on from the uncorrected ones"
    ) { task in
      var state = task.value
      let first = task.correction(task.rates.firstDecay)
      let second = task.correction(task.rates.secondDecay)
      state.firstMoments = state.firstMoments.map { $0 / first }
      state.secondMoments = state.secondMoments.map { $0 / second }
      return state
    }
    return Exercise(
      "adam-step", "A step of Adam, with its bias correction", minutes: 20,
      hints: [
        "Make the two new moments first; everything after that uses the new ones.",
        "In the first step 1 − β₁ᵗ is 1 − β₁, and m̂ is the gradient itself. If yours is not, look at "
          + "the correction.",
        "β₁ᵗ is pow(rates.firstDecay, Double(step)). The corrected moments go into the step only, the "
          + "uncorrected ones into the result.",
      ], comparison)
  }

  static func latentActivity(
    _ answer: @escaping ([[Double]]) throws -> LatentActivity
  ) -> Exercise {
    func activity(_ variances: [Double]) -> LatentActivity {
      LatentActivity(variances: variances, activeCount: variances.count { $0 > 0.01 })
    }
    func variances(_ means: [[Double]]) -> [Double] {
      let means = matrix(means)
      return (means - means.mean(axis: 0)).squared.mean(axis: 0).scalars
    }
    var comparison = Comparison<[[Double]], LatentActivity>(of: answer) { activity(variances($0)) }
    func ask(_ means: [[Double]]) {
      comparison.ask(
        "the means \(text(means)), the variances and then the number of active ones", means)
    }
    ask([[1, 0], [3, 0.1]])
    let drawn = normal(5, 4, seed: 64)
    // The second varies little around 1, the fourth not at all.
    ask(drawn.map { [$0[0], 1 + (5 * $0[1]).rounded() / 100, $0[2], -0.5] })
    ask(normal(4, 2, seed: 65))
    comparison.recognize("those are standard deviations; wanted are their squares") {
      activity(variances($0).map { $0.squareRoot() })
    }
    comparison.recognize(
      "the number is that of standard deviations above 0.01; it is the variance that is to exceed it"
    ) {
      let variances = variances($0)
      return LatentActivity(
        variances: variances, activeCount: variances.count { $0.squareRoot() > 0.01 })
    }
    comparison.recognize("the squared deviations were divided by n − 1; wanted is their mean") {
      means in
      activity(variances(means).map { $0 * Double(means.count) / Double(means.count - 1) })
    }
    comparison.recognize("the squared deviations were summed; wanted is their mean") { means in
      activity(variances(means).map { $0 * Double(means.count) })
    }
    comparison.recognize(
      "those are means of squares; the mean over the images is to be subtracted before squaring"
    ) { activity(matrix($0).squared.mean(axis: 0).scalars) }
    comparison.recognize(
      "those are variances over the latent variables of an image; wanted are those over the images "
        + "of a latent variable"
    ) { activity(variances(transposed($0))) }
    comparison.recognize("the number is that of the latent variables that are not active") {
      let variances = variances($0)
      return LatentActivity(variances: variances, activeCount: variances.count { $0 <= 0.01 })
    }
    return Exercise(
      "active-units", "Which latent variables are in use", minutes: 10,
      hints: [
        "Take one latent variable, a column of the table: how far is each of its numbers from the "
          + "mean of the column?",
        "For a column c of n numbers with the mean m it is Σ(c − m)²/n, and 0.01 is compared with that.",
      ], comparison)
  }

  // MARK: - Section 5.8

  static func importanceWeightedBound(
    _ answer: @escaping ([[Double]]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<[[Double]], Double>(of: answer) { mean($0.map { logMeanExp($0) }) }
    func ask(_ logWeights: [[Double]]) {
      comparison.ask("the log weights \(text(logWeights))", logWeights)
    }
    comparison.ask("the log weights (0, log 3), (-1, -1)", [[0, .log(3)], [-1, -1]])
    ask(normal(3, 4, seed: 66))
    ask([[-2000, -2001, -2003], [-1500, -1502.5, -1500]])
    comparison.recognize(
      "that is the mean of the log weights, the bound L₁; wanted is the log of their mean"
    ) { mean($0.map(mean)) }
    comparison.recognize("that is the log of a sum; log K is to be subtracted") {
      mean($0.map(logSumExp))
    }
    comparison.recognize("the sum was divided by K after its log was taken, not before") {
      mean($0.map { logSumExp($0) / Double($0.count) })
    }
    comparison.recognize(
      "that is the log of the mean of all weights; wanted is a log for each image, and their mean"
    ) { logMeanExp($0.flatMap { $0 }) }
    comparison.recognize(
      "the log is that of a mean over images, averaged over draws; it is the other way round"
    ) { mean(transposed($0).map { logMeanExp($0) }) }
    comparison.recognize("that is the sum over the images; wanted is their mean") {
      $0.map { logMeanExp($0) }.reduce(0, +)
    }
    comparison.recognize("the largest was subtracted first, and not added at the end") {
      mean($0.map { logMeanExp($0) - ($0.max() ?? 0) })
    }
    comparison.recognize(
      "the weights became 0 before the log was taken; subtract the largest log weight first"
    ) { mean($0.map { .log(mean($0.map(Double.exp))) }) }
    return Exercise(
      "importance-weighted-bound", "L_K, from the log weights of a test set", minutes: 10,
      hints: [
        "One mean is inside the logarithm and one is outside. Which is over the draws?",
        "It is the mean over the images of the logMeanExp of chapter 2.",
      ], comparison)
  }

  // MARK: - An evening: the whole model

  static func differentiableLoss(
    _ answer:
      @escaping (SmallAutoencoder, Tensor<Double>, Tensor<Double>, Double) throws -> Tensor<Double>
  ) -> Exercise {
    func answered(_ task: ModelTask) throws -> Tensor<Double> {
      try answer(task.model, task.x, task.noise, task.beta)
    }
    var comparison = Comparison<ModelTask, Answer>(of: { task in
      let loss = try answered(task)
      return Answer(shape: loss.shape, values: loss.scalars)
    }) { $0.loss() }
    let zero = ModelTask(seed: 67, imageCount: 1, latentCount: 2, beta: 1, scale: 0)
    let first = ModelTask(seed: 68, imageCount: 3, latentCount: 2, beta: 1, scale: 1)
    let second = ModelTask(seed: 69, imageCount: 2, latentCount: 3, beta: 4, scale: 1)
    comparison.ask("one image of 4 pixels, and weights that are all 0", zero)
    comparison.ask("3 images of 5 pixels, 2 latent variables, drawn weights and β = 1", first)
    comparison.ask("2 images of 5 pixels, 3 latent variables, drawn weights and β = 4", second)
    comparison.recognize(
      "log P(X|z) is averaged over the pixels, not summed: as if β were so many times as large"
    ) { $0.loss(reconstruction: 1 / Double($0.x.shape[1])) }
    comparison.recognize("the divergence is averaged over the latent variables; it sums over them")
    {
      $0.loss(divergence: $0.beta / Double($0.noise.shape[1]))
    }
    comparison.recognize("that is the sum over the images; wanted is their mean") {
      let count = Double($0.x.shape[0])
      return $0.loss(reconstruction: count, divergence: count * $0.beta)
    }
    comparison.recognize(
      "the divergence is subtracted; in a loss, which is made small, it is added"
    ) { $0.loss(divergence: -$0.beta) }
    comparison.recognize("that is the bound, which is made large; the loss is its negative") {
      $0.loss(reconstruction: -1, divergence: -$0.beta)
    }
    comparison.recognize("β weights log P(X|z); it belongs to the divergence") {
      $0.loss(reconstruction: $0.beta, divergence: 1)
    }
    comparison.recognize("β is not used") { $0.loss(divergence: 1) }
    comparison.recognize("the divergence lacks its ½") { $0.loss(divergence: 2 * $0.beta) }
    comparison.recognize("z was made as (ε + μ)σ; μ is not to be scaled, z = μ + σε") {
      $0.loss { q, noise in (noise + q.mean) * q.standardDeviation }
    }
    comparison.recognize(
      "the noise was scaled by the variance; z = μ + σε takes its root, exp(½ log variance)"
    ) { $0.loss { q, noise in q.mean + exp(q.logVariance) * noise } }
    comparison.recognize("the noise was scaled by the log variance; σ is exp(½ log variance)") {
      $0.loss { q, noise in q.mean + q.logVariance * noise }
    }
    comparison.recognize("z is the mean of Q, as in an autoencoder without noise; z = μ + σε") {
      $0.loss { q, _ in q.mean }
    }
    comparison.recognize("z is the noise itself, as when sampling from the prior; z = μ + σε") {
      $0.loss { _, noise in noise }
    }
    comparison.recognize("the hidden units lack their tanh") {
      $0.loss(activation: .identity)
    }
    comparison.recognize("the hidden units are rectified, as in section 5.1; these are tanh") {
      $0.loss(activation: .relu)
    }
    return Exercise(
      "differentiable-loss", "The whole model, and its gradient", minutes: 60,
      hints: [
        "A line for each equation. h has the shape [images, hidden units], and every step up to the "
          + "logits keeps a row for each image.",
        "The divergence is 0.5 * (mean.squared + exp(logVariance) - 1 - logVariance).sum(axis: 1), "
          + "a number for each image; log P(X|z) is made in the same way with softplus(logits).",
        "If the value is right and the gradient is not, something that depends on the weights reached "
          + "the loss as a plain number. Follow each of the five layers from its output to the loss.",
      ], comparison
    )
    .judged(
      "the gradient with respect to the weights of all layers",
      answer: { () -> Double in
        let loss = try answered(second)
        // What has the wrong shape, or is not finite, is wrong already, and has no gradient.
        guard loss.shape.isEmpty, loss.scalar.isFinite else { return 0 }
        var generator = SeededGenerator(seed: 70)
        return checkGradient(at: second.model, using: &generator) { model in
          var moved = second
          moved.model = model
          return (try? answered(moved)) ?? Tensor(.nan)
        }.relativeError
      }
    ) { error in
      // A fourth-order difference with step h = 10⁻³ is itself off by h⁴ = 10⁻¹², and by rounding of
      // about 10⁻¹⁶/h = 10⁻¹³ of the loss.
      error.values[0] < 1e-8
        ? nil
        : "checkGradient finds the slope of the loss and its differences apart by "
          + "\(formatted(error.values[0], digits: 2)) of their size; is something read out of a "
          + "tensor, by .scalars or .detached, that depends on the weights?"
    }
  }
}

/// What is given in the exercise on the loss.
private struct LossTask {
  let x: [[Double]]
  let logits: [[Double]]
  let mean: [[Double]]
  let logVariance: [[Double]]
  let beta: Double

  var pixelCount: Double { Double(x[0].count) }
  var latentCount: Double { Double(mean[0].count) }

  /// b · divergence − a · log P(X|z), with b = β unless it is given.
  func value(reconstruction a: Double = 1, divergence b: Double? = nil) -> Double {
    let q = DiagonalNormal(mean: matrix(mean), logVariance: matrix(logVariance))
    return (b ?? beta) * q.klDivergenceToStandardNormal().mean().scalar
      - a * meanLogProbability(of: x, logits: logits)
  }

  /// The loss with another term for each latent variable inside ½ Σ.
  func value(term: (_ mean: Double, _ logVariance: Double) -> Double) -> Double {
    value(divergence: 0) + 0.5 * beta
      * meanOfSums(zip(mean, logVariance).map { zip($0, $1).map(term) })
  }
}

/// What is given in the exercise on Adam.
private struct AdamTask {
  var state: AdamState
  var gradient: [Double]
  var step: Int
  var rates: AdamRates

  /// By the library.
  var value: AdamState {
    var parameters = Tensor(state.parameters)
    var adam = Adam(
      for: parameters, learningRate: rates.learningRate, firstDecay: rates.firstDecay,
      secondDecay: rates.secondDecay, epsilon: rates.epsilon)
    adam.restore(
      step: step - 1, firstMoments: [Tensor(state.firstMoments)],
      secondMoments: [Tensor(state.secondMoments)])
    adam.update(&parameters, along: Tensor(gradient))
    return AdamState(
      parameters: parameters.scalars, firstMoments: adam.firstMoments[0].scalars,
      secondMoments: adam.secondMoments[0].scalars)
  }

  /// 1 − βᵗ, or with another power in place of t; 1 if that is infinite.
  func correction(_ decay: Double, power: (Double) -> Double = { $0 }) -> Double {
    let power = power(Double(step))
    return power.isInfinite ? 1 : 1 - (0..<Int(power)).reduce(1.0) { product, _ in product * decay }
  }

  /// The step with something else in one place.
  func variant(
    firstPower: (Double) -> Double = { $0 }, secondPower: (Double) -> Double = { $0 },
    corrections: (Double, Double)? = nil, square: (Double) -> Double = { $0 * $0 },
    quotient: (_ first: Double, _ second: Double, _ epsilon: Double) -> Double = {
      $0 / ($1.squareRoot() + $2)
    }
  ) -> AdamState {
    let (keep, keepSquare) = (rates.firstDecay, rates.secondDecay)
    let first = zip(state.firstMoments, gradient).map { keep * $0 + (1 - keep) * $1 }
    let second = zip(state.secondMoments, gradient).map {
      keepSquare * $0 + (1 - keepSquare) * square($1)
    }
    let (firstCorrection, secondCorrection) =
      corrections ?? (
        correction(keep, power: firstPower), correction(keepSquare, power: secondPower)
      )
    let parameters = state.parameters.indices.map { i in
      state.parameters[i] - rates.learningRate
        * quotient(first[i] / firstCorrection, second[i] / secondCorrection, rates.epsilon)
    }
    return AdamState(parameters: parameters, firstMoments: first, secondMoments: second)
  }
}

/// What is given in the exercise on the whole model.
private struct ModelTask {
  var model: SmallAutoencoder
  let x: Tensor<Double>
  let noise: Tensor<Double>
  let beta: Double

  /// Weights, images and noise that are drawn; the weights are multiplied by `scale`.
  init(seed: UInt64, imageCount: Int, latentCount: Int, beta: Double, scale: Double) {
    let (pixelCount, hiddenCount) = (scale == 0 ? 4 : 5, 3)
    var generator = SeededGenerator(seed: seed)
    func layer(_ inputSize: Int, _ outputSize: Int) -> Dense<Double> {
      Dense(inputSize: inputSize, outputSize: outputSize, using: &generator)
    }
    model = SmallAutoencoder(
      hidden: layer(pixelCount, hiddenCount), mean: layer(hiddenCount, latentCount),
      logVariance: layer(hiddenCount, latentCount),
      decoderHidden: layer(latentCount, hiddenCount), output: layer(hiddenCount, pixelCount))
    // Biases are drawn, too: layers begin with biases of 0.
    model.updateParameters { _, parameter in
      parameter = scale * (parameter + 0.3 * Tensor.normal(parameter.shape, using: &generator))
    }
    x = .bernoulli(Tensor(repeating: 0.5, shape: [imageCount, pixelCount]), using: &generator)
    noise = .normal([imageCount, latentCount], using: &generator)
    self.beta = beta
  }

  /// b · divergence − a · log P(X|z), by the library, with b = β unless it is given.
  func loss(
    reconstruction a: Double = 1, divergence b: Double? = nil, activation: Activation = .tanh,
    sample: (_ q: DiagonalNormal<Double>, _ noise: Tensor<Double>) -> Tensor<Double> = {
      $0.sample(noise: $1)
    }
  ) -> Answer {
    let features = activation(model.hidden(x))
    let q = DiagonalNormal(mean: model.mean(features), logVariance: model.logVariance(features))
    let logits = model.output(activation(model.decoderHidden(sample(q, noise))))
    let reconstruction = Bernoulli(logits: logits).logProbability(of: x).mean().scalar
    let divergence = q.klDivergenceToStandardNormal().mean().scalar
    return ((b ?? beta) * divergence - a * reconstruction).answer
  }
}

/// The mean over the images of log P(X|z).
private func meanLogProbability(of x: [[Double]], logits: [[Double]]) -> Double {
  Bernoulli(logits: matrix(logits)).logProbability(of: matrix(x)).mean().scalar
}

private func meanOfSums(_ rows: [[Double]]) -> Double { mean(rows.map { $0.reduce(0, +) }) }

private func mean(_ numbers: [Double]) -> Double {
  numbers.reduce(0, +) / Double(numbers.count)
}

private func matrix(_ rows: [[Double]]) -> Tensor<Double> {
  Tensor(Array(rows.joined()), shape: [rows.count, rows[0].count])
}

private func transposed(_ rows: [[Double]]) -> [[Double]] {
  rows[0].indices.map { column in rows.map { $0[column] } }
}

/// Standard normal numbers with two decimals, so that they can be shown in full.
private func normal(_ count: Int, seed: UInt64) -> [Double] {
  var generator = SeededGenerator(seed: seed)
  return generator.normal(count: count).map { (100 * $0).rounded() / 100 }
}

private func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Double]] {
  let numbers = normal(rows * columns, seed: seed)
  return (0..<rows).map { Array(numbers[$0 * columns..<($0 + 1) * columns]) }
}

private func text(_ number: Double) -> String {
  number == number.rounded() ? "\(Int(number))" : "\(number)"
}

private func text(_ numbers: [Double]) -> String {
  "(" + numbers.map { text($0) }.joined(separator: ", ") + ")"
}

private func text(_ rows: [[Double]]) -> String { rows.map { text($0) }.joined(separator: ", ") }
