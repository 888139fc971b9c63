import Autodiff
import Kernels
import Testing

/// A mistake of the programmer, and what the program must say as it stops.
struct Misuse: Codable, Sendable, CustomTestStringConvertible {
  let name: Name
  let words: [String]

  enum Name: String, Codable, CaseIterable {
    case add, subtract, multiply, divide, axes, matmul, matmulOfVectors, affine, affineBias, sum
    case mean, maximum, reshaped, broadcast, transposed, slice, sliceAxis, concatenated
    case concatenatedRanks, concatenatedNothing, rows, rowIndex, scalar, subscriptIndex
    case initializer, extent, converted, mutated, loss, nestedOperands, nestedLoss
    case pullbackRank, pullbackShape
  }

  var testDescription: String { name.rawValue }

  init(_ name: Name, _ words: String...) {
    self.name = name
    self.words = words
  }
}

private func commit(_ misuse: Misuse.Name) {
  let x = Tensor<Float>(zeros: [2, 3])
  let y = Tensor<Float>(zeros: [4, 2])
  let v = Tensor<Float>(zeros: [5])
  switch misuse {
  case .add: _ = x + y
  case .subtract: _ = x - v
  case .multiply: _ = v * x
  case .divide: _ = x / y
  case .axes:
    _ = Tensor<Float>(zeros: [2, 1, 2, 1, 2]) + Tensor<Float>(zeros: [1, 2, 1, 2, 1])
  case .matmul: _ = matmul(x, y)
  case .matmulOfVectors: _ = matmul(x, v)
  case .affine: _ = affine(x, y, v)
  case .affineBias: _ = affine(y, x, v)
  case .sum: _ = x.sum(axis: 2)
  case .mean: _ = x.mean(axis: -3)
  case .maximum: _ = Tensor<Float>(1).maximum(axis: 0)
  case .reshaped: _ = x.reshaped([7])
  case .broadcast: _ = x.broadcast(to: [3, 2])
  case .transposed: _ = v.transposed()
  case .slice: _ = x.slice(axis: 1, 1..<4)
  case .sliceAxis: _ = x.slice(axis: 2, 0..<1)
  case .concatenated: _ = Tensor.concatenated([x, y])
  case .concatenatedRanks: _ = Tensor.concatenated([x, v], axis: 1)
  case .concatenatedNothing: _ = Tensor<Float>.concatenated([])
  case .rows: _ = v.rows([0])
  case .rowIndex: _ = x.rows([0, 2])
  case .scalar: _ = x.scalar
  case .subscriptIndex: _ = x[1, 3]
  case .initializer: _ = Tensor<Float>([1, 2, 3], shape: [2, 2])
  case .extent: _ = Tensor<Float>(zeros: [-2, -3])
  case .converted:
    _ = valueWithGradient(at: x) { x in
      Tensor(Float((x * 2).converted(to: Double.self).sum().scalar))
    }
  case .mutated:
    _ = valueWithGradient(at: x) { x in
      var y = x * x
      y.mutate { $0[0] = 1 }
      return y.sum()
    }
  case .loss: _ = valueWithGradient(at: x) { $0 * 2 }
  case .nestedOperands:
    _ = valueWithGradient(at: x) { x in
      Tensor(valueWithGradient(at: y) { y in matmul(y, x).sum() }.value)
    }
  case .nestedLoss:
    _ = valueWithGradient(at: x) { x in
      Tensor(valueWithGradient(at: y) { _ in x.sum() }.value)
    }
  case .pullbackRank:
    _ = valueWithGradient(at: x) { x in
      x.sum(axis: 0).detached.recorded("sum", from: (x, { g in g })).sum()
    }
  case .pullbackShape:
    _ = valueWithGradient(at: x) { x in
      x.detached.recorded("odd", from: (x, { _ in y })).sum()
    }
  }
}

private let misuses = [
  Misuse(.add, "+: ", "[2, 3]", "[4, 2]", "do not broadcast"),
  Misuse(.subtract, "-: ", "[2, 3]", "[5]", "do not broadcast"),
  Misuse(.multiply, "*: ", "[5]", "[2, 3]", "do not broadcast"),
  Misuse(.divide, "/: ", "[2, 3]", "[4, 2]", "do not broadcast"),
  Misuse(
    .axes, "+: ", "[2, 1, 2, 1, 2]", "[1, 2, 1, 2, 1]", "need more than four axes to broadcast"),
  Misuse(.matmul, "matmul: ", "[2, 3]", "[4, 2]", "do not fit"),
  Misuse(.matmulOfVectors, "matmul: ", "[2, 3]", "[5]", "do not fit"),
  Misuse(.affine, "[2, 3]", "[4, 2]", "do not fit"),
  Misuse(.affineBias, "affine: a bias of shape [5] for 3 columns"),
  Misuse(.sum, "sum: axis 2 of shape [2, 3]"),
  Misuse(.mean, "mean: axis -3 of shape [2, 3]"),
  Misuse(.maximum, "maximum: axis 0 of shape []"),
  Misuse(.reshaped, "reshaped: ", "[2, 3]", "[7]"),
  Misuse(.broadcast, "broadcast: ", "[2, 3]", "[3, 2]"),
  Misuse(.transposed, "transposed: ", "[5]", "matrix"),
  Misuse(.slice, "slice: ", "1..<4", "axis 1", "[2, 3]"),
  Misuse(.sliceAxis, "slice: axis 2 of shape [2, 3]"),
  Misuse(.concatenated, "concatenated: ", "[2, 3]", "[4, 2]", "axis 0"),
  Misuse(.concatenatedRanks, "concatenated: ", "[2, 3]", "[5]", "axis 1"),
  Misuse(.concatenatedNothing, "concatenated: nothing to join"),
  Misuse(.rows, "rows: ", "[5]", "matrix"),
  Misuse(.rowIndex, "2 rows", "from 2"),
  Misuse(.scalar, "scalar: ", "[2, 3]", "6"),
  Misuse(.subscriptIndex, "subscript: ", "[1, 3]", "[2, 3]"),
  Misuse(.initializer, "Tensor: 3 scalars for shape [2, 2]"),
  Misuse(.extent, "Tensor: a negative extent in shape [-2, -3]"),
  Misuse(.converted, "converted: no gradient passes through; detach it first"),
  Misuse(.mutated, "mutate: the gradient would not know; detach it first"),
  Misuse(.loss, "valueWithGradient: ", "[2, 3]", "not one number"),
  Misuse(.nestedOperands, "matmul: its operands belong to two gradients; detach one of them"),
  Misuse(
    .nestedLoss,
    "the loss belongs to another gradient; second derivatives are not supported"),
  Misuse(
    .pullbackRank, "a pullback returned a gradient of shape [3] for an operand of shape [2, 3]"),
  Misuse(
    .pullbackShape, "a pullback returned a gradient of shape [4, 2] for an operand of shape [2, 3]"),
]

@Suite struct MisuseTests {
  @Test("A mistake stops the program with a message that says what is wrong", arguments: misuses)
  func theSentence(misuse: Misuse) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [name = misuse.name as Misuse.Name] in
      commit(name)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    for words in misuse.words {
      #expect(message.contains(words), "\(message.prefix(300))")
    }
  }

  @Test("The table above holds every mistake once")
  func everyMistake() {
    #expect(misuses.map(\.name) == Misuse.Name.allCases)
  }
}
