import Exercises
import Notebook
import Probability

/// The mistakes in a step, and in what is made of the steps.
extension MixtureEM {
  static var inMaximization: [Mistake<MixtureEM>] {
    [
      .init("no coins", "the images of coins are missing: each z has one besides its share") {
        $0.coinsInWeights = { _ in 0 }
        $0.coinsInWhites = { _ in 0 }
        $0.weightDivisor = { images, _ in images }
        $0.whiteDivisor = { step, _ in step.sum }
      },
      .init("no coins in the weights", "the images of coins are missing in the weights") {
        $0.coinsInWeights = { _ in 0 }
        $0.weightDivisor = { images, _ in images }
      },
      .init("no coins in the whites", "the images of coins are missing in the white pixels") {
        $0.coinsInWhites = { _ in 0 }
        $0.whiteDivisor = { step, _ in step.sum }
      },
      .init("no 1 in the weights", "in the weights, the 1 for the image of coins is missing above")
      {
        $0.coinsInWeights = { _ in 0 }
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
        $0.whiteDivisor = { step, _ in step.sum }
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
        $0.whiteDivisor = { step, _ in step.images }
      },
      .init("N + 1 below", "pₖⱼ is divided by that of all images; divide by z’s share, Nₖ + 1") {
        $0.whiteDivisor = { step, _ in step.images + 1 }
      },
      .init("whites not divided", "the sums of the images are not divided by Nₖ + 1") {
        $0.whiteDivisor = { _, _ in 1 }
      },
    ]
  }

  /// What each number in the formulas of a step may be instead.
  static var inFormulas: [Mistake<MixtureEM>] {
    let whites = "pₖⱼ = (Σ Rᵢₖ xᵢⱼ + mⱼ)/(Nₖ + 1)"
    let divisors: [(String, (_ step: Share, _ m: Double) -> Double)] = [
      ("Nₖ + mⱼ", { $0.sum + $1 }), ("Nₖ + 2", { step, _ in step.sum + 2 }),
      ("Nₖ + K", { step, _ in step.sum + step.components }),
      ("N + 2", { step, _ in step.images + 2 }),
      ("πₖ", { step, _ in step.weight }),
      ("N πₖ with the new πₖ", { step, _ in step.images * step.weight }),
      ("N πₖ + 1 with the new πₖ", { step, _ in step.images * step.weight + 1 }),
    ]
    let coins: [(String, (_ step: Share) -> Double)] = [
      ("N times", { $0.images }), ("K times", { $0.components }),
      ("1/K times", { 1 / $0.components }),
      ("1/N times", { 1 / $0.images }), ("πₖ times", { $0.weight }),
      ("Nₖ times, once for each share of an image,", { $0.sum }),
    ]
    return divisors.map { divisor, value in
      Mistake("by \(divisor)", "pₖⱼ is divided by \(divisor); divide by Nₖ + 1: \(whites)") {
        $0.whiteDivisor = value
      }
    }
      + coins.map { times, value in
        Mistake("coins \(times)", "mⱼ counts \(times) in pₖⱼ; it counts once: \(whites)") {
          $0.coinsInWhites = value
        }
      } + [
        Mistake(
          "by N + K",
          "pₖⱼ is divided by N + K, or by Nₖ + 1 with a factor πₖ too many; divide by Nₖ + 1: \(whites)"
        ) {
          $0.whiteDivisor = { step, _ in step.images + step.components }
        },
        Mistake("Laplace", "pₖⱼ is (Σ Rᵢₖ xᵢⱼ + 1)/(Nₖ + 2), Laplace’s rule; \(whites)") {
          $0.coins = { _ in 1 }
          $0.whiteDivisor = { step, _ in step.sum + 2 }
        },
        Mistake("½ in the weights", "½ is added to Nₖ in πₖ; add the 1 of the image of coins") {
          $0.coinsInWeights = { _ in 0.5 }
        },
        Mistake(
          "1/K in the weights",
          "πₖ is (Nₖ + 1/K)/(N + 1), as for one image of coins; each z has one: (Nₖ + 1)/(N + K)"
        ) {
          $0.weightDivisor = { images, _ in images + 1 }
          $0.coinsInWeights = { 1 / $0 }
        },
      ]
  }

  /// Which images count in a step, and how much.
  static var inSums: [Mistake<MixtureEM>] {
    func largest(_ shares: [Double]) -> [Double] { shares.map { $0 == shares.max()! ? 1 : 0 } }
    func squares(_ shares: [Double]) -> [Double] { shares.map { $0 * $0 } }
    func running(_ sums: [Double]) -> [Double] { sums.indices.map { sums[...$0].reduce(0, +) } }
    let hard = "each image counts wholly for its most probable z; it counts Rᵢₖ for each"
    return [
      Mistake("hard step", "in a step, \(hard)") {
        $0.shares = largest
        $0.whiteShares = largest
      },
      Mistake("hard Nₖ", "in Nₖ, \(hard)") { $0.shares = largest },
      Mistake("hard whites", "in pₖⱼ, \(hard)") { $0.whiteShares = largest },
      Mistake("squares in Nₖ", "P(z|X) is squared in Nₖ") { $0.shares = squares },
      Mistake("Nₖ runs on", "Nₖ is not set back to 0 for each z") { $0.sums = running },
      Mistake("whites run on", "the sum in pₖⱼ is not set back to 0 for each pixel j") {
        $0.whiteSums = running
      },
      Mistake("first whites", "the sum of the first pixel serves for all pixels") {
        $0.whiteSums = { sums in sums.map { _ in sums[0] } }
      },
      Mistake("not the first image", "in a step, the first image is left out") {
        $0.images = { $0.dropFirst() }
      },
      Mistake("not the last image", "in a step, the last image is left out") {
        $0.images = { $0.dropLast() }
      },
      Mistake("first image alone", "in a step, only the first image counts; add up over all") {
        $0.images = { $0.prefix(1) }
      },
      Mistake("last image alone", "in a step, only the last image counts; add up over all") {
        $0.images = { $0.suffix(1) }
      },
    ]
  }

  /// What is changed before it should be, or not wholly.
  static var inOrder: [Mistake<MixtureEM>] {
    let both = "compute the posteriors once in a step, and both from them"
    let early = "the steps end early, when log P(X) changes by less than"
    return [
      Mistake(
        "weights first", "pₖⱼ comes from posteriors under the new weights; \(both)"
      ) { $0.order = .weightsFirst },
      Mistake("whites first", "πₖ comes from posteriors under the new pₖⱼ; \(both)") {
        $0.order = .whitesFirst
      },
      Mistake("half way", "each step goes only half of the way to the new mixture") {
        $0.kept = { new, old in
          func middle(_ new: [Double], _ old: [Double]) -> [Double] {
            zip(new, old).map { ($0 + $1) / 2 }
          }
          return Mixture(
            weights: middle(new.weights, old.weights),
            whites: zip(new.whites, old.whites).map(middle))
        }
      },
      Mistake("whites half way", "the new pₖⱼ is mixed half and half with the old one") {
        $0.kept = { new, old in
          Mixture(
            weights: new.weights,
            whites: zip(new.whites, old.whites).map { zip($0, $1).map { ($0 + $1) / 2 } })
        }
      },
      finish(
        "before each step",
        "posteriors and log-evidence are computed before each step and not again after the last"
      ) { fit, steps in
        fit.posteriors = (steps.dropLast().last ?? steps[0]).posteriors
        fit.logEvidences = [fit.logEvidences[0]] + fit.logEvidences.dropLast()
      },
      finish("start twice", "the log-evidence at the start is there twice") { fit, _ in
        fit.logEvidences.insert(fit.logEvidences[0], at: 0)
      },
      finish("end twice", "the log-evidence at the end is there twice") { fit, _ in
        fit.logEvidences.append(fit.logEvidences.last!)
      },
    ]
      + [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6].map { (tolerance: Double) in
        Mistake(
          "tolerance of \(tolerance)",
          "\(early) \(formatted(tolerance, digits: 1)); make all `stepCount` steps"
        ) { $0.tolerance = tolerance }
      }
  }

  static var inSteps: [Mistake<MixtureEM>] {
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
