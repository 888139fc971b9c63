import Exercises
import Probability

// What people compute in place of plain gradient descent.
extension Comparison<DescentTask, [Double]> {
  /// Something else than the point after the last step.
  mutating func recognizeOtherAnswers() {
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
    recognize("those are all points on the way; return the last") {
      Descent().path($0).flatMap { $0 }
    }
  }

  /// Steps from other points, or by gradients at other points.
  mutating func recognizeOtherOrders() {
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
    recognize("each step begins at the start again; it should begin where the last one ended") {
      task in
      var θ = task.start
      for _ in 0..<task.steps {
        θ = zip(task.start, task.gradient(θ)).map { $0 - task.rate * $1 }
      }
      return θ
    }
    recognize(
      "a step that made the gradient larger was not taken; take every step, wherever it leads"
    ) { task in
      func square(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0 + $1 * $1 } }
      var θ = task.start
      for _ in 0..<task.steps {
        let gradient = task.gradient(θ)
        let next = zip(θ, gradient).map { $0 - task.rate * $1 }
        if square(task.gradient(next)) < square(gradient) { θ = next }
      }
      return θ
    }
  }

  /// Momentum, and methods that divide the gradient.
  mutating func recognizeOtherMethods() {
    for decay in [0.9, 0.5] {
      recognize(
        "each step also repeats \(decay) of the step before: that is momentum, which plain gradient "
          + "descent does not have"
      ) { $0.withVelocity(kept: decay, share: 1) }
    }
    recognize(
      "each step follows a running mean of the gradients, which plain gradient descent does not have"
    ) { $0.withVelocity(kept: 0.9, share: 0.1) }
    recognize("the gradients of all steps so far were added up; each step uses only the newest") {
      $0.withVelocity(kept: 1, share: 1)
    }
    recognize(
      "the gradient was divided by the root of a running mean of its squares, as RMSprop does; α "
        + "multiplies the gradient itself"
    ) { $0.divided(kept: 0.9, share: 0.1) }
    recognize(
      "the gradient was divided by the root of its squares so far, as Adagrad does; α multiplies the "
        + "gradient itself"
    ) { $0.divided(kept: 1, share: 1) }
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

  /// The end, if a step goes along a velocity, of which a part is kept from step to step.
  fileprivate func withVelocity(kept: Double, share: Double) -> [Double] {
    var (θ, velocity) = (start, start.map { _ in 0.0 })
    for _ in 0..<steps {
      velocity = zip(velocity, gradient(θ)).map { kept * $0 + share * $1 }
      θ = zip(θ, velocity).map { $0 - rate * $1 }
    }
    return θ
  }

  /// The end, if the gradient is divided by the root of its squares, of which a part is kept.
  fileprivate func divided(kept: Double, share: Double) -> [Double] {
    var (θ, squares) = (start, start.map { _ in 0.0 })
    for _ in 0..<steps {
      let gradient = gradient(θ)
      squares = zip(squares, gradient).map { kept * $0 + share * $1 * $1 }
      θ = θ.indices.map { θ[$0] - rate * gradient[$0] / (squares[$0].squareRoot() + 1e-8) }
    }
    return θ
  }
}
