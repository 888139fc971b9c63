import Autodiff
import Claims
import Notebook

/// 0.1 A derivative by differences: the error of three formulas against the step, and what makes it.
struct Differences: SectionContent {
  /// The relative errors of the three formulas at one step, and the bounds on their two parts.
  struct Row {
    let step: Double
    let errors: [Double]
    let truncation: [Double]
    let rounding: [Double]
  }

  let x: Double
  let rows: [Row]
  /// For each formula its error, where truncation dominates, over the first term of the series, less 1.
  let truncationDeviations: [Double]

  init(at x: Double) {
    self.x = x
    // Two steps in every power of ten.
    let powers = (1...15).map { k in 1 / (0..<k).reduce(1.0) { power, _ in 10 * power } }
    let steps = powers.flatMap { [$0, $0 / 10.0.squareRoot()] }
    rows = steps.map { h in
      Row(
        step: h, errors: Self.errors(x, h),
        truncation: DifferenceFormula.all.map { $0.truncationBound(h) },
        rounding: DifferenceFormula.all.map { $0.roundingBound(x, h) })
    }
    truncationDeviations = DifferenceFormula.all.indices.map { index in
      let h = [0x1p-14, 0x1p-8, 0x1p-6][index]
      return Self.errors(x, h)[index] / DifferenceFormula.all[index].truncation(h) - 1
    }
  }

  private static func errors(_ x: Double, _ h: Double) -> [Double] {
    // cell: error
    let f = { (x: Double) in Double.exp(x) }
    let slope = Double.exp(x)  // f′(x), because eˣ is its own derivative
    let estimates = [forward(f, x, h), central(f, x, h), fourthOrder(f, x, h)]
    let errors = estimates.map { abs($0 - slope) / slope }
    // end
    return errors
  }

  // cell: formulas
  /// f′(x) from values of f at the distance h, on one side.
  static func forward(_ f: (Double) -> Double, _ x: Double, _ h: Double) -> Double {
    (f(x + h) - f(x)) / h
  }

  /// The same from both sides.
  static func central(_ f: (Double) -> Double, _ x: Double, _ h: Double) -> Double {
    (f(x + h) - f(x - h)) / (2 * h)
  }

  /// And from four values, at the distances h and 2h.
  static func fourthOrder(_ f: (Double) -> Double, _ x: Double, _ h: Double) -> Double {
    (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
  }
  // end

  /// The largest error, over all formulas and steps, as a fraction of its bound.
  var largestShareOfBound: Double {
    rows.flatMap { row in
      row.errors.indices.map { row.errors[$0] / (row.truncation[$0] + row.rounding[$0]) }
    }.max()!
  }

  func show(on page: Page) {
    page.lead(
      """
      The slope of eˣ at x = \(formatted(x, digits: 3)) from nearby values of the function. Look at \
      what a smaller step h does to the error, at first and in the end.
      """)
    page.equation(#"f'(x) \approx \frac{f(x + h) - f(x)}{h}"#)
    page.code("formulas")
    page.code("error")
    page.table(
      [.right("h")] + DifferenceFormula.all.map { .right($0.name) },
      rows: rows.enumerated().filter { $0.offset.isMultiple(of: 2) }.map { _, row in
        [formatted(row.step, digits: 1)]
          + row.errors.map { formatted($0, digits: 2) }
      }, caption: "The error of each formula, relative to the derivative.")

    page.lead(
      "On logarithmic axes the errors make a V: truncation on the right, rounding on the left.")
    page.figure(
      "The error of a difference against its step",
      description: """
        Points: the errors. Lines: the bound on truncation and rounding together. From right to \
        left, the errors first fall like h, h² and h⁴ and then rise like 1/h.
        """,
      Plot(
        x: Axis("h", scale: .logarithmic), y: Axis("relative error", scale: .logarithmic),
        layers: DifferenceFormula.all.enumerated().flatMap { index, formula -> [Plot.Layer] in
          [
            .line(
              .init(
                meaning: .series(index), x: rows.map(\.step),
                y: rows.map { $0.truncation[index] + $0.rounding[index] })),
            .points(
              .init(
                formula.name, meaning: .series(index), x: rows.map(\.step),
                y: rows.map { $0.errors[index] })),
          ]
        }))
    page.table(
      [.left("formula"), .right("best h"), .right("bound on the error there")],
      rows: DifferenceFormula.all.map { formula in
        let h = formula.bestStep(x)
        return [
          formula.name, formatted(h, digits: 2),
          formatted(formula.truncationBound(h) + formula.roundingBound(x, h), digits: 2),
        ]
      }, caption: "The step at which the sum of truncation and rounding is smallest.")
    page.check(
      "Where truncation dominates, the errors are those of the series: ½h, ⅙h² and h⁴/30.",
      .small("largest relative difference", truncationDeviations, tolerance: 1e-4))
    page.check(
      "At no step is an error larger than the bound on truncation and rounding together.",
      .atMost(
        Quantity("the largest error over its bound", largestShareOfBound), Quantity("one", 1)))
  }
}

/// The error of a formula for the derivative of f(x) = eˣ, relative to the derivative.
///
/// All derivatives of eˣ are eˣ, so that x has no part in the relative truncation error.
struct DifferenceFormula {
  let name: String
  /// The power of h that the truncation error grows with.
  let order: Int
  /// The factor before it.
  let factor: Double
  /// How far from x the formula evaluates f, in steps.
  let reach: Double
  /// The sum of the absolute weights of the values, before the division by h.
  let weights: Double

  static let all = [
    DifferenceFormula(name: "forward", order: 1, factor: 1 / 2, reach: 1, weights: 2),
    DifferenceFormula(name: "central", order: 2, factor: 1 / 6, reach: 1, weights: 1),
    DifferenceFormula(name: "fourth order", order: 4, factor: 1 / 30, reach: 2, weights: 1.5),
  ]

  /// The first term of the series in h.
  func truncation(_ h: Double) -> Double { (0..<order).reduce(factor) { power, _ in power * h } }

  /// The remainder of Taylor's series, with the derivative at the far end.
  func truncationBound(_ h: Double) -> Double { truncation(h) * .exp(reach * h) }

  /// What rounding can do, with u = 2⁻⁵³: x ± h is rounded by u, which moves f by as much as its
  /// slope; `exp` is within one unit in the last place, which is at most 2u; and the few operations
  /// after the subtractions, whose results are near the derivative, add less than 8u.
  func roundingBound(_ x: Double, _ h: Double) -> Double {
    let u = 0x1p-53
    return weights / h * .exp(reach * h) * u * (2 + abs(x) + reach * h) + 8 * u
  }

  /// The h at which factor · hᵏ and rounding, which is nearly r/h, have the smallest sum.
  func bestStep(_ x: Double) -> Double {
    let r = weights * 0x1p-53 * (2 + abs(x))
    return .exp(.log(r / (Double(order) * factor)) / Double(order + 1))
  }
}
