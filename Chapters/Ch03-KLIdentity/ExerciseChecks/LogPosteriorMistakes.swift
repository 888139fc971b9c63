import Autodiff
import Exercises
import Probability

extension PosteriorFormula {
  static var mistakes: [Mistake<Self>] {
    ofTheWhole + ofTheNumerator + ofTheSum + ofTheSpacing + addends
      + LogSumExp.mistakes.within(\.evidence, "in log P(X), ")
  }

  private static var ofTheWhole: [Mistake<Self>] {
    [
      .init(
        "NaN", "NaN: is a log taken of logPrior, or of a sum of logs without exp? Logs are negative"
      ) { $0.finish = { _, _ in .nan } },
      .init(
        "joint", "that is log P(X|z) + log P(z), which is not yet normalised; subtract log P(X)"
      ) { $0.finish = { joint, _ in joint } },
      .init("plus", "log P(X) was added; subtract it", isCommon: true) { $0.finish = { $0 + $1 } },
      .init("negative", "the sign is flipped; that is −log P(z|X)") { $0.finish = { $1 - $0 } },
      .init("density", "that is the density itself; return its log", isCommon: true) {
        $0.finish = { .exp($0 - $1) }
      },
      .init("quotient", "the logs were divided; the log of a quotient is their difference") {
        $0.finish = { $0 / $1 }
      },
      .init("P(X) for its log", "P(X) was subtracted; subtract its log") {
        $0.finish = { $0 - .exp($1) }
      },
      .init("joint density", "that is P(X|z) P(z); divide it by P(X), and take the log") {
        $0.finish = { joint, _ in .exp(joint) }
      },
      .init("evidence", "that is log P(X) at each point; subtract it from log P(X|z) + log P(z)") {
        $0.finish = { $1 }
      },
      .init("base 2", "the logarithms have base 2; take natural ones") {
        $0.finish = { ($0 - $1) / .log(2) }
      },
      .init(
        "0/0", "exp(−2000) is 0 in Double, so the sum is 0; subtract the largest logarithm first"
      ) { $0.finish = { .log(.exp($0) / .exp($1)) } },
    ]
  }

  private static var ofTheNumerator: [Mistake<Self>] {
    [
      .init("prior", "that is the prior; the posterior takes X into account as well") {
        $0.logNumerator = { $0.logPrior }
        $0.finish = { prior, _ in prior }
      },
      .init("likelihood", "that is log P(X|z), as it came; add log P(z), and subtract log P(X)") {
        $0.logNumerator = { $0.logLikelihoods }
        $0.finish = { likelihood, _ in likelihood }
      },
      .init("no prior", "the prior was left out", isCommon: true) {
        ($0.logNumerator, $0.summands) = ({ $0.logLikelihoods }, { $0.logLikelihoods })
      },
      .init("no likelihood", "the likelihood was left out") {
        ($0.logNumerator, $0.summands) = ({ $0.logPrior }, { $0.logPrior })
      },
      .init("no prior above", "log P(z) is missing; only P(X) contains the prior") {
        $0.logNumerator = { $0.logLikelihoods }
      },
      .init("no likelihood above", "log P(X|z) is missing; only P(X) contains the likelihood") {
        $0.logNumerator = { $0.logPrior }
      },
      .init("largest twice", "the largest of the logs was subtracted once more at the end") {
        $0.logNumerator = { task in
          let most = task.logJoint.max() ?? 0
          return task.logJoint.map { $0 - most }
        }
      },
      .init("largest only", "the largest of the logs was subtracted; subtract log P(X)") {
        $0.logNumerator = { task in
          let most = task.logJoint.max() ?? 0
          return task.logJoint.map { $0 - most }
        }
        $0.finish = { joint, _ in joint }
      },
    ] + limits + [
      .init("prior twice", "log P(z) was added twice") {
        let twice = { (task: PosteriorTask) in
          zip(task.logJoint, task.logPrior).map { $0 + $1 }
        }
        ($0.logNumerator, $0.summands) = (twice, twice)
      },
      .init("prior itself", "P(z) stands where log P(z) should; it is given as a log already") {
        let sum = { (task: PosteriorTask) in
          zip(task.logLikelihoods, task.logPrior).map { $0 + .exp($1) }
        }
        ($0.logNumerator, $0.summands) = (sum, sum)
      },
      .init("difference", "log P(z) was subtracted; add it") {
        let difference = { (task: PosteriorTask) in
          zip(task.logLikelihoods, task.logPrior).map { $0 - $1 }
        }
        ($0.logNumerator, $0.summands) = (difference, difference)
      },
      .init("difference above", "log P(z) was subtracted from log P(X|z); add it") {
        $0.logNumerator = { zip($0.logLikelihoods, $0.logPrior).map { $0 - $1 } }
      },
      .init("product", "the logs were multiplied; the log of a product is the sum of the logs") {
        let product = { (task: PosteriorTask) in
          zip(task.logLikelihoods, task.logPrior).map { $0 * $1 }
        }
        ($0.logNumerator, $0.summands) = (product, product)
      },
    ]
  }

  private static var limits: [Mistake<Self>] {
    [-10.0, -20, -30, -50, -88, -100, -200, -300, -500, -700, -745, -1000].map { least in
      Mistake("at least \(least)", "log P(X|z) was limited; it may be −3500") {
        let limited = { (task: PosteriorTask) in
          zip(task.logLikelihoods, task.logPrior).map { max($0, least) + $1 }
        }
        ($0.logNumerator, $0.summands) = (limited, limited)
      }
    }
  }

  private static var ofTheSum: [Mistake<Self>] {
    [
      .init("sum without prior", "P(X) was computed without the prior") {
        $0.summands = { $0.logLikelihoods }
      },
      .init("sum of the prior", "P(X) was computed without the likelihood") {
        $0.summands = { $0.logPrior }
      },
      .init("sum of logs times spacing", "the logs were added; P(X) is a sum of exponentials") {
        $0.summands = { [$0.logJoint.reduce(0, +)] }
      },
      .init("sum of logs", "the logs were added; P(X) is the sum of their exponentials") {
        $0.evidence.shift = { _ in 0 }
        $0.evidence.exponential = { $0 }
        $0.evidence.logarithm = { sum, _ in sum }
      },
      .init("mean of logs", "the mean of the logs was subtracted; P(X) is a sum of exponentials") {
        $0.evidence.shift = { _ in 0 }
        $0.evidence.exponential = { $0 }
        $0.evidence.logarithm = { sum, _ in sum }
        $0.weight = { 1 / $1 }
      },
      .init("no last", "the last point is missing from P(X)") {
        let summands = $0.summands
        $0.summands = { Array(summands($0).dropLast()) }
      },
      .init("no first", "the first point is missing from P(X)") {
        let summands = $0.summands
        $0.summands = { Array(summands($0).dropFirst()) }
      },
      .init("first only", "P(X) is made of the first point alone; add up all points") {
        $0.summands = { Array($0.logJoint.prefix(1)) }
      },
      .init("last only", "P(X) is made of the last point alone; add up all points") {
        $0.summands = { Array($0.logJoint.suffix(1)) }
      },
      .init("own sum", "each point was divided by its own term of P(X); P(X) sums over all") {
        $0.whole = { task in task.logJoint.map { _ in -.log(task.spacing) } }
      },
      .init("cumulative", "P(X) is the sum over all points, not only over those up to the present")
      {
        $0.whole = { task in
          task.logJoint.indices.map { index in
            task.logJoint[index]
              - LogSumExp()(Array(task.logJoint[...index]), weight: task.spacing)
          }
        }
      },
      .init("half ends", "the points at both ends count half; in P(X) all count the same") {
        $0.summands = { task in
          task.logJoint.indices.map { index in
            let isEnd = index == 0 || index == task.logJoint.count - 1
            return task.logJoint[index] - (isEnd ? .log(2) : 0)
          }
        }
      },
    ]
  }

  private static var addends: [Mistake<Self>] {
    (3...8).map { digits in
      Mistake("sum plus 1e-\(digits)", "a small number was added to the sum before its log") {
        $0.evidence.logarithm = { sum, _ in .log(sum + (Double("1e-\(digits)") ?? 0)) }
      }
    }
  }

  private static var ofTheSpacing: [Mistake<Self>] {
    [
      .init(
        "probabilities",
        "those are the probabilities of the points; the sum of the density, times the spacing, has "
          + "to be 1", isCommon: true
      ) { $0.weight = { _, _ in 1 } },
      .init("by spacing", "the sum was divided by the spacing; the integral is the sum times it") {
        $0.weight = { spacing, _ in 1 / spacing }
      },
      .init("mean", "P(X) is not the mean over the points; it is the sum times the spacing") {
        $0.weight = { 1 / $1 }
      },
      .init("mean times spacing", "the sum was divided by the number of points; do not divide") {
        $0.weight = { $0 / $1 }
      },
      .init("n times spacing", "the sum was multiplied by the number of points as well") {
        $0.weight = { $0 * $1 }
      },
      .init("spacing squared", "the spacing was multiplied in twice") {
        $0.weight = { spacing, _ in spacing * spacing }
      },
      .init("spacing for its log", "the spacing was added to the log of the sum; add its log") {
        $0.weight = { spacing, _ in .exp(spacing) }
      },
      .init("times log", "log P(X) was multiplied by the spacing; the sum is, before the log") {
        $0.summands = { [$0.spacing * LogSumExp()($0.logJoint)] }
        $0.weight = { _, _ in 1 }
      },
    ]
  }
}
