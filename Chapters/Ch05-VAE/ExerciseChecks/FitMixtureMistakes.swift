import Exercises
import Kernels
import Notebook
import Probability

extension MixtureEM {
  static var mistakes: [Mistake<MixtureEM>] {
    inLogJoint + inJointSums + inPosteriors + inEvidence + inMaximization + inFormulas + inSums
      + inSteps + inOrder
      + limits + smallNumbers
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

  /// Limits on pₖⱼ, which the image of coins makes unnecessary.
  private static var limits: [Mistake<MixtureEM>] {
    let needless = "the image of coins keeps it away from 0 and 1"
    return [1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01].flatMap {
      (small: Double) -> [Mistake<MixtureEM>] in
      let number = formatted(small, digits: 1)
      return [
        Mistake("limits \(small)", "pₖⱼ is kept \(number) away from 0 and 1; \(needless)") {
          $0.logPixel = { x, white in
            let white = min(max(white, small), 1 - small)
            return .log(x == 1 ? white : 1 - white)
          }
        },
        Mistake("plus \(small)", "\(number) is added in the logs of pₖⱼ and 1 − pₖⱼ; \(needless)") {
          $0.logPixel = { x, white in .log((x == 1 ? white : 1 - white) + small) }
        },
      ]
    }
  }

  /// Small numbers that are to save P(X) from becoming 0.
  private static var smallNumbers: [Mistake<MixtureEM>] {
    [1e-300, 1e-100, 1e-30, 1e-20, 1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-6].flatMap {
      (small: Double) -> [Mistake<MixtureEM>] in
      let message =
        "a small number is added to P(X), which can be far smaller; subtract the largest "
        + "log P(X, z) before you take exponentials (log-sum-exp)"
      func logSum(_ logs: [Double]) -> Double { .log(logs.reduce(small) { $0 + .exp($1) }) }
      func ratios(_ logs: [Double]) -> [Double] {
        let sum = logs.reduce(small) { $0 + .exp($1) }
        return logs.map { .exp($0) / sum }
      }
      func differences(_ logs: [Double]) -> [Double] { logs.map { .exp($0 - logSum(logs)) } }
      return [
        posteriors("ratios with \(small)", message) { $0.map(ratios) },
        .init("evidence with \(small)", message) { $0.logEvidence = logSum },
        .init("ratios and evidence with \(small)", message) {
          $0.logEvidence = logSum
          $0.posteriors = { $0.map(ratios) }
        },
        .init("differences with \(small)", message) {
          $0.logEvidence = logSum
          $0.posteriors = { $0.map(differences) }
        },
      ]
    }
  }

  /// Sums that go on from z to z, products that become 0, and weights that count once too often.
  private static var inJointSums: [Mistake<MixtureEM>] {
    [
      .init("log P runs on", "log P(X, z) is not set back for each z, but goes on from the last") {
        $0.logJoint = { logs in logs.indices.map { logs[...$0].reduce(0, +) } }
      },
      .init("weight for each pixel", "log πₖ is added for every pixel; it counts once") {
        $0.weightCount = { Double($0) }
      },
      .init("weight twice", "log πₖ counts twice in log P(X, z)") { $0.weightCount = { _ in 2 } },
      .init("N + K images", "the images of coins do not count in the log-evidences: divide by N") {
        $0.evidenceDivisor = { images, components, _ in images + components }
      },
      .init("by K", "the log-evidence is divided by K; it is the mean over the N images") {
        $0.evidenceDivisor = { _, components, _ in components }
      },
      .init("per pixel", "the log-evidence is divided by the number of pixels as well") {
        $0.evidenceDivisor = { images, _, pixels in images * pixels }
      },
    ]
  }
}
