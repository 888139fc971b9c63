import Autodiff
import Calculations
import Exercises
import Notebook
import Probability

extension Checks {
  static func imageDensity(_ answer: @escaping ([Double], [[Double]]) throws -> Double) -> Exercise
  {
    var comparison = Comparison<ImageTask, Double>(of: { try answer($0.z, $0.jacobian) }) {
      ImageDensity()($0)
    }
    comparison.ask(
      "z = (0, 0) and the Jacobian (2, 0; 0, 3)",
      ImageTask(z: [0, 0], jacobian: [[2, 0], [0, 3]]))
    comparison.ask(
      "z = (1, 0) and the Jacobian (1, 4; 2, 3), whose determinant is −5",
      ImageTask(z: [1, 0], jacobian: [[1, 4], [2, 3]]))
    comparison.ask(
      "z = (0.6, 0.8) and the Jacobian of the ring, w = 0.1, there",
      ImageTask(z: [0.6, 0.8], jacobian: rows(Stretch(at: [0.6, 0.8], width: 0.1).jacobian)))
    comparison.ask(
      "z = (0.5, −0.2) and the Jacobian (0.001, 0.002; 0, 0.003)",
      ImageTask(z: [0.5, -0.2], jacobian: [[0.001, 0.002], [0, 0.003]]))
    for seed in [15, 23] as [UInt64] {
      let drawn = roundedNormals(3, 2, seed: seed)
      comparison.ask(
        "z = \(text(drawn[0])) and the Jacobian with rows \(text(Array(drawn[1...])))",
        ImageTask(z: drawn[0], jacobian: Array(drawn[1...])))
    }
    comparison.argument("z", \.z)
    comparison.argument("jacobian", \.jacobian, change: { 1.5 * $0 + 0.25 })
    comparison.recognize(ImageDensity.mistakes, in: ImageDensity()) { $1($0) }
    comparison.recognize("brackets around a d − b c are missing: only a d is in the denominator") {
      task in
      let j = task.jacobian
      var formula = ImageDensity()
      formula.area = { a, _, _, d in abs(a * d) }
      return formula(task) - j[0][1] * j[1][0]
    }
    comparison.recognizeSlips()
    comparison.recognize("brackets around a d − b c are missing, and the sign is not taken away") {
      task in
      let j = task.jacobian
      var formula = ImageDensity()
      formula.area = { a, _, _, _ in a }
      return formula(task) * j[1][1] - j[0][1] * j[1][0]
    }
    return Exercise(
      "image-density", "The density of g(z) by a change of variables", minutes: 15,
      hints: [
        "The answer depends on two numbers: the density at z, and how much the area around z "
          + "grows.",
        "p(z) = exp(−(z₁² + z₂²)/2)/(2π). Only the absolute value of the determinant counts.",
      ], comparison)
  }
}

/// What is given in the exercise on the change of variables.
struct ImageTask {
  var z: [Double]
  var jacobian: [[Double]]
}

extension Comparison<ImageTask, Double> {
  fileprivate mutating func recognizeSlips() {
    let π = { Calculation("pi", .pi) }
    calculation { task in
      let (z, area) = task.steps
      return exp(-(z[0] * z[0] + z[1] * z[1]) / 2) / (2 * π()) / area
    }
    calculation { task in
      let (z, area) = task.steps
      let densities = z.map { exp(-($0 * $0) / 2) / sqrt(2 * π()) }
      return densities[0] * densities[1] / area
    }
    calculation { task in
      let (z, area) = task.steps
      let squares = (square(z[0]) + square(z[1])).named("‖z‖²")
      return exp(-0.5 * squares - log(2 * π()) - log(area))
    }
  }
}

extension ImageTask {
  /// z and |det J| as the beginning of a calculation.
  fileprivate var steps: (z: [Calculation], area: Calculation) {
    func entry(_ row: Int, _ column: Int) -> Calculation {
      .argument("jacobian[\(row)][\(column)]", jacobian[row][column])
    }
    let determinant = entry(0, 0) * entry(1, 1) - entry(0, 1) * entry(1, 0)
    return (z.indices.map { .argument("z[\($0)]", z[$0]) }, abs(determinant.named("det J")))
  }
}

/// exp(−‖z‖²/2)/(2π)/|ad − bc|.
struct ImageDensity {
  var point: (ImageTask) -> [Double] = { $0.z }
  var exponent: (_ z: [Double]) -> Double = { -($0[0] * $0[0] + $0[1] * $0[1]) / 2 }
  var constant = 1 / (2 * Double.pi)
  var area: (_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double = {
    abs($0 * $3 - $1 * $2)
  }
  var whole: (_ density: Double, _ area: Double) -> Double = { $0 / $1 }

  func callAsFunction(_ task: ImageTask) -> Double {
    let j = task.jacobian
    return whole(
      constant * .exp(exponent(point(task))), area(j[0][0], j[0][1], j[1][0], j[1][1]))
  }

  static var mistakes: [Mistake<ImageDensity>] {
    wholes + areas + cuts + densities + otherwise
  }

  private static var cuts: [Mistake<ImageDensity>] {
    [1e-12, 1e-10, 1e-8, 1e-6, 1e-5, 1e-3].map { (small: Double) in
      Mistake(
        "plus \(small)",
        "\(formatted(small, digits: 1)) was added to |det J|; it is never 0, so leave it as it is"
      ) {
        $0.area = { abs($0 * $3 - $1 * $2) + small }
      }
    }
      + [1e-5, 1e-4, 1e-3, 1e-2].map { (least: Double) in
        Mistake(
          "at least \(least)",
          "|det J| was cut to at least \(formatted(least, digits: 1)); use it as it is"
        ) { $0.area = { max(abs($0 * $3 - $1 * $2), least) } }
      }
      + [1e-12, 1e-10, 1e-8, 1e-6, 1e-5, 1e-3].map { (least: Double) in
        Mistake(
          "cut to \(least)",
          "a negative determinant counts with its size, and is not cut to \(formatted(least, digits: 1))"
        ) { $0.area = { max($0 * $3 - $1 * $2, least) } }
      }
  }

  private static var wholes: [Mistake<ImageDensity>] {
    [
      Mistake(
        "p(z)",
        "that is p(z), the density before g; where g stretches areas, the points become sparser"
      ) { $0.whole = { density, _ in density } },
      Mistake(
        "times",
        "p(z) was multiplied by |det J|; the same probability is spread over an area |det J| times "
          + "as large", isCommon: true
      ) { $0.whole = { $0 * $1 } },
      Mistake("1/|det J|", "p(z) is missing: only 1/|det J| is there") {
        $0.whole = { _, area in 1 / area }
      },
      Mistake("|det J|", "that is |det J|; p(x) is p(z)/|det J|") { $0.whole = { $1 } },
      Mistake("log", "that is log p(x); the exercise asks for p(x)") {
        $0.whole = { .log($0 / $1) }
      },
      Mistake("negative log", "that is −log p(x); the exercise asks for p(x)") {
        $0.whole = { -.log($0 / $1) }
      },
      Mistake("difference", "log |det J| belongs to log p(z); from p(z) it cannot be subtracted") {
        $0.whole = { $0 - .log($1) }
      },
      Mistake("minus", "|det J| was subtracted; divide by it") { $0.whole = { $0 - $1 } },
      Mistake("square", "p(z) was divided by the square of det J", isCommon: true) {
        $0.whole = { $0 / ($1 * $1) }
      },
      Mistake("root", "p(z) was divided by the root of |det J|", isCommon: true) {
        $0.whole = { $0 / $1.squareRoot() }
      },
      Mistake("upside down", "that is |det J|/p(z); p(x) is p(z)/|det J|") {
        $0.whole = { $1 / $0 }
      },
      Mistake("logarithm of the area", "p(z) was divided by log |det J|; divide by |det J|") {
        $0.whole = { $0 / .log($1) }
      },
    ]
  }

  private static var areas: [Mistake<ImageDensity>] {
    [
      Mistake(
        "sign",
        "a density is never negative; an area grows by the absolute value of the determinant",
        isCommon: true
      ) { $0.area = { $0 * $3 - $1 * $2 } },
      Mistake("ad + bc", "the determinant is a d − b c, not a d + b c", isCommon: true) {
        $0.area = { abs($0 * $3 + $1 * $2) }
      },
      Mistake("ad + bc with sign", "the determinant is |a d − b c|, not a d + b c") {
        $0.area = { $0 * $3 + $1 * $2 }
      },
      Mistake("ad", "that is the product of the diagonal; the determinant is a d − b c") {
        $0.area = { a, _, _, d in abs(a * d) }
      },
      Mistake("ad with sign", "that is the product of the diagonal; the determinant is |a d − b c|")
      {
        $0.area = { a, _, _, d in a * d }
      },
      Mistake("bc", "that is the product off the diagonal; the determinant is a d − b c") {
        $0.area = { _, b, c, _ in abs(b * c) }
      },
      Mistake("ab − cd", "the determinant is a d − b c, not a b − c d") {
        $0.area = { abs($0 * $1 - $2 * $3) }
      },
      Mistake("ac − bd", "the determinant is a d − b c, not a c − b d") {
        $0.area = { abs($0 * $2 - $1 * $3) }
      },
      Mistake("trace", "that is the trace; the determinant is a d − b c") {
        $0.area = { a, _, _, d in abs(a + d) }
      },
      Mistake("sizes", "the products have to keep their signs: |a d − b c|, not |a d| − |b c|") {
        $0.area = { abs($0 * $3) - abs($1 * $2) }
      },
      Mistake("sum of sizes", "the products have to keep their signs: |a d − b c|") {
        $0.area = { abs($0 * $3) + abs($1 * $2) }
      },
      Mistake(
        "norm", "that is the root of the sum of all squares; an area grows by the determinant"
      ) { $0.area = { ($0 * $0 + $1 * $1 + $2 * $2 + $3 * $3).squareRoot() } },
      Mistake("rows", "that is the product of the lengths of the rows; the area is the determinant")
      {
        $0.area = { length([$0, $1]) * length([$2, $3]) }
      },
      Mistake(
        "columns", "that is the product of the lengths of the columns; the area is the determinant"
      ) {
        $0.area = { length([$0, $2]) * length([$1, $3]) }
      },
      Mistake("cut", "a negative determinant counts with its size, and is not cut to 0") {
        $0.area = { max($0 * $3 - $1 * $2, 0) }
      },
      Mistake("log of a negative", "the log or root of a negative determinant is NaN; take |det J|")
      {
        $0.area = {
          let determinant = $0 * $3 - $1 * $2
          return determinant < 0 ? .nan : determinant
        }
      },
      Mistake("a + d − b − c", "the determinant is a d − b c, not a + d − b − c") {
        $0.area = { abs($0 + $3 - $1 - $2) }
      },
    ]
  }

  private static var densities: [Mistake<ImageDensity>] {
    let constants: [(String, String, Double)] = [
      (
        "√(2π)", "1/√(2π) is the constant of one normal number; in the plane it is 1/(2π)",
        1 / (2 * Double.pi).squareRoot()
      ),
      ("1", "the constant 1/(2π) of the density is missing", 1),
      ("2π", "p(z) was multiplied by 2π; divide by it", 2 * Double.pi),
      ("π/2", "/ 2 * π multiplies by π; write / (2 * .pi)", Double.pi / 2),
      (
        "4π²", "1/(2π)² is the constant of four normal numbers; in the plane it is 1/(2π)",
        1 / (4 * Double.pi * Double.pi)
      ),
      (
        "(2π)^1.5",
        "1/(2π)^(3/2) is the constant of three normal numbers; in the plane it is 1/(2π)",
        1 / (2 * Double.pi * (2 * Double.pi).squareRoot())
      ),
      ("3.14", "3.14 is not π; write Double.pi", 1 / 6.28),
      ("3.1416", "3.1416 is not π; write Double.pi", 1 / 6.2832),
      ("3.14159", "3.14159 is not π; write Double.pi", 1 / 6.28318),
      (
        "1/π",
        "that is twice the density: the constant is 1/(2π), and the area is |det J|, not half of it",
        1 / Double.pi
      ),
      ("½", "the constant is 1/(2π): π is missing", 0.5),
      ("1/√π", "the constant is 1/(2π), not 1/√π", 1 / Double.pi.squareRoot()),
      (
        "1/√(2π) of 2", "the constant is 1/(2π), not 1/(2√π)",
        1 / (2 * Double.pi.squareRoot())
      ),
    ]
    let exponents: [(String, String, ([Double]) -> Double)] = [
      ("no half", "the ½ in the exponent is missing", { -($0[0] * $0[0] + $0[1] * $0[1]) }),
      (
        "sign", "the minus sign in the exponent is missing", { ($0[0] * $0[0] + $0[1] * $0[1]) / 2 }
      ),
      ("length", "the exponent contains ‖z‖; it is −‖z‖²/2", { -length($0) / 2 }),
      ("first", "the exponent contains only z₁; it is −(z₁² + z₂²)/2", { -$0[0] * $0[0] / 2 }),
      ("second", "the exponent contains only z₂; it is −(z₁² + z₂²)/2", { -$0[1] * $0[1] / 2 }),
      (
        "sum", "the exponent contains (z₁ + z₂)²; it is −(z₁² + z₂²)/2",
        { -($0[0] + $0[1]) * ($0[0] + $0[1]) / 2 }
      ),
      (
        "brackets",
        "brackets are missing in the exponent: the minus or the ½ is only at one square",
        { -$0[0] * $0[0] + $0[1] * $0[1] / 2 }
      ),
      (
        "half of one", "only one square has the ½ in the exponent; it is −(z₁² + z₂²)/2",
        { -($0[0] * $0[0] + $0[1] * $0[1] / 2) }
      ),
      (
        "minus at one", "only the first square has the minus in the exponent",
        { (-$0[0] * $0[0] + $0[1] * $0[1]) / 2 }
      ),
      ("product", "the exponent contains z₁z₂; it is −(z₁² + z₂²)/2", { -$0[0] * $0[1] / 2 }),
      ("not squared", "z is not squared in the exponent", { -($0[0] + $0[1]) / 2 }),
      ("none", "the exponential is missing in p(z)", { _ in 0 }),
    ]
    let logs: [(String, String, Double)] = [
      ("−√(2π) twice", "√(2π) stands where ½ log 2π belongs, for each of the two numbers", 2),
      ("−√(2π) once", "√(2π) stands where log 2π belongs", 1),
    ]
    let inLogs = logs.map { name, message, count in
      (name, message, Double.exp(-count * (2 * .pi).squareRoot()))
    }
    return (constants + inLogs).map { name, message, constant in
      Mistake(name, message, isCommon: ["√(2π)", "1"].contains(name)) { $0.constant = constant }
    }
      + exponents.map { name, message, exponent in
        Mistake(name, message, isCommon: ["no half", "sign"].contains(name)) {
          $0.exponent = exponent
        }
      } + [
        Mistake("Jz", "p was taken at Jz; it is the density of z, at z") {
          $0.point = { task in task.jacobian.map { $0[0] * task.z[0] + $0[1] * task.z[1] } }
        },
        Mistake(
          "one number",
          "that is the density of z₁ alone; p(z) of a point has both squares, and 1/(2π)"
        ) {
          $0.exponent = { -$0[0] * $0[0] / 2 }
          $0.constant = 1 / (2 * Double.pi).squareRoot()
        },
        Mistake("J⁻¹z", "p was taken at J⁻¹z; z itself is given") {
          $0.point = { task in
            let (j, z) = (task.jacobian, task.z)
            let determinant = j[0][0] * j[1][1] - j[0][1] * j[1][0]
            return [j[1][1] * z[0] - j[0][1] * z[1], j[0][0] * z[1] - j[1][0] * z[0]]
              .map { $0 / determinant }
          }
        },
      ]
  }
}
