import Autodiff
import Kernels
import Testing

/// A layer, as a student might write one.
private struct Line: Parameterized {
  var slope: Tensor<Double>
  var offset: Tensor<Double>
  /// Not a parameter: nobody shows it to a visitor.
  var scale: Tensor<Double> = 2

  func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> { (x * slope + offset) * scale }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("slope", &slope)
    visitor.visit("offset", &offset)
  }
}

/// A model of models, arrays and a parameter of its own.
private struct Network: Parameterized {
  var lines: [Line]
  var last = Line(slope: 3, offset: 4)
  var unused = Tensor([5.0, 6])

  func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> { last(lines.reduce(x) { $1($0) }) }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("lines", &lines)
    visitor.visit("last", &last)
    visitor.visit("unused", &unused)
  }
}

@Suite struct ValueWithGradientTests {
  @Test func theGradientHasTheModelsShape() {
    let network = Network(lines: [Line(slope: 2, offset: 1), Line(slope: -1, offset: 0.5)])
    let result = valueWithGradient(at: network) { $0(10) }
    // 10 → 2(20 + 1) = 42 → 2(−42 + 0.5) = −83 → 2(−249 + 4) = −490
    #expect(result.value == -490)
    let gradient = result.gradient
    // Backwards, each line multiplies by 2 · slope: 1 → 6 → −12.
    #expect(gradient.last.offset == 2 && gradient.last.slope == Tensor(2 * -83))
    #expect(gradient.lines[1].offset == 12 && gradient.lines[1].slope == Tensor(12 * 42))
    #expect(gradient.lines[0].offset == -24 && gradient.lines[0].slope == Tensor(-24 * 10))
    #expect(gradient.unused == Tensor([0, 0]))
    // What is no parameter is carried over.
    #expect(gradient.last.scale == 2)
  }

  @Test func parametersComeInOrderUnderTheirNames() {
    var network = Network(lines: [Line(slope: 2, offset: 1), Line(slope: -1, offset: 0.5)])
    var names: [String] = []
    network.forEachParameter { path, parameter in
      names.append(path.joined(separator: "."))
      parameter = parameter * 10
    }
    #expect(
      names == [
        "lines.0.slope", "lines.0.offset", "lines.1.slope", "lines.1.offset", "last.slope",
        "last.offset", "unused",
      ])
    #expect(network.parameters == [20, 10, -10, 5, 30, 40, Tensor([50, 60])])
    #expect(network.parameterCount == 8)
  }

  @Test("A tensor and an array of tensors are models too")
  func tensorsAreModels() {
    let x = Tensor([1.0, 2, 3], shape: [3, 1])
    #expect(valueWithGradient(at: x) { ($0 * $0).sum() }.gradient == x * 2)
    let pair = valueWithGradient(at: [x, 5]) { ($0[0] * $0[1]).sum() }
    #expect(pair.value == 30)
    #expect(pair.gradient == [Tensor(repeating: 5, shape: [3, 1]), 6])
    let none: [Tensor<Double>] = []
    #expect(valueWithGradient(at: none) { _ in 7 }.value == 7)
  }

  @Test func theSameTensorInTwoPlacesIsTwoParameters() {
    let x = Tensor([2.0, 3])
    let gradient = valueWithGradient(at: [x, x]) { ($0[0] * $0[0] * $0[1]).sum() }.gradient
    #expect(gradient == [Tensor([8, 18]), Tensor([4, 9])])
  }

  @Test("A value that is used many times collects the gradients of all uses")
  func reuse() {
    let x = Tensor<Double>(3.0)
    // ((x²)²)² = x⁸
    let power = valueWithGradient(at: x) { x in (0..<3).reduce(x) { y, _ in y * y } }
    #expect(power.value == 6561 && power.gradient == Tensor(8 * 2187))
    let sum = valueWithGradient(at: x) { x in (0..<1000).reduce(x) { y, _ in y + x } }
    #expect(sum.value == 3003 && sum.gradient == 1001)
  }

  @Test("The tape is as long as the calculation, and not as deep as the stack")
  func longChains() {
    let result = valueWithGradient(at: Tensor<Double>(1.0)) { x in
      (0..<200_000).reduce(x) { y, _ in y + 1 }
    }
    #expect(result.value == 200_001 && result.gradient == 1)
  }

  @Test func aConstantLossHasNoGradient() {
    let result = valueWithGradient(at: Tensor([1.0, 2])) { _ in 5 }
    #expect(result.value == 5 && result.gradient == Tensor([0, 0]))
  }

  @Test("One number may have any shape of count 1")
  func shapesOfOneNumber() {
    for shape in [[], [1], [1, 1, 1]] {
      let result = valueWithGradient(at: Tensor([2.0], shape: [1])) {
        ($0 * $0).reshaped(shape)
      }
      #expect(result.value == 4 && result.gradient == Tensor([4]))
    }
    // The loss may be the parameter itself.
    #expect(valueWithGradient(at: Tensor<Double>(2.0)) { $0 }.gradient == 1)
  }

  @Test func detachedStopsTheGradient() {
    let x = Tensor([2.0, 3])
    let result = valueWithGradient(at: x) { x in (x.detached * x + exp(x).detached).sum() }
    #expect(result.gradient == x)
    #expect(valueWithGradient(at: x) { $0.detached.sum() }.gradient == Tensor([0, 0]))
  }

  @Test("What a loss leaves behind is on no tape that another gradient minds")
  func valuesOutliveTheirGradient() {
    let x = Tensor([2.0, 3])
    var kept = x
    let first = valueWithGradient(at: x) { x in
      kept = (x * x).detached
      return kept.sum() + x.sum()
    }
    #expect(first.gradient == Tensor([1, 1]))
    #expect(valueWithGradient(at: x) { ($0 * kept).sum() }.gradient == Tensor([4, 9]))
    // A gradient is off the tape, and so may be differentiated around.
    let second = valueWithGradient(at: x) { ($0 * first.gradient).sum() }
    #expect(second.gradient == Tensor([1, 1]))
  }

  @Test func anErrorInTheLossComesThrough() {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try valueWithGradient(at: Tensor<Double>(1.0)) { _ in throw Failure() }
    }
  }

  @Test("A gradient inside a loss is a constant there, where it does not use the outer values")
  func nestedGradients() {
    let x = Tensor<Double>(3.0)
    let result = valueWithGradient(at: x) { x in
      let slope = valueWithGradient(at: x) { $0 * $0 }.gradient
      return slope * x
    }
    #expect(result.value == 18 && result.gradient == 6)
  }
}

/// An operation of one's own.
private func cubed(_ x: Tensor<Double>, derivativeFactor: Double = 3) -> Tensor<Double> {
  let value = x.detached
  return (value * value * value).recorded("cubed", from: x) { g in
    g * Tensor(derivativeFactor) * value * value
  }
}

/// x · y, summed, with the two derivatives given in the wrong order if asked.
private func dot(_ x: Tensor<Double>, _ y: Tensor<Double>, isSwapped: Bool) -> Tensor<Double> {
  let (a, b) = (x.detached, y.detached)
  let value = (a * b).sum()
  return value.recorded(
    "dot", from: [x, y],
    pullbacks: [
      { g in g * (isSwapped ? a : b) }, { g in g * (isSwapped ? b : a) },
    ])
}

@Suite struct OwnOperations {
  private let x = Tensor([0.5, -1, 2])
  private let y = Tensor([3, 0.25, -1])

  @Test func aRightDerivativePasses() {
    var generator = TestGenerator(seed: 5)
    #expect(valueWithGradient(at: x) { cubed($0).sum() }.gradient == Tensor([0.75, 3, 12]))
    #expect(cubed(x) == Tensor([0.125, -1, 8]))
    let one = checkGradient(at: x, using: &generator) { cubed($0).weightedSum }
    #expect(one.relativeError < 1e-9)
    #expect(one.directions == 8)
    let two = checkGradient(at: [x, y], using: &generator) { dot($0[0], $0[1], isSwapped: false) }
    #expect(two.relativeError < 1e-9)
  }

  @Test("A wrong factor of a derivative is the relative error of the check")
  func aWrongFactorIsFound() {
    var generator = TestGenerator(seed: 5)
    // 2 in place of 3 is off by 1/3; −3 by 2; 0 by all of it.
    for (factor, error) in [(2.0, 1.0 / 3), (-3, 2), (0, 1), (3.003, 0.003 / 3.003)] {
      let check = checkGradient(at: x, using: &generator) {
        cubed($0, derivativeFactor: factor).weightedSum
      }
      #expect(abs(check.relativeError - error) < 1e-8)
    }
  }

  @Test func swappedDerivativesAreFound() {
    var generator = TestGenerator(seed: 5)
    let check = checkGradient(at: [x, y], using: &generator) { dot($0[0], $0[1], isSwapped: true) }
    #expect(check.relativeError > 0.1)
  }

  @Test func aDerivativeThatIsNotANumberIsFound() {
    var generator = TestGenerator(seed: 5)
    let check = checkGradient(at: x, using: &generator) {
      cubed($0, derivativeFactor: .nan).weightedSum
    }
    #expect(check.relativeError == .infinity)
  }

  @Test("The tape sums what the operation stretched, on its own")
  func stretchedOperands() {
    let total = valueWithGradient(at: Tensor([1.0, 2])) { x in
      let value = x.detached.broadcast(to: [3, 2])
      return value.recorded("repeat", from: x, pullback: { $0 }).sum()
    }
    #expect(total.gradient == Tensor([3, 3]))
  }

  @Test("Off the tape there is nothing to record, and no pullback runs")
  func constantsAreNotRecorded() {
    let one = x.recorded("one", from: y) { _ in fatalError("a pullback without a tape") }
    let many = x.recorded("many", from: [y, y], pullbacks: [])
    #expect(one == x && many == x)
  }
}
