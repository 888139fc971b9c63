import Autodiff
import Claims
import Notebook
import Probability

/// 0.7 A new operation: x σ(x), with its pullback, and a check that finds a wrong one.
struct NewOperation: SectionContent {
  typealias Operation = (Tensor<Double>) -> Tensor<Double>

  /// A way back, and how far three tests find it from differences.
  struct Variant {
    let name: String
    /// Relative errors: Σ op(x) for positive x; Σ op(x) for any x; Σ c op(x) for any x.
    let errors: [Double]
  }

  /// The right one first.
  let variants: [Variant]
  /// The core's own check of the right one, in the last of the three tests.
  let coreError: Double
  /// At the kink of relu: the tape's derivative, and the forward, central and backward differences.
  let kink: Double
  let kinkDifferences: [Double]

  init(using generator: SeededGenerator) {
    var generator = generator
    let positive = Tensor<Double>.normal([8], using: &generator).squared + 0.1
    let x = positive * Tensor((0..<8).map { $0.isMultiple(of: 2) ? 1 : -1 })
    let c = Tensor<Double>.normal([8], using: &generator)
    let direction = Tensor<Double>.normal([8], using: &generator)
    variants = Self.attempts.map { attempt in
      let operation = attempt.operation
      return Variant(
        name: attempt.name,
        errors: [
          Self.error(at: positive, direction) { operation($0).sum() },
          Self.error(at: x, direction) { operation($0).sum() },
          Self.error(at: x, direction) { (c * operation($0)).sum() },
        ])
    }
    coreError = checkGradient(at: x, using: &generator) { (c * silu($0)).sum() }.relativeError
    // cell: kink
    let slope = valueWithGradient(at: Tensor(0.0)) { relu($0) }.gradient.scalar
    let f = { (x: Double) in max(x, 0) }
    let h = 0.001
    let differences = [(f(h) - f(0)) / h, (f(h) - f(-h)) / (2 * h), (f(0) - f(-h)) / h]
    // end
    (kink, kinkDifferences) = (slope, differences)
  }

  /// The operation of the section, and what somebody else might write.
  private static var attempts: [(name: String, operation: Operation)] {
    /// x σ(x) with another way back.
    func operation(
      _ pullback: @escaping (_ x: Tensor<Double>, _ g: Tensor<Double>) -> Tensor<Double>
    ) -> Operation {
      { x in silu(x).detached.recorded("silu", from: (x, { g in pullback(x.detached, g) })) }
    }
    return [
      ("g (s + x s (1 − s))", silu),
      ("s + x s (1 − s)", operation { x, _ in slope(x) }),
      ("g s", operation { x, g in g * sigmoid(x) }),
      ("g (s − x s (1 − s))", operation { x, g in g * (2 * sigmoid(x) - slope(x)) }),
      (
        "right for x > 0, else 0",
        operation { x, g in g * slope(x) * Tensor(x.scalars.map { $0 > 0 ? 1 : 0 }) }
      ),
    ]
  }

  /// The derivative of x σ(x).
  private static func slope(_ x: Tensor<Double>) -> Tensor<Double> {
    let s = sigmoid(x)
    return s + x * s * (1 - s)
  }

  private static func error(
    at x: Tensor<Double>, _ v: Tensor<Double>, of loss: (Tensor<Double>) -> Tensor<Double>
  ) -> Double {
    // cell: check
    // The slope of the loss in a random direction v of length 1, by the tape and by differences.
    let v = v / sqrt(v.squared.sum())
    let gradient = valueWithGradient(at: x, of: loss).gradient
    let slope = (gradient * v).sum().scalar
    let difference = Differences.fourthOrder({ t in loss(x + t * v).scalar }, 0, 1e-3)
    let error = abs(slope - difference) / sqrt(gradient.squared.sum()).scalar
    // end
    return error
  }

  func show(on page: Page) {
    page.lead("A function that the core lacks, with its derivative: the value, and the way back.")
    page.code("operation")
    page.code("check")

    page.lead(
      """
      Five pullbacks under three tests; only the first is right. Look at which test finds which \
      mistake.
      """)
    page.table(
      [.left("pullback"), .right("Σ op(x), x > 0"), .right("Σ op(x)"), .right("Σ c op(x)")],
      rows: variants.map { variant in
        [variant.name] + variant.errors.map { formatted($0, digits: 2) }
      },
      caption:
        "The error of the slope in one random direction, over the length of the gradient. op(x) = x σ(x), s = σ(x); c: random numbers."
    )
    page.check(
      "The right pullback passes all three tests.",
      .small("largest relative error", variants[0].errors, tolerance: 1e-8))
    page.check(
      "The core’s own checkGradient finds no error in it either.",
      .small("relative error", [coreError], tolerance: 1e-8))
    page.check(
      "The third test finds every wrong pullback.",
      .greater(
        Quantity("the smallest error of a wrong one", smallestWrongError),
        than: Quantity("the error allowed", 1e-8), standardError: 0))
    page.check(
      "The first two tests do not notice a missing g, because there g is 1.",
      .small("largest relative error", Array(variants[1].errors.prefix(2)), tolerance: 1e-8))

    page.lead(
      "At a kink, differences and the tape disagree, and neither is wrong.")
    page.code("kink")
    page.table(
      [.left("the derivative of max(x, 0) at 0"), .right("")],
      rows: [
        ["forward difference", formatted(kinkDifferences[0], decimals: 1)],
        ["central difference", formatted(kinkDifferences[1], decimals: 1)],
        ["backward difference", formatted(kinkDifferences[2], decimals: 1)],
        ["the tape", formatted(kink, decimals: 1)],
      ])
    page.check(
      "The tape takes the slope on the left of the kink.",
      .sameBits(Quantity("tape", kink), Quantity("backward difference", kinkDifferences[2])))
  }

  /// How far the least noticeable of the wrong pullbacks is off in the third test.
  var smallestWrongError: Double {
    variants.dropFirst().map { $0.errors[2] }.min()!
  }
}

// cell: operation
/// x σ(x), with σ(x) = 1/(1 + e⁻ˣ): one operation on the tape.
func silu(_ x: Tensor<Double>) -> Tensor<Double> {
  let s = sigmoid(x.detached)  // off the tape: only the whole is recorded, not its parts
  let value = x.detached * s
  return value.recorded("silu", from: (x, { g in g * (s + value * (1 - s)) }))
}
// end
