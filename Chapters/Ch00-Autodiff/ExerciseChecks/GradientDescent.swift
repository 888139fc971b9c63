import Exercises

extension Checks {
  static func gradientDescent(
    _ answer: @escaping ([Double], Double, Int, ([Double]) -> [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<DescentTask, [Double]>(of: {
      try answer($0.start, $0.rate, $0.steps, $0.gradient)
    }) { Descent().end($0) }
    comparison.ask(
      "L = θ², from (1) with α = 0.25, two steps",
      DescentTask(start: [1], rate: 0.25, steps: 2) { [2 * $0[0]] })
    let bowl = { (θ: [Double]) in [2 * (θ[0] - 1) + θ[1], θ[0] + 4 * θ[1]] }
    let name = "L = (θ₁ − 1)² + θ₁θ₂ + 2θ₂²"
    comparison.ask(
      "\(name), from (2, -1) with α = 0.1, three steps",
      DescentTask(start: [2, -1], rate: 0.1, steps: 3, gradient: bowl))
    comparison.ask(
      "the same L and start, no steps",
      DescentTask(start: [2, -1], rate: 0.1, steps: 0, gradient: bowl))
    comparison.ask(
      "the same L, from (-0.7, 1.6) with α = 0.15, five steps",
      DescentTask(start: [-0.7, 1.6], rate: 0.15, steps: 5, gradient: bowl))
    comparison.ask(
      "L = θ², from (1) with α = 1.25, two steps, each of which leads further away",
      DescentTask(start: [1], rate: 1.25, steps: 2) { [2 * $0[0]] })
    // Here a gradient is smaller than the bounds at which descent is often stopped.
    comparison.ask(
      "L = θ², from (4e-7) with α = 0.25, two steps",
      DescentTask(start: [4e-7], rate: 0.25, steps: 2) { [2 * $0[0]] },
      tolerance: Tolerance(relative: 1e-9))
    comparison.argument("start", \.start)
    comparison.argument("rate", \.rate, change: { $0 + 0.05 })
    comparison.recognize(Descent.mistakes, in: Descent()) { $1.end($0) }
    comparison.recognizeOtherAnswers()
    comparison.recognizeOtherOrders()
    comparison.recognizeOtherMethods()
    return Exercise(
      "gradient-descent", "A number of steps downhill", minutes: 10,
      hints: [
        "The gradient points uphill, and it is a different one after each step.",
        "In a step, compute the whole gradient first; then move all of θ.",
      ], comparison)
  }
}

/// What is given in the exercise on gradient descent.
struct DescentTask {
  var start: [Double]
  var rate: Double
  let steps: Int
  let gradient: ([Double]) -> [Double]
}

/// θ ← θ − α ∇L(θ), a number of times.
struct Descent {
  var steps: (Int) -> Int = { $0 }
  /// The learning rate in the step with this index.
  var rate: (_ task: DescentTask, _ index: Int) -> Double = { task, _ in task.rate }
  var direction: (_ task: DescentTask, _ θ: [Double]) -> [Double] = { $0.gradient($1) }
  var moved: (_ θ: Double, _ rate: Double, _ gradient: Double) -> Double = { $0 - $1 * $2 }

  /// θ before the first step and after each.
  func path(_ task: DescentTask) -> [[Double]] {
    (0..<steps(task.steps)).reduce(into: [task.start]) { path, index in
      let θ = path[path.count - 1]
      path.append(zip(θ, direction(task, θ)).map { moved($0, rate(task, index), $1) })
    }
  }

  func end(_ task: DescentTask) -> [Double] { path(task).last ?? task.start }
}
