import Autodiff
import Claims
import Notebook
import Probability

/// 4.2 z = μ + σε: the randomness comes in from outside, and the derivatives get through.
struct SampledOutside: SectionContent {
  let count: Int
  let sigma: Double
  /// The ε of the recorded tape.
  let noise: Double
  let tape: [RecordedStep<Double>]
  /// The derivatives with respect to μ, σ and w: their means over many ε, by quadrature over ε, and as
  /// they are.
  let estimates: [MonteCarloEstimate]
  let integrated: [Double]
  let exact: [Double]
  /// How far, relatively, the tape is from differences of the error at a fixed ε.
  let relativeError: Double
  /// Values of μ, and a z drawn anew for each.
  let means = (0...60).map { Double($0) / 15 - 2 }
  let drawnAnew: [Double]

  init(_ model: Autoencoder, count: Int, using generator: SeededGenerator) {
    var generator = generator
    (self.count, sigma) = (count, model.standardDeviation.scalar)
    let one = Tensor<Double>.normal([], using: &generator)
    noise = one.scalar
    tape = recordedSteps(at: model) { $0.error($0.sample(noise: one)) }
    // cell: mean
    let ε = Tensor<Double>.normal([count], using: &generator)
    estimates = derivativeEstimates(at: model, count: count) { model in
      let z = model.sample(noise: ε)
      return model.error(z)
    }
    // end
    integrated = Self.integratedGradient(model)
    exact = model.exactGradient
    relativeError =
      checkGradient(at: model, using: &generator) { $0.error($0.sample(noise: one)) }.relativeError
    let fresh = generator.normal(count: means.count)
    drawnAnew = zip(means, fresh).map { [sigma] in $0 + sigma * $1 }
  }

  private static func integratedGradient(_ model: Autoencoder) -> [Double] {
    // cell: integral
    // 𝔼[∇h(μ + σε)]: a copy of the parameters for each node ε of the rule, and a weighted sum.
    let rule = QuadratureRule.gaussHermite(8)
    let copies = model.replacingParameters { _, parameter in
      parameter.broadcast(to: [rule.nodes.count])
    }
    let gradients = valueWithGradient(at: copies) { model in
      model.error(model.sample(noise: Tensor(rule.nodes))).sum()
    }.gradient
    let integrals = gradients.parameters.map { ($0 * Tensor(rule.weights)).sum().scalar }
    // end
    return integrals
  }

  func show(on page: Page) {
    page.lead(
      """
      z has the same distribution as before, but ε comes in from outside, as X does, and z = μ + σε \
      is computed on the tape. Look at the boxes of μ and σ: the gradient has arrived.
      """)
    page.code("sample")
    page.graph(
      Graph(
        "The tape, with ε drawn outside",
        description: """
          The randomness has moved to an input, ε = \(formatted(noise, decimals: 3)). An unbroken way \
          leads from the error back to each of μ, σ and w.
          """,
        tape: tape, values: Autoencoder.parameterNames + ["σε", "z", "wz", "X − wz", "error"],
        constants: [.init("ε", "ε", kind: .sample), .init("X", "X", kind: .input)],
        brokenArrows: [("ε", "σε"), ("X", "X − wz")]))

    page.lead("The table again, as means over ε and with the integral over ε.")
    page.code("mean")
    page.code("integral")
    showTable(on: page)

    page.lead("See what holding ε fixed does to z as a function of μ.")
    page.figure(
      "z as a function of μ",
      description: """
        Left, z is drawn anew for each μ: there is no curve, and so no slope. Right, z = μ + σε for \
        four values of ε, each held fixed: lines of slope 1.
        """,
      Plot(
        "drawn inside", x: Axis("μ"), y: Axis("z"),
        layers: [.points(.init(x: means, y: drawnAnew))]),
      Plot(
        "drawn outside", x: Axis("μ"), y: Axis("z"),
        layers: [-1.5, -0.5, 0.5, 1.5].map { ε in
          .line(
            .init(
              "ε = \(formatted(ε, decimals: 1))", x: means, y: means.map { $0 + sigma * ε }))
        }))
    page.equation(
      #"\mathbb{E}_{X \sim D}[\mathbb{E}_{\varepsilon \sim \mathcal{N}(0, I)}[\log P(X|z = \mu(X) + \Sigma^{1/2}(X) \cdot \varepsilon)] - D[Q(z|X) \| P(z)]]"#
    )
  }

  private func showTable(on page: Page) {
    page.table(
      [
        .left("derivative"), .right("mean on the tape"), .right("± s.e."), .right("integral"),
        .right("true"),
      ],
      rows: exact.indices.map {
        [Autoencoder.parameterNames[$0]] + cells(estimates[$0]) + cells(integrated[$0], exact[$0])
      }, caption: "Means over \(formatted(count)) values of ε.")
    for index in exact.indices {
      page.check(
        "The mean gradient for \(Autoencoder.parameterNames[index]) is that of the expected error.",
        .measured("mean on the tape", estimates[index], expected: exact[index], "true"))
    }
    page.check(
      "The expectation of the gradient, as an integral, is the gradient of the expectation.",
      .small("largest difference", zip(exact, integrated).map { $0 - $1 }))
    page.check(
      "For a fixed ε the error is a smooth function of μ, σ and w: its differences agree.",
      .small("largest relative error", [relativeError], tolerance: 1e-9))
  }
}

extension Autoencoder {
  // cell: sample
  /// z = μ + σε as operations on the tape; what is random comes from outside.
  func sample(noise ε: Tensor<Double>) -> Tensor<Double> { mean + standardDeviation * ε }
  // end
}
