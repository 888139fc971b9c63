import Exercises
import Probability

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

extension Comparison<DescentTask, [Double]> {
  fileprivate mutating func recognizeOtherMethods() {
    recognize("that is the last step, α times the gradient; return the point to which it leads") {
      task in
      let before = Descent().end(
        DescentTask(
          start: task.start, rate: task.rate, steps: max(0, task.steps - 1),
          gradient: task.gradient))
      return task.gradient(before).map { task.rate * $0 }
    }
    recognize("that is the gradient at the end; return θ") { $0.gradient(Descent().end($0)) }
    recognize(
      "a step that made the gradient larger was not taken; take every step, wherever it leads"
    ) {
      task in
      var θ = task.start
      for _ in 0..<task.steps {
        let gradient = task.gradient(θ)
        let next = zip(θ, gradient).map { $0 - task.rate * $1 }
        func square(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0 + $1 * $1 } }
        if square(task.gradient(next)) < square(gradient) { θ = next }
      }
      return θ
    }
    recognize("that is how far θ has moved; return where it is") { task in
      zip(Descent().end(task), task.start).map { $0 - $1 }
    }
    recognize("that is as far from the start as it should be, but in the other direction") { task in
      zip(Descent().end(task), task.start).map { 2 * $1 - $0 }
    }
    recognize("that is the mean of the points after each step; return the last") { task in
      let path = task.steps == 0 ? [task.start] : Array(Descent().path(task).dropFirst())
      return task.start.indices.map { index in mean(path.map { $0[index] }) }
    }
    recognize("that is the mean of all points on the way; return the last") { task in
      let path = Descent().path(task)
      return task.start.indices.map { index in mean(path.map { $0[index] }) }
    }
    recognize("θ₂ was moved by a gradient at a θ₁ that had moved already; compute it once per step")
    {
      $0.coordinatewise(Array($0.start.indices))
    }
    recognize(
      "the numbers of θ were moved one after the other, the last one first; compute the gradient "
        + "once per step"
    ) { $0.coordinatewise($0.start.indices.reversed()) }
    recognize("each step used the gradient of the step before, and the first used 0") {
      $0.delayed(by: $0.start.map { _ in 0 })
    }
    recognize("each step used the gradient of the step before; compute it anew in each step") {
      $0.delayed(by: $0.gradient($0.start))
    }
    for decay in [0.9, 0.5] {
      recognize(
        "each step also repeats \(decay) of the step before: that is momentum, which plain gradient "
          + "descent does not have"
      ) { task in
        var (θ, velocity) = (task.start, task.start.map { _ in 0.0 })
        for _ in 0..<task.steps {
          velocity = zip(velocity, task.gradient(θ)).map { decay * $0 + $1 }
          θ = zip(θ, velocity).map { $0 - task.rate * $1 }
        }
        return θ
      }
    }
    recognize(
      "the gradient was divided by the root of a running mean of its squares, as RMSprop does; α "
        + "multiplies the gradient itself"
    ) { task in
      var (θ, squares) = (task.start, task.start.map { _ in 0.0 })
      for _ in 0..<task.steps {
        let gradient = task.gradient(θ)
        squares = zip(squares, gradient).map { 0.9 * $0 + 0.1 * $1 * $1 }
        θ = θ.indices.map {
          θ[$0] - task.rate * gradient[$0] / (squares[$0].squareRoot() + 1e-8)
        }
      }
      return θ
    }
    recognize(
      "the gradient was divided by the root of its squares so far, as Adagrad does; α multiplies the "
        + "gradient itself"
    ) { task in
      var (θ, squares) = (task.start, task.start.map { _ in 0.0 })
      for _ in 0..<task.steps {
        let gradient = task.gradient(θ)
        squares = zip(squares, gradient).map { $0 + $1 * $1 }
        θ = θ.indices.map {
          θ[$0] - task.rate * gradient[$0] / (squares[$0].squareRoot() + 1e-8)
        }
      }
      return θ
    }
    recognize(
      "each step follows a running mean of the gradients, which plain gradient descent does not have"
    ) { task in
      var (θ, velocity) = (task.start, task.start.map { _ in 0.0 })
      for _ in 0..<task.steps {
        velocity = zip(velocity, task.gradient(θ)).map { 0.9 * $0 + 0.1 * $1 }
        θ = zip(θ, velocity).map { $0 - task.rate * $1 }
      }
      return θ
    }
    recognize("those are all points on the way; return the last") {
      Descent().path($0).flatMap { $0 }
    }
    recognize("the gradients of all steps so far were added up; each step uses only the newest") {
      task in
      var (θ, sum) = (task.start, task.start.map { _ in 0.0 })
      for _ in 0..<task.steps {
        sum = zip(sum, task.gradient(θ)).map { $0 + $1 }
        θ = zip(θ, sum).map { $0 - task.rate * $1 }
      }
      return θ
    }
    recognize("each step begins at the start again; it should begin where the last one ended") {
      task in
      var θ = task.start
      for _ in 0..<task.steps {
        θ = zip(task.start, task.gradient(θ)).map { $0 - task.rate * $1 }
      }
      return θ
    }
  }
}

extension DescentTask {
  /// The end, if the numbers of θ are moved one after the other, each by a new gradient.
  fileprivate func coordinatewise(_ order: [Int]) -> [Double] {
    var θ = start
    for _ in 0..<steps {
      for index in order { θ[index] -= rate * gradient(θ)[index] }
    }
    return θ
  }

  /// The end, if each step uses the gradient of the step before.
  fileprivate func delayed(by first: [Double]) -> [Double] {
    var (θ, old) = (start, first)
    for _ in 0..<steps {
      let new = gradient(θ)
      θ = zip(θ, old).map { $0 - rate * $1 }
      old = new
    }
    return θ
  }
}
