import Autodiff
import Notebook

extension Graph {
  /// A tape: a box for each recorded step, named by `values`, with the derivative ∂ of the error with
  /// respect to it; an arrow for each way back; and beside them the constants, which are on no tape.
  init(
    _ title: String, description: String, tape: [RecordedStep<Double>], values: [String],
    constants: [Node], brokenArrows: [(from: String, to: String)]
  ) {
    let steps = zip(tape, values).map { step, value in
      Node(
        value, value, detail: "∂ \(formatted(step.gradient.scalar, decimals: 2))",
        kind: step.operands.isEmpty ? .parameter : value == values.last ? .result : .operation)
    }
    let arrows = zip(tape, values).flatMap { step, value in
      Set(step.operands).sorted().map { Edge(from: values[$0], to: value) }
    }
    self.init(
      title, description: description, nodes: steps + constants,
      edges: arrows + brokenArrows.map { Edge(from: $0.from, to: $0.to, isBlocked: true) })
  }
}
