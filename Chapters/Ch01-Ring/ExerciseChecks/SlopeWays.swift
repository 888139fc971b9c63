import Autodiff
import Exercises

/// The largest stretch as it is found in some other way than by the formula for symmetric matrices,
/// or with a case of its own; with what goes wrong there.
struct StretchAlgorithm {
  /// (a, b; c, d).
  struct Matrix {
    let a, b, c, d: Double

    init(_ a: Double, _ b: Double, _ c: Double, _ d: Double) {
      (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    var transposed: Matrix { Matrix(a, c, b, d) }
    var trace: Double { a + d }
    var determinant: Double { a * d - b * c }

    func times(_ other: Matrix) -> Matrix {
      Matrix(
        a * other.a + b * other.c, a * other.b + b * other.d, c * other.a + d * other.c,
        c * other.b + d * other.d)
    }
    func times(_ x: [Double]) -> [Double] { [a * x[0] + b * x[1], c * x[0] + d * x[1]] }
  }

  /// The square of the stretch.
  var square: (Matrix) -> Double = { matrix in
    root(of: matrix.times(matrix.transposed)) { ($0.trace, $0.determinant) }
  }
  /// For some matrices, another number.
  var exception: (Matrix) -> Double? = { _ in nil }

  func callAsFunction(_ jacobian: [[Double]]) -> Double {
    let matrix = Matrix(jacobian[0][0], jacobian[0][1], jacobian[1][0], jacobian[1][1])
    return exception(matrix) ?? square(matrix).squareRoot()
  }

  static var mistakes: [Mistake<StretchAlgorithm>] {
    products + quadratics + exceptions + undefined + iterations + directions
  }

  /// The larger root of λ² − trace λ + determinant.
  private static func root(
    of matrix: Matrix, isCut: Bool = true,
    _ coefficients: (Matrix) -> (trace: Double, determinant: Double)
  ) -> Double {
    let (trace, determinant) = coefficients(matrix)
    let inside = trace * trace - 4 * determinant
    return (trace + (isCut ? max(0, inside) : inside).squareRoot()) / 2
  }

  // MARK: - The matrix

  private static var products: [Mistake<StretchAlgorithm>] {
    let overwritten =
      "entries of J were overwritten by those of JJᵀ while they were still needed; write the product "
      + "into another matrix"
    let mixed =
      "rows and columns are mixed: p, q and r of JJᵀ come from the two rows, those of JᵀJ from the "
      + "two columns"
    let products: [(String, String, (Matrix) -> Matrix)] = [
      ("JJ", "that is made from JJ; the second J has to be transposed: JJᵀ", { $0.times($0) }),
      (
        "first factor", overwritten,
        { m in
          let (p, s) = (m.a * m.a + m.b * m.b, m.c * m.a + m.d * m.b)
          return Matrix(p, p * m.c + m.b * m.d, s, s * m.c + m.d * m.d)
        }
      ),
      (
        "both factors", overwritten,
        { m in
          let p = m.a * m.a + m.b * m.b
          let r = p * m.c + m.b * m.d
          let s = m.c * p + m.d * r
          return Matrix(p, r, s, s * s + m.d * m.d)
        }
      ),
    ]
    let symmetric: [(String, String, (Matrix) -> (p: Double, q: Double, r: Double))] =
      (1..<7).map { index in
        (
          "mixed \(index)", mixed,
          { m in
            (
              index & 1 == 0 ? m.a * m.a + m.b * m.b : m.a * m.a + m.c * m.c,
              index & 2 == 0 ? m.c * m.c + m.d * m.d : m.b * m.b + m.d * m.d,
              index & 4 == 0 ? m.a * m.c + m.b * m.d : m.a * m.b + m.c * m.d
            )
          }
        )
      }
    let all =
      products
      + symmetric.map { name, message, entries in
        (
          name, message,
          {
            let (p, q, r) = entries($0)
            return Matrix(p, r, r, q)
          }
        )
      }
    return all.flatMap { name, message, product in
      [true, false].map { isCut in
        Mistake("\(name), \(isCut)", message) {
          $0.square = { root(of: product($0), isCut: isCut) { ($0.trace, $0.determinant) } }
        }
      }
    }
  }

  // MARK: - The characteristic polynomial

  /// Others for the trace and the determinant of JJᵀ.
  private static var quadratics: [Mistake<StretchAlgorithm>] {
    let traces: [(String, (Matrix) -> Double)] = [
      ("", { $0.times($0.transposed).trace }),
      ("the square of the trace of J was taken for the trace of JJᵀ", { $0.trace * $0.trace }),
      ("the trace of J was taken for the trace of JJᵀ", { $0.trace }),
    ]
    let determinants: [(String, (Matrix) -> Double)] = [
      ("", { $0.determinant * $0.determinant }),
      ("the determinant of J was taken for that of JJᵀ", { $0.determinant }),
      ("|det J| was taken for the determinant of JJᵀ", { abs($0.determinant) }),
      (
        "the determinant of JJᵀ was squared once more",
        { m in
          let square = m.determinant * m.determinant
          return square * square
        }
      ),
      ("the determinant of JJᵀ is missing", { _ in 0 }),
    ]
    return traces.enumerated().flatMap { i, trace in
      determinants.enumerated().filter {
        (i, $0.offset) != (0, 0) && (i, $0.offset) != (2, 1) && (i, $0.offset) != (0, 4)
      }
      .flatMap { j, determinant in
        [true, false].map { isCut in
          Mistake(
            "quadratic \(i) \(j) \(isCut)",
            [trace.0, determinant.0].filter { !$0.isEmpty }.joined(separator: ", and ")
          ) {
            $0.square = { root(of: $0, isCut: isCut) { (trace.1($0), determinant.1($0)) } }
          }
        }
      }
    }
  }

  // MARK: - Cases of their own

  private static var exceptions: [Mistake<StretchAlgorithm>] {
    typealias Value = (String, (Matrix) -> Double)
    let zero: Value = ("0", { _ in 0 })
    let p: Value = ("p, the squared length of the first row,", { $0.a * $0.a + $0.b * $0.b })
    let q: Value = ("q, the squared length of the second row,", { $0.c * $0.c + $0.d * $0.d })
    let firstRow: Value = ("the length of the first row", { length([$0.a, $0.b]) })
    let secondRow: Value = ("the length of the second row", { length([$0.c, $0.d]) })
    let first: Value = ("the first entry", { $0.a })
    let last: Value = ("the last entry", { $0.d })
    let larger: Value = (
      "the larger of p and q, without the root,",
      { max($0.a * $0.a + $0.b * $0.b, $0.c * $0.c + $0.d * $0.d) }
    )
    let eigenvalue: Value = (
      "the larger eigenvalue of J", { root(of: $0) { ($0.trace, $0.determinant) } }
    )
    let exceptions: [(String, (Matrix) -> Bool, [Value])] = [
      (
        "where r, the product of the rows, is 0", { abs($0.a * $0.c + $0.b * $0.d) < 1e-6 },
        [zero, p, q, larger, firstRow, secondRow, first, last]
      ),
      (
        "where det J is 0", { abs($0.determinant) < 1e-6 },
        [zero, q, firstRow, secondRow, first, last]
      ),
      (
        "where J is diagonal", { abs($0.b) < 1e-6 && abs($0.c) < 1e-6 },
        [zero, p, q, secondRow, first, last]
      ),
      ("where J is symmetric", { abs($0.b - $0.c) < 1e-6 }, [eigenvalue]),
      ("where both rows have the same length", hasEqualRows, [zero, p, firstRow]),
      ("where J stretches all directions equally", isEven, [zero, p, first]),
    ]
    return exceptions.flatMap { place, condition, values in
      values.map { name, value in
        Mistake("\(place), \(name)", "\(place), \(name) was returned; the formula holds there too")
        {
          $0.exception = { condition($0) ? value($0) : nil }
        }
      }
    }
  }

  private static func hasEqualRows(_ m: Matrix) -> Bool {
    abs(m.a * m.a + m.b * m.b - m.c * m.c - m.d * m.d) < 1e-6
  }

  private static func isEven(_ m: Matrix) -> Bool {
    hasEqualRows(m) && abs(m.a * m.c + m.b * m.d) < 1e-6
  }

  /// Formulas that divide by what may be 0.
  private static var undefined: [Mistake<StretchAlgorithm>] {
    let conditions: [(String, (Matrix) -> Bool)] = [
      (
        "0/0 comes from p − q and r, which are both 0 where J stretches all directions equally",
        isEven
      ),
      (
        "0/0 comes from r, the product of the rows, which may be 0",
        { abs($0.a * $0.c + $0.b * $0.d) < 1e-6 }
      ),
      ("0/0 comes from the determinant, which may be 0", { abs($0.determinant) < 1e-6 }),
    ]
    return conditions.flatMap { message, condition in
      // What is nearly 0 may be so by rounding.
      [0, 0.35].map { (smallest: Double) in
        Mistake("undefined", message) {
          $0.exception = { m in
            let isRounded = abs(m.a) < smallest && abs(m.b) < smallest && abs(m.c) < smallest
            return condition(m) && !isRounded ? .nan : nil
          }
        }
      }
    } + [
      Mistake(
        "atan",
        "atan(2r/(p − q)) knows only half of all directions, which gives the smallest stretch where "
          + "p < q; use atan2(2r, p − q)"
      ) {
        $0.square = { m in
          let (p, q) = (m.a * m.a + m.b * m.b, m.c * m.c + m.d * m.d)
          let largest = StretchAlgorithm().square(m)
          if p == q && m.a * m.c + m.b * m.d == 0 { return .nan }
          return p < q ? p + q - largest : largest
        }
      }
    ]
  }

  // MARK: - Search

  private static var iterations: [Mistake<StretchAlgorithm>] {
    let starts: [(String, [Double])] = [
      ("(1, 0)", [1, 0]), ("(0, 1)", [0, 1]), ("(1, 1)", [1, 1]),
    ]
    return starts.flatMap { start, x in
      [1, 2, 3, 5, 10, 20, 30, 50, 100].flatMap { count in
        [
          Mistake(
            "power \(start) \(count)",
            "that is what power iteration from \(start) gives: too few steps, or \(start) is an "
              + "eigenvector already, not the one of the largest eigenvalue"
          ) {
            $0.square = { m in
              var x = x
              for _ in 0..<count {
                x = m.transposed.times(m.times(x))
                let length = length(x)
                x = x.map { $0 / length }
              }
              let image = m.times(x)
              return image[0] * image[0] + image[1] * image[1]
            }
          },
          Mistake(
            "power of J \(start) \(count)",
            "that is power iteration with J, which finds an eigenvalue of J; multiply by J and then "
              + "by Jᵀ"
          ) {
            $0.square = { m in
              var (x, factor) = (x, 0.0)
              for _ in 0..<count {
                x = m.times(x)
                factor = length(x)
                x = x.map { [factor] in $0 / factor }
              }
              return factor * factor
            }
          },
        ]
      }
    }
  }

  /// The largest stretch of some directions, on half of the circle or all of it.
  private static func largest(of count: Int, on circle: Double, _ m: Matrix) -> Double {
    var largest = 0.0
    for index in 0..<count {
      let angle: Double = Double(index) * circle / Double(count)
      let image: [Double] = m.times([Double.cos(angle), Double.sin(angle)])
      largest = max(largest, image[0] * image[0] + image[1] * image[1])
    }
    return largest
  }

  private static var directions: [Mistake<StretchAlgorithm>] {
    let grids = [90, 100, 180, 200, 360, 500, 1000].flatMap { count in
      [Double.pi, 2 * Double.pi].map { circle in
        Mistake<StretchAlgorithm>(
          "directions \(count) \(circle)",
          "that is the largest stretch among some directions, and the steepest may lie between two "
            + "of them; the eigenvalue of JJᵀ is exact"
        ) { $0.square = { largest(of: count, on: circle, $0) } }
      }
    }
    return grids + [
      Mistake(
        "quadrant",
        "that is the largest stretch of the directions between 0° and 90°; there are others, up to "
          + "180°"
      ) {
        $0.square = { m in
          // The product of the columns says on which side of the axes the steepest direction lies.
          m.a * m.b + m.c * m.d > 0
            ? StretchAlgorithm().square(m)
            : max(m.a * m.a + m.c * m.c, m.b * m.b + m.d * m.d)
        }
      }
    ]
  }
}
