import Autodiff
import Exercises
import Notebook

/// w δᵢⱼ + δᵢⱼ/‖z‖ − zᵢzⱼ/‖z‖³.
struct RingJacobian {
  /// One of the two terms that stand on the diagonal only.
  typealias Diagonal = (_ isDiagonal: Bool, _ length: Double, _ width: Double) -> Double

  var linear: Diagonal = { isDiagonal, _, width in isDiagonal ? width : 0 }
  var inverse: Diagonal = { isDiagonal, length, _ in isDiagonal ? 1 / length : 0 }
  var outer: (_ product: Double, _ length: Double) -> Double = { -$0 / ($1 * $1 * $1) }
  var product: (_ z: [Double], _ i: Int, _ j: Int) -> Double = { $0[$1] * $0[$2] }
  var norm: ([Double]) -> Double = { length($0) }
  var whole: ([[Double]]) -> [[Double]] = { $0 }
  /// A change of the matrix that depends on the point.
  var change: (inout [[Double]], _ z: [Double], _ width: Double) -> Void = { _, _, _ in }

  func callAsFunction(_ task: PointTask) -> [[Double]] {
    let length = norm(task.z)
    var matrix = (0..<2).map { i in
      (0..<2).map { j in
        linear(i == j, length, task.width) + inverse(i == j, length, task.width)
          + outer(product(task.z, i, j), length)
      }
    }
    change(&matrix, task.z, task.width)
    return whole(matrix)
  }

  static var mistakes: [Mistake<RingJacobian>] { outers + diagonals + products + guards + wholes }

  private static var outers: [Mistake<RingJacobian>] {
    let powers: [(String, String, Double)] = [
      ("‖z‖²", "zzᵀ was divided by ‖z‖²; the quotient rule gives ‖z‖³", 2),
      ("‖z‖", "zzᵀ was divided by ‖z‖; the quotient rule gives ‖z‖³", 1),
      ("‖z‖⁴", "zzᵀ was divided by ‖z‖⁴; the quotient rule gives ‖z‖³", 4),
      ("‖z‖⁶", "zzᵀ was divided by ‖z‖⁶; a root is missing, or a power too much: it is ‖z‖³", 6),
      (
        "‖z‖^1.5", "zzᵀ was divided by ‖z‖ to the power of 1.5; that is right for ‖z‖², it is ‖z‖³",
        1.5
      ),
      ("‖z‖⁵", "zzᵀ was divided by ‖z‖⁵; the quotient rule gives ‖z‖³", 5),
      ("precedence", "/ r * r * r divides by r once and multiplies twice; write / (r * r * r)", -1),
      ("1", "zzᵀ is not divided by anything; the quotient rule gives ‖z‖³", 0),
    ]
    return powers.map { name, message, power in
      Mistake(name, message, isCommon: name == "‖z‖²") {
        $0.outer = { product, length in -product / .exp(power * .log(length)) }
      }
    } + [
      Mistake("constant", "‖z‖ was treated as a constant, but it changes with z", isCommon: true) {
        $0.outer = { _, _ in 0 }
      },
      Mistake("added", "zzᵀ/‖z‖³ was added; the quotient rule subtracts it", isCommon: true) {
        $0.outer = { $0 / ($1 * $1 * $1) }
      },
      Mistake("twice", "zzᵀ/‖z‖³ counts twice: the 2 of the square and the ½ of the root cancel") {
        $0.outer = { -2 * $0 / ($1 * $1 * $1) }
      },
      Mistake("half", "zzᵀ/‖z‖³ has a ½ too much: the ½ of the root and the 2 of the square cancel")
      { $0.outer = { -$0 / (2 * $1 * $1 * $1) } },
      Mistake("numerator", "the quotient rule's denominator ‖z‖² is missing") {
        $0.inverse = { isDiagonal, length, _ in isDiagonal ? length : 0 }
        $0.outer = { -$0 / $1 }
      },
      Mistake(
        "numerator over ‖z‖",
        "a factor 1/‖z‖ is missing in I − zzᵀ/‖z‖²: the quotient rule divides by ‖z‖², not by ‖z‖"
      ) {
        $0.inverse = { isDiagonal, _, _ in isDiagonal ? 1 : 0 }
        $0.outer = { -$0 / ($1 * $1) }
      },
    ]
  }

  private static var diagonals: [Mistake<RingJacobian>] {
    [
      Mistake("no w", "the term w z was left out; its derivative is w I", isCommon: true) {
        $0.linear = { _, _, _ in 0 }
      },
      Mistake(
        "w everywhere", "w stands in every entry; ∂(w zᵢ)/∂zⱼ is 0 unless i = j", isCommon: true
      ) { $0.linear = { _, _, width in width } },
      Mistake("1 for w", "the derivative of w z is w I, not I") {
        $0.linear = { isDiagonal, _, _ in isDiagonal ? 1 : 0 }
      },
      Mistake("minus w", "w was subtracted; the derivative of w z is w I") {
        $0.linear = { isDiagonal, _, width in isDiagonal ? -width : 0 }
      },
      Mistake("no 1/‖z‖", "the term I/‖z‖ of the quotient rule is missing", isCommon: true) {
        $0.inverse = { _, _, _ in 0 }
      },
      Mistake("1/‖z‖ everywhere", "1/‖z‖ stands in every entry; it belongs on the diagonal") {
        $0.inverse = { _, length, _ in 1 / length }
      },
      Mistake("1/‖z‖²", "I is divided by ‖z‖², but it should be by ‖z‖") {
        $0.inverse = { isDiagonal, length, _ in isDiagonal ? 1 / (length * length) : 0 }
      },
      Mistake("1/‖z‖³", "I is divided by ‖z‖³, but it should be by ‖z‖") {
        $0.inverse = { isDiagonal, length, _ in isDiagonal ? 1 / (length * length * length) : 0 }
      },
      Mistake("‖z‖", "I is multiplied by ‖z‖, but it should be divided") {
        $0.inverse = { isDiagonal, length, _ in isDiagonal ? length : 0 }
      },
      Mistake("1", "I is not divided by ‖z‖") {
        $0.inverse = { isDiagonal, _, _ in isDiagonal ? 1 : 0 }
      },
      Mistake("both everywhere", "w + 1/‖z‖ stands in every entry; it belongs on the diagonal") {
        $0.linear = { _, _, width in width }
        $0.inverse = { _, length, _ in 1 / length }
      },
      Mistake("w/‖z‖", "w multiplies z/‖z‖ as well; only the first term has it") {
        $0.inverse = { isDiagonal, length, width in isDiagonal ? width / length : 0 }
      },
    ]
  }

  private static var products: [Mistake<RingJacobian>] {
    [
      Mistake("zᵢ²", "every entry of row i has zᵢ² in it; off the diagonal it is zᵢzⱼ") {
        $0.product = { z, i, _ in z[i] * z[i] }
      },
      Mistake("zⱼ²", "every entry of column j has zⱼ² in it; off the diagonal it is zᵢzⱼ") {
        $0.product = { z, _, j in z[j] * z[j] }
      },
      Mistake("z₁z₂", "z₁z₂ stands in every entry; on the diagonal it is zᵢ²") {
        $0.product = { z, _, _ in z[0] * z[1] }
      },
      Mistake("zᵢ", "a factor zⱼ/‖z‖ is missing: zᵢ zⱼ/‖z‖³") {
        $0.product = { z, i, _ in z[i] }
        $0.outer = { -$0 / ($1 * $1) }
      },
      Mistake("zⱼ", "a factor zᵢ is missing: zᵢ zⱼ/‖z‖³") {
        $0.product = { z, _, j in z[j] }
      },
      Mistake("zᵢ over ‖z‖³", "a factor zⱼ is missing: zᵢ zⱼ/‖z‖³") {
        $0.product = { z, i, _ in z[i] }
      },
      Mistake("square", "‖z‖ stands without its root: z₁² + z₂² is ‖z‖²", isCommon: true) {
        $0.norm = { $0.reduce(0) { $0 + $1 * $1 } }
      },
      Mistake("sum", "the length is √(z₁² + z₂²), not z₁ + z₂") { $0.norm = { $0.reduce(0, +) } },
      Mistake("size sum", "the length is √(z₁² + z₂²), not |z₁| + |z₂|") {
        $0.norm = { $0.reduce(0) { $0 + abs($1) } }
      },
    ]
  }

  private static var guards: [Mistake<RingJacobian>] {
    [1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].flatMap { (extra: Double) in
      [
        Mistake(
          "plus \(extra)",
          "\(formatted(extra, digits: 1)) was added to the length; z is not (0, 0), so leave it as it is"
        ) { $0.norm = { length($0) + extra } },
        Mistake(
          "plus \(extra) inside",
          "\(formatted(extra, digits: 1)) was added under the root; z is not (0, 0), so leave it as it is"
        ) { $0.norm = { (length($0) * length($0) + extra).squareRoot() } },
      ]
    }
      + [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1].map { (least: Double) in
        Mistake(
          "at least \(least)",
          "the length was cut to at least \(formatted(least, digits: 1)); use it as it is"
        ) { $0.norm = { max(length($0), least) } }
      }
  }

  private static var wholes: [Mistake<RingJacobian>] {
    [
      Mistake(
        "diagonal", "only the diagonal is there, but z₂ changes ‖z‖, and with it g₁", isCommon: true
      ) { $0.whole = { [[$0[0][0], 0], [0, $0[1][1]]] } },
      Mistake(
        "off-diagonal sign", "the entries off the diagonal have the wrong sign: −z₁z₂/‖z‖³",
        isCommon: true
      ) { $0.whole = { [[$0[0][0], -$0[0][1]], [-$0[1][0], $0[1][1]]] } },
      Mistake("one sign", "∂g₂/∂z₁ has the wrong sign; the Jacobian of g is symmetric") {
        $0.whole = { [$0[0], [-$0[1][0], $0[1][1]]] }
      },
      Mistake(
        "exchanged", "the two entries of the diagonal are exchanged", isCommon: true
      ) { $0.whole = { [[$0[1][1], $0[0][1]], [$0[1][0], $0[0][0]]] } },
      Mistake("inverse", "that is the inverse of the Jacobian") {
        $0.whole = { matrix in
          let (a, b, c, d) = (matrix[0][0], matrix[0][1], matrix[1][0], matrix[1][1])
          let determinant = a * d - b * c
          return [[d / determinant, -b / determinant], [-c / determinant, a / determinant]]
        }
      },
    ]
  }
}
