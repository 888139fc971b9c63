import Exercises
import Kernels
import Probability

extension MixtureEM {
  static var mistakes: [Mistake<MixtureEM>] {
    inLogJoint + inPosteriors + inEvidence + inMaximization + inSteps
  }

  private static var inLogJoint: [Mistake<MixtureEM>] {
    [
      .init("no weights", "the weights are missing: log P(X, z) is log πₖ + log P(X|z)") {
        $0.logWeight = { _ in 0 }
      },
      .init("no log of the weights", "πₖ was added without its log: log P(X, z) has log πₖ") {
        $0.logWeight = { $0 }
      },
      .init("no black", "the black pixels were left out; they contribute log(1 − pₖⱼ)") {
        $0.logPixel = { x, white in x * .log(white) }
      },
      .init("exchanged", "black and white are exchanged: pₖⱼ is the probability of a 1") {
        $0.logPixel = { x, white in (1 - x) * .log(white) + x * .log(1 - white) }
      },
      .init("always both", "log pₖⱼ and log(1 − pₖⱼ) were added for every pixel; X chooses one") {
        $0.logPixel = { _, white in .log(white) + .log(1 - white) }
      },
      .init("logits", "pₖⱼ was used as a logit; it is a probability") {
        $0.logPixel = { x, white in x * white - .softplus(white) }
      },
      .init("squared", "that is a squared distance in place of log P(X|z)") {
        $0.logPixel = { x, white in -(x - white) * (x - white) }
      },
      .init("half squared", "that is half a squared distance in place of log P(X|z)") {
        $0.logPixel = { x, white in -(x - white) * (x - white) / 2 }
      },
      .init("mean over pixels", "log P(X|z) is the mean over the pixels; it has to be their sum") {
        $0.logImage = { mean($0) }
      },
    ]
  }

  private static func posteriors(
    _ name: String, _ message: String, _ posteriors: @escaping ([[Double]]) -> [[Double]]
  ) -> Mistake<MixtureEM> {
    Mistake(name, message) { $0.posteriors = posteriors }
  }

  /// e^l divided by its sum.
  private static func normalized(_ logs: [Double]) -> [Double] {
    let sum = logSumExp(logs)
    return logs.map { .exp($0 - sum) }
  }

  /// The same without logarithms.
  private static func ratios(_ logs: [Double]) -> [Double] {
    let sum = logs.reduce(0) { $0 + .exp($1) }
    return logs.map { .exp($0) / sum }
  }

  private static func naiveLogSum(_ logs: [Double]) -> Double {
    .log(logs.reduce(0) { $0 + .exp($1) })
  }

  private static var inPosteriors: [Mistake<MixtureEM>] {
    let underflow =
      "P(X, z) became 0, and so did P(X), their sum; subtract the largest log P(X, z) before you "
      + "take exponentials (log-sum-exp), and compute exp(log P(X, z) − log P(X))"
    return [
      posteriors(
        "wrong axis",
        "the posteriors of each z add up to 1 over the images; for each image they should over z"
      ) { transposed(transposed($0).map(normalized)) },
      posteriors(
        "all", "the posteriors add up to 1 over all images; they should for each image"
      ) { joints in
        let sum = logSumExp(joints.flatMap { $0 })
        return joints.map { $0.map { .exp($0 - sum) } }
      },
      posteriors("joint", "those are P(X, z) in place of P(z|X); divide by P(X)") {
        $0.map { $0.map(Double.exp) }
      },
      posteriors("log", "those are log P(z|X); take the exponential") { joints in
        joints.map { joint in
          let sum = logSumExp(joint)
          return joint.map { $0 - sum }
        }
      },
      posteriors(
        "hard", "each image belongs wholly to its most probable z; P(z|X) shares it between all"
      ) { joints in
        joints.map { joint in
          let best = joint.firstIndex(of: joint.max()!)
          return joint.indices.map { $0 == best ? 1 : 0 }
        }
      },
      posteriors("even", "the posteriors are all the same, 1/K") { joints in
        joints.map { joint in joint.map { _ in 1 / Double(joint.count) } }
      },
      .init("underflow", underflow) {
        $0.posteriors = { $0.map(ratios) }
        $0.logEvidence = naiveLogSum
      },
      .init("underflow in the difference", underflow) {
        $0.posteriors = { joints in
          joints.map { joint in joint.map { .exp($0 - naiveLogSum(joint)) } }
        }
        $0.logEvidence = naiveLogSum
      },
      .init(
        "largest not restored", "in log P(X), the largest was subtracted but not added at the end"
      ) {
        $0.posteriors = { joints in
          joints.map { joint in joint.map { .exp($0 - logSumExp(joint) + joint.max()!) } }
        }
        $0.logEvidence = { logSumExp($0) - $0.max()! }
      },
      posteriors("underflow of posteriors", underflow) { $0.map(ratios) },
    ]
  }

  private static var inEvidence: [Mistake<MixtureEM>] {
    func evidence(
      _ name: String, _ message: String, _ logEvidence: @escaping ([Double]) -> Double
    ) -> Mistake<MixtureEM> {
      Mistake(name, "in log P(X), " + message) { $0.logEvidence = logEvidence }
    }
    return [
      evidence("mean over z", "that is the log of the mean over z; P(X) is the sum of P(X, z)") {
        logMeanExp($0)
      },
      evidence("largest", "that is the largest log P(X, z); P(X) is a sum over z") { $0.max()! },
      evidence("sum of logs", "that is the sum of log P(X, z); take the log of the sum") {
        $0.reduce(0, +)
      },
      evidence("mean of logs", "that is the mean of log P(X, z); take the log of their sum") {
        mean($0)
      },
      evidence(
        "normalised",
        "the P(X, z) were divided by their sum before the log of the sum was taken; that is log 1"
      ) { _ in 0 },
      evidence(
        "no entropy",
        "that is the mean of log P(X, z) over P(z|X); take the log of the sum of P(X, z)"
      ) { joint in
        let sum = logSumExp(joint)
        return joint.reduce(0) { $0 + .exp($1 - sum) * $1 }
      },
      evidence("no log", "that is P(X); take the logarithm") { .exp(logSumExp($0)) },
      evidence(
        "underflow", "P(X, z) became 0 before the log was taken; use a logSumExp", naiveLogSum),
      .init("sum over images", "the log-evidences are sums over the images; they should be means") {
        $0.evidence = { $0.reduce(0, +) }
      },
      .init("sign", "the log-evidences have the wrong sign, that of a loss") {
        $0.evidence = { -mean($0) }
      },
      .init("bits", "the log-evidences are in bits; take the natural logarithm") {
        $0.evidence = { mean($0) / .log(2) }
      },
      .init("log of mean", "that is the log of the mean of P(X); take the mean of log P(X)") {
        $0.evidence = { logMeanExp($0) }
      },
    ]
  }

  private static var inMaximization: [Mistake<MixtureEM>] {
    [
      .init("no coins", "the images of coins are missing: each z has one besides its share") {
        $0.coinsInWeights = 0
        $0.coinsInWhites = 0
        $0.weightDivisor = { images, _ in images }
        $0.whiteDivisor = { share, _ in share }
      },
      .init("no coins in the weights", "the images of coins are missing in the weights") {
        $0.coinsInWeights = 0
        $0.weightDivisor = { images, _ in images }
      },
      .init("no coins in the whites", "the images of coins are missing in the white pixels") {
        $0.coinsInWhites = 0
        $0.whiteDivisor = { share, _ in share }
      },
      .init("no 1 in the weights", "in the weights, the 1 for the image of coins is missing above")
      {
        $0.coinsInWeights = 0
      },
      .init("no K", "the weights do not add up to 1: divide by N + K, with the images of coins") {
        $0.weightDivisor = { images, _ in images }
      },
      .init("N + 1", "the weights do not add up to 1: each of the K images of coins counts") {
        $0.weightDivisor = { images, _ in images + 1 }
      },
      .init("not divided", "the weights are numbers of images; divide by N + K") {
        $0.weightDivisor = { _, _ in 1 }
      },
      .init("no coins above", "m is missing above: pₖⱼ = (Σ Rᵢₖ xᵢⱼ + mⱼ)/(Nₖ + 1)") {
        $0.coins = { _ in 0 }
      },
      .init("no 1 below", "the 1 is missing below: pₖⱼ = (Σ Rᵢₖ xᵢⱼ + mⱼ)/(Nₖ + 1)") {
        $0.whiteDivisor = { share, _ in share }
      },
      .init("white coins", "1 was added in place of m: pₖⱼ = (Σ Rᵢₖ xᵢⱼ + mⱼ)/(Nₖ + 1)") {
        $0.coins = { _ in 1 }
      },
      .init("squared", "P(z|X) is squared in the white pixels") { $0.white = { $0 * $0 * $1 } },
      .init("unweighted", "every image counts fully in pₖⱼ; weight it with Rᵢₖ = P(z|X)") {
        $0.white = { _, x in x }
      },
      .init("black", "black and white are exchanged in pₖⱼ, which sums Rᵢₖ xᵢⱼ") {
        $0.white = { posterior, x in posterior * (1 - x) }
      },
      .init("fair coins", "½ was added in place of m: pₖⱼ = (Σ Rᵢₖ xᵢⱼ + mⱼ)/(Nₖ + 1)") {
        $0.coins = { _ in 0.5 }
      },
      .init("N", "pₖⱼ is divided by the number of all images; divide by z’s share, Nₖ + 1") {
        $0.whiteDivisor = { _, images in images }
      },
      .init("N + 1 below", "pₖⱼ is divided by that of all images; divide by z’s share, Nₖ + 1") {
        $0.whiteDivisor = { _, images in images + 1 }
      },
      .init("whites not divided", "the sums of the images are not divided by Nₖ + 1") {
        $0.whiteDivisor = { _, _ in 1 }
      },
    ]
  }

  private static var inSteps: [Mistake<MixtureEM>] {
    [
      .init("weights kept", "a step has to change the weights as well") {
        $0.kept = { new, old in Mixture(weights: old.weights, whites: new.whites) }
      },
      .init("whites kept", "a step has to change the white probabilities as well") {
        $0.kept = { new, old in Mixture(weights: new.weights, whites: old.whites) }
      },
      .init("no step", "no step was made: the mixture is the one from the start") {
        $0.kept = { _, old in old }
      },
      .init(
        "start again", "every step starts from the mixture at the start, not from the one before"
      ) { $0.startsAnew = true },
      .init("one more", "one step too many was made") { $0.stepCount = { $0 + 1 } },
      .init("one less", "one step too few was made") { $0.stepCount = { max($0 - 1, 0) } },
      .init("one step", "only one step was made; does the loop return too early?") {
        $0.stepCount = { min($0, 1) }
      },
      finish("start returned", "the mixture from the start is returned, not that after the steps") {
        fit, steps in fit.mixture = steps[0].mixture
      },
      finish("old posteriors", "the posteriors are those under the mixture at the start") {
        fit, steps in fit.posteriors = steps[0].posteriors
      },
      finish(
        "posteriors of the last step",
        "the posteriors are those that the last step began with; compute them once more after it"
      ) { fit, steps in fit.posteriors = (steps.dropLast().last ?? steps[0]).posteriors },
      .init("computed once", "P(z|X) was computed only once; every step has to compute it anew") {
        $0.startsAnew = true
        $0.finish = { fit, steps in
          MixtureFit(
            mixture: fit.mixture, posteriors: steps[0].posteriors, logEvidences: fit.logEvidences)
        }
      },
      finish("late", "the log-evidences lag a step behind: compute each after its step") { fit, _ in
        fit.logEvidences = [fit.logEvidences[0]] + fit.logEvidences.dropLast()
      },
      finish("no start", "the log-evidence at the start is missing") { fit, _ in
        fit.logEvidences.removeFirst()
      },
      finish("no end", "the log-evidence after the last step is missing") { fit, _ in
        fit.logEvidences.removeLast()
      },
      finish("last alone", "only the last log-evidence is returned") { fit, _ in
        fit.logEvidences = [fit.logEvidences.last!]
      },
    ]
  }

  private static func finish(
    _ name: String, _ message: String,
    _ change: @escaping (_ fit: inout MixtureFit, _ steps: [Step]) -> Void
  ) -> Mistake<MixtureEM> {
    Mistake(name, message) {
      $0.finish = { fit, steps in
        var changed = fit
        change(&changed, steps)
        return changed
      }
    }
  }
}
