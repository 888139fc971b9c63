import Autodiff
import Calculations
import Exercises

extension Checks {
  static func neuronGradient(
    _ answer: @escaping (Double, Double, Double, Double) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<NeuronTask, [Double]>(
      of: { try answer($0.w, $0.x, $0.b, $0.y) }, elements: ["∂E/∂w", "∂E/∂x", "∂E/∂b"]
    ) { NeuronRule().gradient($0) }
    func ask(_ w: Double, _ x: Double, _ b: Double, _ y: Double) {
      comparison.ask(
        "w = \(text(w)), x = \(text(x)), b = \(text(b)) and y = \(text(y))",
        NeuronTask(w: w, x: x, b: b, y: y))
    }
    ask(0, 3, 0, 1)
    ask(0.7, -0.4, 0.3, 0.6)
    ask(-1.1, 0.8, 0.2, -0.5)
    ask(1.3, 0.6, -0.4, -0.9)
    ask(1.5, 1.2, 0.4, 0.3)
    comparison.argument("w", \.w)
    comparison.argument("x", \.x)
    comparison.argument("b", \.b)
    comparison.argument("y", \.y)
    let examples = [
      NeuronTask(w: 0.7, x: -0.4, b: 0.3, y: 0.6), NeuronTask(w: -1.1, x: 0.8, b: 0.2, y: -0.5),
      NeuronTask(w: 1.5, x: 1.2, b: 0.4, y: 0.3),
    ]
    let mistakes = NeuronRule.mistakes.distinct(in: NeuronRule()) { rule in
      examples.flatMap(rule.gradient)
    }
    comparison.recognize(mistakes, in: NeuronRule()) { $1.gradient($0) }
    comparison.recognizeOtherNumbers()
    comparison.calculation { task in
      task.gradient { outer, t in outer * (1 - t * t) }
    }
    // Each of the three written out.
    comparison.calculation { task in
      let (w, x, t) = task.steps
      let outer = 2 * (t - .argument("y", task.y))
      let slope = 1 - t * t
      return .list([outer * x * slope, outer * w * slope, outer * slope])
    }
    return Exercise(
      "neuron-gradient", "The chain rule by hand, for one neuron", minutes: 15,
      hints: [
        "Begin at the end: what is ∂E/∂t? Then ∂E/∂u is that times ∂t/∂u.",
        "∂E/∂u = 2(t − y)(1 − t²). What is ∂u/∂w, ∂u/∂x and ∂u/∂b?",
      ], comparison)
  }
}

/// What is given in the exercise on one neuron.
struct NeuronTask {
  var w: Double
  var x: Double
  var b: Double
  var y: Double
}

/// ∂E/∂t · ∂t/∂u · (∂u/∂w, ∂u/∂x, ∂u/∂b).
struct NeuronRule {
  var input: (NeuronTask) -> Double = { $0.w * $0.x + $0.b }
  var activation: (_ u: Double) -> Double = { .tanh($0) }
  var outer: (_ t: Double, _ y: Double) -> Double = { t, y in 2 * (t - y) }
  var tanh = TanhDerivative()
  /// Where the derivative of tanh is taken.
  var slopeInput: (NeuronTask, _ u: Double) -> Double = { $1 }
  var inner: (NeuronTask) -> [Double] = { [$0.x, $0.w, 1] }
  /// The only derivative that is wrong, if not all are.
  var only: Int?

  func gradient(_ task: NeuronTask) -> [Double] {
    let u = input(task)
    let t = activation(u)
    let place = slopeInput(task, u)
    let factor = outer(t, task.y) * tanh.formula(place, activation(place))
    let gradient = inner(task).map { factor * $0 }
    guard let only else { return gradient }
    return NeuronRule().gradient(task).enumerated().map { $0 == only ? gradient[$0] : $1 }
  }

  static var mistakes: [Mistake<NeuronRule>] {
    factors + slopeInputs + innerMistakes + inputMistakes + activations + inOne
  }

  private static var factors: [Mistake<NeuronRule>] {
    TanhDerivative.mistakes.without("t² − 1").within(\.tanh) + outerMistakes
  }

  /// Other numbers at which the derivative of tanh is taken.
  private static var slopeInputs: [Mistake<NeuronRule>] {
    let places: [(String, (NeuronTask, _ u: Double) -> Double)] = [
      ("x", { task, _ in task.x }), ("w", { task, _ in task.w }), ("b", { task, _ in task.b }),
      ("y", { task, _ in task.y }), ("wx", { task, _ in task.w * task.x }),
      ("tanh u", { _, u in .tanh(u) }),
    ]
    return places.map { name, place in
      Mistake(
        "slope at \(name)", "the derivative of tanh is taken at \(name); take it at u = wx + b"
      ) {
        $0.slopeInput = place
      }
    }
  }

  /// A factor that is wrong in one of the three only.
  private static var inOne: [Mistake<NeuronRule>] {
    ["∂E/∂w", "∂E/∂x", "∂E/∂b"].enumerated().flatMap { index, name in
      factors.map { mistake in
        Mistake(
          "\(mistake.name) in \(name)",
          "in \(name), "
            + (mistake.name == "sign" ? "the sign is flipped" : mistake.message)
        ) {
          $0 = mistake.made(in: $0)
          $0.only = index
        }
      }
    }
  }

  private static var outerMistakes: [Mistake<NeuronRule>] {
    [
      Mistake("no 2", "the derivative of the square has a factor of 2", isCommon: true) {
        $0.outer = { t, y in t - y }
      },
      Mistake(
        "none", "the outer derivative, that of (t − y)², is missing: those are the derivatives of t"
      ) {
        $0.outer = { _, _ in 1 }
      },
      Mistake(
        "sign",
        "the sign of all three is flipped: is it y − t in place of t − y, or t² − 1 in place of 1 − t²?",
        isCommon: true
      ) {
        $0.outer = { t, y in 2 * (y - t) }
      },
      Mistake("half sign", "the sign of t − y is flipped, and the factor of 2 is missing") {
        $0.outer = { t, y in y - t }
      },
      Mistake(
        "the square", "(t − y)² was used in place of its derivative, which is 2(t − y)",
        isCommon: true
      ) { $0.outer = { t, y in (t - y) * (t - y) } },
      Mistake("twice the square", "the derivative of (t − y)² is 2(t − y), without the square") {
        $0.outer = { t, y in 2 * (t - y) * (t - y) }
      },
      Mistake("2t − y", "brackets are missing: 2 * t - y in place of 2 * (t - y)") {
        $0.outer = { t, y in 2 * t - y }
      },
      Mistake("2t", "the target y is missing: the outer derivative is 2(t − y)") {
        $0.outer = { t, _ in 2 * t }
      },
      Mistake("sum", "y was added to t; the error is t − y") { $0.outer = { t, y in 2 * (t + y) } },
      Mistake("2", "the factor t − y is missing: the outer derivative is 2(t − y)") {
        $0.outer = { _, _ in 2 }
      },
      Mistake("size", "the size of t − y was used; its sign counts") {
        $0.outer = { t, y in 2 * abs(t - y) }
      },
      Mistake("half", "½ is too much: the derivative of (t − y)² is 2(t − y), not ½(t − y)") {
        $0.outer = { t, y in (t - y) / 2 }
      },
    ]
  }

  private static var innerMistakes: [Mistake<NeuronRule>] {
    [
      Mistake(
        "exchanged", "w and x are exchanged: ∂u/∂w is x, and ∂u/∂x is w", isCommon: true
      ) { $0.inner = { [$0.w, $0.x, 1] } },
      Mistake("missing", "the last factor is missing: ∂u/∂w is x, and ∂u/∂x is w") {
        $0.inner = { _ in [1, 1, 1] }
      },
      Mistake("no x", "the factor ∂u/∂w = x is missing in ∂E/∂w") {
        $0.inner = { [1, $0.w, 1] }
      },
      Mistake("no w", "the factor ∂u/∂x = w is missing in ∂E/∂x") {
        $0.inner = { [$0.x, 1, 1] }
      },
      Mistake("b", "∂u/∂b is 1, not b", isCommon: true) { $0.inner = { [$0.x, $0.w, $0.b] } },
      Mistake("0 for b", "∂E/∂b is not 0: b is added to wx, so ∂u/∂b is 1") {
        $0.inner = { [$0.x, $0.w, 0] }
      },
      Mistake("x twice", "∂u/∂x is w, not x") { $0.inner = { [$0.x, $0.x, 1] } },
      Mistake("w twice", "∂u/∂w is x, not w") { $0.inner = { [$0.w, $0.w, 1] } },
      Mistake("wx", "the derivative of wx with respect to w is x, and with respect to x it is w") {
        $0.inner = { [$0.w * $0.x, $0.w * $0.x, 1] }
      },
      Mistake("w + x", "the derivative of wx with respect to w is x, not w + x") {
        $0.inner = { [$0.w + $0.x, $0.w + $0.x, 1] }
      },
      Mistake("x for b", "∂u/∂b is 1, not x") { $0.inner = { [$0.x, $0.w, $0.x] } },
    ]
  }

  private static var inputMistakes: [Mistake<NeuronRule>] {
    [
      Mistake("no b", "b is missing in u = wx + b", isCommon: true) {
        $0.input = { $0.w * $0.x }
      },
      Mistake("minus b", "b was subtracted; u = wx + b") { $0.input = { $0.w * $0.x - $0.b } },
      Mistake("brackets", "u is wx + b, not w(x + b)") { $0.input = { $0.w * ($0.x + $0.b) } },
      Mistake("sum", "u is wx + b, not w + x + b") { $0.input = { $0.w + $0.x + $0.b } },
      Mistake("times b", "u is wx + b, not wxb") { $0.input = { $0.w * $0.x * $0.b } },
      Mistake("no tanh", "tanh is missing: t is tanh u, not u itself") {
        $0.activation = { $0 }
      },
      Mistake("sigmoid", "t is tanh u, not the sigmoid of u", isCommon: true) {
        $0.activation = { .sigmoid($0) }
      },
      Mistake("sigmoid throughout", "that is right for a sigmoid; here t is tanh u") {
        $0.activation = { .sigmoid($0) }
        $0.tanh.formula = { _, t in t * (1 - t) }
      },
      Mistake(
        "u − y", "the error is t − y, with t = tanh u; tanh is missing there, not in its derivative"
      ) {
        $0.activation = { $0 }
        $0.tanh.formula = { u, _ in 1 - .tanh(u) * .tanh(u) }
      },
    ]
  }
}

extension Comparison<NeuronTask, [Double]> {
  fileprivate mutating func recognizeOtherNumbers() {
    recognize("the order is ∂E/∂w, ∂E/∂x, ∂E/∂b; ∂E/∂b came first") { task in
      let gradient = NeuronRule().gradient(task)
      return [gradient[2], gradient[0], gradient[1]]
    }
    recognize("those are u, t and E; the exercise asks for the derivatives of E") { task in
      let u = task.w * task.x + task.b
      return [u, .tanh(u), (.tanh(u) - task.y) * (.tanh(u) - task.y)]
    }
    recognize("∂u/∂x is w and ∂u/∂b is 1; you multiply all three by x") {
      let gradient = NeuronRule().gradient($0)
      return [gradient[0], gradient[1] * $0.x, gradient[2] * $0.x]
    }
    recognize("the brackets around 1 - t * t are missing") { task in
      let t = Double.tanh(task.w * task.x + task.b)
      return [task.x, task.w, 1].map { 2 * (t - task.y) * 1 - t * t * $0 }
    }
    recognize("the slope was taken at the target: 1 − y² in place of 1 − t²") { task in
      let t = Double.tanh(task.w * task.x + task.b)
      return [task.x, task.w, 1].map { 2 * (t - task.y) * (1 - task.y * task.y) * $0 }
    }
    recognize("that is a step of gradient descent from w, x and b; return the derivatives") {
      task in
      zip([task.w, task.x, task.b], NeuronRule().gradient(task)).map { $0 - $1 }
    }
    recognizeMisplacedFactors()
    for step in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] {
      recognize("those are forward differences, which are only nearly right; use the chain rule") {
        $0.differences { f, x in (f(x + step) - f(x)) / step }
      }
    }
    for step in [0.1, 1e-2, 1e-3] {
      recognize("those are central differences, which are only nearly right; use the chain rule") {
        $0.differences { f, x in Differences.central(f, x, step) }
      }
    }
    recognize("that is the squared error three times, not its derivatives") { task in
      let t = Double.tanh(task.w * task.x + task.b)
      return Array(repeating: (t - task.y) * (t - task.y), count: 3)
    }
  }
}

extension Comparison<NeuronTask, [Double]> {
  /// A right factor where another should be, or inside it.
  fileprivate mutating func recognizeMisplacedFactors() {
    recognize("∂E/∂x is ∂E/∂u times w, the weight itself; you multiply by ∂E/∂w in place of w") {
      let gradient = NeuronRule().gradient($0)
      return [gradient[0], gradient[2] * gradient[0], gradient[2]]
    }
    recognize("∂E/∂w is ∂E/∂u times x, the input itself; you multiply by ∂E/∂x in place of x") {
      let gradient = NeuronRule().gradient($0)
      return [gradient[2] * gradient[1], gradient[1], gradient[2]]
    }
    recognize("∂E/∂x is ∂E/∂u times w; you multiply ∂E/∂w by w, so that it has the factor x, too") {
      let gradient = NeuronRule().gradient($0)
      return [gradient[0], gradient[0] * $0.w, gradient[2]]
    }
    recognize("∂E/∂w is ∂E/∂u times x; you multiply ∂E/∂x by x, so that it has the factor w, too") {
      let gradient = NeuronRule().gradient($0)
      return [gradient[1] * $0.x, gradient[1], gradient[2]]
    }
    recognize("1 − t² was put into 2(t − y) in place of t; ∂E/∂u is their product") {
      $0.gradient { t, y in 2 * (1 - t * t - y) }
    }
    let insides: [(name: String, factor: Double)] = [("2(t − y)", 2), ("t − y", 1)]
    for (name, factor) in insides {
      recognize("\(name) was put into the derivative of tanh; ∂E/∂u is 2(t − y) times 1 − t²") {
        $0.gradient { t, y in
          let inside = Double.tanh(factor * (t - y))
          return 1 - inside * inside
        }
      }
      recognize("\(name) stands in 1 − t² in place of t; ∂E/∂u is 2(t − y) times 1 − t²") {
        $0.gradient { t, y in 1 - factor * factor * (t - y) * (t - y) }
      }
      recognize("the derivative of tanh was taken at \(name); it is 1 − t², with t = tanh u") {
        $0.gradient { t, y in
          let inside = Double.tanh(factor * (t - y))
          return 2 * (t - y) * (1 - inside * inside)
        }
      }
    }
  }
}

extension NeuronTask {
  /// w, x and t as the beginning of a calculation.
  fileprivate var steps: (w: Calculation, x: Calculation, t: Calculation) {
    let w = Calculation.argument("w", w)
    let x = Calculation.argument("x", x)
    let u = (w * x + Calculation.argument("b", b)).named("u")
    return (w, x, tanh(u).named("t"))
  }

  /// How the three derivatives are calculated, with a formula for ∂E/∂u, from ∂E/∂t and t.
  fileprivate func gradient(
    _ formula: (_ outer: Calculation, _ t: Calculation) -> Calculation
  ) -> Calculation {
    let (w, x, t) = steps
    let factor = formula(2 * (t - .argument("y", y)), t).named("∂E/∂u")
    return .list([factor * x, factor * w, factor[[0], named: "∂E/∂b"]])
  }

  /// The three derivatives, from the one with respect to u.
  fileprivate func gradient(_ derivative: (_ t: Double, _ y: Double) -> Double) -> [Double] {
    let factor = derivative(.tanh(w * x + b), y)
    return [factor * x, factor * w, factor]
  }

  /// The derivatives, estimated from values of E.
  fileprivate func differences(_ estimate: ((Double) -> Double, Double) -> Double) -> [Double] {
    func error(_ w: Double, _ x: Double, _ b: Double) -> Double {
      let difference = Double.tanh(w * x + b) - y
      return difference * difference
    }
    return [
      estimate({ error($0, x, b) }, w), estimate({ error(w, $0, b) }, x),
      estimate({ error(w, x, $0) }, b),
    ]
  }
}
