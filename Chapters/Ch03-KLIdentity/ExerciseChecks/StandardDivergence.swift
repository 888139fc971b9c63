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
    comparison.terms(["½ Σ μ²", "½ Σ σ²", "−½ for each latent variable", "−½ Σ log σ²"]) { task in
      let squares = task.mean.reduce(0) { $0 + $1 * $1 }
      let variances = task.logVariance.reduce(0) { $0 + .exp($1) }
      return [
        0.5 * squares, 0.5 * variances, -0.5 * Double(task.mean.count),
        -0.5 * task.logVariance.reduce(0, +),
      ]
    }
    comparison.calculation { task in
      let mean = Calculation.argument("mean", task.mean)
      let logVariance = Calculation.argument("logVariance", task.logVariance)
      let bracket = square(mean) + exp(logVariance) - 1 - logVariance
      return 0.5 * sum(bracket.named("the bracket"))
    }
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
