import Autodiff
import Claims
import Notebook
import Probability

/// 0.5 The same idea on tensors: the core's operations beside those of 0.3, and the same gradients.
struct Tensors: SectionContent {
  /// What a tape holds of the layer's loss, and what it says.
  struct Recording {
    let operations, edges: Int
    let loss: Double
    /// The gradients with respect to the weights, row by row, and the biases.
    let gradients: [Double]
  }

  /// ∂f/∂x and ∂f/∂y of f = (xy + x) eʸ, by the core and by the tape of 0.3.
  let single: [Double]
  let singleByTape: [Double]
  /// The gradient g that comes back to a sum with a stretched operand, [2, 3], and that operand's own.
  let incoming: Tensor<Double>
  let biasGradient: [Double]
  let onCore: Recording
  let onScalars: Recording

  init(using generator: SeededGenerator) {
    var generator = generator
    // cell: single
    let inputs = [Tensor(2.0), Tensor(0.5)]  // x and y, of shape []
    let gradients = valueWithGradient(at: inputs) { p in
      (p[0] * p[1] + p[0]) * exp(p[1])
    }.gradient
    // end
    single = gradients.map(\.scalar)
    singleByTape = Array(Tape().gradients.prefix(2))

    let x = Tensor([1.0, 2, 3, 4, 5, 6], shape: [2, 3])
    let g = Tensor([1.0, 2, 3, 10, 20, 30], shape: [2, 3])
    incoming = g
    // cell: stretched
    // b is added to each row of x. The gradient that comes back to x + b is g.
    let b = Tensor([0.1, 0.2, 0.3])
    let biasGradient = valueWithGradient(at: b) { b in (g * (x + b)).sum() }.gradient
    // end
    self.biasGradient = biasGradient.scalars

    let layer = [[4, 3], [3, 2], [2]].map { Tensor<Double>.normal($0, using: &generator) }
    onCore = Self.onCore(layer[0], weight: layer[1], bias: layer[2])
    onScalars = Self.onScalars(layer[0], weight: layer[1], bias: layer[2])
  }

  private static func onCore(
    _ x: Tensor<Double>, weight w: Tensor<Double>, bias b: Tensor<Double>
  ) -> Recording {
    // cell: layer
    let loss = { (p: [Tensor<Double>]) in tanh(matmul(x, p[0]) + p[1]).squared.sum() }
    let result = valueWithGradient(at: [w, b], of: loss)
    // end
    let steps = recordedSteps(at: [w, b], of: loss)
    return Recording(
      operations: steps.count - 2, edges: steps.reduce(0) { $0 + $1.operands.count },
      loss: result.value, gradients: result.gradient.flatMap(\.scalars))
  }

  private static func onScalars(
    _ x: Tensor<Double>, weight: Tensor<Double>, bias: Tensor<Double>
  ) -> Recording {
    // cell: written out
    let tape = ScalarTape()
    let w = (0..<3).map { k in (0..<2).map { j in tape.input("w", weight[k, j]) } }
    let b = (0..<2).map { j in tape.input("b", bias[j]) }
    var loss = Value(number: 0)
    for i in 0..<4 {
      for j in 0..<2 {
        var sum = b[j]
        for k in 0..<3 { sum = sum + x[i, k] * w[k][j] }
        let h = tanh(sum)
        loss = loss + h * h
      }
    }
    let gradients = tape.gradients(of: loss)
    // end
    let parameters = Array(w.joined()) + b
    return Recording(
      operations: tape.steps.count - parameters.count,
      edges: tape.steps.reduce(0) { $0 + $1.operands.count }, loss: loss.number,
      gradients: parameters.map { gradients[$0.index] })
  }

  func show(on page: Page) {
    let arithmetic = "Sources/Autodiff/Arithmetic.swift"
    page.lead(
      """
      Two operations of the core, copied from its source. Compare them with those of 0.3: the \
      numbers have become arrays of numbers.
      """)
    page.code(declaring: "static func * (x: Tensor, y: Tensor)", in: arithmetic)
    page.code(declaring: "func exp<", in: arithmetic)
    page.code("single")
    for (index, name) in ["x", "y"].enumerated() {
      page.check(
        "The core’s derivative of (xy + x) eʸ with respect to \(name) is that of the tape in 0.3.",
        .sameBits(Quantity("core", single[index]), Quantity("tape", singleByTape[index])))
    }

    page.lead("The way back in the core.")
    page.code(declaring: "func gradients(", in: "Sources/Autodiff/Tape.swift")

    page.lead(
      """
      Broadcasting: a vector that is added to every row of a matrix is used once in each row, so its \
      gradient is a sum over the rows.
      """)
    page.code(declaring: "static func + (left: Tensor, right: Tensor)", in: arithmetic)
    page.code(declaring: "func summed(", in: "Sources/Autodiff/Shapes.swift")
    page.code("stretched")
    showBias(on: page)

    page.lead("A matrix product, and a whole layer, by the core and written out in single numbers.")
    page.code(declaring: "func matmul<", in: "Sources/Autodiff/Shapes.swift")
    page.code("layer")
    page.code("written out")
    showLayer(on: page)
  }

  private func showBias(on page: Page) {
    let rows = (0..<2).map { row in (0..<3).map { formatted(incoming[row, $0], decimals: 0) } }
    page.table(
      [.left(""), .right("b₁"), .right("b₂"), .right("b₃")],
      rows: [
        ["g, first row"] + rows[0], ["g, second row"] + rows[1],
        ["gradient of b"] + biasGradient.map { formatted($0, decimals: 0) },
      ])
    page.check(
      "The gradient of b is the sum of g over the rows.",
      .small(
        "largest difference",
        biasGradient.indices.map { biasGradient[$0] - incoming[0, $0] - incoming[1, $0] }))
  }

  private func showLayer(on page: Page) {
    page.table(
      [.left("tape"), .right("operations"), .right("edges"), .right("loss")],
      rows: [("single numbers", onScalars), ("the core", onCore)].map { name, recording in
        [
          name, formatted(recording.operations), formatted(recording.edges),
          formatted(recording.loss, decimals: 6),
        ]
      }, caption: "The loss of a layer with 3 inputs and 2 outputs, over 4 examples.")
    page.check(
      "Both tapes give the same gradients for all weights and biases.",
      .small("largest difference", zip(onCore.gradients, onScalars.gradients).map { $0 - $1 }))
  }
}
