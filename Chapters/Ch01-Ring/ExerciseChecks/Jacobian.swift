import Autodiff
import Calculations
import Exercises
import Notebook

extension Checks {
  static func jacobian(_ answer: @escaping ([Double], Double) throws -> [[Double]]) -> Exercise {
    var comparison = Comparison<PointTask, [[Double]]>(of: { try answer($0.z, $0.width) }) {
      rows(Stretch(at: $0.z, width: $0.width).jacobian)
    }
    func ask(_ z: [Double], _ width: Double) {
      comparison.ask("z = \(text(z)) and w = \(text(width))", PointTask(z: z, width: width))
    }
    comparison.ask("z = (0, −2) and w = 0.5", PointTask(z: [0, -2], width: 0.5))
    comparison.ask("z = (3, 4) and w = 0.1", PointTask(z: [3, 4], width: 0.1))
    comparison.ask(
      "z = (0.03, −0.04) and w = 0.2", PointTask(z: [0.03, -0.04], width: 0.2))
    ask(roundedNormals(1, 2, seed: 14)[0], 0.3)
    ask(roundedNormals(1, 2, seed: 22)[0], 1.4)
    comparison.argument("z", \.z)
    comparison.argument("width", \.width)
    comparison.recognize(RingJacobian.mistakes, in: RingJacobian()) { $1($0) }
    comparison.recognizeOtherMatrices()
    comparison.terms(["w I", "I/‖z‖", "−zzᵀ/‖z‖³"]) { task in
      let length = length(task.z)
      return [
        task.matrix(task.width, 0), task.matrix(1 / length, 0),
        task.matrix(0, -1 / (length * length * length)),
      ]
    }
    comparison.recognizeSlips()
    return Exercise(
      "jacobian", "The Jacobian of g at a point", minutes: 15,
      hints: [
        "∂‖z‖/∂zⱼ is zⱼ/‖z‖. Which of the four derivatives of w zᵢ are not 0?",
        "By the quotient rule, ∂(zᵢ/‖z‖)/∂zⱼ is (1 if i = j, else 0)/‖z‖ − zᵢ zⱼ/‖z‖³.",
      ], comparison)
  }
}

extension Comparison<PointTask, [[Double]]> {
  fileprivate mutating func recognizeSlips() {
    calculation { task in
      let (z, width) = task.arguments
      let length = sqrt(square(z[0]) + square(z[1])).named("the length")
      let cube = (length * length * length).named("the length to the power of 3")
      let across = -(z[0] * z[1]) / cube
      let diagonal = (width + 1 / length).named("w + 1/‖z‖")
      return .list([
        diagonal - z[0] * z[0] / cube, across, across, diagonal - z[1] * z[1] / cube,
      ])
    }
    calculation { task in
      let (z, width) = task.arguments
      let length = sqrt(square(z[0]) + square(z[1])).named("the length")
      let cube = length * length * length
      let across = -(z[0] * z[1]) / (length * length * length)
      return .list([
        width + z[1] * z[1] / cube, across, across, width + z[0] * z[0] / cube,
      ])
    }
    calculation { task in
      let column = Calculation.argument("z[i]", Tensor(task.z, shape: [2, 1]))
      let row = Calculation.argument("z[j]", Tensor(task.z, shape: [1, 2]))
      let identity = Calculation.argument("I", Tensor([1, 0, 0, 1], shape: [2, 2]))
      let length = sqrt(sum(square(Calculation.argument("z", task.z)))).named("the length")
      let quotient = identity / length - column * row / (length * length * length)
      return .argument("width", task.width) * identity + quotient
    }
  }
}

/// What is given in the exercise on the Jacobian.
private struct PointTask {
  var z: [Double]
  var width: Double

  /// The two arguments as the beginning of a calculation.
  var arguments: (z: [Calculation], width: Calculation) {
    (z.indices.map { .argument("z[\($0)]", z[$0]) }, .argument("width", width))
  }

  /// a I + b zzᵀ.
  func matrix(_ identity: Double, _ outer: Double) -> [[Double]] {
    (0..<2).map { i in (0..<2).map { j in (i == j ? identity : 0) + outer * z[i] * z[j] } }
  }

  /// The Jacobian, estimated from values of g.
  func differences(_ step: Double, isCentral: Bool) -> [[Double]] {
    func image(_ z: [Double]) -> [Double] {
      let length = length(z)
      return z.map { width * $0 + $0 / length }
    }
    let columns = (0..<2).map { j in
      var (ahead, behind) = (z, z)
      ahead[j] += step
      if isCentral { behind[j] -= step }
      return zip(image(ahead), image(behind)).map { ($0 - $1) / (isCentral ? 2 * step : step) }
    }
    return transposed(columns)
  }
}

extension Comparison<PointTask, [[Double]]> {
  fileprivate mutating func recognizeOtherMatrices() {
    recognize("everything was multiplied by w; only the first term of g has it") { task in
      let length = length(task.z)
      return task.matrix(
        task.width * (1 + 1 / length), -task.width / (length * length * length))
    }
    recognize("everything was divided by ‖z‖, the w of the first term as well") { task in
      let length = length(task.z)
      return task.matrix((task.width + 1) / length, -1 / (length * length * length))
    }
    recognize("w was multiplied by z; the derivative of w zᵢ with respect to zᵢ is w") { task in
      let length = length(task.z)
      var matrix = task.matrix(1 / length, -1 / (length * length * length))
      for i in 0..<2 { matrix[i][i] += task.width * task.z[i] }
      return matrix
    }
    recognize(
      "those are the derivatives along z and across; rows and columns are those of z₁ and z₂"
    ) { [[$0.width, 0], [0, $0.width + 1 / length($0.z)]] }
    recognize(
      "those are the derivatives across z and along it; rows and columns are those of z₁ and z₂"
    ) { [[$0.width + 1 / length($0.z), 0], [0, $0.width]] }
    for step in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] {
      recognize("those are forward differences, which are only nearly right; differentiate g") {
        $0.differences(step, isCentral: false)
      }
    }
    for step in [1e-2, 1e-3, 1e-4] {
      recognize("those are central differences, which are only nearly right; differentiate g") {
        $0.differences(step, isCentral: true)
      }
    }
  }
}

/// w δᵢⱼ + δᵢⱼ/‖z‖ − zᵢzⱼ/‖z‖³.
private struct RingJacobian {
  /// One of the two terms that stand on the diagonal only.
  typealias Diagonal = (_ isDiagonal: Bool, _ length: Double, _ width: Double) -> Double

  var linear: Diagonal = { isDiagonal, _, width in isDiagonal ? width : 0 }
  var inverse: Diagonal = { isDiagonal, length, _ in isDiagonal ? 1 / length : 0 }
  var outer: (_ product: Double, _ length: Double) -> Double = { -$0 / ($1 * $1 * $1) }
  var product: (_ z: [Double], _ i: Int, _ j: Int) -> Double = { $0[$1] * $0[$2] }
  var norm: ([Double]) -> Double = { length($0) }
  var whole: ([[Double]]) -> [[Double]] = { $0 }

  func callAsFunction(_ task: PointTask) -> [[Double]] {
    let length = norm(task.z)
    return whole(
      (0..<2).map { i in
        (0..<2).map { j in
          linear(i == j, length, task.width) + inverse(i == j, length, task.width)
            + outer(product(task.z, i, j), length)
        }
      })
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
    [1e-10, 1e-8, 1e-7, 1e-6, 1e-5].map { (extra: Double) in
      Mistake(
        "plus \(extra)",
        "\(formatted(extra, digits: 1)) was added to the length; z is not (0, 0), so leave it as it is"
      ) { $0.norm = { length($0) + extra } }
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
      Mistake("lower", "the entry ∂g₁/∂z₂ is 0, but z₂ changes ‖z‖, and with it g₁") {
        $0.whole = { [[$0[0][0], 0], $0[1]] }
      },
      Mistake("upper", "the entry ∂g₂/∂z₁ is 0, but z₁ changes ‖z‖, and with it g₂") {
        $0.whole = { [$0[0], [0, $0[1][1]]] }
      },
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
