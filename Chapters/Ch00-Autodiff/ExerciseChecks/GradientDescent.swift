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
private struct DescentTask {
  var start: [Double]
  var rate: Double
  let steps: Int
  let gradient: ([Double]) -> [Double]
}

/// θ ← θ − α ∇L(θ), a number of times.
private struct Descent {
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

  static var mistakes: [Mistake<Descent>] { steps + rates + directions + moves }

  private static var steps: [Mistake<Descent>] {
    [
      Mistake("one more", "that is one step too many", isCommon: true) { $0.steps = { $0 + 1 } },
      Mistake("one fewer", "one step is missing", isCommon: true) {
        $0.steps = { max(0, $0 - 1) }
      },
      Mistake("one", "only one step was taken; does the loop return too early?", isCommon: true) {
        $0.steps = { min($0, 1) }
      },
      Mistake("always one", "one step was taken, however many are asked for; there is no loop") {
        $0.steps = { _ in 1 }
      },
      Mistake("ten", "10 steps were taken, however many are asked for") { $0.steps = { _ in 10 } },
      Mistake("hundred", "100 steps were taken, however many are asked for") {
        $0.steps = { _ in 100 }
      },
      Mistake("thousand", "1,000 steps were taken, however many are asked for") {
        $0.steps = { _ in 1000 }
      },
      Mistake("twice", "twice as many steps were taken") { $0.steps = { 2 * $0 } },
      Mistake("none", "that is `start`, as it came: no step moved θ") { $0.steps = { _ in 0 } },
    ]
  }

  private static var rates: [Mistake<Descent>] {
    [
      Mistake("none", "the learning rate is missing", isCommon: true) { $0.rate = { _, _ in 1 } },
      Mistake("shared", "the learning rate was divided by the number of steps") {
        $0.rate = { task, _ in task.rate / Double(task.steps) }
      },
      Mistake("falling", "the learning rate was divided by the step's number; it stays the same") {
        $0.rate = { task, index in task.rate / Double(index + 1) }
      },
      Mistake("growing", "the learning rate was multiplied by the step's number") {
        $0.rate = { task, index in task.rate * Double(index + 1) }
      },
      Mistake("from 0", "the learning rate was multiplied by the step's index, which is 0 at first")
      { $0.rate = { task, index in task.rate * Double(index) } },
      Mistake("0.9", "the learning rate was reduced by a tenth after each step; it stays the same")
      {
        descent in
        descent.rate = { task, index in (0..<index).reduce(task.rate) { rate, _ in 0.9 * rate } }
      },
      Mistake("0.99", "the learning rate was reduced after each step; it stays the same") {
        descent in
        descent.rate = { task, index in (0..<index).reduce(task.rate) { rate, _ in 0.99 * rate } }
      },
      Mistake("halved", "the learning rate was halved after each step; it stays the same") {
        descent in
        descent.rate = { task, index in (0..<index).reduce(task.rate) { rate, _ in 0.5 * rate } }
      },
      Mistake("power", "the learning rate was multiplied by itself in each step") { descent in
        descent.rate = { task, index in
          (0..<index).reduce(task.rate) { rate, _ in rate * task.rate }
        }
      },
      Mistake("half", "½ is too much: θ moves by α times the gradient", isCommon: true) {
        $0.rate = { task, _ in task.rate / 2 }
      },
      Mistake("double", "that moves twice as far as α times the gradient", isCommon: true) {
        $0.rate = { task, _ in 2 * task.rate }
      },
      Mistake("per number", "α was divided by the number of parameters; nothing is averaged here") {
        $0.rate = { task, _ in task.rate / Double(task.start.count) }
      },
      Mistake("square", "the learning rate was multiplied in twice") {
        $0.rate = { task, _ in task.rate * task.rate }
      },
      Mistake("1/α", "the gradient was divided by α; multiply it") {
        $0.rate = { task, _ in 1 / task.rate }
      },
    ]
  }

  private static var directions: [Mistake<Descent>] {
    [
      Mistake(
        "stale",
        "every step used the gradient at the start; it has to be computed anew in each step",
        isCommon: true
      ) { $0.direction = { task, _ in task.gradient(task.start) } },
      Mistake("first", "every number was moved by the first number of the gradient") {
        $0.direction = { task, θ in θ.map { _ in task.gradient(θ)[0] } }
      },
      Mistake("sum", "every number was moved by the sum of the gradient's numbers") {
        $0.direction = { task, θ in θ.map { _ in task.gradient(θ).reduce(0, +) } }
      },
      Mistake("reversed", "each number was moved by the gradient of another") {
        $0.direction = { $0.gradient($1).reversed() }
      },
      Mistake("only first", "only θ₁ was moved; does a loop end too early?") {
        $0.direction = { task, θ in
          task.gradient(θ).enumerated().map { $0 == 0 ? $1 : 0 }
        }
      },
      Mistake("only last", "only the last number of θ was moved; does a loop begin too late?") {
        $0.direction = { task, θ in
          task.gradient(θ).enumerated().map { $0 == θ.count - 1 ? $1 : 0 }
        }
      },
      Mistake("unit", "the gradient was divided by its length; α multiplies the gradient itself") {
        $0.direction = { task, θ in
          let gradient = task.gradient(θ)
          let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return gradient.map { $0 / length }
        }
      },
      Mistake("signs", "only the signs of the gradient were used; its size counts as well") {
        $0.direction = { task, θ in task.gradient(θ).map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } }
      },
      Mistake("sizes", "the sign of the gradient was dropped") {
        $0.direction = { task, θ in task.gradient(θ).map { abs($0) } }
      },
      Mistake("cut", "the gradient was cut to between −1 and 1; α multiplies the gradient itself") {
        $0.direction = { task, θ in task.gradient(θ).map { min(max($0, -1), 1) } }
      },
      Mistake(
        "and θ", "θ was added to the gradient, which is weight decay; L has no such term here"
      ) {
        $0.direction = { task, θ in zip(task.gradient(θ), θ).map { $0 + $1 } }
      },
      Mistake("half way", "the gradient was taken half a step further on; take it at θ") {
        $0.direction = { task, θ in
          task.gradient(zip(θ, task.gradient(θ)).map { $0 - task.rate / 2 * $1 })
        }
      },
      Mistake("ahead", "the gradient was taken a whole step further on; take it at θ") {
        $0.direction = { task, θ in
          task.gradient(zip(θ, task.gradient(θ)).map { $0 - task.rate * $1 })
        }
      },
      Mistake("squares", "the gradient was squared") {
        $0.direction = { task, θ in task.gradient(θ).map { $0 * $0 } }
      },
      Mistake("θ", "θ itself was multiplied by α; multiply the gradient at θ") {
        $0.direction = { _, θ in θ }
      },
    ]
  }

  private static var moves: [Mistake<Descent>] {
    [
      Mistake("uphill", "that goes uphill; subtract the gradient", isCommon: true) {
        $0.moved = { $0 + $1 * $2 }
      },
      Mistake("=", "θ was replaced by −α ∇L(θ); subtract α ∇L(θ) from it") {
        $0.moved = { -$1 * $2 }
      },
      Mistake("= without sign", "θ was replaced by α ∇L(θ); subtract that from θ") {
        $0.moved = { $1 * $2 }
      },
      Mistake("reversed", "that is α ∇L(θ) − θ; it should be θ − α ∇L(θ)") {
        $0.moved = { $1 * $2 - $0 }
      },
      Mistake("brackets", "that is α(θ − ∇L(θ)); α multiplies only the gradient") {
        $0.moved = { $1 * ($0 - $2) }
      },
      Mistake("(θ − α) ∇L", "brackets are wrong: that is (θ − α) ∇L(θ), not θ − α ∇L(θ)") {
        $0.moved = { ($0 - $1) * $2 }
      },
      Mistake("minus both", "that is θ − α − ∇L(θ); α multiplies the gradient") {
        $0.moved = { $0 - $1 - $2 }
      },
      Mistake("scaled", "θ was multiplied by 1 − α ∇L(θ); the step is subtracted from θ") {
        $0.moved = { $0 * (1 - $1 * $2) }
      },
    ]
  }
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
    recognize("that is how far θ has moved; return where it is") { task in
      zip(Descent().end(task), task.start).map { $0 - $1 }
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
    recognize(
      "each step also repeats 0.9 of the step before: that is momentum, which plain gradient "
        + "descent does not have"
    ) { task in
      var (θ, velocity) = (task.start, task.start.map { _ in 0.0 })
      for _ in 0..<task.steps {
        velocity = zip(velocity, task.gradient(θ)).map { 0.9 * $0 + $1 }
        θ = zip(θ, velocity).map { $0 - task.rate * $1 }
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
