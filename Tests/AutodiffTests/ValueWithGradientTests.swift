import Autodiff
import Kernels
import Testing

/// A layer, as a student might write one.
private struct Line: Parameterized {
  var slope: Tensor<Double>
  var offset: Tensor<Double>
  /// Not a parameter: nobody shows it to a visitor.
  var scale = Tensor<Double>(2)

  init(slope: Double, offset: Double) {
    (self.slope, self.offset) = (Tensor(slope), Tensor(offset))
  }

  func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> { (x * slope + offset) * scale }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("slope", &slope)
    visitor.visit("offset", &offset)
  }
}

/// A model of models, arrays and a parameter of its own.
private struct Network: Parameterized {
  var lines = [Line(slope: 2, offset: 1), Line(slope: -1, offset: 0.5)]
  var last = Line(slope: 3, offset: 4)
  var unused = Tensor([5.0, 6])

  func callAsFunction(_ x: Double) -> Tensor<Double> {
    last(lines.reduce(Tensor(x)) { $1($0) })
  }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("lines", &lines)
    visitor.visit("last", &last)
    visitor.visit("unused", &unused)
  }
}

@Suite struct ParameterizedTests {
  @Test("Parameters come in the order of the model, under the names of the parts they are in")
  func namesAndOrder() {
    let network = Network()
    #expect(
      network.parameterNames == [
        "lines.0.slope", "lines.0.offset", "lines.1.slope", "lines.1.offset", "last.slope",
        "last.offset", "unused",
      ])
    #expect(network.parameters.map(\.scalars) == [[2], [1], [-1], [0.5], [3], [4], [5, 6]])
    #expect(network.parameterCount == 8)
  }

  @Test("Parameters are updated in place, each under its index")
  func updates() {
    var network = Network()
    var indices: [Int] = []
    network.updateParameters { index, parameter in
      indices.append(index)
      parameter = parameter * 10 + Double(index)
    }
    #expect(indices == Array(0..<7))
    #expect(network.parameters.map(\.scalars) == [[20], [11], [-8], [8], [34], [45], [56, 66]])
    #expect(network.last.slope.scalar == 34 && network.last.scale.scalar == 2)
  }

  @Test("A model with other parameters leaves the first model as it was")
  func replacements() {
    let network = Network()
    let zeros = network.replacingParameters { _, parameter in Tensor(zeros: parameter.shape) }
    #expect(zeros.parameters.allSatisfy { $0.scalars.allSatisfy { $0 == 0 } })
    #expect(zeros.last.scale.scalar == 2)
    #expect(network.last.slope.scalar == 3)
    let indexed = network.replacingParameters { index, parameter in parameter + Double(index) }
    #expect(indexed.parameters.map(\.scalars) == [[2], [2], [1], [3.5], [7], [9], [11, 12]])
  }

  @Test("Inside a loss, the parameters that can be listed are constants")
  func parametersAreOffTheTape() {
    let result = valueWithGradient(at: Network()) { network in
      network.parameters[4] * network.last.slope
    }
    #expect(result.value == 9 && result.gradient.last.slope.scalar == 3)
  }
}

@Suite struct ValueWithGradientTests {
  @Test("A gradient is a model of the same shape")
  func theGradientOfAModel() {
    let result = valueWithGradient(at: Network()) { $0(10) }
    // 10 → 2(20 + 1) = 42 → 2(−42 + 0.5) = −83 → 2(−249 + 4) = −490
    #expect(result.value == -490)
    let gradient = result.gradient
    // Backwards, each line multiplies by 2 · slope: 1 → 6 → −12.
    #expect(gradient.last.offset.scalar == 2 && gradient.last.slope.scalar == 2 * -83)
    #expect(gradient.lines[1].offset.scalar == 12 && gradient.lines[1].slope.scalar == 12 * 42)
    #expect(gradient.lines[0].offset.scalar == -24 && gradient.lines[0].slope.scalar == -24 * 10)
    #expect(gradient.unused == Tensor([0, 0]))
    // What is no parameter is carried over.
    #expect(gradient.last.scale.scalar == 2)
  }

  @Test("A tensor and an array of tensors are models too")
  func tensorsAreModels() {
    let x = Tensor([1.0, 2, 3], shape: [3, 1])
    #expect(valueWithGradient(at: x) { ($0 * $0).sum() }.gradient == x * 2)
    let pair = valueWithGradient(at: [x, Tensor(5)]) { ($0[0] * $0[1]).sum() }
    #expect(pair.value == 30)
    #expect(pair.gradient == [Tensor(repeating: 5, shape: [3, 1]), Tensor(6)])
    let none: [Tensor<Double>] = []
    #expect(valueWithGradient(at: none) { _ in Tensor(7) }.value == 7)
  }

  @Test("The same tensor in two places is two parameters")
  func twoPlaces() {
    let x = Tensor([2.0, 3])
    let gradient = valueWithGradient(at: [x, x]) { ($0[0] * $0[0] * $0[1]).sum() }.gradient
    #expect(gradient == [Tensor([8, 18]), Tensor([4, 9])])
  }

  @Test("A value that is used many times collects the gradients of all uses")
  func reuse() {
    let x = Tensor<Double>(3.0)
    // ((x²)²)² = x⁸
    let power = valueWithGradient(at: x) { x in (0..<3).reduce(x) { y, _ in y * y } }
    #expect(power.value == 6561 && power.gradient.scalar == 8 * 2187)
    let sum = valueWithGradient(at: x) { x in (0..<1000).reduce(x) { y, _ in y + x } }
    #expect(sum.value == 3003 && sum.gradient.scalar == 1001)
  }

  @Test("A loss of 200,000 operations does not run out of stack")
  func longChains() {
    let result = valueWithGradient(at: Tensor<Double>(1.0)) { x in
      (0..<200_000).reduce(x) { y, _ in y + 1 }
    }
    #expect(result.value == 200_001 && result.gradient.scalar == 1)
  }

  @Test("The gradient of a constant loss is 0")
  func constantLoss() {
    let result = valueWithGradient(at: Tensor([1.0, 2])) { _ in Tensor(5) }
    #expect(result.value == 5 && result.gradient == Tensor([0, 0]))
  }

  @Test("A loss may have any shape that holds one number")
  func shapesOfOneNumber() {
    for shape in [[], [1], [1, 1, 1]] {
      let result = valueWithGradient(at: Tensor([2.0], shape: [1])) {
        ($0 * $0).reshaped(shape)
      }
      #expect(result.value == 4 && result.gradient == Tensor([4]))
    }
    // The loss may be the parameter itself.
    #expect(valueWithGradient(at: Tensor<Double>(2.0)) { $0 }.gradient.scalar == 1)
  }

  @Test("A detached value is a constant")
  func detachedValues() {
    let x = Tensor([2.0, 3])
    let result = valueWithGradient(at: x) { x in (x.detached * x + exp(x).detached).sum() }
    #expect(result.gradient == x)
    #expect(valueWithGradient(at: x) { $0.detached.sum() }.gradient == Tensor([0, 0]))
  }

  @Test("A value that outlives its gradient is a constant to any other gradient")
  func valuesOutliveTheirGradient() {
    let x = Tensor([2.0, 3])
    var (kept, loss) = (x, x)
    let first = valueWithGradient(at: x) { x in
      kept = x * x
      loss = (kept + x).sum()
      return loss
    }
    #expect(first.gradient == Tensor([5, 7]))
    #expect(valueWithGradient(at: x) { ($0 * kept).sum() }.gradient == Tensor([4, 9]))
    #expect(kept * x == Tensor([8, 27]))
    // It may be a loss by itself, whose place on the old tape means nothing on the new one.
    for old in [loss, kept.slice(axis: 0, 0..<1), Tensor([2.0, 3]).sum()] {
      let again = valueWithGradient(at: x) { x in
        _ = x * x + x * x
        return old
      }
      #expect(again.value == old.scalar && again.gradient == Tensor([0, 0]))
    }
    let tiny = valueWithGradient(at: [Tensor<Double>(7), Tensor(8)]) { _ in loss }
    #expect(tiny.value == 18 && tiny.gradient.map(\.scalar) == [0, 0])
    // A gradient is off the tape, and so may be differentiated around.
    let second = valueWithGradient(at: x) { ($0 * first.gradient).sum() }
    #expect(second.gradient == Tensor([5, 7]))
  }

  @Test("A gradient inside a loss is a constant there, if it does not use the outer values")
  func nestedGradients() {
    let x = Tensor<Double>(3.0)
    let result = valueWithGradient(at: x) { x in
      let slope = valueWithGradient(at: x) { $0 * $0 }.gradient
      return slope * x
    }
    #expect(result.value == 18 && result.gradient.scalar == 6)
  }
}

/// An object that shows by its end that nobody holds it any more.
private final class Witness {
  let factor = 1.0
}

private struct Failure: Error {}

/// What a gradient leaves behind: a tape holds pullbacks, which hold values, which hold the tape.
@Suite struct TapeLifetimeTests {
  /// x² with a pullback that holds a witness, and the values on the tape.
  private func square(_ x: Tensor<Double>, _ witness: Witness) -> Tensor<Double> {
    (x * x).detached.recorded("square", from: (x, { g in witness.factor * g * 2 * x }))
  }

  /// Whether a witness that pullbacks hold is gone after `run`, which gets something that records them.
  private func leavesNothing(
    _ run: ((Tensor<Double>) -> Tensor<Double>) throws -> Void
  ) -> Bool {
    weak var observed: Witness?
    do {
      let witness = Witness()
      observed = witness
      try? run { x in square(x, witness) }
    }
    return observed == nil
  }

  private let x = Tensor([1.0, 2])

  @Test("An error that a loss throws comes through, and all that was recorded before is released")
  func throwingLosses() {
    #expect(throws: Failure.self) {
      try valueWithGradient(at: x) { _ in throw Failure() }
    }
    #expect(throws: Failure.self) {
      try recordedSteps(at: x) { _ in throw Failure() }
    }
    #expect(
      leavesNothing { square in
        _ = try valueWithGradient(at: x) { x -> Tensor<Double> in
          _ = square(square(x)).sum()
          throw Failure()
        }
      })
    #expect(
      leavesNothing { square in
        _ = try recordedSteps(at: x) { x -> Tensor<Double> in
          _ = square(square(x)).sum()
          throw Failure()
        }
      })
  }

  @Test("An error inside a nested gradient leaves the outer one as it is")
  func nestedErrors() {
    let isReleased = leavesNothing { square in
      let result = valueWithGradient(at: x) { x in
        let inner = try? valueWithGradient(at: Tensor([3.0])) { y -> Tensor<Double> in
          _ = square(y)
          throw Failure()
        }
        #expect(inner == nil)
        return square(x).sum()
      }
      #expect(result.value == 5 && result.gradient == Tensor([2, 4]))
    }
    #expect(isReleased)
  }

  @Test("A gradient releases all that was recorded, also what the loss does not depend on")
  func finishedGradients() {
    #expect(
      leavesNothing { square in
        _ = valueWithGradient(at: x) { x in
          _ = square(x)
          return square(x).sum()
        }
      })
    #expect(
      leavesNothing { square in
        _ = valueWithGradient(at: x) { x in square(x).sum().detached }
      })
    #expect(leavesNothing { square in _ = recordedSteps(at: x) { square($0).sum() } })
  }

  @Test("A value that is kept does not keep what else was recorded")
  func keptValues() {
    var kept: [Tensor<Double>] = []
    #expect(
      leavesNothing { square in
        _ = valueWithGradient(at: x) { x in
          kept.append(square(x))
          return kept[0].sum()
        }
      })
    #expect(
      leavesNothing { square in
        _ = try valueWithGradient(at: x) { x -> Tensor<Double> in
          kept.append(square(x))
          throw Failure()
        }
      })
    // And what an error left behind is a constant.
    #expect(kept == [Tensor([1, 4]), Tensor([1, 4])])
    #expect(valueWithGradient(at: x) { ($0 * kept[1]).sum() }.gradient == Tensor([1, 4]))
  }
}

/// An operation of one's own, which does not detach what its pullback uses.
private func cubed(_ x: Tensor<Double>, derivativeFactor: Double = 3) -> Tensor<Double> {
  (x * x * x).recorded("cubed", from: (x, { g in g * derivativeFactor * x * x }))
}

/// x · y, summed, with the two derivatives given in the wrong order if asked.
private func dot(_ x: Tensor<Double>, _ y: Tensor<Double>, isSwapped: Bool) -> Tensor<Double> {
  (x * y).sum().recorded(
    "dot", from: (x, { g in g * (isSwapped ? x : y) }), (y, { g in g * (isSwapped ? y : x) }))
}

@Suite struct OwnOperations {
  private let x = Tensor([0.5, -1, 2])
  private let y = Tensor([3, 0.25, -1])

  @Test("The gradient check passes an operation with a right derivative")
  func rightDerivatives() {
    var generator = TestGenerator(seed: 5)
    #expect(valueWithGradient(at: x) { cubed($0).sum() }.gradient == Tensor([0.75, 3, 12]))
    #expect(cubed(x) == Tensor([0.125, -1, 8]))
    let one = checkGradient(at: x, using: &generator) { cubed($0).weightedSum }
    #expect(one.relativeError < 1e-9)
    #expect(one.directions == 8)
    let two = checkGradient(at: [x, y], using: &generator) { dot($0[0], $0[1], isSwapped: false) }
    #expect(two.relativeError < 1e-9)
  }

  @Test("The error that the gradient check reports is that of a derivative with a wrong factor")
  func wrongFactors() {
    var generator = TestGenerator(seed: 5)
    // 2 in place of 3 is off by 1/3; −3 by 2; 0 by all of it.
    for (factor, error) in [(2.0, 1.0 / 3), (-3, 2), (0, 1), (3.003, 0.003 / 3.003)] {
      let check = checkGradient(at: x, using: &generator) {
        cubed($0, derivativeFactor: factor).weightedSum
      }
      #expect(abs(check.relativeError - error) < 1e-8)
    }
  }

  @Test("The gradient check finds derivatives that are swapped")
  func swappedDerivatives() {
    var generator = TestGenerator(seed: 5)
    let check = checkGradient(at: [x, y], using: &generator) { dot($0[0], $0[1], isSwapped: true) }
    #expect(check.relativeError > 0.1)
  }

  @Test("A derivative that is NaN has an infinite error")
  func derivativesThatAreNaN() {
    var generator = TestGenerator(seed: 5)
    let check = checkGradient(at: x, using: &generator) {
      cubed($0, derivativeFactor: .nan).weightedSum
    }
    #expect(check.relativeError == .infinity)
  }

  @Test("If an operation stretched an operand, the gradient is summed back to the operand's shape")
  func stretchedOperands() {
    let total = valueWithGradient(at: Tensor([1.0, 2])) { x in
      x.detached.broadcast(to: [3, 2]).recorded("repeat", from: (x, { $0 })).sum()
    }
    #expect(total.gradient == Tensor([3, 3]))
  }

  @Test("An operation may have any number of operands, some of them constants or the same value")
  func manyOperands() {
    let result = valueWithGradient(at: [x, y]) { operands in
      let (x, y) = (operands[0], operands[1])
      let value = x.detached + y.detached + 2 * x.detached + self.x
      let sum = value.recorded(
        "x + y + 2x + c", from: (x, { g in g }), (y, { g in g }), (x, { g in 2 * g }),
        (self.x, { _ in fatalError("the pullback of a constant") }))
      return (sum * Tensor([1, 10, 100])).sum()
    }
    #expect(result.gradient == [Tensor([3, 30, 300]), Tensor([1, 10, 100])])
    let none = x.recorded("nothing")
    #expect(none == x)
  }

  @Test("A pullback may use values on the tape: nothing that it does is recorded")
  func pullbacksAreNotRecorded() {
    var steps = 0
    let gradient = valueWithGradient(at: x) { x in
      let y = exp(x)
      return y.detached.recorded(
        "exp",
        from: (
          x,
          { g in
            steps += 1
            // x · y would be a step, and so an operand of the next gradient, if it were recorded.
            let product = (x * y).sum()
            #expect(
              valueWithGradient(at: Tensor<Double>(1)) { $0 * product }.gradient == product)
            return g * y
          }
        )
      ).sum()
    }.gradient
    #expect(steps == 1 && gradient == exp(x))
  }

  @Test("Without a gradient there is nothing to record, and no pullback runs")
  func constantsAreNotRecorded() {
    let one = x.recorded("one", from: (y, { _ in fatalError("a pullback without a tape") }))
    #expect(one == x)
  }
}
