import Exercises
import Notebook

/// The largest singular value of (a, b; c, d): the root of the larger eigenvalue of JJᵀ.
struct LargestStretch {
  /// The matrix (p, r; r, q) whose eigenvalue is taken.
  var square:
    (_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> (
      p: Double, q: Double, r: Double
    ) = { a, b, c, d in (a * a + b * b, c * c + d * d, a * c + b * d) }
  var middle: (_ p: Double, _ q: Double) -> Double = { ($0 + $1) / 2 }
  /// (p − q)²/4 + r².
  var discriminant: (_ p: Double, _ q: Double, _ r: Double) -> Double = {
    ($0 - $1) * ($0 - $1) / 4 + $2 * $2
  }
  var eigenvalue: (_ middle: Double, _ distance: Double) -> Double = { $0 + $1 }
  var whole: (_ eigenvalue: Double) -> Double = { max($0, 0).squareRoot() }
  var other: ((_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double)?

  func callAsFunction(_ jacobian: [[Double]]) -> Double {
    let (a, b, c, d) = (jacobian[0][0], jacobian[0][1], jacobian[1][0], jacobian[1][1])
    if let other { return other(a, b, c, d) }
    let (p, q, r) = square(a, b, c, d)
    return whole(eigenvalue(middle(p, q), discriminant(p, q, r).squareRoot()))
  }

  /// Nearly a multiple of a rotation: rounding makes what stands under the inner root negative, if
  /// it is computed as the difference of two products.
  static let turn = [
    [0.16725617083676805, 0.31164641412777083], [-0.3116464141277708, 0.16725617083676805],
  ]

  /// The smallest stretch over the largest.
  private static func ratio(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
    let largest = LargestStretch()([[a, b], [c, d]])
    return abs(a * d - b * c) / (largest * largest)
  }

  static var mistakes: [Mistake<LargestStretch>] { eigenvalues + limits + squares + others }

  /// Another number in place of the trace p + q, in λ = t/2 + √(t²/4 − det).
  private static func trace(
    _ name: String, _ message: String, _ trace: @escaping (_ p: Double, _ q: Double) -> Double
  ) -> Mistake<LargestStretch> {
    Mistake("trace: \(name)", message) {
      $0.middle = { trace($0, $1) / 2 }
      $0.discriminant = { p, q, r in
        let half = trace(p, q) / 2
        return max(0, half * half - (p * q - r * r))
      }
    }
  }

  private static var eigenvalues: [Mistake<LargestStretch>] {
    [
      Mistake(
        "rounding",
        "what stands under the inner root became negative by rounding; write it as "
          + "(p − q)²/4 + r², or take max(0, …)"
      ) { stretch in
        stretch.other = { a, b, c, d in
          let (p, q, r) = LargestStretch().square(a, b, c, d)
          let discriminant = (p + q) * (p + q) - 4 * (p * q - r * r)
          return discriminant < 0 ? .nan : LargestStretch()([[a, b], [c, d]])
        }
      },
      trace("product", "p · q was taken for the trace of JJᵀ, which is p + q") { $0 * $1 },
      trace("difference", "p − q was taken for the trace of JJᵀ, which is p + q") { $0 - $1 },
      Mistake(
        "eigenvalue", "that is the eigenvalue of JJᵀ, the square of the slope; take its root",
        isCommon: true
      ) { $0.whole = { $0 } },
      Mistake("smallest", "that is the smallest stretch; the slope is the largest", isCommon: true)
      {
        $0.eigenvalue = { $0 - $1 }
      },
      Mistake("half", "½ is too much before p + q or its root: (p + q)/2 ± √((p − q)²/4 + r²)") {
        $0.eigenvalue = { ($0 + $1) / 2 }
      },
      Mistake("no half", "the ½ of (p + q)/2 is missing", isCommon: true) {
        $0.middle = { $0 + $1 }
      },
      Mistake("no quarter", "(p − q)² has to be divided by 4 under the root", isCommon: true) {
        $0.discriminant = { ($0 - $1) * ($0 - $1) + $2 * $2 }
      },
      Mistake("half of the difference", "(p − q)² was divided by 2 under the root; divide by 4") {
        $0.discriminant = { ($0 - $1) * ($0 - $1) / 2 + $2 * $2 }
      },
      Mistake("plus", "p and q were added under the root; it is (p − q)²/4 + r²") {
        $0.discriminant = { ($0 + $1) * ($0 + $1) / 4 + $2 * $2 }
      },
      Mistake("p² − q²", "(p − q)² is not p² − q²") {
        $0.discriminant = { ($0 * $0 - $1 * $1) / 4 + $2 * $2 }
      },
      Mistake("minus r²", "r² was subtracted under the root; add it", isCommon: true) {
        $0.discriminant = { ($0 - $1) * ($0 - $1) / 4 - $2 * $2 }
      },
      Mistake("r", "r is not squared under the root") {
        $0.discriminant = { ($0 - $1) * ($0 - $1) / 4 + $2 }
      },
      Mistake(
        "no r", "r, the product of the two rows, is missing, which leaves the longer row",
        isCommon: true
      ) {
        $0.discriminant = { p, q, _ in (p - q) * (p - q) / 4 }
      },
      Mistake("r²/2", "r² counts half under the root; it is (p − q)²/4 + r²") {
        $0.discriminant = { ($0 - $1) * ($0 - $1) / 4 + $2 * $2 / 2 }
      },
      Mistake("mean", "that is the root of (p + q)/2; add √((p − q)²/4 + r²) under it") {
        $0.discriminant = { _, _, _ in 0 }
      },
      Mistake("4r²", "r² counts four times; only (p − q)² is divided by 4") {
        $0.discriminant = { ($0 - $1) * ($0 - $1) / 4 + 4 * $2 * $2 }
      },
      Mistake("r²/4", "r² was divided by 4 as well; only (p − q)² is") {
        $0.discriminant = { (($0 - $1) * ($0 - $1) + $2 * $2) / 4 }
      },
      Mistake("no inner root", "the root of (p − q)²/4 + r² is missing", isCommon: true) {
        $0.discriminant = { p, q, r in
          let sum = (p - q) * (p - q) / 4 + r * r
          return sum * sum
        }
      },
    ]
  }

  /// A least value under the inner root, which is (p − q)²/4 + r² for some and four times that for
  /// others.
  private static var limits: [Mistake<LargestStretch>] {
    let right = LargestStretch().discriminant
    return [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12].flatMap { least in
      [1, 4].map { (factor: Double) in
        Mistake(
          "at least \(least), times \(factor)",
          "what stands under the inner root is at least \(formatted(least, digits: 1)), by a limit "
            + "or because that is added; it may be 0, where J stretches all directions equally"
        ) { $0.discriminant = { max(right($0, $1, $2), least / factor) } }
      }
    }
  }

  private static var squares: [Mistake<LargestStretch>] {
    [
      Mistake("J", "that is an eigenvalue of J; the slope comes from those of JJᵀ") {
        $0.other = { a, b, c, d in
          let root = max((a - d) * (a - d) / 4 + b * c, 0).squareRoot()
          return (a + d) / 2 + root
        }
      },
      Mistake("|J|", "that is the size of an eigenvalue of J; the slope comes from those of JJᵀ") {
        $0.other = { a, b, c, d in
          let root = max((a - d) * (a - d) / 4 + b * c, 0).squareRoot()
          return max(abs((a + d) / 2 + root), abs((a + d) / 2 - root))
        }
      },
      Mistake(
        "|λ|", "that is the size of an eigenvalue of J, real or complex; the slope comes from JJᵀ"
      ) {
        $0.other = { a, b, c, d in
          let inside = (a - d) * (a - d) / 4 + b * c
          guard inside >= 0 else { return (a * d - b * c).squareRoot() }
          return max(abs((a + d) / 2 + inside.squareRoot()), abs((a + d) / 2 - inside.squareRoot()))
        }
      },
      Mistake(
        "(J + Jᵀ)/2", "that is an eigenvalue of (J + Jᵀ)/2; the slope comes from those of JJᵀ"
      ) {
        $0.other = { a, b, c, d in (a + d) / 2 + length([(a - d) / 2, (b + c) / 2]) }
      },
      Mistake("first of |J|", "that is the size of an eigenvalue of J; the slope comes from JJᵀ") {
        $0.other = { a, b, c, d in
          let root = max((a - d) * (a - d) / 4 + b * c, 0).squareRoot()
          return abs((a + d) / 2 + root)
        }
      },
      Mistake("ad + bc", "r is ac + bd, the product of the two rows, not ad + bc") {
        $0.square = { a, b, c, d in (a * a + b * b, c * c + d * d, a * d + b * c) }
      },
      Mistake("ad − bc", "r is ac + bd, the product of the two rows, not the determinant") {
        $0.square = { a, b, c, d in (a * a + b * b, c * c + d * d, a * d - b * c) }
      },
      Mistake("lengths", "p and q are squared lengths of rows, without a root") {
        $0.square = { a, b, c, d in (length([a, b]), length([c, d]), a * c + b * d) }
      },
    ]
  }

  private static var others: [Mistake<LargestStretch>] {
    let others: [(String, String, (Double, Double, Double, Double) -> Double)] = [
      (
        "rows", "that is the sum of the lengths of the rows",
        { length([$0, $1]) + length([$2, $3]) }
      ),
      (
        "ratio", "that is the smallest stretch divided by the largest; the slope is the largest",
        { LargestStretch.ratio($0, $1, $2, $3) }
      ),
      (
        "root of J", "that is the root of an eigenvalue of J; take the one of JJᵀ",
        { a, b, c, d in
          let root = max((a - d) * (a - d) / 4 + b * c, 0).squareRoot()
          return ((a + d) / 2 + root).squareRoot()
        }
      ),
      (
        "roots", "the root of a sum is not the sum of the roots: √((p − q)²/4 + r²) stays as it is",
        { a, b, c, d in (a * a + b * b + a * c + b * d).squareRoot() }
      ),
      (
        "sizes", "the root of a sum is not the sum of the roots: √((p − q)²/4 + r²) stays as it is",
        { a, b, c, d in
          (max(a * a + b * b, c * c + d * d) + abs(a * c + b * d)).squareRoot()
        }
      ),
      (
        "norm", "that is the root of the sum of all squares, at least as large as the slope",
        { length([$0, $1, $2, $3]) }
      ),
      (
        "determinant", "that is |det J|, by which areas grow; the slope is about lengths",
        { abs($0 * $3 - $1 * $2) }
      ),
      (
        "signed determinant", "that is det J, by which areas grow; the slope is about lengths",
        { $0 * $3 - $1 * $2 }
      ),
      (
        "root of the determinant", "that is √|det J|, the mean stretch; the slope is the largest",
        { abs($0 * $3 - $1 * $2).squareRoot() }
      ),
      (
        "column",
        "that is the length of the longer column, the stretch along an axis; other directions "
          + "may be stretched more", { max(length([$0, $2]), length([$1, $3])) }
      ),
      (
        "largest", "that is the largest entry; the slope is the largest factor in any direction",
        { [$0, $1, $2, $3].map { abs($0) }.max() ?? 0 }
      ),
      (
        "row sum", "that is the largest sum of a row, a norm of another kind",
        { max(abs($0) + abs($1), abs($2) + abs($3)) }
      ),
      (
        "column sum", "that is the largest sum of a column, a norm of another kind",
        { max(abs($0) + abs($2), abs($1) + abs($3)) }
      ),
      (
        "trace", "that is the trace of JJᵀ, the sum of both eigenvalues",
        { $0 * $0 + $1 * $1 + $2 * $2 + $3 * $3 }
      ),
      ("trace of J", "that is the trace of J", { a, _, _, d in a + d }),
      (
        "condition",
        "that is the largest stretch divided by the smallest; the slope is the largest",
        { 1 / LargestStretch.ratio($0, $1, $2, $3) }
      ),
      (
        "sum of both",
        "that is the sum of both stretches, largest and smallest; the slope is the largest",
        { a, b, c, d in
          let largest = LargestStretch()([[a, b], [c, d]])
          return largest + abs(a * d - b * c) / largest
        }
      ),
      (
        "mean of both", "that is the mean of the largest and the smallest stretch",
        { a, b, c, d in
          let largest = LargestStretch()([[a, b], [c, d]])
          return (largest + abs(a * d - b * c) / largest) / 2
        }
      ),
      (
        "norms", "that is the root of the largest row sum times the largest column sum, a bound",
        { a, b, c, d in
          let rows = max(abs(a) + abs(b), abs(c) + abs(d))
          return (rows * max(abs(a) + abs(c), abs(b) + abs(d))).squareRoot()
        }
      ),
      (
        "without halves", "that is twice the slope: a ± d and b ± c have to be halved",
        { a, b, c, d in 2 * LargestStretch()([[a, b], [c, d]]) }
      ),
    ]
    return others.map { name, message, other in Mistake(name, message) { $0.other = other } }
  }
}
