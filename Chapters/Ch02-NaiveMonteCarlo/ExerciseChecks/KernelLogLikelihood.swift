import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func kernelLogLikelihood(
    _ answer: @escaping ([[Double]], [[Double]], Double) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<KernelTask, Double>(
      of: { try answer($0.fresh, $0.training, $0.sigma) }
    ) { KernelDensity()($0) }
    let first = KernelTask(fresh: [[1]], training: [[1], [3]], sigma: 1)
    comparison.ask("the fresh example (1), the training examples (1), (3) and σ = 1", first)
    let (fresh, training) = (roundedNormals(3, 2, seed: 61), roundedNormals(4, 2, seed: 62))
    let account =
      "the fresh examples \(text(fresh)) and the training examples \(text(training)), with σ = "
    let wide = KernelTask(fresh: fresh, training: training, sigma: 0.7)
    comparison.ask("\(account)0.7", wide)
    let narrow = KernelTask(fresh: fresh, training: training, sigma: 0.01)
    comparison.ask("\(account)0.01", narrow)
    let (few, many) = (roundedNormals(2, 3, seed: 63), roundedNormals(5, 3, seed: 64))
    let last = KernelTask(fresh: few, training: many, sigma: 1.5)
    comparison.ask(
      "the fresh examples \(text(few)) and the training examples \(text(many)), with σ = 1.5", last)
    comparison.argument("fresh", \.fresh)
    comparison.argument("training", \.training)
    comparison.argument("sigma", \.sigma)
    let mistakes = KernelDensity.mistakes.distinct(in: KernelDensity()) { density in
      [first, wide, narrow, last].map { density($0) }
    }
    comparison.recognize(mistakes, in: KernelDensity()) { $1($0) }
    for (way, normal) in [
      (LogMeanExpWay.dividedSum, NormalWay.terms), (.mean, .bracket), (.subtractedLog, .quotient),
      (.plain, .density),
    ] {
      comparison.calculation { $0.calculation(way, normal) }
    }
    return Exercise(
      "kernel-log-likelihood",
      "The mean log-likelihood of fresh examples under a kernel density estimate",
      minutes: 20, needs: ["log-mean-exp", "gaussian-log-density"],
      hints: [
        "There are three averages or sums, one inside the other: a sum over the numbers of X, a "
          + "mean of densities over the training examples, and a mean of logarithms over the fresh "
          + "examples.",
        "For one fresh X, collect log N(X; xᵢ, σ²I) for all i, and give them to logMeanExp.",
      ], comparison)
  }
}

/// What is given in the exercise on kernels.
private struct KernelTask {
  var fresh: [[Double]]
  var training: [[Double]]
  var sigma: Double

  /// The axes are the fresh examples, the training examples and the numbers of each.
  func calculation(_ way: LogMeanExpWay, _ normal: NormalWay) -> Calculation {
    let (m, n, d) = (fresh.count, training.count, fresh.first?.count ?? 0)
    let x = Calculation.argument(
      "fresh", Tensor(Array(fresh.joined()), shape: [m, 1, d]),
      counts: [("fresh.count", Double(m)), ("fresh[0].count", Double(d))])
    let centers = Calculation.argument(
      "training", Tensor(Array(training.joined()), shape: [1, n, d]))
    let terms = normal(x, centers, sigma: .argument("sigma", sigma))
    let logs = sum(terms, axis: 2, over: "numbers of X").named("log N(X; xᵢ, σ²I)")
    let logDensities = way(
      of: logs, count: .argument("training.count", Double(n)), axis: 1,
      over: "training examples"
    ).named("log P(X)")
    return way == .mean
      ? mean(logDensities) : sum(logDensities) / .argument("fresh.count", Double(m))
  }
}

/// The mean log P(X) of fresh examples under one N(xᵢ, σ²I) for each training example, and where
/// people go wrong in it.
private struct KernelDensity {
  var kernel = NormalLogDensity(.standardDeviation)
  /// log P(X), from log N(X; xᵢ, σ²I) for all i.
  var mixture = LogMeanExp()
  /// log P(X), also from the size of X, in place of that.
  var density: ((_ logs: [Double], _ size: Double) -> Double)?
  /// Whether the logs of earlier fresh examples are kept among those of the next.
  var keepsLogs = false
  /// Which kernels count for a fresh example, by their places.
  var isPair: (_ fresh: Int, _ center: Int) -> Bool = { _, _ in true }
  /// What is done with log P(X) of the fresh examples.
  var average: ([Double]) -> Double = { mean($0) }
  /// The fresh examples and those on which the kernels stand.
  var roles: (KernelTask) -> (fresh: [[Double]], centers: [[Double]]) = { ($0.fresh, $0.training) }

  func callAsFunction(_ task: KernelTask) -> Double {
    let (fresh, centers) = roles(task)
    var kept: [Double] = []
    return average(
      fresh.enumerated().map { index, x in
        let all = centers.map { kernel(x, mean: $0, scales: x.map { _ in task.sigma }) }
        let logs = kept + all.indices.filter { isPair(index, $0) }.map { all[$0] }
        if keepsLogs { kept = logs }
        return density?(logs, Double(x.count)) ?? mixture(logs)
      })
  }

  static var mistakes: [Mistake<KernelDensity>] {
    mistakesOfTheMean
      + LogMeanExp.mistakesAsPart.within(\.mixture)
      + NormalLogDensity.mistakes(.standardDeviation, of: "numbers of X").within(\.kernel)
  }

  private static var mistakesOfTheMean: [Mistake<KernelDensity>] {
    [
      Mistake(
        "sum over fresh", "that is the sum over the fresh examples; take the mean", isCommon: true
      ) { $0.average = { $0.reduce(0, +) } },
      Mistake(
        "log of the mean over fresh",
        "over the fresh examples, densities were averaged; take the mean of their logarithms"
      ) { $0.average = { LogMeanExp()($0) } },
      Mistake(
        "log of the number",
        "the log of the number of fresh X was subtracted from their sum; divide the sum by the "
          + "number"
      ) { $0.average = { $0.reduce(0, +) - .log(Double($0.count)) } },
      Mistake("product", "that is the log of the product of P(X); divide by the number of fresh X")
      {
        $0.average = { .log($0.reduce(1) { $0 * .exp($1) }) }
      },
      Mistake("per number", "that is divided by d, as if per number of X; X counts as a whole") {
        let mixture = $0.mixture
        $0.density = { mixture($0) / $1 }
      },
      Mistake("first fresh", "that is log P(X) of the first fresh example; take the mean over all")
      {
        $0.average = { $0.first ?? 0 }
      },
      Mistake("last fresh", "that is log P(X) of the last fresh example; take the mean over all") {
        $0.average = { $0.last ?? 0 }
      },
      Mistake("fewer fresh", "the sum over m fresh examples was divided by m − 1") {
        $0.average = { $0.reduce(0, +) / Double($0.count - 1) }
      },
      Mistake(
        "logs kept",
        "the logs of the last X are kept among those of the next; begin an empty array for each X"
      ) { $0.keepsLogs = true },
      Mistake(
        "same place",
        "each fresh X was compared with the training example at the same place; take the mean of "
          + "the densities over all of them"
      ) { $0.isPair = { $0 == $1 } },
      Mistake(
        "exchanged", "the roles are exchanged: the kernels stand on the training examples",
        isCommon: true
      ) { $0.roles = { ($0.training, $0.fresh) } },
      Mistake(
        "training", "that is the log-likelihood of the training examples; it is asked of fresh ones"
      ) { $0.roles = { ($0.training, $0.training) } },
      Mistake(
        "at the mean", "that has one kernel, on the mean of the training examples; each has its own"
      ) {
        $0.roles = { task in
          let columns = (task.training.first ?? []).indices
          return (task.fresh, [columns.map { k in mean(task.training.map { $0[k] }) }])
        }
      },
    ]
  }
}
