import Testing

@testable import Kernels

/// NumPy's rule, as its manual states it.
private func stretchedShape(_ left: [Int], _ right: [Int]) -> [Int]? {
  let rank = max(left.count, right.count)
  let shapes = [left, right].map { Array(repeating: 1, count: rank - $0.count) + $0 }
  var result: [Int] = []
  for (l, r) in zip(shapes[0], shapes[1]) {
    guard l == r || l == 1 || r == 1 else { return nil }
    result.append(l == 1 ? r : l)
  }
  return result
}

/// Where the element at a place in the common shape lies in an operand of another shape.
private func place(_ position: Int, in shape: [Int], of common: [Int]) -> Int {
  var (position, place, step) = (position, 0, 1)
  for axis in 1...max(common.count, 1) where axis <= shape.count {
    let (extent, index) = (shape[shape.count - axis], position % common[common.count - axis])
    if extent > 1 { place += index * step }
    step *= extent
    position /= common[common.count - axis]
  }
  return place
}

private func expectDifferences<Scalar: TensorScalar>(
  _: Scalar.Type, _ left: [Int], _ right: [Int]
) {
  guard let common = stretchedShape(left, right) else {
    Issue.record("\(left) and \(right) do not broadcast")
    return
  }
  let broadcast = Broadcast("−", left, right)
  let x = (0..<left.reduce(1, *)).map { Scalar($0) }
  let y = (0..<right.reduce(1, *)).map { Scalar(1000 * $0) }
  let result = written(common.reduce(1, *)) {
    combine(.subtract, Buffer(x), Buffer(y), along: broadcast, into: $0)
  }
  let expected = (0..<result.count).map {
    x[place($0, in: left, of: common)] - y[place($0, in: right, of: common)]
  }
  #expect(result.array == expected, "\(left) and \(right)")
  let stretched = written(result.count) { stretch(Buffer(x), along: broadcast, into: $0) }
  let whole = (0..<result.count).map { x[place($0, in: left, of: common)] }
  #expect(stretched.array == whole, "\(left) stretched to \(common)")
}

/// All shapes of up to three axes with extents from 0 to 3.
private let shapes: [[Int]] = {
  let axes = (0...3).map { [$0] }
  let matrices = axes.flatMap { x in axes.map { x + $0 } }
  return [[]] + axes + matrices + matrices.flatMap { x in axes.map { x + $0 } }
}()

@Suite struct BroadcastTests {
  @Test("The common shape of any two shapes of up to three axes is NumPy's")
  func commonShapes() {
    for left in shapes {
      for right in shapes {
        guard let common = stretchedShape(left, right) else { continue }
        #expect(Broadcast("+", left, right).shape == common)
      }
    }
  }

  @Test("Each element of the result comes from the two that NumPy's rule names")
  func elements() {
    for left in shapes {
      for right in shapes where stretchedShape(left, right) != nil {
        expectDifferences(Float.self, left, right)
      }
    }
  }

  @Test(
    "More than four axes work where neighbours can be merged into four",
    arguments: [
      ([2, 1, 3, 1], [4, 1, 5]), ([2, 3, 4, 5, 2], [5, 2]), ([5, 2], [2, 3, 4, 5, 2]),
      ([2, 3, 1, 1, 4, 5], [4, 5]), ([1, 2, 1, 1, 3, 2], [2, 2, 1, 3, 1, 1]),
      ([2, 2, 1, 2, 2, 3, 3], [2, 2, 2, 1, 1, 1, 1]), ([1, 1, 1, 1, 1, 1], [1, 1]),
      ([2, 1, 1, 1, 1, 1, 3], [1]),
    ] as [([Int], [Int])])
  func manyAxes(left: [Int], right: [Int]) {
    expectDifferences(Float.self, left, right)
    expectDifferences(Double.self, right, left)
  }

  @Test(
    "Shapes that do not fit stop the program with the operation, both shapes and the reason",
    arguments: [
      ([2], [3]), ([2], [0]), ([2, 3], [2]), ([2, 1, 2, 3], [4, 3]), ([2, 0], [2, 2]),
    ] as [([Int], [Int])])
  func shapesThatDoNotFit(left: [Int], right: [Int]) async throws {
    #expect(stretchedShape(left, right) == nil)
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [left = left as [Int], right = right as [Int]] in
      _ = Broadcast("÷", left, right)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("÷: shapes \(left) and \(right) do not broadcast"))
  }

  @Test("Four axes may be stretched in turn; with five the program says that they are too many")
  func tooManyAxes() async throws {
    #expect(Broadcast("×", [2, 1, 2, 1], [1, 2, 1, 2]).shape == [2, 2, 2, 2])
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Broadcast("×", [2, 1, 2, 1, 2], [1, 2, 1, 2, 1])
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(
      message.contains(
        "×: shapes [2, 1, 2, 1, 2] and [1, 2, 1, 2, 1] need more than four axes to broadcast"))
  }

  @Test(
    "The number of threads changes no bit, however the axes are cut",
    arguments: [
      ([300, 401], [401]), ([300, 401], [300, 1]), ([7, 1, 40_000], [7, 3, 1]),
      ([50_000, 3], [3]), ([1], [120_001]), ([40, 1, 50, 1], [30, 1, 20]),
    ] as [([Int], [Int])])
  func threads(left: [Int], right: [Int]) {
    let broadcast = Broadcast("÷", left, right)
    let operands = [left, right].enumerated().map { index, shape in
      Buffer<Float>(count: shape.reduce(1, *)) {
        Threefry(key: UInt64(index)).fillUniform($0, from: 0)
      }
    }
    let results = [1, 2, 3, 5].map { threads in
      Threads.$count.withValue(threads) {
        written(broadcast.shape.reduce(1, *)) {
          combine(.divide, operands[0], operands[1], along: broadcast, into: $0)
        }.bytes
      }
    }
    for result in results { #expect(result == results[0]) }
  }
}
