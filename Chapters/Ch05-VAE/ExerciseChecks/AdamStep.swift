import Autodiff
import Calculations
import Exercises
import NeuralNetworks

/// What a step of Adam changes: three numbers for each parameter.
struct AdamState: AnswerConvertible {
  var parameters: [Double]
  /// The running mean of the gradient, not corrected.
  var firstMoments: [Double]
  /// The running mean of its square, not corrected.
  var secondMoments: [Double]

  /// The three with their names.
  var answer: Answer {
    Answer(parts: [
      ("parameters", parameters), ("firstMoments", firstMoments), ("secondMoments", secondMoments),
    ])
  }
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
    for task in AdamTask.all { comparison.ask(task.description, task) }
    comparison.argument("gradient", \.gradient)
    comparison.argument("state.parameters", \.state.parameters)
    comparison.argument("state.firstMoments", \.state.firstMoments)
    comparison.argument("state.secondMoments", \.state.secondMoments)
    comparison.argument("rates.learningRate", \.rates.learningRate)
    comparison.argument("rates.firstDecay", \.rates.firstDecay) { 0.9 * $0 }
    comparison.argument("rates.secondDecay", \.rates.secondDecay) { 0.9 * $0 }
    comparison.argument("rates.epsilon", \.rates.epsilon)
    comparison.recognize(AdamUpdate.mistakes, in: AdamUpdate()) { $0.value(by: $1) }
    comparison.recognize(
      "t grows from parameter to parameter; it is the number of the step, the same for all of them"
    ) {
      $0.value(step: { task, index in (task.step - 1) * task.gradient.count + index + 1 })
    }
    comparison.recognize(
      "t grows from parameter to parameter; it is the number of the step, the same for all of them"
    ) { $0.value(step: { task, index in task.step + index }) }
    comparison.calculation { $0.calculation }
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

/// The input of the exercise on Adam.
private struct AdamTask {
  var state: AdamState
  var gradient: [Double]
  var step: Int
  var rates: AdamRates

  static var all: [AdamTask] {
    [
      AdamTask(
        state: AdamState(parameters: [1], firstMoments: [0], secondMoments: [0]), gradient: [0.5],
        step: 1, rates: AdamRates(learningRate: 0.1, epsilon: 0)),
      AdamTask(
        state: AdamState(
          parameters: roundedNormals(3, seed: 58), firstMoments: roundedNormals(3, seed: 59),
          secondMoments: [1.2, 0.4, 2.5]), gradient: roundedNormals(3, seed: 60),
        step: 3, rates: AdamRates(learningRate: 0.5)),
      AdamTask(
        state: AdamState(
          parameters: roundedNormals(2, seed: 61), firstMoments: roundedNormals(2, seed: 62),
          secondMoments: [0.3, 0.9]), gradient: roundedNormals(2, seed: 63),
        step: 4,
        rates: AdamRates(learningRate: 0.2, firstDecay: 0.5, secondDecay: 0.75, epsilon: 0.1)),
    ]
  }

  var description: String {
    "step \(step), the parameters \(exact(state.parameters)), the moments "
      + "\(exact(state.firstMoments)) and \(exact(state.secondMoments)), the gradient "
      + "\(exact(gradient)), α = \(exact(rates.learningRate)), β₁ = \(exact(rates.firstDecay)), "
      + "β₂ = \(exact(rates.secondDecay)) and ε = \(exact(rates.epsilon))"
  }

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

  /// Step by step.
  var calculation: Calculation {
    let gradient = Calculation.argument("gradient", gradient)
    let step = Calculation.argument("Double(step)", Double(step))
    func moment(
      _ name: String, _ before: Calculation, _ decay: Calculation, _ new: Calculation
    ) -> (after: Calculation, corrected: Calculation) {
      let after = (decay * before + (1 - decay) * new).named(name)
      return (after, (after / (1 - pow(decay, step))).named(name + "̂"))
    }
    let m = moment(
      "m", .argument("state.firstMoments", state.firstMoments),
      .argument("rates.firstDecay", rates.firstDecay), gradient)
    let v = moment(
      "v", .argument("state.secondMoments", state.secondMoments),
      .argument("rates.secondDecay", rates.secondDecay), square(gradient))
    let direction =
      m.corrected / (sqrt(v.corrected) + .argument("rates.epsilon", rates.epsilon))
    let parameters =
      .argument("state.parameters", state.parameters)
      - .argument("rates.learningRate", rates.learningRate) * direction
    return .list([parameters, m.after, v.after])
  }

  /// By a formula for one parameter, with a number of the step for each.
  func value(
    by formula: AdamUpdate = AdamUpdate(),
    step: (_ task: AdamTask, _ parameter: Int) -> Int = { task, _ in task.step }
  ) -> AdamState {
    let results = gradient.indices.map { i in
      formula(
        .init(
          parameter: state.parameters[i], firstMoment: state.firstMoments[i],
          secondMoment: state.secondMoments[i], gradient: gradient[i],
          step: step(self, i),
          rates.learningRate, rates.firstDecay, rates.secondDecay, rates.epsilon))
    }
    return AdamState(
      parameters: results.map(\.parameter), firstMoments: results.map(\.firstMoment),
      secondMoments: results.map(\.secondMoment))
  }
}
