import Autodiff
import Claims
import Notebook
import Probability

/// 4.2 z = μ + σε: the randomness comes from outside, and the gradient gets through.
struct SampledOutside: SectionContent {
  let count: Int
  let sigma: Double
  /// The ε of the recorded tape.
  let noise: Double
  let tape: [RecordedStep<Double>]
  /// The derivatives with respect to μ, σ and w: averaged over many ε, integrated over ε by quadrature,
  /// and the true ones.
  let estimates: [MonteCarloEstimate]
  let integrated: [Double]
  let exact: [Double]
  /// The relative difference between the tape and finite differences of the error, at a fixed ε.
  let relativeError: Double
  /// Values of μ, and a z drawn afresh for each.
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
    // 𝔼[∇h(μ + σε)] as a weighted sum over the nodes ε, each with a copy of the parameters.
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
      z has the same distribution as before, but now ε comes in from outside, as X does, and the tape \
      records z = μ + σε. Look at the boxes of μ and σ: a gradient arrives.
      """)
    page.code("sample")
    page.graph(
      Graph(
        "The tape, with ε drawn outside",
        description: """
          The randomness is now an input, ε = \(formatted(noise, decimals: 3)). Unbroken arrows lead \
          from each of μ, σ and w to the error.
          """,
        tape: tape, values: Autoencoder.parameterNames + ["σε", "z", "wz", "X − wz", "error"],
        constants: [.init("ε", "ε", kind: .sample), .init("X", "X", kind: .input)],
        brokenArrows: [("ε", "σε"), ("X", "X − wz")]))

    page.lead("The table of 4.1 again: derivatives averaged over ε, and integrated over ε.")
    page.code("mean")
    page.code("integral")
    showTable(on: page)

    page.lead("Compare z as a function of μ when ε is drawn afresh and when it is held fixed.")
    page.figure(
      "z as a function of μ",
      description: """
        Left: z is drawn afresh for each μ. The points form no curve, so there is no slope. Right: \
        z = μ + σε for four values of ε, each held fixed, gives lines of slope 1.
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
        .left("derivative"), .right("mean from the tape"), .right("± s.e."), .right("integral"),
        .right("true"),
      ],
      rows: exact.indices.map {
        [Autoencoder.parameterNames[$0]] + cells(estimates[$0]) + cells(integrated[$0], exact[$0])
      }, caption: "Means over \(formatted(count)) values of ε.")
    for index in exact.indices {
      page.check(
        """
        Averaged over ε, the derivative with respect to \(Autoencoder.parameterNames[index]) is that \
        of the expected error.
        """,
        .measured("mean from the tape", estimates[index], expected: exact[index], "true"))
    }
    page.check(
      "Integrated over ε, the gradient is the gradient of the expected error.",
      .small("largest difference", zip(exact, integrated).map { $0 - $1 }))
    page.check(
      "With ε held fixed, finite differences of the error agree with the tape.",
      .small("largest relative error", [relativeError], tolerance: 1e-9))
  }
}

extension Autoencoder {
  // cell: sample
  /// z = μ + σε, computed on the tape. The randomness, ε, comes from outside.
  func sample(noise ε: Tensor<Double>) -> Tensor<Double> { mean + standardDeviation * ε }
  // end
}
