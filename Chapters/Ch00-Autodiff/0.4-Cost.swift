import Autodiff
import Claims
import Notebook
import Probability

/// 0.4 Reverse against forward: the edges that each follows for all derivatives of a network with n
/// inputs and m outputs.
struct Cost: SectionContent {
  /// What one network costs.
  struct Row {
    let inputs, outputs: Int
    /// The operations on the tape, and the edges between them.
    let operations, edges: Int
    /// The edges that were followed for all derivatives.
    let forward, reverse: Int
    /// The largest difference between the derivatives of the two, and from those of dual numbers.
    let difference: Double

    /// The cost of all derivatives, in evaluations of the network: each edge counts as one operation.
    var forwardEvaluations: Double { evaluations(inputs * operations + forward) }
    var reverseEvaluations: Double { evaluations(operations + reverse) }
    /// Central differences evaluate the network twice for each input.
    var differenceEvaluations: Double { Double(2 * inputs) }

    private func evaluations(_ work: Int) -> Double { Double(work) / Double(operations) }
  }

  /// x doubled k times, as v + v.
  struct Chain {
    let doublings: Int
    let edges: Int
    let derivative: Double
  }

  let chains: [Chain]
  let rows: [Row]
  /// Networks with one output and ever more inputs.
  let wide: [Row]

  init(largest: Int, using generator: SeededGenerator) {
    var generator = generator
    chains = [1, 2, 10, 50].map(Self.chain)
    let sizes = [(1, largest), (2, largest), (largest, largest), (largest, 2), (largest, 1)]
    rows = sizes.map { Self.measure(inputs: $0.0, outputs: $0.1, using: &generator) }
    let counts = [1, 2, 4, 8, 16, 32, 64, 128].filter { $0 < largest } + [largest]
    wide = counts.map { Self.measure(inputs: $0, outputs: 1, using: &generator) }
  }

  private static func chain(_ k: Int) -> Chain {
    // cell: chain
    let tape = ScalarTape()
    let x = tape.input("x", 1)
    var v = x
    for _ in 0..<k { v = v + v }  // two edges more, and twice as many paths
    let walk = tape.walkBack(from: v)
    // end
    return Chain(doublings: k, edges: walk.edges, derivative: walk.derivatives[x.index])
  }

  private static func measure(
    inputs n: Int, outputs m: Int, using generator: inout SeededGenerator
  ) -> Row {
    let network = Network(inputs: n, outputs: m, using: &generator)
    let numbers = generator.normal(count: n)
    // cell: jacobian
    let tape = ScalarTape()
    let x = numbers.map { tape.input("x", $0) }
    let y = network(x)
    let columns = x.map { tape.walkOnwards(from: $0) }  // ∂y/∂xᵢ for all y: a walk per input
    let rows = y.map { tape.walkBack(from: $0) }  // ∂yⱼ/∂x for all x: a walk per output
    // end
    let differences = x.indices.flatMap { i -> [Double] in
      let dual = network(
        numbers.indices.map { Dual(number: numbers[$0], derivative: $0 == i ? 1 : 0) })
      return y.indices.flatMap { j in
        let entry = columns[i].derivatives[y[j].index]
        return [entry - rows[j].derivatives[x[i].index], entry - dual[j].derivative]
      }
    }
    return Row(
      inputs: n, outputs: m, operations: tape.steps.count - n,
      edges: tape.steps.reduce(0) { $0 + $1.operands.count },
      forward: columns.reduce(0) { $0 + $1.edges }, reverse: rows.reduce(0) { $0 + $1.edges },
      difference: differences.map(abs).max()!)
  }

  func show(on page: Page) {
    page.lead(
      """
      Double x again and again, as v + v. The paths from x double each time; look at how many steps \
      the tape takes to add them all up.
      """)
    page.code("walks")
    page.code("chain")
    page.table(
      [.right("doublings"), .right("edges followed"), .right("paths = derivative")],
      rows: chains.map {
        [formatted($0.doublings), formatted($0.edges), formatted(Int($0.derivative))]
      })
    page.check(
      "After \(chains.last!.doublings) doublings the derivative is the number of paths, 2 to that power.",
      .equal(
        Quantity("derivative", chains.last!.derivative),
        Quantity("paths", Double(1 << chains.last!.doublings)), tolerance: 0))

    page.lead(
      """
      All derivatives of a network with n inputs and m outputs, in both directions. Look at which \
      column grows with n, and which with m.
      """)
    page.code("network")
    page.code("jacobian")
    showRows(on: page)

    page.lead("A loss is one output, and a network may have millions of inputs: its parameters.")
    showWide(on: page)

    page.lead("Going forward needs no tape: a number can carry its derivative along.")
    page.code("dual")
    page.check(
      "Walking onwards, walking back and dual numbers give the same derivatives.",
      .small("largest difference", (rows + wide).map(\.difference)))
  }

  private func showRows(on page: Page) {
    page.table(
      [
        .right("n"), .right("m"), .right("operations"), .right("edges E"), .right("forward"),
        .right("reverse"),
      ],
      rows: rows.map {
        [$0.inputs, $0.outputs, $0.operations, $0.edges, $0.forward, $0.reverse].map {
          formatted($0)
        }
      }, caption: "Forward and reverse: the edges followed to find all n · m derivatives.")
    page.check(
      "Forward mode follows every edge once for each input, reverse mode once for each output.",
      .small(
        "largest difference from n · E and m · E",
        rows.flatMap { [$0.forward - $0.inputs * $0.edges, $0.reverse - $0.outputs * $0.edges] }
          .map(Double.init), tolerance: 0))
  }

  private func showWide(on page: Page) {
    let n = wide.map { Double($0.inputs) }
    page.figure(
      "What the gradient of one number costs",
      description: """
        The cost in evaluations of the function, if following an edge counts as one operation. \
        Differences and forward mode pay for each input; reverse mode does not.
        """,
      Plot(
        x: Axis("inputs n", scale: .logarithmic), y: Axis("evaluations", scale: .logarithmic),
        layers: [
          .line(
            .init(
              "central differences", meaning: .series(2), x: n, y: wide.map(\.differenceEvaluations)
            )),
          .line(
            .init("forward mode", meaning: .series(1), x: n, y: wide.map(\.forwardEvaluations))),
          .line(
            .init("reverse mode", meaning: .series(0), x: n, y: wide.map(\.reverseEvaluations))),
        ]))
    page.check(
      "For each n here, one output and its whole gradient cost at most three evaluations.",
      .atMost(
        Quantity("the most evaluations", wide.map(\.reverseEvaluations).max()!),
        Quantity("three", 3)))
  }
}

/// The derivatives that a walk over a tape found, and how many edges it followed.
struct Walk {
  var derivatives: [Double]
  var edges = 0

  /// At the beginning only the derivative of a number with respect to itself is known.
  init(_ tape: ScalarTape, from start: Value) {
    derivatives = [Double](repeating: 0, count: tape.steps.count)
    derivatives[start.index] = 1
  }
}

extension ScalarTape {
  // cell: walks
  /// Forward mode: from x onwards, ∂v/∂x of every number v.
  func walkOnwards(from x: Value) -> Walk {
    var walk = Walk(self, from: x)
    for index in steps.indices {
      for (operand, pullback) in steps[index].operands {
        walk.derivatives[index] += pullback(walk.derivatives[operand])
        walk.edges += 1
      }
    }
    return walk
  }

  /// Reverse mode: from y back, ∂y/∂v of every number v.
  func walkBack(from y: Value) -> Walk {
    var walk = Walk(self, from: y)
    for index in steps.indices.reversed() {
      for (operand, pullback) in steps[index].operands {
        walk.derivatives[operand] += pullback(walk.derivatives[index])
        walk.edges += 1
      }
    }
    return walk
  }
  // end
}

/// What the network asks of its numbers, be they plain, dual or on a tape.
protocol NetworkNumber {
  static func + (x: Self, y: Self) -> Self
  static func * (c: Double, x: Self) -> Self
  static func tanh(_ x: Self) -> Self
}

extension Value: NetworkNumber {
  static func * (c: Double, x: Value) -> Value { Value(number: c) * x }
  static func tanh(_ x: Value) -> Value { Ch00_Autodiff.tanh(x) }
}

// cell: dual
/// A number and its derivative with respect to one input, computed side by side.
struct Dual: NetworkNumber {
  let number: Double
  let derivative: Double

  static func + (x: Dual, y: Dual) -> Dual {
    Dual(number: x.number + y.number, derivative: x.derivative + y.derivative)
  }

  static func * (c: Double, x: Dual) -> Dual {
    Dual(number: c * x.number, derivative: c * x.derivative)
  }

  static func tanh(_ x: Dual) -> Dual {
    let y = Double.tanh(x.number)
    return Dual(number: y, derivative: (1 - y * y) * x.derivative)
  }
}
// end

/// A network with eight hidden units and random weights, which are constants here.
struct Network {
  let first, second: [[Double]]

  init(inputs: Int, outputs: Int, using generator: inout SeededGenerator) {
    let scale = 1 / Double(inputs).squareRoot()
    first = (0..<8).map { _ in generator.normal(count: inputs).map { scale * $0 } }
    second = (0..<outputs).map { _ in generator.normal(count: 8) }
  }

  // cell: network
  func callAsFunction<Number: NetworkNumber>(_ x: [Number]) -> [Number] {
    func weightedSum(_ weights: [Double], _ x: [Number]) -> Number {
      let products = zip(weights, x).map { $0 * $1 }
      return products.dropFirst().reduce(products[0]) { $0 + $1 }
    }
    let hidden = first.map { weights in Number.tanh(weightedSum(weights, x)) }
    return second.map { weights in weightedSum(weights, hidden) }
  }
  // end
}
