import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func standardDivergence(
    _ answer: @escaping ([Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<StandardDivergenceTask, Double>(of: {
      try answer($0.mean, $0.logVariance)
    }) {
      DiagonalNormal(mean: Tensor($0.mean), logVariance: Tensor($0.logVariance))
        .klDivergenceToStandardNormal().scalar
    }
    let byHand = StandardDivergenceTask(mean: [1, 0, 2], logVariance: [0, .log(4), 0])
    comparison.ask("means (1, 0, 2) and variances (1, 4, 1), log variances (0, log 4, 0)", byHand)
    // Where the log variances are positive, those who take their logarithms get numbers.
    let tasks: [StandardDivergenceTask] = [
      StandardDivergenceTask(mean: [1, 0.5], logVariance: [1, 0.5]),
      StandardDivergenceTask(normals(3, seed: 40)), StandardDivergenceTask(normals(4, seed: 41)),
      StandardDivergenceTask(normals(5, seed: 50)), StandardDivergenceTask(normals(1, seed: 51)),
      StandardDivergenceTask(normals(6, seed: 58)),
      StandardDivergenceTask(mean: [0.1, -0.8], logVariance: [-0.2, 0.1]),
    ]
    for task in tasks { comparison.ask(task.description, task) }
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    let formula = NormalDivergence()
    comparison.recognize(
      (NormalDivergence.mistakesFromStandard + NormalDivergence.limits).distinct(
        in: formula, tolerance: 1e-9
      ) { formula in
        ([byHand] + tasks).map { [formula(means: $0.mean, logVariances: $0.logVariance)] }
      }, in: formula
    ) { $1(means: $0.mean, logVariances: $0.logVariance) }
    comparison.recognize("the means were added before they were squared; square each") {
      let sum = $0.mean.reduce(0, +)
      let squares = $0.mean.reduce(0) { $0 + $1 * $1 }
      return formula(means: $0.mean, logVariances: $0.logVariance) + 0.5 * (sum * sum - squares)
    }
    comparison.recognize("the log of the sum of the variances was taken; add up their logs") {
      let sum = $0.logVariance.reduce(0) { $0 + .exp($1) }
      return formula(means: $0.mean, logVariances: $0.logVariance)
        + 0.5 * ($0.logVariance.reduce(0, +) - .log(sum))
    }
    comparison.recognize("the bracket was squared; only μ is") {
      zip($0.mean, $0.logVariance).reduce(0) { sum, component in
        let (mean, logVariance) = component
        let bracket = mean * mean + .exp(logVariance) - 1 - logVariance
        return sum + 0.5 * bracket * bracket
      }
    }
    comparison.recognize("D was multiplied by the number of latent variables; their sum is D") {
      Double($0.mean.count) * formula(means: $0.mean, logVariances: $0.logVariance)
    }
    for limit in [0.5, 1, 2, 3, 5, 10] {
      comparison.recognize("D was kept above a limit; return it as it is") {
        max(limit, formula(means: $0.mean, logVariances: $0.logVariance))
      }
      comparison.recognize("D was kept above a limit; return it as it is") {
        let least = limit * Double($0.mean.count)
        return max(least, formula(means: $0.mean, logVariances: $0.logVariance))
      }
    }
    for small in [1e-20, 1e-16, 1e-12, 1e-10, 1e-8, 1e-6] {
      comparison.recognize(
        "the log variance was used as the standard deviation; σ is exp(½ log σ²)"
      ) {
        zip($0.mean, $0.logVariance).reduce(0) { sum, component in
          let variance = component.1 * component.1
          return sum + 0.5 * (component.0 * component.0 + variance - 1 - .log(variance + small))
        }
      }
    }
    comparison.terms(["½ Σ μ²", "½ Σ σ²", "−½ for each latent variable", "−½ Σ log σ²"]) { task in
      let squares = task.mean.reduce(0) { $0 + $1 * $1 }
      let variances = task.logVariance.reduce(0) { $0 + .exp($1) }
      return [
        0.5 * squares, 0.5 * variances, -0.5 * Double(task.mean.count),
        -0.5 * task.logVariance.reduce(0, +),
      ]
    }
    comparison.calculate()
    let exercise = Exercise(
      "standard-divergence", "D[Q‖N(0, I)], as in the loss of a VAE", minutes: 5,
      hints: [
        "D is a sum over the latent variables: for each, ½ times a bracket of four terms.",
        "σ² is exp(logVariance), and log σ² is what you are given.",
      ], comparison)
    return [-40.0, 25].reduce(exercise) { exercise, logVariance in
      let task = StandardDivergenceTask(mean: [0.5, -1.5], logVariance: [logVariance, 0.7])
      return exercise.judged(
        task.description, answer: { try answer(task.mean, task.logVariance) },
        complaint: { answer in
          NormalDivergence.complaint(about: answer.values[0]) {
            $0(means: task.mean, logVariances: task.logVariance)
          }
        })
    }
  }
}

/// What is given in the exercise on D[Q‖N(0, I)].
private struct StandardDivergenceTask {
  var mean, logVariance: [Double]

  init(mean: [Double], logVariance: [Double]) {
    self.mean = mean
    self.logVariance = logVariance
  }

  init(_ components: [Normal]) {
    self.init(mean: components.map(\.mean), logVariance: components.map(\.logVariance))
  }

  var description: String { "means \(exact(mean)) and log variances \(exact(logVariance))" }
}

extension Comparison<StandardDivergenceTask, Double> {
  /// As a sum of brackets, with the sign in front, as sums of terms, and with σ.
  fileprivate mutating func calculate() {
    func arguments(_ task: StandardDivergenceTask) -> (mean: Calculation, logVariance: Calculation)
    {
      (.argument("mean", task.mean), .argument("logVariance", task.logVariance))
    }
    calculation { task in
      let (mean, logVariance) = arguments(task)
      let bracket = square(mean) + exp(logVariance) - 1 - logVariance
      return 0.5 * sum(bracket.named("the bracket"))
    }
    calculation { task in
      let (mean, logVariance) = arguments(task)
      let bracket = 1 + logVariance - square(mean) - exp(logVariance)
      return -0.5 * sum(bracket.named("the bracket"))
    }
    calculation { task in
      let (mean, logVariance) = arguments(task)
      let count = Calculation("mean.count", Double(task.mean.count))
      return 0.5 * (sum(square(mean)) + sum(exp(logVariance)) - count - sum(logVariance))
    }
    calculation { task in
      let (mean, logVariance) = arguments(task)
      let sigma = exp(0.5 * logVariance).named("σ")
      return sum(0.5 * (square(mean) + square(sigma) - 1 - log(square(sigma))))
    }
    calculation { task in
      let (mean, logVariance) = arguments(task)
      let sigma = exp(0.5 * logVariance).named("σ")
      return sum(0.5 * (square(mean) + square(sigma) - 1) - log(sigma))
    }
  }
}
