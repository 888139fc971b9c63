import Autodiff
import Claims
import Notebook
import Probability

// cell: conditional
/// Two half circles, with x₁ spread evenly along each and x₂ blurred.
enum Moons {
  /// F₁(x₁): one moon covers −1.5 … 0.5, the other −0.5 … 1.5.
  static func first(upTo x₁: Double) -> Double {
    let share = { (x: Double) in min(max((x + 1) / 2, 0), 1) }
    return (share(x₁ + 0.5) + share(x₁ - 0.5)) / 2
  }

  /// F₂(x₂|x₁): normal around the moon, or around either where both are.
  static func second(upTo x₂: Double, given x₁: Double) -> Double {
    let moons = heights(at: x₁).map { Normal(mean: $0, variance: 0.01) }
    return mean(moons.map { $0.cumulativeProbability(upTo: x₂) })
  }

  /// The x₂ of the half circles at x₁: of the arch, of the bowl, or of both.
  static func heights(at x₁: Double) -> [Double] {
    let (a, b) = (x₁ + 0.5, x₁ - 0.5)
    return (abs(a) <= 1 ? [(1 - a * a).squareRoot() - 0.25] : [])
      + (abs(b) <= 1 ? [0.25 - (1 - b * b).squareRoot()] : [])
  }
}
// end

/// Two numbers that depend on each other, made one after the other: a part of section 1.4.
struct DependentPair {
  /// Pairs made in one way, and what the tests say about them.
  struct Pairs {
    /// Shape [count, 2].
    let points: Tensor<Double>
    /// The tests of x₁, and of x₂ given the x₁ beside it.
    let firstTest: KolmogorovSmirnovTest
    let secondTest: KolmogorovSmirnovTest
    /// The mean of x₁x₂, which is the covariance, as both means are 0.
    let covariance: MonteCarloEstimate

    init(_ first: [Double], _ second: [Double]) {
      points = .concatenated([first, second].map { Tensor($0, shape: [$0.count, 1]) }, axis: 1)
      let (x₁, x₂) = (first, second)
      // cell: tests
      let v₁ = x₁.map(Moons.first)
      let v₂ = zip(x₂, x₁).map(Moons.second)
      let tests = [v₁, v₂].map { KolmogorovSmirnovTest($0) { v in v } }
      let covariance = MonteCarloEstimate(zip(x₁, x₂).map { $0 * $1 })
      // end
      (firstTest, secondTest) = (tests[0], tests[1])
      self.covariance = covariance
    }
  }

  /// The exact covariance, E x₁x₂: on the arch −½ E x₂, whose mean height is π/4 − 1/4, and by
  /// symmetry the same on the bowl.
  static let covariance = -(Double.pi - 1) / 8

  let count: Int
  /// x₂ made given x₁, and the same numbers with each x₂ beside the x₁ of another pair.
  let dependent: Pairs
  let independent: Pairs

  init(_ z: Tensor<Double>) {
    count = z.shape[0]
    let (u₁, u₂) = (Self.uniform(z, column: 0), Self.uniform(z, column: 1))
    // cell: pair
    let x₁ = u₁.map { Quantiles.quantile($0, in: -1.5...1.5, of: Moons.first) }
    let x₂ = zip(u₂, x₁).map { u₂, x₁ in
      Quantiles.quantile(u₂, in: -3...3) { Moons.second(upTo: $0, given: x₁) }
    }
    let shifted = Array(x₂[1...]) + [x₂[0]]  // each x₂ beside another x₁
    // end
    dependent = Pairs(x₁, x₂)
    independent = Pairs(x₁, shifted)
  }

  /// Φ of one of the coordinates.
  private static func uniform(_ z: Tensor<Double>, column: Int) -> [Double] {
    z.slice(axis: 1, column..<(column + 1)).scalars.map(Normal.standard.cumulativeProbability)
  }

  func show(on page: Page) {
    page.lead(
      """
      The two coordinates of a point may depend on each other. Look at what becomes of the two \
      moons when x₂ no longer depends on x₁.
      """)
    page.equation(
      #"x_1 = F_1^{-1}(\Phi(z_1)), \quad x_2 = F_2^{-1}(\Phi(z_2)|x_1)"#)
    page.code("conditional")
    page.code("pair")
    page.figure(
      "One coordinate after the other",
      description: """
        Left, x₁ made from z₁, and then x₂ from z₂ given that x₁: two moons. Right, the same numbers \
        x₁ and the same numbers x₂, but each x₂ beside the x₁ of another pair: the moons are gone.
        """,
      cloud("x₂ given x₁", dependent), cloud("x₂ of another pair", independent))
    page.code("tests")
    showTests(on: page)
  }

  /// The first 400 points.
  private func cloud(_ title: String, _ pairs: Pairs) -> Plot {
    let shown = pairs.points.rows(Array(0..<min(400, pairs.points.shape[0])))
    return scatter(title, [Plot.Series(meaning: .made, points: shown)], reach: 1.8)
  }

  private func showTests(on page: Page) {
    page.table(
      [
        .left("pairs"), .right("x₁, distance"), .right("x₂ given x₁, distance"),
        .right("covariance"),
      ],
      rows: [("x₂ given x₁", dependent), ("x₂ of another pair", independent)].map {
        [$0]
          + cells(
            $1.firstTest.statistic, $1.secondTest.statistic, $1.covariance.mean, decimals: 4)
      })
    page.check(
      "x₁ has the distribution F₁.", .distributed(dependent.firstTest, count: count))
    page.check(
      "Given the x₁ beside it, x₂ has the distribution F₂.",
      .distributed(dependent.secondTest, count: count))
    page.check(
      "The covariance of x₁ and x₂ is −(π − 1)/8.",
      .measured("mean of x₁x₂", dependent.covariance, expected: Self.covariance))
  }
}
