import Autodiff
import Notebook
import Probability
import Testing

@testable import Ch00_Autodiff

@Suite struct Ch00AutodiffTests {
  // MARK: - 0.1

  /// A polynomial with whole coefficients and steps of ½ leaves nothing to round.
  @Test("A formula of order k is exact for polynomials of degree k, and not for the next")
  func orders() {
    func power(_ degree: Int) -> (Double) -> Double {
      { x in (0..<degree).reduce(1) { product, _ in product * x } }
    }
    let formulas = [Differences.forward, Differences.central, Differences.fourthOrder]
    for (formula, exactDegree) in zip(formulas, [1, 2, 4]) {
      for degree in 1...exactDegree {
        #expect(formula(power(degree), 2, 0.5) == Double(degree) * power(degree - 1)(2))
      }
      let next = exactDegree + 1
      #expect(formula(power(next), 2, 0.5) != Double(next) * power(exactDegree)(2))
    }
  }

  @Test("The errors stay within their bounds wherever the derivative is taken")
  func errorBounds() {
    for x in [-3, -1, 0, 0.3, 2, 5.0] {
      let share = Differences(at: x).largestShareOfBound
      #expect(share <= 1 && share > 0.5, "\(x): \(share)")
    }
  }

  @Test("The best step is where the bound is smallest")
  func bestStep() {
    for formula in DifferenceFormula.all {
      // The bound's terms of higher order in h move the minimum by far less than a factor of 2.
      let (h, x) = (formula.bestStep(1), 1.0)
      func bound(_ h: Double) -> Double { formula.truncationBound(h) + formula.roundingBound(x, h) }
      #expect(bound(h) < bound(2 * h) && bound(h) < bound(h / 2), "\(formula.name)")
    }
  }

  // MARK: - 0.2 and 0.3

  @Test("By hand, along paths and by the tape, the derivatives of (xy + x) eʸ are the same")
  func threeWays() {
    for (x, y) in [(2, 0.5), (-1.5, 0.3), (0.0, -2.0)] {
      let byHand = ChainRule(x: x, y: y)
      let tape = ScalarTape()
      let (a, b) = (tape.input("x", x), tape.input("y", y))
      let gradients = tape.gradients(of: (a * b + a) * exp(b))
      for (index, derivative) in byHand.exact.enumerated() {
        let sum = byHand.paths(from: ChainRule.names[index]).reduce(0) { $0 + $1.product }
        #expect(abs(sum - derivative) < 1e-13)
        #expect(abs(byHand.gradients.all[index] - derivative) < 1e-13)
        #expect(gradients[index] == byHand.gradients.all[index])
      }
    }
  }

  @Test("A constant is not recorded, and a tape that nobody holds goes away")
  func constants() {
    weak var gone: ScalarTape?
    do {
      let tape = ScalarTape()
      gone = tape
      let x = tape.input("x", 3)
      let five = exp(Value(number: 0)) * Value(number: 5)
      #expect(five.tape == nil && tape.steps.count == 1)
      let y = five * x + tanh(x * x)
      #expect(tape.steps.map(\.name) == ["x", "×", "×", "tanh", "+"])
      // A product of a constant and a number on the tape has one way back.
      #expect(tape.steps[y.index - 3].operands.map(\.index) == [0])
    }
    #expect(gone == nil)
  }

  /// Forty operations on numbers that tanh keeps small; the differences are good to 10⁻⁹.
  @Test("On random expressions the tape agrees with differences, and so does the core")
  func randomExpressions() {
    for seed in 1...50 {
      let inputs = [0.3, -0.8, 1.1]
      func expression<Number>(
        _ x: [Number], _ plus: (Number, Number) -> Number, _ times: (Number, Number) -> Number,
        _ exp: (Number) -> Number, _ tanh: (Number) -> Number
      ) -> Number {
        var (generator, values) = (SeededGenerator(seed: UInt64(seed)), x)
        for _ in 0..<40 {
          let a = values[generator.integer(below: values.count)]
          let b = values[generator.integer(below: values.count)]
          values.append(
            [plus(tanh(a), b), times(tanh(a), tanh(b)), exp(tanh(a)), tanh(a)][
              generator.integer(below: 4)])
        }
        return values.suffix(10).reduce(values[0]) { plus($0, tanh($1)) }
      }
      func value(_ x: [Double]) -> Double {
        expression(x, { $0 + $1 }, { $0 * $1 }, { .exp($0) }, { .tanh($0) })
      }
      let tape = ScalarTape()
      let onTape = inputs.map { tape.input("x", $0) }
      let result = expression(
        onTape, { $0 + $1 }, { $0 * $1 }, { Ch00_Autodiff.exp($0) }, { Ch00_Autodiff.tanh($0) })
      let gradients = tape.gradients(of: result)
      let core = valueWithGradient(at: inputs.map { Tensor($0) }) { x in
        expression(
          x, { $0 + $1 }, { $0 * $1 }, { Autodiff.exp($0) }, { Autodiff.tanh($0) })
      }
      #expect(result.number == value(inputs) && core.value == result.number)
      for i in inputs.indices {
        let difference = Differences.fourthOrder(
          { x in
            var moved = inputs
            moved[i] = x
            return value(moved)
          }, inputs[i], 1e-3)
        #expect(abs(gradients[i] - difference) < 1e-6 * max(1, abs(difference)), "\(seed)")
        #expect(abs(gradients[i] - core.gradient[i].scalar) <= 1e-12 * max(1, abs(difference)))
      }
    }
  }

  // MARK: - 0.4

  /// Eight sums of one product, eight tanh, and a sum of eight products.
  @Test("The operations and the edges of the smallest network are those counted by hand")
  func smallestNetwork() {
    let cost = Cost(largest: 2, using: SeededGenerator(seed: 3))
    let row = cost.wide[0]
    #expect(row.inputs == 1 && row.outputs == 1)
    #expect(row.operations == 8 + 8 + 8 + 7)
    #expect(row.edges == 8 + 8 + 8 + 2 * 7)
    #expect(row.forward == row.edges && row.reverse == row.edges)
    #expect(row.difference < 1e-14)
  }

  @Test("Dual numbers know the product of a constant, the sum and tanh")
  func dualNumbers() {
    let x = Dual(number: 0.5, derivative: 1)
    let y = Dual.tanh(3 * x + Dual(number: 2, derivative: 0))
    #expect(abs(y.derivative - 3 * (1 - .tanh(3.5) * .tanh(3.5))) < 1e-15)
  }

  // MARK: - 0.5 to 0.7

  @Test("The layer on single numbers takes an operation for each number, on the core five")
  func layer() {
    let tensors = Tensors(using: SeededGenerator(seed: 5))
    // Eight outputs, each of three products and sums, a tanh, a square and a sum.
    #expect(tensors.onScalars.operations == 8 * 9)
    #expect(tensors.onCore.operations == 5)
    #expect(tensors.onCore.gradients.count == 8)
    #expect(abs(tensors.onCore.loss - tensors.onScalars.loss) < 1e-13)
  }

  @Test("In the valley, gradient descent shrinks each coordinate as predicted, or not at all")
  func valley() {
    let training = Training(hidden: 2, steps: 1, using: SeededGenerator(seed: 6))
    #expect(training.descents.count == 3)
    for descent in training.descents {
      let isStable = descent.rate < 2 / Training.curvatures[1]
      #expect((abs(descent.points.last![1]) < Training.start[1]) == isStable)
      #expect(descent.points.count == 21)
    }
  }

  @Test("A step gains what the gradient promises, and the rule for Adam is the library’s")
  func training() {
    for seed in 1...3 {
      let training = Training(hidden: 8, steps: 60, using: SeededGenerator(seed: UInt64(seed)))
      #expect(abs(training.gain - 1) < 5e-4)
      #expect(training.adamDifference < 1e-12)
      for run in training.runs {
        #expect(run.losses.count == 61 && run.losses.last! < run.losses[0])
      }
    }
  }

  @Test("The new operation has the values and the slopes of x σ(x)")
  func newOperation() {
    var generator = SeededGenerator(seed: 8)
    let x = Tensor<Double>.normal([3, 4], using: &generator)
    #expect(silu(x) == x * sigmoid(x))
    let check = checkGradient(at: x, using: &generator) { silu(3 * silu($0)).sum() }
    #expect(check.relativeError < 1e-9)
  }

  @Test("Only random weights find every wrong pullback")
  func wrongPullbacks() {
    let section = NewOperation(using: SeededGenerator(seed: 9))
    let found = section.variants.map { $0.errors.map { $0 > 1e-8 } }
    #expect(
      found == [
        [false, false, false], [false, false, true], [true, true, true], [true, true, true],
        [false, true, true],
      ])
  }

  @Test(
    "Every claim holds with other seeds and at the ends of the knobs",
    arguments: [
      "--seed 7 --steps 100 --point -3 --inputs 2", "--seed 8 --steps 100 --hidden 2 --point 5",
      "--seed 9 --steps 100 --hidden 128 --inputs 100 --point 0",
    ]) func otherRuns(_ options: String)
  {
    let record = Record(
      AutodiffFromNothing.chapter, arguments: options.split(separator: " ").map(String.init))
    for check in record.checks where !check.holds { Issue.record("\(check)") }
    #expect(record.exitStatus == 0 && !record.checks.isEmpty)
  }
}
