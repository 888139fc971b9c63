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
  @Test("Each step has its name, the steps it was computed from, and its gradient")
  func steps() {
    let steps = recordedSteps(at: Line()) { line in
      (line.slope * Tensor([5.0, 5]) + line.offset).squared.sum()
    }
    #expect(steps.map(\.name) == ["slope", "offset", "×", "+", "×", "sum"])
    #expect(steps.map(\.operands) == [[], [], [0], [2, 1], [3, 3], [4]])
    let slopes = Tensor([32.0, 34])
    #expect(steps[3].gradient == slopes && steps[2].gradient == slopes)
    #expect(steps[1].gradient == slopes && steps[0].gradient == Tensor(5 * 66))
    #expect(steps[4].gradient == Tensor([1, 1]) && steps[5].gradient == Tensor(1))
  }

  @Test("The gradients of the parameters are those of valueWithGradient")
  func parameterGradients() {
    let loss = { (line: Line) in exp(line.slope * line.offset).mean() }
    let gradient = valueWithGradient(at: Line(), of: loss).gradient
    let steps = recordedSteps(at: Line(), of: loss)
    #expect(steps[0].gradient == gradient.slope && steps[1].gradient == gradient.offset)
  }

  @Test("A value that was detached is a step whose gradient is 0")
  func detachedValues() {
    let steps = recordedSteps(at: [Tensor<Double>(2), Tensor(3)]) { x in
      (x[0] * 7).detached * x[1]
    }
    #expect(steps.map(\.name) == ["0", "1", "×", "×"])
    #expect(steps.map(\.operands) == [[], [], [0], [1]])
    #expect(steps.map(\.gradient.scalar) == [0, 14, 0, 1])
  }

  @Test("If the loss is a constant, only the parameters are recorded")
  func constantLoss() {
    let steps = recordedSteps(at: Tensor([1.0, 2])) { _ in Tensor(5) }
    #expect(steps.count == 1 && steps[0].name == "")
    #expect(steps[0].gradient == Tensor([0, 0]))
  }

  @Test("Every operation is one step, however many operands it has and however it is computed")
  func oneStepAnOperation() {
    func names(_ loss: (Tensor<Double>) -> Tensor<Double>) -> [String] {
      recordedSteps(at: Tensor([1.0, 2, 3, 4], shape: [2, 2]), of: loss).map(\.name)
    }
    #expect(names { affine($0, $0, $0.sum(axis: 0)).sum() } == ["", "sum", "affine", "sum"])
    #expect(names { $0.maximum(axis: 0).sum() } == ["", "max", "sum"])
    #expect(names { $0.rows([1, 1]).sum() } == ["", "rows", "sum"])
    #expect(names { Tensor.concatenated([$0, $0, $0]).sum() } == ["", "concatenate", "sum"])
  }

  @Test("A constant operand is no step: only the others lead back")
  func constantOperands() {
    let steps = recordedSteps(at: Tensor([1.0, 2], shape: [1, 2])) { x in
      affine(Tensor(repeating: 1, shape: [3, 1]), x, Tensor([5, 6])).sum()
    }
    #expect(steps.map(\.operands) == [[], [0], [1]])
    #expect(steps[0].gradient == Tensor([3, 3], shape: [1, 2]))
  }
}
