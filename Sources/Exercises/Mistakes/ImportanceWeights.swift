import Autodiff

/// The log weights log P(X|z) + log P(z) − log Q(z|X) of samples z, with the prior N(0, I) and a
/// normal Q with independent components, and where people go wrong in them.
public struct ImportanceWeights {
  /// log P(z).
  public var prior = NormalLogDensity(.logVariance)
  /// What log P(z) is taken of.
  public var priorArgument: (_ z: [Double], _ mean: [Double], _ logVariance: [Double]) -> [Double] =
    { z, _, _ in z }
  /// log Q(z|X).
  public var proposal = NormalLogDensity(.logVariance)
  /// What is done with log P(z) of all samples.
  public var allPriors: ([Double]) -> [Double] = { $0 }
  /// What is done with log Q(z|X) of all samples.
  public var allProposals: ([Double]) -> [Double] = { $0 }
  /// What takes the place of log P(X|z).
  public var likelihood: (Double) -> Double = { $0 }
  /// What log P(X|z) is multiplied by.
  public var likelihoodFactor = 1.0
  /// What log P(z) is multiplied by.
  public var priorFactor = 1.0
  /// What log Q(z|X) is multiplied by.
  public var proposalFactor = -1.0
  /// A function of the three that takes the place of their sum.
  public var combination: ((_ likelihood: Double, _ prior: Double, _ proposal: Double) -> Double)?
  /// What is done with all log weights.
  public var finishAll: ([Double]) -> [Double] = { $0 }
  /// What is done with each log weight.
  public var finish: (Double) -> Double = { $0 }

  /// The right formula.
  public init() {}

  /// The log weights of samples.
  public func callAsFunction(
    _ z: [[Double]], logLikelihoods: [Double], mean: [Double], logVariance: [Double]
  ) -> [Double] {
    let zeros = mean.map { _ in 0.0 }
    let priors = allPriors(
      z.map { prior(priorArgument($0, mean, logVariance), mean: zeros, scales: zeros) })
    let proposals = allProposals(z.map { proposal($0, mean: mean, scales: logVariance) })
    return finishAll(
      logLikelihoods.indices.map { combined(logLikelihoods[$0], priors[$0], proposals[$0]) })
  }

  /// A log weight from its three terms.
  public func combined(_ logLikelihood: Double, _ logPrior: Double, _ logProposal: Double) -> Double
  {
    if let combination { return combination(logLikelihood, logPrior, logProposal) }
    return finish(
      likelihoodFactor * likelihood(logLikelihood) + priorFactor * logPrior + proposalFactor
        * logProposal)
  }

  /// What can go wrong with the three terms.
  public static var mistakesOfTheTerms: [Mistake<ImportanceWeights>] {
    mistakesOfTheSum + mistakesOfTheLoop + mistakesOfThePriorScale
  }

  private static var mistakesOfTheSum: [Mistake<ImportanceWeights>] {
    [
      Mistake(
        "plus Q",
        "log Q(z|X) was added; it has to be subtracted, because the weight is divided by Q(z|X)",
        isCommon: true
      ) { $0.proposalFactor = 1 },
      Mistake(
        "no prior",
        "log P(z) was left out; it is needed because z was drawn from Q and not from the prior",
        isCommon: true
      ) { $0.priorFactor = 0 },
      Mistake(
        "no Q", "log Q(z|X) was left out; where Q puts many samples, each must weigh less",
        isCommon: true
      ) { $0.proposalFactor = 0 },
      Mistake(
        "likelihood only",
        "those are log P(X|z) alone; add log P(z) and subtract log Q(z|X). If you do, are both "
          + "the same density, so that they cancel?"
      ) {
        $0.priorFactor = 0
        $0.proposalFactor = 0
      },
      Mistake("no likelihood", "log P(X|z) was left out") { $0.likelihoodFactor = 0 },
      Mistake("both signs", "log P(z) and log Q(z|X) have each other’s sign", isCommon: true) {
        $0.priorFactor = -1
        $0.proposalFactor = 1
      },
      Mistake("minus prior", "log P(z) was subtracted; it has to be added") { $0.priorFactor = -1 },
      Mistake("inverse", "those are minus the log weights, as in a loss", isCommon: true) {
        $0.likelihoodFactor = -1
        $0.priorFactor = -1
        $0.proposalFactor = 1
      },
      Mistake("minus likelihood", "log P(X|z) was subtracted; it has to be added") {
        $0.likelihoodFactor = -1
      },
      Mistake(
        "2π not in Q",
        "½ log 2π of each latent variable does not cancel: is it missing in log Q(z|X), or twice in "
          + "log P(z)?", isCommon: true
      ) { $0.proposal.constant = 0 },
      Mistake(
        "2π not in P",
        "½ log 2π of each latent variable does not cancel: is it missing in log P(z), or twice in "
          + "log Q(z|X)?", isCommon: true
      ) { $0.prior.constant = 0 },
      Mistake("prior of ε", "log P(z) was taken of the noise, (z − μ)/σ; take it of z") {
        $0.priorArgument = { z, mean, logVariance in
          z.indices.map { (z[$0] - mean[$0]) * .exp(-logVariance[$0] / 2) }
        }
      },
      Mistake("prior of z − μ", "log P(z) was taken of z − μ; the mean of P(z) is 0") {
        $0.priorArgument = { z, mean, _ in zip(z, mean).map { $0 - $1 } }
      },
      Mistake("product", "logarithms were multiplied or divided; add and subtract them") {
        $0.combination = { $0 * $1 / $2 }
      },
      Mistake(
        "times the ratio",
        "log P(X|z) was multiplied by P(z)/Q(z|X); add the log of this ratio"
      ) { $0.combination = { $0 * .exp($1 - $2) } },
      Mistake("quotient", "log P(z) was divided by log Q(z|X); subtract log Q(z|X)") {
        $0.combination = { $0 + $1 / $2 }
      },
      Mistake("less log n", "log n was subtracted; that belongs to the mean of the weights") {
        $0.finishAll = { logs in logs.map { $0 - .log(Double(logs.count)) } }
      },
      Mistake("normalised", "the weights were made to sum to 1; they are asked for as they are") {
        $0.finishAll = { logs in
          let sum = LogSumExp()(logs)
          return logs.map { $0 - sum }
        }
      },
      Mistake(
        "mean 1", "the weights were divided by their mean; they are asked for as they are"
      ) {
        $0.finishAll = { logs in
          let logMean = LogSumExp()(logs, weight: 1 / Double(logs.count))
          return logs.map { $0 - logMean }
        }
      },
      Mistake("less the largest", "the largest was subtracted from the log weights") {
        $0.finishAll = { logs in logs.map { $0 - (logs.max() ?? 0) } }
      },
      Mistake("weights", "those are the weights; the exercise asks for their logarithms") {
        $0.finish = { .exp($0) }
      },
      Mistake(
        "log of exp",
        "P(X|z), or the weight, became 0 before its log was taken; add and subtract logarithms"
      ) { $0.likelihood = { .log(.exp($0)) } },
    ]
      + LogSumExp.floors.flatMap { floor in
        let message = "P(X|z), or the weight, was kept away from 0; add and subtract logarithms"
        return [
          Mistake<ImportanceWeights>("likelihood plus \(floor)", message) {
            $0.likelihood = { .log(.exp($0) + floor) }
          },
          Mistake<ImportanceWeights>("likelihood at least \(floor)", message) {
            $0.likelihood = { .log(max(.exp($0), floor)) }
          },
          Mistake<ImportanceWeights>("weight plus \(floor)", message) {
            $0.finish = { .log(.exp($0) + floor) }
          },
          Mistake<ImportanceWeights>("weight at least \(floor)", message) {
            $0.finish = { .log(max(.exp($0), floor)) }
          },
        ]
      }
  }

  /// With densities that are added up from sample to sample.
  private static var mistakesOfTheLoop: [Mistake<ImportanceWeights>] {
    let total: ([Double]) -> [Double] = { logs in logs.map { _ in logs.reduce(0, +) } }
    let running: ([Double]) -> [Double] = { logs in
      logs.indices.map { logs[...$0].reduce(0, +) }
    }
    return [(name: "total", sum: total), (name: "running", sum: running)].flatMap { added in
      let message = "added up over the samples; begin at 0 again for each sample"
      return [
        Mistake<ImportanceWeights>("\(added.name) Q", "log Q(z|X) was \(message)") {
          $0.allProposals = added.sum
        },
        Mistake<ImportanceWeights>("\(added.name) P", "log P(z) was \(message)") {
          $0.allPriors = added.sum
        },
        Mistake<ImportanceWeights>(
          "\(added.name) P and Q", "log P(z) and log Q(z|X) were \(message)"
        ) {
          $0.allPriors = added.sum
          $0.allProposals = added.sum
        },
      ]
    }
  }

  /// With a prior that is not N(0, I).
  private static var mistakesOfThePriorScale: [Mistake<ImportanceWeights>] {
    [-2.0, -1, 1, 2].map { logVariance in
      Mistake(
        "prior scale \(logVariance)",
        "log P(z) has another scale; the prior is N(0, I), so log σ² and log σ are 0 in it"
      ) {
        $0.prior.logVariance = { _ in logVariance }
        $0.prior.variance = { _ in .exp(logVariance) }
      }
    }
  }

  /// What can go wrong in them, in samples of several latent variables.
  public static var mistakes: [Mistake<ImportanceWeights>] {
    let densities = NormalLogDensity.mistakes(.logVariance, of: "latent variables")
    let both = densities.map { mistake in
      Mistake<ImportanceWeights>(
        "both \(mistake.name)", "in log P(z) and log Q(z|X), \(mistake.message)",
        isCommon: mistake.isCommon
      ) {
        $0.prior = mistake.made(in: $0.prior)
        $0.proposal = mistake.made(in: $0.proposal)
      }
    }
    let inDensities =
      densities.within(\.proposal, "in log Q(z|X), ") + both
      + densities.within(\.prior, "in log P(z), ")
    // Samples in which each of them shows.
    let z = [[0.3, -1.2, 0.8], [1.7, 0.4, -0.5], [-0.6, 0.9, 2.1]]
    return mistakesOfTheTerms
      + (mistakesOfTheTerms + inDensities).distinct(in: ImportanceWeights()) {
        $0(
          z, logLikelihoods: [-3, -2, -5], mean: [0.95, -0.2, 0.4], logVariance: [-0.8, 0.5, 0.7])
      }.filter { distinct in !mistakesOfTheTerms.contains { $0.name == distinct.name } }
  }
}
