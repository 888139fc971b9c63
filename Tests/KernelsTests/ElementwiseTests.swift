import Testing

@testable import Kernels

@Suite struct ElementwiseTests {
  @Test("Each operation on each pair", arguments: [0, 1, 7, 8, 31, 32, 33, 1000])
  func operations(count: Int) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let x = (0..<count).map { Scalar($0 % 7 - 3) / 8 }
      let y = (0..<count).map { Scalar($0 % 5 - 2) }
      let definitions: [(BinaryOperation, (Scalar, Scalar) -> Scalar)] = [
        (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
        (.divide, { $0 / $1 }), (.gate, { $1 > 0 ? $0 : 0 }),
      ]
      for (operation, definition) in definitions {
        let expected = zip(x, y).map(definition)
        // Into memory of its own, and over either operand.
        let (a, b, own) = (Buffer(x), Buffer(y), Buffer<Scalar>(repeating: .nan, count: count))
        Scalar.combine(operation, a, b, along: nil, into: own)
        #expect(isSame(own.array, expected))
        let left = Buffer(copying: a)
        Scalar.combine(operation, left, b, along: nil, into: left)
        #expect(isSame(left.array, expected))
        Scalar.combine(operation, a, b, along: nil, into: b)
        #expect(isSame(b.array, expected))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func aGateLetsNaNThrough() {
    let gated = Buffer<Float>([.nan, 1, .nan, .infinity])
    Float.combine(.gate, gated, Buffer([1, .nan, -1, 0]), along: nil, into: gated)
    #expect(gated[0].isNaN && gated[1] == 1 && gated[2] == 0 && gated[3] == 0)
  }

  @Test func squareRootsAreExactlyRounded() {
    for count in [1, 9, 50_001] {
      let x = (0..<count).map { Float($0) / 3 }
      let roots = Buffer<Float>(uninitialized: count)
      Float.squareRoot(Buffer(x), into: roots)
      #expect(roots.array == x.map { $0.squareRoot() })
    }
    let special = Buffer<Double>([-1, -0.0, .infinity, 2])
    Double.squareRoot(special, into: special)
    #expect(special[0].isNaN && special[1].sign == .minus && special[2] == .infinity)
    #expect(special[3] == 2.0.squareRoot())
  }

  @Test("A function of many numbers is that of each, wherever it stands and whoever computes it")
  func functionsOfBuffers() {
    for function in ElementaryFunction.allCases {
      let x = (0..<20_001).map { Double($0 % 1000 + 1) / 1002 }
      let alone = (0..<1000).map { index in
        let one = Buffer([x[index]])
        apply(function, one, into: one)
        return one[0]
      }
      for threads in [1, 2, 3, 5] {
        let result = Threads.$count.withValue(threads) {
          let result = Buffer<Double>(uninitialized: x.count)
          apply(function, Buffer(x), into: result)
          return result.array
        }
        #expect(result.indices.allSatisfy { result[$0] == alone[$0 % 1000] })
      }
    }
  }

  @Test("Blocks of four axes, from any place to any place")
  func copies() {
    let source = (0..<400).map(Float.init)
    // Transposed, repeated, sliced, and with gaps between all elements.
    let blocks: [(SIMD4<Int>, SIMD4<Int>, SIMD4<Int>)] = [
      ([0, 0, 1, 9], [0, 0, 7, 1], [1, 1, 9, 7]),
      ([0, 0, 0, 1], [15, 15, 5, 1], [1, 1, 3, 5]),
      ([0, 9, 0, 0], [100, 20, 5, 1], [2, 4, 3, 5]),
      ([80, 20, 4, 2], [60, 12, 3, 1], [3, 4, 5, 2]),
      ([3, 7, 11, 13], [150, 40, 9, 2], [2, 3, 4, 4]),
      ([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]),
    ]
    for (from, to, extents) in blocks {
      for threads in [1, 3] {
        let target = Buffer<Float>(repeating: -1, count: 400)
        var expected = target.array
        for i in 0..<extents[0] {
          for j in 0..<extents[1] {
            for k in 0..<extents[2] {
              for l in 0..<extents[3] {
                let index = SIMD4(i, j, k, l)
                expected[5 &+ (index &* to).wrappedSum()] =
                  source[3 &+ (index &* from).wrappedSum()]
              }
            }
          }
        }
        Threads.$count.withValue(threads) {
          copy(
            Buffer(source), offset: 3, strides: from, into: target, offset: 5, strides: to,
            extents: extents)
        }
        #expect(target.array == expected)
      }
    }
  }

  @Test func copiesOfNothingTouchNothing() {
    let target = Buffer<Float>([1])
    copy(
      Buffer<Float>([]), strides: [1, 1, 1, 1], into: target, strides: [1, 1, 1, 1],
      extents: [2, 0, 2, 2])
    #expect(target.array == [1])
  }

  @Test func rowsAreGathered() {
    let x = Buffer((0..<12).map(Double.init))
    let result = Buffer<Double>(uninitialized: 9)
    gather(x, rows: [3, 0, 3], size: 3, into: result)
    #expect(result.array == [9, 10, 11, 0, 1, 2, 9, 10, 11])
  }

  @Test("A kernel that would leave a buffer stops the program", arguments: [0, 1, 2, 3, 4, 5])
  func bounds(mistake: Int) async {
    await #expect(processExitsWith: .failure) { [mistake = mistake as Int] in
      let (four, six) = (
        Buffer<Float>(repeating: 1, count: 4), Buffer<Float>(repeating: 1, count: 6)
      )
      switch mistake {
      case 0: Float.combine(.add, four, six, along: nil, into: six)
      case 1: Float.combine(.add, four, six, along: Broadcast([6], [6]), into: six)
      case 2: apply(.exp, six, into: four)
      case 3: gather(six, rows: [2], size: 3, into: four)
      case 4:
        copy(
          six, strides: [0, 0, 3, 1], into: four, strides: [0, 0, 3, 1], extents: [1, 1, 2, 3])
      default: Float.squareRoot(four, into: six)
      }
    }
  }
}

/// Whether all numbers are equal, where NaN is equal to NaN.
func isSame<Scalar: TensorScalar>(_ x: [Scalar], _ y: [Scalar]) -> Bool {
  x.count == y.count && zip(x, y).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
}
