import Autodiff
import Testing

/// a·x + b, with parameters of different shapes.
private struct Line: Parameterized {
  var slope = Tensor<Double>(3)
  var offset = Tensor([1.0, 2])

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("slope", &slope)
    visitor.visit("offset", &offset)
  }
}

@Suite struct RecordedStepsTests {
  /// (3·[5, 5] + [1, 2])² = [16², 17²], and 5 is a constant, so that only the slope leads to "×".
  @Test func everyStepWithItsOperandsAndGradient() {
    let steps = recordedSteps(at: Line()) { line in
      (line.slope * Tensor([5.0, 5]) + line.offset).squared.sum()
    }
    #expect(steps.map(\.name) == ["slope", "offset", "×", "+", "×", "sum"])
    #expect(steps.map(\.operands) == [[], [], [0], [2, 1], [3, 3], [4]])
    let slopes = Tensor([32.0, 34])
    #expect(steps[3].gradient == slopes && steps[2].gradient == slopes)
    #expect(steps[1].gradient == slopes && steps[0].gradient == Tensor(5 * 66))
    #expect(steps[4].gradient == Tensor([1, 1]) && steps[5].gradient == 1)
  }

  @Test func parametersHaveTheGradientsOfValueWithGradient() {
    let loss = { (line: Line) in exp(line.slope * line.offset).mean() }
    let gradient = valueWithGradient(at: Line(), of: loss).gradient
    let steps = recordedSteps(at: Line(), of: loss)
    #expect(steps[0].gradient == gradient.slope && steps[1].gradient == gradient.offset)
  }

  @Test("What a constant replaces is on the tape, and nothing comes back to it")
  func nothingComesBackThroughAConstant() {
    let steps = recordedSteps(at: [Tensor<Double>(2), 3]) { x in
      (x[0] * 7).detached * x[1]
    }
    #expect(steps.map(\.name) == ["0", "1", "×", "×"])
    #expect(steps.map(\.operands) == [[], [], [0], [1]])
    #expect(steps.map(\.gradient) == [0, 14, 0, 1])
  }

  @Test func aConstantLossRecordsOnlyTheParameter() {
    let steps = recordedSteps(at: Tensor([1.0, 2])) { _ in 5 }
    #expect(steps.count == 1 && steps[0].name == "")
    #expect(steps[0].gradient == Tensor([0, 0]))
  }
}
