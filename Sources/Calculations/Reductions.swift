import Autodiff

/// What makes one number of several.
private struct Reduction {
  /// What is said of whoever takes it in place of another, whose text is given.
  let clause: (_ right: String) -> String
  /// Of the numbers that are reduced, and of all numbers if these are only a row or column.
  let value: (_ numbers: [Double], _ all: [Double]) -> Double

  init(_ clause: @escaping (String) -> String, _ value: @escaping ([Double], [Double]) -> Double) {
    self.clause = clause
    self.value = value
  }

  static func sum(_ x: [Double]) -> Double { x.reduce(0, +) }

  static func all(of x: String, over name: String, rank: Int) -> [Reduction] {
    let axes = rank > 2 ? "all axes" : "both axes"
    let others = rank > 2 ? "the extents of the other axes" : "the extent of the other axis"
    func other(_ text: String, _ value: @escaping ([Double]) -> Double) -> Reduction {
      Reduction({ "`\(text)` stands where `\($0)` belongs" }) { x, _ in value(x) }
    }
    func selected(_ clause: String, _ terms: @escaping ([Double]) -> [Double], isMean: Bool)
      -> Reduction
    {
      Reduction({ "\(clause) `\($0)`" }) { x, _ in
        let terms = terms(x)
        return sum(terms) / (isMean ? max(1, Double(terms.count)) : 1)
      }
    }
    func divided(_ divisor: String, _ value: @escaping (_ n: Double, _ all: Double) -> Double)
      -> Reduction
    {
      Reduction({ "the sum is divided by \(divisor) where `\($0)` belongs" }) { x, all in
        sum(x) / value(Double(x.count), Double(all.count))
      }
    }
    return [
      other("sum\(name)(\(x))", sum),
      other("mean\(name)(\(x))") { sum($0) / Double($0.count) },
      other("max\(name)(\(x))") { $0.max() ?? 0 },
      other("min\(name)(\(x))") { $0.min() ?? 0 },
      other("the product of \(x)") { $0.reduce(1, *) },
      other("sqrt(sum\(name)(\(x)))") { sum($0).squareRoot() },
      other("the root of the sum of squares of \(x)") { sum($0.map { $0 * $0 }).squareRoot() },
      other("abs(sum\(name)(\(x)))") { abs(sum($0)) },
      other("sum\(name)(abs(\(x)))") { sum($0.map { abs($0) }) },
      other("the median of \(x)") { $0.sorted()[$0.count / 2] },
      divided("n − 1, one less than the number of terms,") { n, _ in n - 1 },
      divided("n + 1, one more than the number of terms,") { n, _ in n + 1 },
      divided("the root of the number of terms") { n, _ in n.squareRoot() },
      divided("the square of the number of terms") { n, _ in n * n },
      divided("twice the number of terms") { n, _ in 2 * n },
      divided("the number of all numbers, over \(axes),") { _, all in all },
      divided(others) { n, all in all / n },
      selected("only the first number counts in", { Array($0.prefix(1)) }, isMean: false),
      Reduction({ "only the last number counts in `\($0)` (is there an = in place of +=?)" }) {
        x, _ in
        x.last ?? 0
      },
      selected("the first number is left out of", { Array($0.dropFirst()) }, isMean: false),
      selected("the last number is left out of", { Array($0.dropLast()) }, isMean: false),
      selected("the first number is left out of", { Array($0.dropFirst()) }, isMean: true),
      selected("the last number is left out of", { Array($0.dropLast()) }, isMean: true),
      Reduction({ "the sum is over \(axes) where `\($0)` belongs" }) { _, all in sum(all) },
      Reduction({ "the mean is over \(axes) where `\($0)` belongs" }) { _, all in
        sum(all) / Double(all.count)
      },
      Reduction({ "the first number is left out of `\($0)`, and the divisor is still n" }) { x, _ in
        sum(Array(x.dropFirst())) / Double(x.count)
      },
      Reduction({ "the last number is left out of `\($0)`, and the divisor is still n" }) { x, _ in
        sum(Array(x.dropLast())) / Double(x.count)
      },
    ]
  }
}

/// - Parameters:
///   - name: What is written in front of the bracket: "sum".
///   - axis: Nil for all numbers, which gives a single one.
///   - over: What the axis is, for the text: "pixels".
private func reduced(
  _ name: String, _ x: Calculation, axis: Int?, over: String?,
  _ value: @escaping ([Double]) -> Double
) -> Calculation {
  let place = over.map { " over \($0) of " } ?? ""
  let text = "\(name)\(place)(\(x.text))"
  let rank = x.shape.count
  let alternatives = Reduction.all(of: x.text, over: place, rank: rank).map { other in
    Calculation.Alternative(clause: other.clause(text)) { operands in
      reduced(operands[0], axis: axis) { other.value($0, operands[0].scalars) }
    }
  }
  let otherAxes = axis.map { axis in
    (0..<rank).filter { $0 != axis }.map { other in
      Calculation.Alternative(clause: "`\(text)` is taken along another axis") { operands in
        reduced(operands[0], axis: other, value)
      }
    }
  }
  return Calculation(
    text, of: [x], alternatives: alternatives + (otherAxes ?? []),
    accepts: { axis == nil || $0[0].count == rank }
  ) { operands in reduced(operands[0], axis: axis, value) }
}

private func reduced(_ x: Tensor<Double>, axis: Int?, _ value: ([Double]) -> Double)
  -> Tensor<Double>
{
  guard let axis else { return Tensor(value(x.scalars)) }
  let inner = x.shape[(axis + 1)...].reduce(1, *)
  let extent = x.shape[axis]
  let numbers = x.scalars
  var shape = x.shape
  shape[axis] = 1
  return Tensor(
    (0..<x.count / extent).map { place in
      let start = place / inner * inner * extent + place % inner
      return value((0..<extent).map { numbers[start + $0 * inner] })
    }, shape: shape)
}

/// The sum of all numbers; or along an axis, which is kept with the extent 1.
public func sum(_ x: Calculation, axis: Int? = nil, over: String? = nil) -> Calculation {
  reduced("sum", x, axis: axis, over: over) { $0.reduce(0, +) }
}

/// The mean of all numbers; or along an axis, which is kept with the extent 1.
public func mean(_ x: Calculation, axis: Int? = nil, over: String? = nil) -> Calculation {
  reduced("mean", x, axis: axis, over: over) { $0.reduce(0, +) / Double($0.count) }
}

/// The largest of all numbers; or along an axis, which is kept with the extent 1.
public func largest(_ x: Calculation, axis: Int? = nil, over: String? = nil) -> Calculation {
  reduced("max", x, axis: axis, over: over) { $0.max() ?? 0 }
}

/// The smallest of all numbers; or along an axis, which is kept with the extent 1.
public func smallest(_ x: Calculation, axis: Int? = nil, over: String? = nil) -> Calculation {
  reduced("min", x, axis: axis, over: over) { $0.min() ?? 0 }
}

// MARK: - Matrices and lists

/// The product of a matrix and a matrix or vector.
public func product(_ x: Calculation, _ y: Calculation) -> Calculation {
  typealias Alternative = Calculation.Alternative
  let (a, b) = (x.bracketed, y.bracketed)
  func other(_ text: String, _ apply: @escaping ([Tensor<Double>]) -> Tensor<Double>) -> Alternative
  {
    Alternative(clause: "`\(text)` stands where `\(a) · \(b)` belongs", apply: apply)
  }
  var alternatives: [Alternative] = []
  let isSquare = x.shape[0] == x.shape[1]
  if isSquare {
    alternatives.append(other("\(a)ᵀ · \(b)") { product($0[0].transposed(), $0[1]) })
  }
  if x.shape == y.shape {
    alternatives.append(other("\(a) * \(b), number by number,") { $0[0] * $0[1] })
    if isSquare {
      alternatives.append(other("\(b) · \(a)") { product($0[1], $0[0]) })
      alternatives.append(other("\(a) · \(b)ᵀ") { product($0[0], $0[1].transposed()) })
    }
  }
  return Calculation("\(a) · \(b)", isAtomic: false, of: [x, y], alternatives: alternatives) {
    product($0[0], $0[1])
  }
}

private func product(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double> {
  y.rank == 2 ? matmul(x, y) : matmul(x, y.reshaped([y.count, 1])).reshaped([x.shape[0]])
}

/// 1 for each number that is above a threshold, and 0 for each other.
public func above(_ x: Calculation, _ threshold: Double) -> Calculation {
  func indicator(_ test: @escaping (Double) -> Bool) -> ([Tensor<Double>]) -> Tensor<Double> {
    { Tensor($0[0].scalars.map { test($0) ? 1 : 0 }, shape: $0[0].shape) }
  }
  let text = "\(x.bracketed) > \(threshold)"
  return Calculation(
    text, isAtomic: false, of: [x],
    alternatives: [
      .init(clause: "those are counted that are not above", apply: indicator { $0 <= threshold })
    ], apply: indicator { $0 > threshold })
}

/// The matrix with rows and columns exchanged.
public func transposed(_ x: Calculation) -> Calculation {
  Calculation(
    "\(x.bracketed)ᵀ", of: [x],
    alternatives: x.shape[0] == x.shape[1]
      ? [.init(clause: "`\(x.bracketed)` stands where `\(x.bracketed)ᵀ` belongs") { $0[0] }] : []
  ) { $0[0].transposed() }
}

extension Calculation {
  /// All numbers of several steps one after another, such as the parts of an answer.
  public static func list(_ parts: [Calculation]) -> Calculation {
    list(parts, shape: [parts.reduce(0) { $0 + $1.value.count }])
  }

  /// All numbers of several steps one after another, in a shape: the entries of a matrix.
  public static func list(_ parts: [Calculation], shape: [Int]) -> Calculation {
    Calculation(
      "(" + parts.map(\.text).joined(separator: ", ") + ")", isList: true, of: parts,
      undo: { result, operands, operand in
        let start = operands[..<operand].reduce(0) { $0 + $1.count }
        let part = operands[operand]
        return Tensor(Array(result.scalars[start..<start + part.count]), shape: part.shape)
      }
    ) {
      Tensor($0.flatMap(\.scalars), shape: shape)
    }
  }

  /// The numbers at some places, such as a column.
  public subscript(_ indices: [Int], named name: String) -> Calculation {
    Calculation(name, of: [self]) { operands in Tensor(indices.map { operands[0].scalars[$0] }) }
  }

  /// The number at one place: "mean[0]".
  public subscript(_ index: Int) -> Calculation {
    Calculation("\(bracketed)[\(index)]", of: [self]) { Tensor($0[0].scalars[index]) }
  }
}

/// A function that is an argument, such as a decoder, of each row of a matrix.
public func rows(
  of x: Calculation, through name: String, _ function: @escaping ([Double]) -> [Double]
) -> Calculation {
  Calculation("\(name)(\(x.text))", of: [x], accepts: { $0[0].count == 2 }) { operands in
    let (count, size) = (operands[0].shape[0], operands[0].shape[1])
    let numbers = operands[0].scalars
    let results = (0..<count).map { function(Array(numbers[$0 * size..<($0 + 1) * size])) }
    return Tensor(Array(results.joined()), shape: [count, results[0].count])
  }
}
