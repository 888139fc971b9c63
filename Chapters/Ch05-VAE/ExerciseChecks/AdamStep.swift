import Autodiff
import Exercises
import NeuralNetworks

/// What a step of Adam changes: three numbers for each parameter.
struct AdamState: AnswerConvertible {
  var parameters: [Double]
  /// The running mean of the gradient, not corrected.
  var firstMoments: [Double]
  /// The running mean of its square, not corrected.
  var secondMoments: [Double]

  /// The three as rows.
  var answer: Answer { [parameters, firstMoments, secondMoments].answer }
}

/// The settings of Adam.
struct AdamRates {
  /// α.
  var learningRate = 0.001
  /// β₁.
  var firstDecay = 0.9
  /// β₂.
  var secondDecay = 0.999
  /// ε.
  var epsilon = 1e-8
}

extension Checks {
  static func adamStep(
    _ answer: @escaping (AdamState, [Double], Int, AdamRates) throws -> AdamState
  ) -> Exercise {
    var comparison = Comparison<AdamTask, AdamState>(of: {
      try answer($0.state, $0.gradient, $0.step, $0.rates)
    }) { $0.value }
    func ask(_ name: String, _ task: AdamTask) {
      let (state, rates) = (task.state, task.rates)
      comparison.ask(
        "\(name), the parameters \(exact(state.parameters)), the moments "
          + "\(exact(state.firstMoments)) and \(exact(state.secondMoments)), the gradient "
          + "\(exact(task.gradient)), α = \(exact(rates.learningRate)), β₁ = "
          + "\(exact(rates.firstDecay)), β₂ = \(exact(rates.secondDecay)) and ε = "
          + "\(exact(rates.epsilon)), where the rows are "
          + "the parameters and the two moments", task)
    }
    ask(
      "step 1",
      AdamTask(
        state: AdamState(parameters: [1], firstMoments: [0], secondMoments: [0]), gradient: [0.5],
        step: 1, rates: AdamRates(learningRate: 0.1, epsilon: 0)))
    ask(
      "step 3",
      AdamTask(
        state: AdamState(
          parameters: roundedNormals(3, seed: 58), firstMoments: roundedNormals(3, seed: 59),
          secondMoments: [1.2, 0.4, 2.5]), gradient: roundedNormals(3, seed: 60),
        step: 3, rates: AdamRates(learningRate: 0.5)))
    ask(
      "step 4",
      AdamTask(
        state: AdamState(
          parameters: roundedNormals(2, seed: 61), firstMoments: roundedNormals(2, seed: 62),
          secondMoments: [0.3, 0.9]), gradient: roundedNormals(2, seed: 63),
        step: 4,
        rates: AdamRates(learningRate: 0.2, firstDecay: 0.5, secondDecay: 0.75, epsilon: 0.1)))
    comparison.recognizeMistakes()
    return Exercise(
      "adam-step", "A step of Adam, with its bias correction", minutes: 20,
      hints: [
        "Compute the two new moments first; everything after that uses the new ones.",
        "In the first step 1 − β₁ᵗ is 1 − β₁, and m̂ is the gradient itself. If yours is not, "
          + "check the correction.",
        "β₁ᵗ is pow(rates.firstDecay, Double(step)). The corrected moments are for the step only; "
          + "return the uncorrected ones.",
      ], comparison)
  }
}

extension Comparison<AdamTask, AdamState> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "the correction is missing: the moments began at 0, so divide them by 1 − β₁ᵗ and 1 − β₂ᵗ"
    ) { $0.variant(firstPower: { _ in .infinity }, secondPower: { _ in .infinity }) }
    recognize("v̂ lacks its correction, the division by 1 − β₂ᵗ") {
      $0.variant(secondPower: { _ in .infinity })
    }
    recognize("m̂ lacks its correction, the division by 1 − β₁ᵗ") {
      $0.variant(firstPower: { _ in .infinity })
    }
    recognize(
      "the correction takes β to the power t − 1; in the first step, t is 1"
    ) { $0.variant(firstPower: { $0 - 1 }, secondPower: { $0 - 1 }) }
    recognize("the correction takes β to the power t + 1; in the first step, t is 1") {
      $0.variant(firstPower: { $0 + 1 }, secondPower: { $0 + 1 })
    }
    recognize("the correction is 1 − β in every step; it should take β to the power t") {
      $0.variant(firstPower: { _ in 1 }, secondPower: { _ in 1 })
    }
    recognize("ε is inside the root; add it to √v̂ instead") {
      $0.variant(quotient: { first, second, epsilon in first / (second + epsilon).squareRoot() })
    }
    recognize("ε is missing") {
      $0.variant(quotient: { first, second, _ in first / second.squareRoot() })
    }
    recognize("m̂ was divided by v̂; divide it by the root of v̂") {
      $0.variant(quotient: { first, second, epsilon in first / (second + epsilon) })
    }
    recognize("the step goes uphill: subtract it, so that the loss falls") {
      $0.variant(quotient: { first, second, epsilon in -first / (second.squareRoot() + epsilon) })
    }
    recognize("the gradient in the second moment is not squared") {
      $0.variant(square: { $0 })
    }
    recognize(
      "β is the share of the old moment, and 1 − β that of the new gradient; here they are "
        + "exchanged"
    ) { task in
      var swapped = task
      swapped.rates.firstDecay = 1 - task.rates.firstDecay
      swapped.rates.secondDecay = 1 - task.rates.secondDecay
      return swapped.variant(
        corrections: (
          task.correction(task.rates.firstDecay), task.correction(task.rates.secondDecay)
        ))
    }
    recognize(
      "the corrected moments are returned; the next step starts from the uncorrected ones"
    ) { task in
      var state = task.value
      let first = task.correction(task.rates.firstDecay)
      let second = task.correction(task.rates.secondDecay)
      state.firstMoments = state.firstMoments.map { $0 / first }
      state.secondMoments = state.secondMoments.map { $0 / second }
      return state
    }
  }
}

/// The input of the exercise on Adam.
private struct AdamTask {
  var state: AdamState
  var gradient: [Double]
  var step: Int
  var rates: AdamRates

  /// By the library.
  var value: AdamState {
    var parameters = Tensor(state.parameters)
    var adam = Adam(
      for: parameters, learningRate: rates.learningRate, firstDecay: rates.firstDecay,
      secondDecay: rates.secondDecay, epsilon: rates.epsilon)
    adam.restore(
      step: step - 1, firstMoments: [Tensor(state.firstMoments)],
      secondMoments: [Tensor(state.secondMoments)])
    adam.update(&parameters, along: Tensor(gradient))
    return AdamState(
      parameters: parameters.scalars, firstMoments: adam.firstMoments[0].scalars,
      secondMoments: adam.secondMoments[0].scalars)
  }

  /// 1 − βᵗ, or with another power in place of t; 1 if that is infinite.
  func correction(_ decay: Double, power: (Double) -> Double = { $0 }) -> Double {
    let power = power(Double(step))
    return power.isInfinite ? 1 : 1 - (0..<Int(power)).reduce(1.0) { product, _ in product * decay }
  }

  /// The step with something else in one place.
  func variant(
    firstPower: (Double) -> Double = { $0 }, secondPower: (Double) -> Double = { $0 },
    corrections: (Double, Double)? = nil, square: (Double) -> Double = { $0 * $0 },
    quotient: (_ first: Double, _ second: Double, _ epsilon: Double) -> Double = {
      $0 / ($1.squareRoot() + $2)
    }
  ) -> AdamState {
    let (keep, keepSquare) = (rates.firstDecay, rates.secondDecay)
    let first = zip(state.firstMoments, gradient).map { keep * $0 + (1 - keep) * $1 }
    let second = zip(state.secondMoments, gradient).map {
      keepSquare * $0 + (1 - keepSquare) * square($1)
    }
    let (firstCorrection, secondCorrection) =
      corrections ?? (
        correction(keep, power: firstPower), correction(keepSquare, power: secondPower)
      )
    let parameters = state.parameters.indices.map { i in
      state.parameters[i] - rates.learningRate
        * quotient(first[i] / firstCorrection, second[i] / secondCorrection, rates.epsilon)
    }
    return AdamState(parameters: parameters, firstMoments: first, secondMoments: second)
  }
}
