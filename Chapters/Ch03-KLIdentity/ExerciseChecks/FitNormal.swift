import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func fitNormal(
    _ answer:
      @escaping (
        Double, Double, [Double], [Double], Exercises.Gaussian, Double, Int
      ) throws -> Exercises.Gaussian
  ) -> Exercise {
    var comparison = Comparison<FitTask, Answer>(
      of: { task in
        let q = try answer(
          task.x, task.noiseLogVariance, task.nodes, task.weights,
          (task.start.mean, task.start.logVariance), task.rate, task.steps)
        return FitTask.answer(Normal(mean: q.mean, logVariance: q.logVariance))
      }
    ) { FitFormula()($0) }
    for task in FitTask.all {
      // What a difference quotient with h = 10⁻⁵ is good for.
      comparison.ask(task.description, task, tolerance: Tolerance(relative: 1e-6))
    }
    comparison.argument("x", \.x)
    comparison.argument("noiseLogVariance", \.noiseLogVariance)
    comparison.argument("nodes", \.nodes)
    comparison.argument("weights", \.weights, change: { $0 / 2 })
    comparison.argument("start.mean", \.start.mean)
    comparison.argument("start.logVariance", \.start.logVariance)
    comparison.argument("rate", \.rate, change: { $0 / 2 })
    comparison.recognize(
      FitFormula.mistakes.distinct(in: FitFormula(), tolerance: 1e-6) { formula in
        FitTask.all.map { formula($0).values }
      }, in: FitFormula()
    ) { $1($0) }
    comparison.calculation { $0.onlyStep }
    return Exercise(
      "fit-normal", "Gradient ascent of the bound, in a loop of your own", minutes: 90,
      hints: [
        "log P(X|z) is −(X − sin 2z)²/(2s²) plus a constant. Its derivative with respect to z is "
          + "g = 2 cos 2z (X − sin 2z)/s². How does z = μ + σε change with μ, and how with log σ²?",
        "dz/dμ is 1, and dz/d(log σ²) is ½ σε. So the first term of ℒ has the derivatives Σ v g and "
          + "Σ v g ½ σε; those of −D are −μ and ½ − ½ σ².",
        "Compute both derivatives before you change μ or log σ², and σ and the z anew in each step.",
      ], comparison)
  }
}

/// What is given in the exercise on gradient ascent.
struct FitTask {
  var x, noiseLogVariance: Double
  var nodes, weights: [Double]
  var start: Normal
  var rate: Double
  var steps: Int

  var description: String {
    "x = \(exact(x)), log s² = \(exact(noiseLogVariance)), the nodes \(exact(nodes)), the weights "
      + "\(exact(weights)), the start (\(exact(start.mean)), \(exact(start.logVariance))), the rate "
      + "\(exact(rate)) and \(steps == 1 ? "1 step" : "\(steps) steps")"
  }

  static func answer(_ q: Normal) -> Answer {
    Answer(parts: [("mean", q.mean), ("logVariance", q.logVariance)])
  }

  /// How Q is calculated if there is one step; NaN if there are more.
  var onlyStep: Calculation {
    let mean = Calculation.argument("mean", start.mean)
    let logVariance = Calculation.argument("logVariance", start.logVariance)
    let rate = Calculation.argument("rate", steps == 1 ? rate : .nan)
    let nodes = Calculation.argument("nodes", nodes)
    let weights = Calculation.argument("weights", weights)
    let noiseVariance = exp(.argument("noiseLogVariance", noiseLogVariance)).named("s²")
    let sigma = exp(0.5 * logVariance).named("σ")
    let z = (mean + sigma * nodes).named("z")
    let slope = 2 * cos(2 * z)
    let g = slope * (.argument("x", x) - sin(2 * z)) / noiseVariance
    let weighted = weights * g.named("g")
    let ofMean = sum(weighted) - mean
    let inner = 0.5 * sigma * nodes
    let ofLogVariance = sum(weighted * inner) - 0.5 * square(sigma) + 0.5
    return .list([
      mean + rate * ofMean.named("∂ℒ/∂μ"),
      logVariance + rate * ofLogVariance.named("∂ℒ/∂(log σ²)"),
    ])
  }

  static let all: [FitTask] = [
    FitTask(
      x: 0.5, noiseLogVariance: 0, nodes: [-1, 1], weights: [0.5, 0.5], start: .standard, rate: 0.1,
      steps: 1),
    FitTask(
      x: 0.8, noiseLogVariance: -0.6, nodes: [-1.5, 0, 1], weights: [0.25, 0.45, 0.3],
      start: Normal(mean: 0.7, logVariance: -0.4), rate: 0.05, steps: 1),
    FitTask(
      x: -0.4, noiseLogVariance: 0.7, nodes: [-1.1, 0.3, 1.4, 2], weights: [0.4, 0.3, 0.2, 0.1],
      start: Normal(mean: -0.6, logVariance: 0.5), rate: 0.15, steps: 1),
    FitTask(
      x: -0.3, noiseLogVariance: 0.5, nodes: [-1.2, 0.4, 2], weights: [0.35, 0.5, 0.15],
      start: Normal(mean: -0.5, logVariance: 0.6), rate: 0.2, steps: 2),
    FitTask(
      x: 1.1, noiseLogVariance: -1, nodes: [-1.6, -0.5, 0.6, 1.5], weights: [0.15, 0.3, 0.35, 0.2],
      start: Normal(mean: 1.3, logVariance: -1.2), rate: 0.03, steps: 5),
    FitTask(
      x: 0.5, noiseLogVariance: -0.7, nodes: [-1.8, -0.9, 0, 0.8, 1.7],
      weights: [0.1, 0.2, 0.3, 0.25, 0.15], start: Normal(mean: 0.2, logVariance: 0.3), rate: 0.1,
      steps: 12),
  ]
}

/// Gradient ascent of the bound.
struct FitFormula {
  /// The present μ and log σ², and what the first ones were.
  struct State {
    let mean, logVariance, startMean, startLogVariance: Double
  }

  /// s² from log s², and σ from log σ².
  var noiseVariance: (Double) -> Double = { .exp($0) }
  var deviation: (State) -> Double = { .exp(0.5 * $0.logVariance) }
  /// σ² in the derivative of D.
  var variance: (Double) -> Double = { .exp($0) }
  var z: (_ mean: Double, _ deviation: Double, _ node: Double) -> Double = { $0 + $1 * $2 }
  var f: (Double) -> Double = { .sin(2 * $0) }
  var slope: (Double) -> Double = { 2 * .cos(2 * $0) }
  var weight: (_ weight: Double, _ count: Int) -> Double = { weight, _ in weight }
  /// dz/d(log σ²).
  var inner: (_ deviation: Double, _ node: Double) -> Double = { 0.5 * $0 * $1 }
  /// The factors of the two terms of ℒ.
  var factors = [1.0, -1]
  /// The derivatives of D.
  var divergenceSlopes: (_ mean: Double, _ variance: Double) -> [Double] = {
    [$0, 0.5 * $1 - 0.5]
  }
  /// What the second derivative is multiplied by.
  var secondFactor: (_ variance: Double) -> Double = { _ in 1 }
  var rate: (_ rate: Double, _ step: Int) -> Double = { rate, _ in rate }
  var steps: (Int) -> Int = { $0 }
  /// Whether μ has changed when the derivative for log σ² is computed, or the other way round.
  var usesNewMean = false, usesNewVariance = false
  /// Whether z is computed from the μ of the start.
  var usesFirstMean = false
  /// Whether the derivatives of all steps so far are added up.
  var gathers = false
  /// Whether the derivatives are those at the start, in all steps.
  var isStuck = false
  var start: (Normal) -> Normal = { $0 }
  var finish: (_ mean: Double, _ logVariance: Double) -> (Double, Double) = { ($0, $1) }

  func callAsFunction(_ task: FitTask) -> Answer {
    let start = start(task.start)
    var (mean, logVariance) = (start.mean, start.logVariance)
    func slopes(_ mean: Double, _ logVariance: Double) -> [Double] {
      gradient(
        State(
          mean: mean, logVariance: logVariance, startMean: start.mean,
          startLogVariance: start.logVariance), task)
    }
    var gathered = [0.0, 0.0]
    for step in 0..<steps(task.steps) {
      let rate = rate(task.rate, step)
      var slopesNow = isStuck ? slopes(start.mean, start.logVariance) : slopes(mean, logVariance)
      gathered = zip(gathered, slopesNow).map(+)
      if gathers { slopesNow = gathered }
      let newMean = mean + rate * slopesNow[0]
      let newLogVariance = logVariance + rate * slopesNow[1]
      if usesNewMean {
        logVariance += rate * slopes(newMean, logVariance)[1]
        mean = newMean
      } else if usesNewVariance {
        mean += rate * slopes(mean, newLogVariance)[0]
        logVariance = newLogVariance
      } else {
        (mean, logVariance) = (newMean, newLogVariance)
      }
    }
    let end = finish(mean, logVariance)
    return FitTask.answer(Normal(mean: end.0, logVariance: end.1))
  }

  private func gradient(_ state: State, _ task: FitTask) -> [Double] {
    let sigma = deviation(state)
    let noise = noiseVariance(task.noiseLogVariance)
    var sums = [0.0, 0.0]
    for (node, weight) in zip(task.nodes, task.weights) {
      let z = z(usesFirstMean ? state.startMean : state.mean, sigma, node)
      let g = self.weight(weight, task.nodes.count) * slope(z) * (task.x - f(z)) / noise
      sums[0] += g
      sums[1] += g * inner(sigma, node)
    }
    let variance = variance(state.logVariance)
    let ofDivergence = divergenceSlopes(state.mean, variance)
    return [
      factors[0] * sums[0] + factors[1] * ofDivergence[0],
      (factors[0] * sums[1] + factors[1] * ofDivergence[1]) * secondFactor(variance),
    ]
  }
}
