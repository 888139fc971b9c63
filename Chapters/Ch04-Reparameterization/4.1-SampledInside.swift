import Autodiff
import Claims
import Notebook
import Probability

/// 4.1 A sampling unit has no gradient: z is drawn inside the network, and the tape is asked for the
/// derivatives of the error.
struct SampledInside: SectionContent {
  let count: Int
  /// What the tape recorded for a single z.
  let tape: [RecordedStep<Double>]
  /// The derivatives with respect to μ, σ and w: the tape’s, averaged over many samples, and the true
  /// ones.
  let estimates: [MonteCarloEstimate]
  let exact: [Double]

  init(_ model: Autoencoder, count: Int, using generator: SeededGenerator) {
    self.count = count
    var generator = generator
    tape = recordedSteps(at: model) { $0.error($0.drawInside(1, using: &generator)) }
    // cell: inside
    estimates = derivativeEstimates(at: model, count: count) { model in
      let z = model.drawInside(count, using: &generator)
      return model.error(z)
    }
    // end
    exact = model.exactGradient
  }

  func show(on page: Page) {
    page.lead(
      """
      z is drawn from N(μ, σ²) inside the network, and the error is (X − wz)². Look for a \
      path on the tape from the error back to μ or σ. There is none.
      """)
    page.code("draw")
    page.graph(
      Graph(
        "The tape, with z drawn inside",
        description: """
          ∂ is the derivative of the error with respect to the number in the box. No gradient flows \
          back along a broken arrow: to the tape, z is a constant, just as X is.
          """,
        tape: tape, values: Autoencoder.parameterNames + ["wz", "X − wz", "error"],
        constants: [
          .init("z", "z", detail: "drawn", kind: .sample), .init("X", "X", kind: .input),
        ],
        brokenArrows: [("μ", "z"), ("σ", "z"), ("z", "wz"), ("X", "X − wz")]))

    page.lead(
      """
      More samples do not help. The expected error clearly depends on μ and σ, yet the tape reports \
      a gradient of 0.
      """)
    page.code("mean")
    page.code("inside")
    page.table(
      [.left("derivative"), .right("mean from the tape"), .right("± s.e."), .right("true")],
      rows: exact.indices.map {
        [Autoencoder.parameterNames[$0]] + cells(estimates[$0]) + cells(exact[$0])
      }, caption: "Means over \(formatted(count)) samples. s.e.: standard error.")
    for index in 0..<2 {
      page.check(
        "No gradient reaches \(Autoencoder.parameterNames[index]).",
        .sameBits(Quantity("mean from the tape", estimates[index].mean), Quantity("nothing", 0)))
    }
    page.check(
      "For w, z is only a random input, so its gradient is correct.",
      .measured("mean for w", estimates[2], expected: exact[2], "true"))
  }
}

extension Autoencoder {
  // cell: draw
  /// A sampling unit: plain numbers go in, plain numbers come out.
  func drawInside(_ count: Int, using generator: inout SeededGenerator) -> Tensor<Double> {
    let (μ, σ) = (mean.scalars[0], standardDeviation.scalars[0])
    return Tensor(generator.normal(count: count).map { ε in μ + σ * ε })
  }

  /// h(z) = (X − wz)².
  func error(_ z: Tensor<Double>) -> Tensor<Double> { (Self.x - weight * z).squared }
  // end
}

// cell: mean
/// The mean derivative with respect to each parameter, with its standard error.
///
/// Every sample gets its own copy of the parameters, so that a single pass over the tape yields
/// the derivative for each sample.
func derivativeEstimates<Model: Parameterized<Double>>(
  at model: Model, count: Int, of loss: (Model) -> Tensor<Double>
) -> [MonteCarloEstimate] {
  let copies = model.replacingParameters { _, parameter in parameter.broadcast(to: [count]) }
  return valueWithGradient(at: copies) { loss($0).sum() }.gradient.parameters
    .map { MonteCarloEstimate($0.scalars) }
}
// end
