import Exercises

extension Descent {
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
      Mistake("at least one", "with no steps asked for, one was taken; test before the first step")
      {
        $0.steps = { max(1, $0) }
      },
      Mistake("half", "only half of the steps were taken; does the loop count by two?") {
        $0.steps = { $0 / 2 }
      },
      Mistake("half, rounded up", "only every other step was taken; does the loop count by two?") {
        $0.steps = { ($0 + 1) / 2 }
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
      Mistake(
        "root", "the learning rate was divided by the root of the step's number; it stays the same"
      ) { $0.rate = { task, index in task.rate / Double(index + 1).squareRoot() } },
      Mistake("0.1", "the learning rate was divided by 1 + 0.1 k in step k; it stays the same") {
        $0.rate = { task, index in task.rate / (1 + 0.1 * Double(index)) }
      },
      Mistake("0.01", "the learning rate was divided by 1 + 0.01 k in step k; it stays the same") {
        $0.rate = { task, index in task.rate / (1 + 0.01 * Double(index)) }
      },
      Mistake("to 0", "the learning rate falls to 0 over the steps; it stays the same") {
        $0.rate = { task, index in task.rate * (1 - Double(index) / Double(task.steps)) }
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
      Mistake("not first", "θ₁ was never moved; does a loop begin at 1?") {
        $0.direction = { task, θ in task.gradient(θ).enumerated().map { $0 == 0 ? 0 : $1 } }
      },
      Mistake("not last", "the last number of θ was never moved; does a loop end too early?") {
        $0.direction = { task, θ in
          task.gradient(θ).enumerated().map { $0 == θ.count - 1 ? 0 : $1 }
        }
      },
      Mistake("mean", "every number was moved by the mean of the gradient's numbers") {
        $0.direction = { task, θ in
          θ.map { _ in task.gradient(θ).reduce(0, +) / Double(θ.count) }
        }
      },
      Mistake(
        "stop when small",
        "θ no longer moved where the gradient was small; take as many steps as are asked for"
      ) {
        $0.direction = { task, θ in
          let gradient = task.gradient(θ)
          return gradient.contains { abs($0) > 1e-4 } ? gradient : θ.map { _ in 0 }
        }
      },
      Mistake(
        "stop below 1",
        "θ no longer moved where all of the gradient was smaller than 1; take as many steps as are "
          + "asked for"
      ) {
        $0.direction = { task, θ in
          let gradient = task.gradient(θ)
          return gradient.contains { abs($0) >= 1 } ? gradient : θ.map { _ in 0 }
        }
      },
      Mistake(
        "length at most 1",
        "a gradient longer than 1 was cut to the length 1; α multiplies all of it"
      ) {
        $0.direction = { task, θ in
          let gradient = task.gradient(θ)
          let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return gradient.map { $0 / max(1, length) }
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
      Mistake("at least 0", "negative numbers of θ became 0; θ may be any number") {
        $0.moved = { max(0, $0 - $1 * $2) }
      },
      Mistake("size of θ", "the sign of θ is gone") { $0.moved = { abs($0 - $1 * $2) } },
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
