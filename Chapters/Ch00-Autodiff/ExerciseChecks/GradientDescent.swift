import Exercises

extension Checks {
  static func gradientDescent(
    _ answer: @escaping ([Double], Double, Int, ([Double]) -> [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<DescentTask, [Double]>(of: {
      try answer($0.start, $0.rate, $0.steps, $0.gradient)
    }) { $0.end() }
    comparison.ask(
      "L = θ², from (1) with α = 0.25, two steps",
      DescentTask(start: [1], rate: 0.25, steps: 2) { [2 * $0[0]] })
    comparison.ask(
      "L = (θ₁ − 1)² + θ₁θ₂ + 2θ₂², from (2, -1) with α = 0.1, three steps",
      DescentTask(start: [2, -1], rate: 0.1, steps: 3) {
        [2 * ($0[0] - 1) + $0[1], $0[0] + 4 * $0[1]]
      })
    comparison.ask(
      "the same L and start, no steps",
      DescentTask(start: [2, -1], rate: 0.1, steps: 0) {
        [2 * ($0[0] - 1) + $0[1], $0[0] + 4 * $0[1]]
      })
    comparison.recognizeMistakes()
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
  let start: [Double]
  let rate: Double
  let steps: Int
  let gradient: ([Double]) -> [Double]

  func end(rate: Double? = nil, steps: Int? = nil) -> [Double] {
    (0..<(steps ?? self.steps)).reduce(start) { θ, _ in
      zip(θ, gradient(θ)).map { $0 - (rate ?? self.rate) * $1 }
    }
  }
}

extension Comparison<DescentTask, [Double]> {
  fileprivate mutating func recognizeMistakes() {
    recognize("that goes uphill; subtract the gradient") { $0.end(rate: -$0.rate) }
    recognize("every step used the gradient at the start; it has to be computed anew in each step")
    {
      $0.end(rate: $0.rate * Double($0.steps), steps: min($0.steps, 1))
    }
    recognize("that is one step too many") { $0.end(steps: $0.steps + 1) }
    recognize("one step is missing") { $0.end(steps: max(0, $0.steps - 1)) }
    recognize("the learning rate is missing") { $0.end(rate: 1) }
    recognize("the learning rate was divided by the number of steps") {
      $0.end(rate: $0.rate / Double(max($0.steps, 1)))
    }
    recognize("that is the last step, α times the gradient; return the point to which it leads") {
      task in
      let before = task.end(steps: max(0, task.steps - 1))
      return task.gradient(before).map { task.rate * $0 }
    }
    recognize("θ₂ was moved by a gradient at a θ₁ that had moved already; compute it once per step")
    {
      task in
      var θ = task.start
      for _ in 0..<task.steps {
        for index in θ.indices { θ[index] -= task.rate * task.gradient(θ)[index] }
      }
      return θ
    }
  }
}
