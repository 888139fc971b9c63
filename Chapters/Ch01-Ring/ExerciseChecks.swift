import Autodiff
import Datasets
import Notebook
import Probability

/// What the exercises of this chapter ask, and the mistakes that they know.
enum Checks {
  static var all: [Exercise] {
    [
      ring(Exercises.ring), radiusDensity(Exercises.radiusDensity),
      meanRadius(Exercises.meanRadius), jacobian(Exercises.jacobian),
      imageDensity(Exercises.imageDensity), exponential(Exercises.exponential),
      energyDistance(Exercises.energyDistance), knothe(Exercises.knothe),
    ]
  }

  // MARK: - Section 1.1

  static func ring(_ answer: @escaping ([[Double]], Double) throws -> [[Double]]) -> Exercise {
    struct Input {
      let z: [[Double]]
      let width: Double

      func mapped(_ image: (Double, Double) -> Double) -> [[Double]] {
        z.map { point in point.map { image($0, length(point)) } }
      }
    }
    var comparison = Comparison<Input, [[Double]]>(of: { try answer($0.z, $0.width) }) { input in
      let image = Datasets.ring(matrix(input.z), width: input.width)
      return rows(image)
    }
    comparison.ask("z = (3, 4) and w = 0.1", Input(z: [[3, 4]], width: 0.1))
    comparison.ask(
      "the points (0, −2) and (−0.5, 0) and w = 0.5", Input(z: [[0, -2], [-0.5, 0]], width: 0.5))
    let drawn = points(3, seed: 11)
    comparison.ask("the points \(text(drawn)) and w = 0.25", Input(z: drawn, width: 0.25))
    comparison.recognize("each number was divided by itself; wanted is the length of the point") {
      input in input.mapped { z, _ in input.width * z + z / abs(z) }
    }
    comparison.recognize(
      "z was divided by its squared length, z₁² + z₂²; the length is the root of that"
    ) { input in input.mapped { z, length in input.width * z + z / (length * length) } }
    comparison.recognize("both terms were multiplied by w; z/‖z‖ stands without it") { input in
      input.mapped { z, length in input.width * (z + z / length) }
    }
    comparison.recognize("w was multiplied with z/‖z‖, so that all points have the radius 1 + w") {
      input in input.mapped { z, length in (input.width + 1) * z / length }
    }
    comparison.recognize("one length was used for all points; each has its own") { input in
      let common = length(input.z.flatMap { $0 })
      return input.mapped { z, _ in input.width * z + z / common }
    }
    return Exercise(
      "ring", "g(z) = w z + z/‖z‖ for some points", minutes: 5,
      hints: [
        "Map each point to its image. The two numbers of a point share one length.",
        "The length of (z₁, z₂) is (z₁ * z₁ + z₂ * z₂).squareRoot(); the first number of the image is "
          + "w z₁ + z₁/length.",
      ], comparison)
  }

  // MARK: - Section 1.2

  static func radiusDensity(
    _ answer: @escaping ([Double], Double) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let radii: [Double]
      let width: Double

      /// A function of ρ = (r − 1)/w where r is at least 1, and 0 elsewhere.
      func density(_ function: (Double) -> Double) -> [Double] {
        radii.map { $0 < 1 ? 0 : function(($0 - 1) / width) }
      }
    }
    var comparison = Comparison<Input, [Double]>(of: { try answer($0.radii, $0.width) }) { input in
      input.radii.map(RadiusDistribution(w: input.width).density)
    }
    comparison.ask("radii 0.9 and 1.1 and w = 0.1", Input(radii: [0.9, 1.1], width: 0.1))
    comparison.ask("radii 1, 1.5 and 2 and w = 0.5", Input(radii: [1, 1.5, 2], width: 0.5))
    let drawn = points(2, seed: 12).flatMap { $0 }.map { hundredths(1 + 0.2 * abs($0)) }
    comparison.ask("radii \(text(drawn)) and w = 0.2", Input(radii: drawn, width: 0.2))
    comparison.recognize("no radius is below 1, so the density is 0 there; the formula is not") {
      input in
      input.radii.map { radius in
        let length = (radius - 1) / input.width
        return length * .exp(-length * length / 2) / input.width
      }
    }
    comparison.recognize(
      "that is the density of the length ρ = (r − 1)/w; a piece dr of radii is a piece dr/w of lengths"
    ) { input in input.density { $0 * .exp(-$0 * $0 / 2) } }
    comparison.recognize("that is a normal density; the factor (r − 1)/w is missing") { input in
      input.density { .exp(-$0 * $0 / 2) / (input.width * (2 * Double.pi).squareRoot()) }
    }
    comparison.recognize("the ½ in the exponent is missing") { input in
      input.density { $0 * .exp(-$0 * $0) / input.width }
    }
    comparison.recognize(
      "that is the density of the points in the plane; the radius has 2πr times as much"
    ) { input in
      input.density { length in
        let circle: Double = 2 * .pi * (1 + input.width * length)
        return length * .exp(-length * length / 2) / (input.width * circle)
      }
    }
    return Exercise(
      "radius-density", "The density of the radius 1 + w‖z‖", minutes: 10,
      hints: [
        "Compute the length ρ = (r − 1)/w first. What if it is negative?",
        "From radius 1 on the density is ρ exp(−ρ²/2)/w.",
      ], comparison)
  }

  static func meanRadius(_ answer: @escaping (Double) throws -> Double) -> Exercise {
    var comparison = Comparison<Double, Double>(of: answer) { RadiusDistribution(w: $0).mean }
    comparison.ask("w = 0.1", 0.1)
    comparison.ask("w = 1", 1)
    let drawn = hundredths(abs(points(1, seed: 13)[0][0]) + 0.05)
    comparison.ask("w = \(text(drawn))", drawn)
    comparison.recognize("that is the mean of w‖z‖ alone, how far a point is from the hole") {
      RadiusDistribution(w: $0).mean - 1
    }
    comparison.recognize(
      "that is from the mean of ‖z‖², which is 2; the mean of a root is not the root of the mean"
    ) { 1 + $0 * 2.0.squareRoot() }
    comparison.recognize("that is the radius at which the density is largest, not the mean") {
      1 + $0
    }
    comparison.recognize(
      "√(2/π) is the mean of |z₁|, one number; ‖z‖ is the length of a point of the plane"
    ) { 1 + $0 * (2 / Double.pi).squareRoot() }
    return Exercise(
      "mean-radius", "The mean radius of the ring", minutes: 10,
      hints: [
        "The mean of 1 + w‖z‖ is 1 + w times the mean of ‖z‖, which does not depend on w.",
        "The integral of ρ² exp(−ρ²/2) from 0 on is half of that over the whole line, and that is "
          + "√(2π) times the variance of a standard normal number.",
      ], comparison)
  }

  // MARK: - Section 1.3

  static func jacobian(_ answer: @escaping ([Double], Double) throws -> [[Double]]) -> Exercise {
    struct Input {
      let z: [Double]
      let width: Double

      /// a I + b zzᵀ.
      func matrix(_ identity: Double, _ outer: Double) -> [[Double]] {
        (0..<2).map { i in (0..<2).map { j in (i == j ? identity : 0) + outer * z[i] * z[j] } }
      }
    }
    var comparison = Comparison<Input, [[Double]]>(of: { try answer($0.z, $0.width) }) { input in
      rows(Stretch(at: input.z, width: input.width).jacobian)
    }
    comparison.ask("z = (0, −2) and w = 0.5", Input(z: [0, -2], width: 0.5))
    comparison.ask("z = (3, 4) and w = 0.1", Input(z: [3, 4], width: 0.1))
    let drawn = points(1, seed: 14)[0]
    comparison.ask("z = \(text(drawn)) and w = 0.3", Input(z: drawn, width: 0.3))
    comparison.recognize("‖z‖ was taken for a constant; it changes with z, too") { input in
      input.matrix(input.width + 1 / length(input.z), 0)
    }
    comparison.recognize("zzᵀ was divided by ‖z‖²; the quotient rule gives ‖z‖³") { input in
      let length = length(input.z)
      return input.matrix(input.width + 1 / length, -1 / (length * length))
    }
    comparison.recognize("zzᵀ/‖z‖³ was added; the quotient rule subtracts it") { input in
      let length = length(input.z)
      return input.matrix(input.width + 1 / length, 1 / (length * length * length))
    }
    comparison.recognize("the term w z was left out, whose derivative is w I") { input in
      let length = length(input.z)
      return input.matrix(1 / length, -1 / (length * length * length))
    }
    comparison.recognize("only the diagonal is there; z₂ changes ‖z‖, and so g₁, too") { input in
      var matrix = rows(Stretch(at: input.z, width: input.width).jacobian)
      (matrix[0][1], matrix[1][0]) = (0, 0)
      return matrix
    }
    return Exercise(
      "jacobian", "The Jacobian of g at a point", minutes: 15,
      hints: [
        "∂‖z‖/∂zⱼ is zⱼ/‖z‖. Which of the four derivatives of w zᵢ are not 0?",
        "By the quotient rule the derivative of zᵢ/‖z‖ by zⱼ is (1 if i = j, else 0)/‖z‖ − zᵢ zⱼ/‖z‖³.",
      ], comparison)
  }

  static func imageDensity(_ answer: @escaping ([Double], [[Double]]) throws -> Double) -> Exercise
  {
    struct Input {
      let z: [Double]
      let jacobian: [[Double]]

      var density: Double {
        .exp(DiagonalNormal.standard.logProbability(of: Tensor(z)).scalar)
      }
      var diagonal: Double { jacobian[0][0] * jacobian[1][1] }
      var antidiagonal: Double { jacobian[0][1] * jacobian[1][0] }
      var determinant: Double { diagonal - antidiagonal }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.z, $0.jacobian) }) {
      $0.density / abs($0.determinant)
    }
    comparison.ask(
      "z = (0, 0) and the Jacobian (2, 0; 0, 3)", Input(z: [0, 0], jacobian: [[2, 0], [0, 3]]))
    comparison.ask(
      "z = (1, 0) and the Jacobian (1, 4; 2, 3), whose determinant is −5",
      Input(z: [1, 0], jacobian: [[1, 4], [2, 3]]))
    comparison.ask(
      "z = (0.6, 0.8) and the Jacobian of the ring, w = 0.1, there",
      Input(z: [0.6, 0.8], jacobian: rows(Stretch(at: [0.6, 0.8], width: 0.1).jacobian)))
    let drawn = points(3, seed: 15)
    comparison.ask(
      "z = \(text(drawn[0])) and the Jacobian with rows \(text(Array(drawn[1...])))",
      Input(z: drawn[0], jacobian: Array(drawn[1...])))
    comparison.recognize(
      "that is p(z), as dense as before g; where areas grow, points become sparse"
    ) { $0.density }
    comparison.recognize(
      "p(z) was multiplied by |det J|; the same probability lies on an area |det J| times as large"
    ) { $0.density * abs($0.determinant) }
    comparison.recognize(
      "a density is never negative; an area grows by the absolute value of the determinant"
    ) { $0.density / $0.determinant }
    comparison.recognize("the determinant is a d − b c, and not a d + b c") {
      $0.density / abs($0.diagonal + $0.antidiagonal)
    }
    comparison.recognize("that is the product of the diagonal; the determinant is a d − b c") {
      $0.density / abs($0.diagonal)
    }
    comparison.recognize(
      "the constant of p(z) is that of one number, 1/√(2π); in the plane it is 1/2π"
    ) { $0.density * (2 * Double.pi).squareRoot() / abs($0.determinant) }
    return Exercise(
      "image-density", "The density of g(z) by change of variables", minutes: 15,
      hints: [
        "Two factors: how dense z is, and how much the area around it grows.",
        "p(z) = exp(−(z₁² + z₂²)/2)/(2π). Of the determinant, only the size counts.",
      ], comparison)
  }

  // MARK: - Sections 1.4 and 1.5

  static func exponential(
    _ answer: @escaping ([Double], Double, (Double) -> Double) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let z: [Double]
      let rate: Double

      func mapped(_ function: (_ u: Double) -> Double) -> [Double] {
        z.map { function(Normal.standard.cumulativeProbability(upTo: $0)) }
      }
    }
    var comparison = Comparison<Input, [Double]>(of: {
      try answer($0.z, $0.rate, Normal.standard.cumulativeProbability)
    }) { input in input.mapped { -.log1p(-$0) / input.rate } }
    comparison.ask("z = (0) and λ = 2", Input(z: [0], rate: 2))
    comparison.ask("z = (−1, 0, 1) and λ = 0.5", Input(z: [-1, 0, 1], rate: 0.5))
    let drawn = points(2, seed: 16).flatMap { $0 }
    comparison.ask("z = \(text(drawn)) and λ = 3", Input(z: drawn, rate: 3))
    comparison.recognize(
      "that is −log Φ(z)/λ, which has the right distribution, since 1 − u is as uniform as u, "
        + "but falls as z grows; F⁻¹(u) is −log(1 − u)/λ"
    ) { input in input.mapped { -.log($0) / input.rate } }
    comparison.recognize("that is F(Φ(z)); wanted is the inverse of F") { input in
      input.mapped { 1 - .exp(-input.rate * $0) }
    }
    comparison.recognize("that is Φ(z), still uniform; F⁻¹ was not applied") { input in
      input.mapped { $0 }
    }
    comparison.recognize("it was multiplied by λ; a larger rate makes smaller numbers") { input in
      input.mapped { -.log1p(-$0) * input.rate }
    }
    comparison.recognize("the logarithm of a probability is negative: the sign is missing") {
      input in input.mapped { .log1p(-$0) / input.rate }
    }
    comparison.recognize("F⁻¹ was applied to z itself; first Φ makes it uniform") { input in
      input.z.map { .log(1 - $0) / -input.rate }
    }
    return Exercise(
      "exponential", "Normal numbers made exponential", minutes: 10,
      hints: [
        "Solve u = 1 − e^(−λx) for x.",
        "x = −log(1 − u)/λ. And u is phi of what?",
      ], comparison)
  }

  static func energyDistance(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> Double
  ) -> Exercise {
    struct Input {
      let x: [[Double]]
      let y: [[Double]]

      /// The sums of a function of the distances of all pairs of X and Y, X and X′, Y and Y′.
      func sums(_ function: (Double) -> Double = { $0 }) -> (xy: Double, xx: Double, yy: Double) {
        func sum(_ a: [[Double]], _ b: [[Double]]) -> Double {
          a.reduce(0) { total, point in
            b.reduce(total) { $0 + function(length(zip(point, $1).map { $0 - $1 })) }
          }
        }
        return (sum(x, y), sum(x, x), sum(y, y))
      }

      /// a E‖X − Y‖ + b (E‖X − X′‖ + E‖Y − Y′‖).
      func distance(
        _ between: Double = 2, _ within: Double = -1, _ function: (Double) -> Double = { $0 }
      ) -> Double {
        let (sums, n, m) = (sums(function), Double(x.count), Double(y.count))
        return between * sums.xy / (n * m) + within * (sums.xx / (n * n) + sums.yy / (m * m))
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.x, $0.y) }) { $0.distance() }
    comparison.ask("the numbers 0, 2 and 1, 1", Input(x: [[0], [2]], y: [[1], [1]]))
    let (x, y) = (points(3, seed: 17), points(4, seed: 18))
    comparison.ask("the points \(text(x)) and the same once more", Input(x: x, y: x))
    comparison.ask("the points \(text(x)) and \(text(y))", Input(x: x, y: y))
    comparison.recognize("the first mean counts twice") { $0.distance(1) }
    comparison.recognize("the means within a sample are subtracted, not added") {
      $0.distance(2, 1)
    }
    comparison.recognize(
      "pairs i < j are half of the pairs within a sample, and were divided by all n · n"
    ) { $0.distance(2, -0.5) }
    comparison.recognize(
      "the pairs of a point with itself were left out, as section 1.5 does; here they count, as 0"
    ) { input in
      let (sums, n, m) = (input.sums(), Double(input.x.count), Double(input.y.count))
      return 2 * sums.xy / (n * m) - sums.xx / (n * (n - 1)) - sums.yy / (m * (m - 1))
    }
    comparison.recognize(
      "the distances were squared, which leaves only the distance of the samples' means"
    ) { $0.distance(2, -1) { $0 * $0 } }
    comparison.recognize("those are sums over the pairs; wanted are means") { input in
      let sums = input.sums()
      return 2 * sums.xy - sums.xx - sums.yy
    }
    comparison.recognize("some authors do take the root, but here it is not") {
      max($0.distance(), 0).squareRoot()
    }
    return Exercise(
      "energy-distance", "How far two samples are apart", minutes: 20,
      hints: [
        "Write a function for the mean distance between two samples, and call it three times.",
        "The mean distance of a sample and itself has n · n terms, of which n are 0.",
      ], comparison)
  }

  // MARK: - An evening: Knothe's construction

  static func knothe(
    _ answer:
      @escaping ([[Double]], (Double, Double) -> Double, (Double) -> Double) throws -> [[Double]]
  ) -> Exercise {
    struct Input {
      let z: [[Double]]
      let distribution: SquareDistribution

      func mapped(_ image: (_ u: Double, _ v: Double) -> [Double]) -> [[Double]] {
        z.map {
          image(
            Normal.standard.cumulativeProbability(upTo: $0[0]),
            Normal.standard.cumulativeProbability(upTo: $0[1]))
        }
      }
    }
    var comparison = Comparison<Input, [[Double]]>(of: {
      try answer($0.z, $0.distribution.density, Normal.standard.cumulativeProbability)
    }) { input in
      input.mapped { u, v in
        let first = input.distribution.first(u)
        return [first, input.distribution.second(v, first)]
      }
    }
    let drawn = points(4, seed: 19)
    let tolerance = Tolerance(absolute: 1e-3)
    comparison.ask(
      "z = (0, 0) and the density x₁ + x₂",
      Input(z: [[0, 0]], distribution: .bilinear(0, 1, 1, 0)), tolerance: tolerance)
    comparison.ask(
      "the points z = \(text(drawn)) and the density 1",
      Input(z: drawn, distribution: .bilinear(1, 0, 0, 0)), tolerance: tolerance)
    comparison.ask(
      "the same points and 3 + 6x₂ − 5x₁x₂",
      Input(z: drawn, distribution: .bilinear(3, 0, 6, -5)), tolerance: tolerance)
    comparison.ask(
      "the same points and 1/(1 + x₁x₂)²", Input(z: drawn, distribution: .gauss),
      tolerance: tolerance)
    comparison.recognize("that is Φ(z), uniform whatever the density") { input in
      input.mapped { [$0, $1] }
    }
    comparison.recognize(
      "x₂ has the distribution that it has by itself, whatever x₁ is; it should have that given x₁"
    ) { input in
      input.mapped { [input.distribution.first($0), input.distribution.marginalSecond($1)] }
    }
    comparison.recognize("x₂ has its distribution given Φ(z₁); it should have that given x₁") {
      input in
      input.mapped { [input.distribution.first($0), input.distribution.second($1, $0)] }
    }
    comparison.recognize("x₂ was made first, and x₁ given it; wanted is the other order") { input in
      input.mapped { u, v in
        let second = input.distribution.marginalSecond(v)
        return [input.distribution.firstGivenSecond(u, second), second]
      }
    }
    comparison.recognize(
      "x₁ has the distribution that it has along the edge x₂ = 0; its density is the integral over all x₂"
    ) { input in
      input.mapped { u, v in
        let first = input.distribution.firstGivenSecond(u, 0)
        return [first, input.distribution.second(v, first)]
      }
    }
    return Exercise(
      "knothe", "Any distribution on the square from normal numbers", minutes: 90,
      hints: [
        "Write a function for one coordinate: from the density at the midpoints of m cells of [0, 1] "
          + "and from u it finds x with F(x) = u. Sum the cells until the sum passes u times their "
          + "total, and take the fraction of the last cell that is missing.",
        "For x₁ the value of a cell is the sum of the density over the cells of x₂. Compute these "
          + "once for all points: 100 × 100 values will do.",
        "For x₂ the values are density(x₁, midpoint) with the x₁ just found. Dividing by the total "
          + "takes care of every unknown factor.",
      ], comparison)
  }
}

/// A distribution on the unit square with everything that Knothe's construction could use of it.
private struct SquareDistribution {
  let density: (Double, Double) -> Double
  /// The quantile function of x₁.
  let first: (_ u: Double) -> Double
  /// That of x₂ given x₁.
  let second: (_ u: Double, _ first: Double) -> Double
  /// That of x₂ by itself.
  let marginalSecond: (_ u: Double) -> Double
  /// That of x₁ given x₂.
  let firstGivenSecond: (_ u: Double, _ second: Double) -> Double

  /// The density a + b x₁ + c x₂ + d x₁x₂, up to a factor.
  static func bilinear(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> SquareDistribution {
    SquareDistribution(
      density: { a + b * $0 + c * $1 + d * $0 * $1 },
      first: { linearQuantile($0, a + c / 2, b + d / 2) },
      second: { linearQuantile($0, a + b * $1, c + d * $1) },
      marginalSecond: { linearQuantile($0, a + b / 2, c + d / 2) },
      firstGivenSecond: { linearQuantile($0, a + c * $1, b + d * $1) })
  }

  /// The density 1/(1 + x₁x₂)², up to a factor: the distribution behind continued fractions.
  static var gauss: SquareDistribution {
    // The integral of 1/(1 + st)² over t from 0 to x is x/(1 + sx), and over s, too, it is
    // log(1 + x) at s from 0 to 1.
    let marginal = { (u: Double) -> Double in .exp(u * .log(2)) - 1 }
    let conditional = { (u: Double, given: Double) -> Double in u / (1 + given - u * given) }
    return SquareDistribution(
      density: { 1 / ((1 + $0 * $1) * (1 + $0 * $1)) }, first: marginal, second: conditional,
      marginalSecond: marginal, firstGivenSecond: conditional)
  }
}

/// The x in [0, 1] up to which the density a + bx has the share u of its integral.
private func linearQuantile(_ u: Double, _ a: Double, _ b: Double) -> Double {
  // ax + bx²/2 = u (a + b/2), without the difference that cancels.
  let target: Double = u * (a + b / 2)
  return 2 * target / (a + (a * a + 2 * b * target).squareRoot())
}

// MARK: - Points

/// Points of the plane, drawn from N(0, I), with two decimals, so that they can be shown in full.
private func points(_ count: Int, seed: UInt64) -> [[Double]] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in generator.normal(count: 2).map(hundredths) }
}

private func hundredths(_ number: Double) -> Double { (100 * number).rounded() / 100 }

private func text(_ number: Double) -> String { formatted(number, decimals: 2) }

private func text(_ numbers: [Double]) -> String {
  "(" + numbers.map { text($0) }.joined(separator: ", ") + ")"
}

private func text(_ points: [[Double]]) -> String {
  points.map { text($0) }.joined(separator: ", ")
}

private func length(_ point: [Double]) -> Double {
  point.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

private func matrix(_ rows: [[Double]]) -> Tensor<Double> {
  Tensor(rows.flatMap { $0 }, shape: [rows.count, 2])
}

private func rows(_ matrix: Tensor<Double>) -> [[Double]] {
  (0..<matrix.shape[0]).map { matrix.rows([$0]).scalars }
}
