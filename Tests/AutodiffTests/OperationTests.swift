import Autodiff
import Foundation
import Kernels
import Testing

/// An operation on tensors and all that the tests know about it.
struct OperationCase<Scalar: TensorScalar>: Sendable, CustomTestStringConvertible {
  /// The operation's name.
  let name: String
  /// The operands' shapes, several sets of them.
  let shapes: [[[Int]]]
  /// Shapes large enough for several threads.
  let large: [[Int]]
  /// Where the operands' elements lie.
  let domain: ClosedRange<Float>
  /// The operation.
  let function: @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>
  /// What it should give, in plain loops.
  let definition: @Sendable ([Plain]) -> Plain

  init(
    _ name: String, _ shapes: [[[Int]]], large: [[Int]], domain: ClosedRange<Float> = -2...2,
    _ function: @escaping @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>,
    definition: @escaping @Sendable ([Plain]) -> Plain
  ) {
    self.name = name
    self.shapes = shapes
    self.large = large
    self.domain = domain
    self.function = function
    self.definition = definition
  }

  var testDescription: String { name }

  /// A function of each element.
  static func unary(
    _ name: String, domain: ClosedRange<Float> = -2...2,
    _ function: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>,
    definition: @escaping @Sendable (Double) -> Double
  ) -> OperationCase {
    OperationCase(
      name, [[[]], [[1]], [[9]], [[2, 3]], [[3, 1, 2]], [[2, 1, 3, 2]], [[0]], [[2, 0, 3]]],
      large: [[401, 257]], domain: domain, { function($0[0]) },
      definition: { $0[0].map(definition) })
  }

  /// A function of each pair of elements.
  static func binary(
    _ name: String, domain: ClosedRange<Float> = -2...2,
    _ function: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>,
    definition: @escaping @Sendable (Double, Double) -> Double
  ) -> OperationCase {
    OperationCase(
      name,
      [
        [[], []], [[], [3]], [[3], []], [[1], []], [[1], [3]], [[3], [1]], [[3], [3]],
        [[2, 3], []], [[2, 3], [1, 1]], [[2, 3], [3]], [[3], [2, 3]], [[1], [2, 3]],
        [[2, 3], [2, 1]], [[2, 3], [1, 3]], [[2, 1], [1, 3]], [[2, 1], [3]], [[2, 3], [2, 3]],
        [[2, 3, 4], [3, 1]], [[2, 3, 4], [2, 1, 4]], [[1, 3, 1], [2, 1, 4]], [[4], [2, 3, 1]],
        [[2, 1, 3, 1], [4, 1, 5]], [[2, 1, 2, 1], [1, 3, 1, 4]], [[2, 3, 1, 2], [2, 3, 1, 2]],
        [[0], []], [[0], [1]], [[0], [0]], [[3, 0], [0]], [[0], [3, 0]], [[3, 1], [1, 0]],
        [[0, 3], [3]], [[2, 1], [0]], [[2, 0, 3], [0, 1]],
      ],
      large: [[5, 1, 241], [120, 1]], domain: domain, { function($0[0], $0[1]) },
      definition: { $0[0].combined($0[1], definition) })
  }
}

/// Every operation that can be differentiated, and some that use a value twice.
func operationCases<Scalar>(_: Scalar.Type) -> [OperationCase<Scalar>] {
  elementwiseCases() + reductionCases() + movingCases() + productCases()
}

private func elementwiseCases<Scalar>() -> [OperationCase<Scalar>] {
  [
    .binary("+", { $0 + $1 }, definition: +),
    .binary("−", { $0 - $1 }, definition: -),
    .binary("×", { $0 * $1 }, definition: *),
    .binary("÷", domain: 0.5...2, { $0 / $1 }, definition: /),
    .unary("negative", { -$0 }, definition: { -$0 }),
    .unary("squared", { $0.squared }, definition: { $0 * $0 }),
    .unary("3 − (½x + 1) / 4", { 3 - (0.5 * $0 + 1) / 4 }, definition: { 3 - (0.5 * $0 + 1) / 4 }),
    .unary(
      "2 / (1 + x) · 3 − 1", domain: 0.5...2, { 2 / (1 + $0) * 3 - 1 },
      definition: { 2 / (1 + $0) * 3 - 1 }),
    .unary("exp", { exp($0) }, definition: { Foundation.exp($0) }),
    .unary("log", domain: 0.5...4, { log($0) }, definition: { Foundation.log($0) }),
    .unary("log1p", domain: -0.5...3, { log1p($0) }, definition: { Foundation.log1p($0) }),
    .unary("sqrt", domain: 0.5...4, { sqrt($0) }, definition: { $0.squareRoot() }),
    .unary("sin", domain: -9...9, { sin($0) }, definition: { Foundation.sin($0) }),
    .unary("cos", domain: -9...9, { cos($0) }, definition: { Foundation.cos($0) }),
    .unary("tanh", { tanh($0) }, definition: { Foundation.tanh($0) }),
    .unary("relu", { relu($0) }, definition: { max($0, 0) }),
    .unary(
      "sigmoid", domain: -5...5, { sigmoid($0) }, definition: { 1 / (1 + Foundation.exp(-$0)) }),
    .unary(
      "softplus", domain: -5...5, { softplus($0) },
      definition: { Foundation.log1p(Foundation.exp($0)) }),
    .unary("x + x", { $0 + $0 }, definition: { 2 * $0 }),
    .unary("x · x", { $0 * $0 }, definition: { $0 * $0 }),
    .unary(
      "x eˣ / x − x", domain: 0.5...2, { $0 * exp($0) / $0 - $0 },
      definition: { Foundation.exp($0) - $0 }),
  ]
}

private func reductionCases<Scalar>() -> [OperationCase<Scalar>] {
  let filled: [[[Int]]] = [
    [[1]], [[7]], [[2, 3]], [[4, 1]], [[2, 3, 5]], [[3, 1, 2, 2]], [[3, 33]],
  ]
  let matrices: [[[Int]]] = [
    [[1, 1]], [[2, 3]], [[4, 1]], [[1, 4]], [[2, 3, 5]], [[2, 1, 3]], [[3, 2, 2, 2]], [[3, 33]],
  ]
  let large = [[150, 401]]
  return [
    OperationCase(
      "sum", filled + [[[]], [[0]], [[2, 0]]], large: large, { $0[0].sum() },
      definition: { x in Plain([]) { _ in total(x[0].scalars) } }),
    OperationCase(
      "mean", filled + [[[]]], large: large, { $0[0].mean() },
      definition: { x in Plain([]) { _ in total(x[0].scalars) / Double(x[0].scalars.count) } }),
    OperationCase(
      "sum(axis: 0)", filled + [[[0]], [[0, 3]], [[3, 0]]], large: large, { $0[0].sum(axis: 0) },
      definition: { $0[0].reduced(axis: 0, total) }),
    OperationCase(
      "sum(axis: 1)", matrices + [[[3, 0]], [[2, 0, 3]]], large: large, { $0[0].sum(axis: 1) },
      definition: { $0[0].reduced(axis: 1, total) }),
    OperationCase(
      "sum(axis: −1)", filled + [[[3, 0]]], large: large, { $0[0].sum(axis: -1) },
      definition: { $0[0].reduced(axis: -1, total) }),
    OperationCase(
      "sum(axis: −2, keepingAxis: true)", matrices, large: large,
      { $0[0].sum(axis: -2, keepingAxis: true) },
      definition: { x in
        let shape = x[0].shape
        let sums = x[0].reduced(axis: -2, total)
        return Plain(shape.dropLast(2) + [1, shape.last!]) {
          sums[$0.dropLast(2) + [$0.last!]]
        }
      }),
    OperationCase(
      "mean(axis: 0)", filled, large: large, { $0[0].mean(axis: 0) },
      definition: { $0[0].reduced(axis: 0) { total($0) / Double($0.count) } }),
    OperationCase(
      "mean(axis: 1, keepingAxis: true)", matrices, large: large,
      { $0[0].mean(axis: 1, keepingAxis: true) },
      definition: { x in
        let means = x[0].reduced(axis: 1) { total($0) / Double($0.count) }
        return Plain([x[0].shape[0], 1] + x[0].shape.dropFirst(2)) {
          means[[$0[0]] + $0.dropFirst(2)]
        }
      }),
    OperationCase(
      "maximum(axis: 0)", filled, large: large, { $0[0].maximum(axis: 0) },
      definition: { $0[0].reduced(axis: 0) { $0.max()! } }),
    OperationCase(
      "maximum(axis: −1)", filled, large: large, { $0[0].maximum(axis: -1) },
      definition: { $0[0].reduced(axis: -1) { $0.max()! } }),
    OperationCase(
      "maximum(axis: 0, keepingAxis: true)", filled, large: large,
      { $0[0].maximum(axis: 0, keepingAxis: true) },
      definition: { x in
        let largest = x[0].reduced(axis: 0) { $0.max()! }
        return Plain([1] + x[0].shape.dropFirst()) { largest[Array($0.dropFirst())] }
      }),
  ]
}

private func movingCases<Scalar>() -> [OperationCase<Scalar>] {
  let filled: [[[Int]]] = [[[1]], [[7]], [[2, 3]], [[4, 1]], [[2, 3, 5]], [[3, 1, 2, 2]]]
  let large = [[150, 401]]
  return [
    OperationCase(
      "reshaped", [[[]], [[1]], [[7]], [[2, 3]], [[2, 1, 3]], [[0, 3]]], large: large,
      { x in x[0].reshaped([1] + x[0].shape.reversed()) },
      definition: { x in
        var numbers = x[0].scalars.makeIterator()
        return Plain([1] + x[0].shape.reversed()) { _ in numbers.next()! }
      }),
    OperationCase(
      "broadcast",
      [[[]], [[1]], [[3]], [[2, 1]], [[1, 4]], [[1, 3, 1]], [[2, 1, 2]], [[0, 1]]],
      large: [[150, 1, 101]],
      { x in x[0].broadcast(to: [2] + x[0].shape.map { $0 == 1 ? 3 : $0 }) },
      definition: { x in Plain([2] + x[0].shape.map { $0 == 1 ? 3 : $0 }) { x[0][$0] } }),
    OperationCase(
      "transposed", [[[1, 1]], [[2, 3]], [[4, 1]], [[1, 5]], [[0, 3]]], large: large,
      { $0[0].transposed() },
      definition: { x in Plain(x[0].shape.reversed()) { x[0][$0.reversed()] } }),
    OperationCase(
      "rows", [[[1, 1]], [[2, 3]], [[5, 1]], [[3, 33]], [[4, 0]]], large: large,
      { x in x[0].rows((0..<7).map { 2 * $0 % x[0].shape[0] }) },
      definition: { x in
        Plain([7, x[0].shape[1]]) { x[0][[2 * $0[0] % x[0].shape[0], $0[1]]] }
      }),
    OperationCase(
      "slice(axis: 0)", filled, large: large, { x in x[0].slice(axis: 0, 0..<x[0].shape[0] / 2) },
      definition: { x in
        Plain([x[0].shape[0] / 2] + x[0].shape.dropFirst()) { x[0][$0] }
      }),
    OperationCase(
      "slice(axis: −1)", filled + [[[2, 2, 9]]], large: large,
      { x in x[0].slice(axis: -1, 1..<x[0].shape.last!) },
      definition: { x in
        Plain(x[0].shape.dropLast() + [x[0].shape.last! - 1]) {
          x[0][$0.dropLast() + [$0.last! + 1]]
        }
      }),
    OperationCase(
      "concatenated(axis: 0)",
      [
        [[2]], [[1], [2]], [[2, 3], [1, 3], [4, 3]], [[0, 2], [3, 2]], [[2, 1, 3], [1, 1, 3]],
      ],
      large: [[150, 201], [99, 201]], { .concatenated($0) },
      definition: { x in
        let rows = x.flatMap { part in (0..<part.shape[0]).map { (part, $0) } }
        return Plain([rows.count] + x[0].shape.dropFirst()) { index in
          rows[index[0]].0[[rows[index[0]].1] + index.dropFirst()]
        }
      }),
    OperationCase(
      "concatenated(axis: −1)",
      [[[2], [3]], [[2, 3], [2, 1]], [[2, 0], [2, 3], [2, 2]], [[2, 3, 1], [2, 3, 4]]],
      large: [[201, 150], [201, 99]], { .concatenated($0, axis: -1) },
      definition: { x in
        let columns = x.flatMap { part in (0..<part.shape.last!).map { (part, $0) } }
        return Plain(x[0].shape.dropLast() + [columns.count]) { index in
          columns[index.last!].0[index.dropLast() + [columns[index.last!].1]]
        }
      }),
    OperationCase(
      "concatenated([x, x])", [[[3]], [[2, 1]]], large: [[150, 201]],
      { .concatenated([$0[0], $0[0]]) },
      definition: { x in
        Plain([2 * x[0].shape[0]] + x[0].shape.dropFirst()) {
          x[0][[$0[0] % x[0].shape[0]] + $0.dropFirst()]
        }
      }),
  ]
}

private func productCases<Scalar>() -> [OperationCase<Scalar>] {
  [
    OperationCase(
      "matmul",
      [
        [[1, 1], [1, 1]], [[2, 3], [3, 4]], [[1, 5], [5, 1]], [[5, 1], [1, 5]], [[1, 3], [3, 2]],
        [[7, 17], [17, 19]], [[13, 2], [2, 33]], [[0, 3], [3, 2]], [[2, 0], [0, 3]],
        [[2, 3], [3, 0]],
      ],
      large: [[128, 101], [101, 67]], { matmul($0[0], $0[1]) },
      definition: { product($0[0], $0[1]) }),
    OperationCase(
      "affine",
      [
        [[1, 1], [1, 1], [1]], [[2, 3], [3, 4], [4]], [[5, 1], [1, 5], [5]],
        [[7, 17], [17, 19], [19]], [[0, 3], [3, 2], [2]], [[2, 0], [0, 3], [3]],
        [[2, 3], [3, 0], [0]],
      ],
      large: [[128, 101], [101, 67], [67]], { affine($0[0], $0[1], $0[2]) },
      definition: { product($0[0], $0[1]).combined($0[2], +) }),
    OperationCase(
      "affine(x, x, row of x)", [[[1, 1]], [[3, 3]]], large: [[90, 90]],
      { affine($0[0], $0[0], $0[0].slice(axis: 0, 0..<1).reshaped([$0[0].shape[1]])) },
      definition: { x in
        product(x[0], x[0]).combined(Plain([x[0].shape[1]]) { x[0][[0, $0[0]]] }, +)
      }),
    OperationCase(
      "matmul(x, x)", [[[1, 1]], [[3, 3]]], large: [[90, 90]], { matmul($0[0], $0[0]) },
      definition: { product($0[0], $0[0]) }),
    OperationCase(
      "matmul(xᵀ, x)", [[[4, 2]], [[1, 3]]], large: [[90, 80]],
      { matmul($0[0].transposed(), $0[0]) },
      definition: { x in
        product(Plain(x[0].shape.reversed()) { x[0][$0.reversed()] }, x[0])
      }),
  ]
}

@Suite struct OperationTests {
  /// No element is the result of more than 64 roundings, on the way to it or in the definition, of
  /// numbers that are larger than the largest result: but for the sums, where the terms are within
  /// 2 and so the largest partial sum is within 2 · 99.
  @Test(
    "Values agree with loops that follow the definition", arguments: operationCases(Double.self))
  func values(operation: OperationCase<Double>) {
    for shapes in operation.shapes {
      let operands: [Tensor<Double>] = random(shapes, in: operation.domain)
      let result = Plain(operation.function(operands))
      let expected = operation.definition(operands.map(Plain.init))
      #expect(result.shape == expected.shape, "operands of shapes \(shapes)")
      let largest = max(4, expected.scalars.map(abs).max() ?? 0)
      for (found, wanted) in zip(result.scalars, expected.scalars) {
        #expect(abs(found - wanted) <= 64 * largest.ulp, "operands of shapes \(shapes)")
      }
    }
  }

  /// The difference formula is off by h⁴/30 times the fifth derivative, with h = 10⁻³ at most
  /// 3·10⁻¹⁰ (at 1/0.5), and by about 10⁻¹² from rounding; a slope may be 300 times as small as that
  /// of a single element.
  @Test("Gradients agree with finite differences", arguments: operationCases(Double.self))
  func gradients(operation: OperationCase<Double>) {
    var generator = TestGenerator(seed: 1)
    for shapes in operation.shapes {
      let operands: [Tensor<Double>] = random(shapes, in: operation.domain)
      let check = checkGradient(at: operands, using: &generator) {
        operation.function($0).weightedSum
      }
      #expect(check.relativeError < 1e-7, "operands of shapes \(shapes)")
    }
  }

  /// Both have the same operands; in `Float`, an element takes at most 64 roundings more.
  @Test(
    "Float and Double agree",
    arguments: zip(operationCases(Float.self), operationCases(Double.self)))
  func precisions(single: OperationCase<Float>, double: OperationCase<Double>) {
    for shapes in double.shapes {
      let coarse = valueWithGradient(at: random(shapes, in: double.domain)) {
        single.function($0).weightedSum
      }
      let fine = valueWithGradient(at: random(shapes, in: double.domain)) {
        double.function($0).weightedSum
      }
      for (coarse, fine) in zip(coarse.gradient, fine.gradient) {
        #expect(coarse.shape == fine.shape)
        let largest = Float(max(1, fine.scalars.map(abs).max() ?? 0))
        for (found, wanted) in zip(coarse.scalars, fine.scalars) {
          #expect(abs(Double(found) - wanted) <= Double(64 * largest.ulp), "shapes \(shapes)")
        }
      }
    }
  }

  @Test("Recording an operation changes no bit of it", arguments: operationCases(Double.self))
  func recordingDoesNotChangeValues(operation: OperationCase<Double>) {
    for shapes in operation.shapes {
      let operands: [Tensor<Double>] = random(shapes, in: operation.domain)
      var recorded: [UInt8] = []
      _ = valueWithGradient(at: operands) { operands in
        let result = operation.function(operands)
        recorded = result.bits
        return result.sum()
      }
      #expect(recorded == operation.function(operands).bits)
    }
  }

  @Test("The number of threads changes no bit of a Float", arguments: operationCases(Float.self))
  func floatsDoNotDependOnThreads(operation: OperationCase<Float>) {
    expectSameBits(operation)
  }

  @Test("The number of threads changes no bit of a Double", arguments: operationCases(Double.self))
  func doublesDoNotDependOnThreads(operation: OperationCase<Double>) {
    expectSameBits(operation)
  }

  private func expectSameBits<Scalar>(_ operation: OperationCase<Scalar>) {
    let operands: [Tensor<Scalar>] = random(operation.large, in: operation.domain)
    let results = [1, 2, 3, 5].map { threads in
      Threads.$count.withValue(threads) {
        var value: [UInt8] = []
        let gradient = valueWithGradient(at: operands) { operands in
          let result = operation.function(operands)
          value = result.bits
          return result.squared.sum()
        }.gradient
        return [value] + gradient.map(\.bits)
      }
    }
    for result in results { #expect(result == results[0]) }
  }
}

@Suite struct SelectingOperations {
  @Test("The gradient of a maximum goes to the largest element")
  func maximum() {
    let x = Tensor([3.0, -1, 2, 2, 0, 7], shape: [2, 3])
    #expect(x.maximum(axis: 1) == Tensor([3, 7]))
    #expect(x.maximum(axis: -2) == Tensor([3, 0, 7]))
    #expect(Tensor<Double>(zeros: [2, 0]).maximum(axis: 1) == Tensor([-.infinity, -.infinity]))
    let rows = valueWithGradient(at: x) { ($0.maximum(axis: 1) * Tensor([10, 1])).sum() }
    #expect(rows.value == 37)
    #expect(rows.gradient == Tensor([10, 0, 0, 0, 0, 1], shape: [2, 3]))
    let columns = valueWithGradient(at: x) { ($0.maximum(axis: 0) * Tensor([1, 2, 3])).sum() }
    #expect(columns.gradient == Tensor([1, 0, 0, 0, 2, 3], shape: [2, 3]))
  }

  @Test("Several largest elements that are equal share the gradient of their maximum")
  func ties() {
    let x = Tensor([5.0, 5, 1, 2, 2, 2, 0.0, -0.0, -1], shape: [3, 3])
    let gradient = valueWithGradient(at: x) { ($0.maximum(axis: 1) * Tensor([4, 3, 2])).sum() }
    #expect(gradient.gradient == Tensor([2, 2, 0, 1, 1, 1, 1, 1, 0], shape: [3, 3]))
  }

  @Test("Rows are taken at any indices, and a row that is taken twice gets both gradients")
  func rows() {
    let x = Tensor([1.0, 2, 3, 4, 5, 6], shape: [3, 2])
    #expect(x.rows([2, 0, 2]) == Tensor([5, 6, 1, 2, 5, 6], shape: [3, 2]))
    #expect(x.rows([]) == Tensor(zeros: [0, 2]))
    let weights = Tensor([1.0, 10, 100], shape: [3, 1])
    let gradient = valueWithGradient(at: x) { ($0.rows([2, 0, 2]) * weights).sum() }
    #expect(gradient.gradient == Tensor([10, 10, 0, 0, 101, 101], shape: [3, 2]))
    #expect(valueWithGradient(at: x) { $0.rows([]).sum() }.gradient == Tensor(zeros: [3, 2]))
  }

  @Test("affine(x, weight, bias) has the bits of matmul(x, weight) + bias, gradients included")
  func affineAndItsParts() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let shapes = [[[7, 20], [20, 33], [33]], [[128, 300], [300, 65], [65]]]
      for shapes in shapes {
        let operands: [Tensor<Scalar>] = random(shapes)
        var bits: [[UInt8]] = []
        let operations: [([Tensor<Scalar>]) -> Tensor<Scalar>] = [
          { affine($0[0], $0[1], $0[2]) }, { matmul($0[0], $0[1]) + $0[2] },
        ]
        for operation in operations {
          let gradient = valueWithGradient(at: operands) { operands in
            let result = operation(operands)
            bits.append(result.bits)
            return result.weightedSum
          }.gradient
          bits += gradient.map(\.bits)
        }
        #expect(Array(bits[..<4]) == Array(bits[4...]))
      }
    }
    check(Float.self)
    check(Double.self)
  }
}

/// Where a formula that is right on paper overflows or cancels.
@Suite struct ExtremeOperands {
  @Test("Sigmoid and softplus do not overflow")
  func sigmoidAndSoftplus() {
    let x = Tensor([-800.0, 800, -.infinity, .infinity])
    #expect(sigmoid(x).scalars == [sigmoid(x)[0], 1, 0, 1] && sigmoid(x)[0] < 1e-300)
    #expect(softplus(x).scalars == [softplus(x)[0], 800, 0, .infinity] && softplus(x)[0] < 1e-300)
    let gradient = valueWithGradient(at: x.slice(axis: 0, 0..<2)) { softplus($0).sum() }.gradient
    #expect(gradient == sigmoid(x.slice(axis: 0, 0..<2)))
  }

  @Test("log(1 + x) keeps the digits of a small x")
  func log1pOfSmallNumbers() {
    #expect(log1p(Tensor<Double>(1e-18)).scalar == 1e-18)
  }

  @Test("The derivative of a ReLU at 0 is 0")
  func reluAtZero() {
    let result = valueWithGradient(at: Tensor([0.0, -0.0, 1, -1])) { relu($0).sum() }
    #expect(result.value == 1)
    #expect(result.gradient == Tensor([0, 0, 1, 0]))
  }

  @Test("No function turns NaN into a number: a mistake must show in the loss")
  func notANumberIsNotHidden() {
    let x = Tensor([Double.nan])
    let results = [
      exp(x), log(x), log1p(x), sqrt(x), sin(x), cos(x), tanh(x), relu(x), sigmoid(x), softplus(x),
      x.maximum(axis: 0), x.sum(),
    ]
    for (index, result) in results.enumerated() {
      #expect(result.scalars[0].isNaN, "function \(index)")
    }
  }
}
