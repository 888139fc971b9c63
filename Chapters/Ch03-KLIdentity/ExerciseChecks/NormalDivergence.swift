import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func normalDivergence(
    _ answer: @escaping (Exercises.Gaussian, Exercises.Gaussian) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<NormalDivergenceTask, Double>(
      of: {
        try answer(($0.q.mean, $0.q.logVariance), ($0.p.mean, $0.p.logVariance))
      }
    ) { $0.q.klDivergence(to: $0.p) }
    let byHand = NormalDivergenceTask(
      q: Normal(mean: 1, logVariance: 0), p: Normal(mean: 0, variance: 4))
    comparison.ask("Q = N(1, 1), log variance 0, and P = N(0, 4), log variance log 4", byHand)
    // Log variances of both signs: what else a student may take a log of then gives a number, or
    // NaN, however it is written.
    let (first, second) = (normals(6, seed: 38), normals(6, seed: 39))
    let logVariances = [0.62, -0.62, -1.1, 1.3, -0.3, 0.8]
    let drawn = zip(zip(first, second), logVariances).map { pair, logVariance in
      NormalDivergenceTask(
        q: Normal(mean: pair.0.mean, logVariance: logVariance),
        p: Normal(mean: pair.1.mean, logVariance: abs(pair.1.logVariance) + 0.5))
    }
    for task in drawn { comparison.ask(task.description, task) }
    for (name, path) in NormalDivergenceTask.arguments { comparison.argument(name, path) }
    let tasks = [byHand] + drawn
    comparison.recognize(
      (NormalDivergence.mistakes + NormalDivergence.limits).distinct(
        in: NormalDivergence(), tolerance: 1e-9
      ) { formula in
        tasks.map { [$0.divergence(formula)] }
      }, in: NormalDivergence()
    ) { $0.divergence($1) }
    comparison.recognize("the log was taken of the whole bracket; it belongs to σ₁²/σ₀² alone") {
      let ratio = $0.q.variance / $0.p.variance
      return 0.5 * .log(1 / ratio - 1 + ratio + $0.squaredShift / $0.p.variance)
    }
    comparison.recognize(
      "that is the mean of −log P(z) over Q; Q’s own log density, its entropy, is missing"
    ) {
      let scaled = ($0.q.variance + $0.squaredShift) / $0.p.variance
      return 0.5 * (.log(2 * .pi) + $0.p.logVariance + scaled)
    }
    comparison.recognize("D[P‖Q] was added to D[Q‖P]; return the second alone") {
      $0.q.klDivergence(to: $0.p) + $0.p.klDivergence(to: $0.q)
    }
    comparison.recognize("that is the mean of D[Q‖P] and D[P‖Q]; return the first") {
      0.5 * ($0.q.klDivergence(to: $0.p) + $0.p.klDivergence(to: $0.q))
    }
    comparison.recognize("the log of the ratio was taken without its sign") {
      let log = $0.p.logVariance - $0.q.logVariance
      return $0.q.klDivergence(to: $0.p) + 0.5 * (abs(log) - log)
    }
    comparison.recognize("the log of the ratio was squared; take it as it is") {
      let log = $0.p.logVariance - $0.q.logVariance
      return $0.q.klDivergence(to: $0.p) + 0.5 * (log * log - log)
    }
    comparison.recognizeOtherMeasures()
    comparison.terms(
      ["½ σ₀²/σ₁²", "½ (μ₁ − μ₀)²/σ₁²", "−½", "½ log σ₁²", "−½ log σ₀²"]
    ) { task in
      let variance = 2 * task.p.variance
      return [
        task.q.variance / variance, task.squaredShift / variance, -0.5, 0.5 * task.p.logVariance,
        -0.5 * task.q.logVariance,
      ]
    }
    comparison.calculate()
    let exercise = Exercise(
      "normal-divergence", "D[Q‖P] of two normal distributions", minutes: 10,
      hints: [
        "With one component, every matrix is a number: Σ₀ is Q's variance and Σ₁ is P's.",
        "D = ½ (σ₀²/σ₁² + (μ₁ − μ₀)²/σ₁² − 1 + log σ₁² − log σ₀²). Which of these are you given?",
      ], comparison)
    return [-40.0, 25].reduce(exercise) { exercise, logVariance in
      let task = NormalDivergenceTask(
        q: Normal(mean: 0.5, logVariance: logVariance), p: Normal(mean: -1, logVariance: 0.4))
      return exercise.judged(
        task.description,
        answer: {
          try answer((task.q.mean, task.q.logVariance), (task.p.mean, task.p.logVariance))
        },
        complaint: { NormalDivergence.complaint(about: $0.values[0], task.divergence) })
    }
  }
}

/// What is given in the exercise on two normal distributions.
struct NormalDivergenceTask {
  var q, p: Normal

  static var arguments: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [
      ("q.mean", \.q.mean), ("q.logVariance", \.q.logVariance), ("p.mean", \.p.mean),
      ("p.logVariance", \.p.logVariance),
    ]
  }

  var description: String {
    "means \(exact(q.mean)) of Q and \(exact(p.mean)) of P, log variances "
      + "\(exact(q.logVariance)) and \(exact(p.logVariance))"
  }

  var squaredShift: Double { (q.mean - p.mean) * (q.mean - p.mean) }

  func divergence(_ formula: NormalDivergence) -> Double {
    formula(
      means: [q.mean], logVariances: [q.logVariance], fromMeans: [p.mean],
      fromLogVariances: [p.logVariance])
  }
}

extension Comparison<NormalDivergenceTask, Double> {
  /// With variances, with the log of their ratio, and with standard deviations.
  fileprivate mutating func calculate() {
    calculation { task in
      let (q, p) = task.arguments
      let variance = exp(p.logVariance)
      return 0.5
        * (exp(q.logVariance) / variance + square(p.mean - q.mean) / variance - 1
          + (p.logVariance - q.logVariance))
    }
    calculation { task in
      let (q, p) = task.arguments
      let (ofQ, ofP) = (exp(q.logVariance), exp(p.logVariance))
      return 0.5 * ((ofQ + square(q.mean - p.mean)) / ofP - 1 + log(ofP / ofQ))
    }
    calculation { task in
      let (q, p) = task.arguments
      let ofQ = exp(0.5 * q.logVariance).named("Q’s σ")
      let ofP = exp(0.5 * p.logVariance).named("P’s σ")
      return log(ofP / ofQ) + (square(ofQ) + square(q.mean - p.mean)) / (2 * square(ofP)) - 0.5
    }
    calculation { task in
      let (q, p) = task.arguments
      return 0.5
        * (exp(q.logVariance - p.logVariance)
          + square(q.mean - p.mean) * exp(-p.logVariance) - 1 + p.logVariance - q.logVariance)
    }
  }
}

extension NormalDivergenceTask {
  fileprivate typealias Arguments = (mean: Calculation, logVariance: Calculation)

  fileprivate var arguments: (q: Arguments, p: Arguments) {
    func argument(_ name: String, _ normal: Normal) -> Arguments {
      (
        .argument("\(name).mean", normal.mean),
        .argument("\(name).logVariance", normal.logVariance)
      )
    }
    return (argument("q", q), argument("p", p))
  }
}
