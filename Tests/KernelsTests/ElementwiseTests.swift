import Testing

@testable import Kernels

@Suite struct ElementwiseTests {
  @Test("Each operation follows its definition", arguments: [0, 1, 7, 8, 31, 32, 33, 1000])
  func operations(count: Int) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let x = (0..<count).map { Scalar($0 % 7 - 3) / 8 }
      let y = (0..<count).map { Scalar($0 % 5 - 2) }
      let definitions: [(BinaryOperation, (Scalar, Scalar) -> Scalar)] = [
        (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
        (.divide, { $0 / $1 }), (.gate, { $1 > 0 ? $0 : 0 }),
      ]
      for (operation, definition) in definitions {
        let result = written(count) {
          combine(operation, Buffer(x), Buffer(y), along: nil, into: $0)
        }
        #expect(isSame(result.array, zip(x, y).map(definition)))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("A gate lets NaN through where it is open, and is open where the condition is NaN")
  func gatesAndNaN() {
    let gated = written(4) {
      combine(
        .gate, Buffer<Float>([.nan, 1, .nan, .infinity]), Buffer([1, .nan, -1, 0]), along: nil,
        into: $0)
    }
    #expect(gated[0].isNaN && gated[1] == 1 && gated[2] == 0 && gated[3] == 0)
  }

  @Test("Square roots are correctly rounded")
  func squareRoots() {
    for count in [1, 9, 50_001] {
      let x = (0..<count).map { Float($0) / 3 }
      let roots = written(count) { squareRoot(Buffer(x), into: $0) }
      #expect(roots.array == x.map { $0.squareRoot() })
    }
    let special = written(4) { squareRoot(Buffer([-1, -0.0, .infinity, 2.0]), into: $0) }
    #expect(special[0].isNaN && special[1].sign == .minus && special[2] == .infinity)
    #expect(special[3] == 2.0.squareRoot())
  }

  @Test("A function of an array is that of each number, with any number of threads")
  func functionsOfBuffers() {
    for function in ElementaryFunction.allCases {
      let x = (0..<20_001).map { Double($0 % 1000 + 1) / 1002 }
      let alone = (0..<1000).map { index in
        written(1) { apply(function, Buffer([x[index]]), into: $0) }[0]
      }
      for threads in [1, 2, 3, 5] {
        let result = Threads.$count.withValue(threads) {
          written(x.count) { apply(function, Buffer(x), into: $0) }.array
        }
        #expect(result.indices.allSatisfy { result[$0] == alone[$0 % 1000] })
      }
    }
  }

  @Test("Columns are copied from any place to any place, as far as they fit")
  func copies() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      for (rows, from, to) in [(1, 7, 7), (3, 5, 9), (40, 9, 5), (70, 300, 400)] {
        for (start, place) in [(0, 0), (2, 1), (1, 4), (from, 0), (0, to)] {
          let source = (0..<rows * from).map { Scalar($0) }
          var expected = [Scalar](repeating: -1, count: rows * to)
          for i in 0..<rows {
            for j in 0..<min(from - start, to - place) {
              expected[i * to + place + j] = source[i * from + start + j]
            }
          }
          for threads in [1, 3] {
            let result = Threads.$count.withValue(threads) {
              written(over: Buffer<Scalar>(repeating: -1, count: rows * to)) {
                copyColumns(Buffer(source), from: start, into: $0, to: place, rows: rows)
              }
            }
            #expect(result.array == expected)
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("A transpose has rows for columns, and the transpose of a transpose is the matrix")
  func transposes() {
    for (rows, columns) in [(1, 5), (5, 1), (3, 4), (150, 170)] {
      let x = Buffer((0..<rows * columns).map(Float.init))
      for threads in [1, 3] {
        Threads.$count.withValue(threads) {
          let y = written(x.count) { transpose(x, columns: columns, into: $0) }
          for i in 0..<rows {
            #expect((0..<columns).allSatisfy { y[$0 * rows + i] == x[i * columns + $0] })
          }
          #expect(written(x.count) { transpose(y, columns: rows, into: $0) }.array == x.array)
        }
      }
    }
  }

  @Test("An empty copy and an empty transpose change nothing")
  func emptyCopies() {
    let target = written(over: Buffer<Float>([1])) {
      copyColumns(Buffer([]), from: 0, into: $0, to: 0, rows: 1)
    }
    #expect(target.array == [1])
    #expect(written(0) { transpose(Buffer<Float>([]), columns: 0, into: $0) }.array == [])
  }

  @Test("Rows are gathered in the order of their indices, and scattered rows add up")
  func rows() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let x = Buffer((0..<12).map { Scalar($0) })
      let gathered = written(9) { gather(x, rows: [3, 0, 3], size: 3, into: $0) }
      #expect(gathered.array == [9, 10, 11, 0, 1, 2, 9, 10, 11])
      let sums = written(over: Buffer<Scalar>(repeating: 100, count: 12)) {
        scatter(gathered, rows: [3, 0, 3], size: 3, addingTo: $0)
      }
      #expect(sums.array == [100, 101, 102, 100, 100, 100, 100, 100, 100, 118, 120, 122])
      let none = written(over: x) { scatter(Buffer([]), rows: [], size: 3, addingTo: $0) }
      #expect(none.array == x.array)
      #expect(written(0) { gather(x, rows: [], size: 3, into: $0) }.array == [])
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("A buffer is added to another, with any number of threads", arguments: [0, 1, 33, 40_001])
  func sums(count: Int) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let (x, y): ([Scalar], [Scalar]) = (normals(count, key: 1), normals(count, key: 2))
      for threads in [1, 3] {
        let sum = Threads.$count.withValue(threads) {
          written(over: Buffer(y)) { accumulate(Buffer(x), into: $0) }
        }
        #expect(sum.array == zip(x, y).map { $1 + $0 })
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// What is wrong with a kernel's operands, and what the program says about it.
  private static let mistakes: [(name: String, words: String)] = [
    ("combine", "an operation on buffers of 4, 6 and 6"),
    ("broadcast operands", "an operation on buffers that its broadcast was not made for"),
    ("broadcast result", "an operation on buffers that its broadcast was not made for"),
    ("apply", "exp of 6 scalars into 4"),
    ("squareRoot", "roots of 4 scalars into 6"),
    ("gather", "1 rows of 3, from 2, into 3 scalars"),
    ("gather size", "1 rows of 3, from 2, into 4 scalars"),
    ("scatter", "1 rows of 3, to 2, from 3 scalars"),
    ("scatter size", "1 rows of 3, to 2, from 4 scalars"),
    ("accumulate", "a sum of buffers of 6 and 4"),
    ("copy", "2 rows from column 4 of 6 scalars to 0 of 4"),
    ("copy to afar", "2 rows from column 0 of 6 scalars to 3 of 4"),
    ("copy backwards", "2 rows from column -1 of 6 scalars to 0 of 4"),
    ("transpose", "the transpose of 6 scalars in 3 columns into 4"),
    ("stretch", "a stretch of 6 to 4"),
  ]

  @Test("A kernel that would leave a buffer stops the program", arguments: mistakes.map(\.name))
  func bounds(mistake: String) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [mistake = mistake as String] in
      let (three, four, six) = (
        Buffer<Float>(repeating: 1, count: 3), Buffer<Float>(repeating: 1, count: 4),
        Buffer<Float>(repeating: 1, count: 6)
      )
      let same = Broadcast("+", [6], [6])
      _ = written(over: six) { target in
        switch mistake {
        case "combine": combine(.add, four, six, along: nil, into: target)
        case "broadcast operands": combine(.add, four, six, along: same, into: target)
        case "squareRoot": squareRoot(four, into: target)
        case "scatter": scatter(three, rows: [2], size: 3, addingTo: target)
        case "scatter size": scatter(four, rows: [1], size: 3, addingTo: target)
        case "accumulate": accumulate(four, into: target)
        default: break
        }
      }
      _ = written(over: four) { target in
        switch mistake {
        case "broadcast result": combine(.add, six, six, along: same, into: target)
        case "apply": apply(.exp, six, into: target)
        case "gather size": gather(six, rows: [0], size: 3, into: target)
        case "copy": copyColumns(six, from: 4, into: target, to: 0, rows: 2)
        case "copy to afar": copyColumns(six, from: 0, into: target, to: 3, rows: 2)
        case "copy backwards": copyColumns(six, from: -1, into: target, to: 0, rows: 2)
        case "transpose": transpose(six, columns: 3, into: target)
        case "stretch": stretch(six, along: same, into: target)
        default: break
        }
      }
      if mistake == "gather" { _ = written(3) { gather(six, rows: [2], size: 3, into: $0) } }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let words = try #require(Self.mistakes.first { $0.name == mistake }).words
    #expect(message.contains(words), "\(message.prefix(200))")
  }
}
