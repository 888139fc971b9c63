import Kernels

/// The loss of a variational autoencoder: the mean over a batch of β D[Q(z|X) ‖ P(z)] − log P(X|z).
public struct VariationalLoss {
  /// What the loss consists of.
  public struct Terms {
    /// The mean of log P(X|z).
    public var logLikelihood: Double
    /// The mean of D[Q(z|X) ‖ P(z)].
    public var divergence: Double
    /// β.
    public let beta: Double
    /// The number of pixels of an example.
    public let pixelCount: Double
    /// The number of latent variables.
    public let latentCount: Double
    /// The number of examples.
    public let exampleCount: Double

    var loss: Double { beta * divergence - logLikelihood }
  }

  /// log P(X|z) of a batch.
  public var logLikelihood = BatchMean()
  /// D[Q(z|X) ‖ P(z)] of a batch.
  public var divergence = BatchMean()
  /// What is done to the terms before they are combined.
  public var changes: [(inout Terms) -> Void] = []

  /// The right formula.
  public init() {}

  /// The loss, from log P(X|z) and the divergence of each example.
  public func callAsFunction(
    logLikelihoods: [Double], divergences: [Double], beta: Double, pixelCount: Int,
    latentCount: Int
  ) -> Double {
    var terms = Terms(
      logLikelihood: logLikelihood(logLikelihoods, elementCount: pixelCount),
      divergence: divergence(divergences, elementCount: latentCount), beta: beta,
      pixelCount: Double(pixelCount), latentCount: Double(latentCount),
      exampleCount: Double(divergences.count))
    for change in changes { change(&terms) }
    return terms.loss
  }

  /// The mistakes that can be made in it.
  public static var mistakes: [Mistake<VariationalLoss>] {
    means + signs + weights
      + BatchMean.mistakes().within(\.logLikelihood, "in log P(X|z), ")
      + BatchMean.mistakes(over: "latent variables").within(\.divergence, "in the divergence, ")
  }

  private static func change(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ change: @escaping (inout Terms) -> Void
  ) -> Mistake<VariationalLoss> {
    Mistake(name, message, isCommon: isCommon) { $0.changes.append(change) }
  }

  /// Means in place of sums, or sums in place of means.
  private static var means: [Mistake<VariationalLoss>] {
    [
      change(
        "mean over pixels",
        "log P(X|z) is averaged over the pixels, not summed; in effect, that multiplies β by their "
          + "number", isCommon: true
      ) { $0.logLikelihood /= $0.pixelCount },
      change(
        "mean over latents",
        "the divergence is averaged over the latent variables; it has to be a sum over them",
        isCommon: true
      ) { $0.divergence /= $0.latentCount },
      change(
        "both means",
        "both terms are means, over pixels and over latent variables; both have to be sums"
      ) {
        $0.logLikelihood /= $0.pixelCount
        $0.divergence /= $0.latentCount
      },
      change(
        "loss of a pixel",
        "the whole loss is divided by the number of pixels; no mean over them is asked for"
      ) { $0.scale { 1 / $0.pixelCount } },
      change(
        "divergence of a pixel",
        "the divergence is divided by the number of pixels; in effect, that makes β smaller"
      ) { $0.divergence /= $0.pixelCount },
      change(
        "sum over images", "that is the sum over the images; the exercise asks for their mean",
        isCommon: true
      ) { $0.scale(\.exampleCount) },
      change("divided twice", "the sum is divided by the number of images twice") {
        $0.scale { 1 / $0.exampleCount }
      },
      change(
        "divergence of every pixel",
        "the divergence counts once for every pixel; is it added inside the loop over the pixels?"
      ) { $0.divergence *= $0.pixelCount },
      change(
        "likelihood of every latent",
        "log P(X|z) counts once for every latent variable; is it added inside their loop?"
      ) { $0.logLikelihood *= $0.latentCount },
      change(
        "divergence of a latent in pixels",
        "log P(X|z) is divided by the number of latent variables; it is a sum over the pixels"
      ) { $0.logLikelihood /= $0.latentCount },
      change("bits", "that is in bits; with the natural logarithm it is in nats") {
        $0.scale { _ in 1 / .log(2) }
      },
      change("half", "the whole loss is halved; the ½ belongs to the divergence alone") {
        $0.scale { _ in 0.5 }
      },
    ]
  }

  private static var signs: [Mistake<VariationalLoss>] {
    [
      change("bound", "that is the bound; the loss is its negative", isCommon: true) {
        $0.scale { _ in -1 }
      },
      change(
        "sign of the divergence",
        "the divergence is subtracted; training makes the loss small, so it has to be added",
        isCommon: true
      ) { $0.divergence *= -1 },
      change(
        "sign of the likelihood",
        "log P(X|z) is added; training makes the loss small, so it has to be subtracted",
        isCommon: true
      ) { $0.logLikelihood *= -1 },
      change("no divergence", "that is −log P(X|z) alone; the divergence is missing") {
        $0.divergence = 0
      },
      change("no likelihood", "that is the divergence alone; −log P(X|z) is missing") {
        $0.logLikelihood = 0
      },
    ]
  }

  /// What β may weight.
  private static var weights: [Mistake<VariationalLoss>] {
    [
      change("no β", "β is not used; it is the weight of the divergence", isCommon: true) {
        $0.divergence /= $0.beta
      },
      change(
        "β of the likelihood", "β weights log P(X|z); it is the weight of the divergence",
        isCommon: true
      ) {
        $0.divergence /= $0.beta
        $0.logLikelihood *= $0.beta
      },
      change(
        "β of both", "β weights both terms; it is the weight of the divergence alone",
        isCommon: true
      ) { $0.logLikelihood *= $0.beta },
      change("1/β", "the divergence is divided by β; multiply it by β") {
        $0.divergence /= $0.beta * $0.beta
      },
      change(
        "likelihood/β", "log P(X|z) is divided by β; multiply the divergence by β instead"
      ) {
        $0.divergence /= $0.beta
        $0.logLikelihood /= $0.beta
      },
      change("β added", "β is added to the divergence; multiply the divergence by β") {
        $0.divergence = $0.divergence / $0.beta + 1
      },
      change("β²", "the divergence is multiplied by β twice") { $0.divergence *= $0.beta },
      change("1 − β", "log P(X|z) has the weight 1 − β; its weight is 1") {
        $0.logLikelihood *= 1 - $0.beta
      },
    ]
  }
}

extension VariationalLoss.Terms {
  /// Multiplies the whole loss.
  fileprivate mutating func scale(_ factor: (VariationalLoss.Terms) -> Double) {
    let factor = factor(self)
    logLikelihood *= factor
    divergence *= factor
  }
}
