import Autodiff
import Notebook
import Probability

/// 2.1 The model and its output distribution: what a latent variable model is, the P(X) that it gives,
/// what maximum likelihood makes of it, and why X scatters around f(z).
struct Model: SectionContent {
  let spiral: Spiral
  /// Samples of z from the prior, of shape [n, 1], and the X that the model makes of them, [n, 2].
  let z, x: Tensor<Double>
  let density: Density
  let likelihood: MaximumLikelihood
  let output: OutputDistribution

  init(using generator: SeededGenerator) {
    let (model, n) = (Spiral(), 10_000)
    var generator = generator
    // cell: generate
    let z = Tensor<Double>.normal([n, 1], using: &generator)  // z ∼ P(z) = N(0, 1), n times
    let ε = Tensor<Double>.normal([n, 2], using: &generator)
    let x = model.f(z) + model.σ * ε  // X ∼ P(X|z) = N(f(z), σ²I)
    // end
    (spiral, self.z, self.x) = (model, z, x)
    density = Density(model, z, x)
    likelihood = MaximumLikelihood(using: &generator)
    output = OutputDistribution()
  }

  func show(on page: Page) {
    page.lead(
      """
      A latent variable model first draws z and then makes X from it. This one has a single latent \
      variable, and f(z) runs along a spiral.
      """)
    page.graph(Self.graph)
    page.code("spiral")
    page.code("generate")
    density.show(on: page, samples: x)
    likelihood.show(on: page)
    output.show(on: page)
  }

  private static let graph = Graph(
    "A latent variable model",
    description: """
      Arrows lead from a quantity to those that depend on it. Everything inside the plate, the frame \
      marked N, happens N times, once for each datapoint. θ is outside: all datapoints share it.
      """,
    nodes: [
      .init("θ", "θ", detail: "parameters", kind: .parameter),
      .init("z", "z", detail: "latent", kind: .sample),
      .init("X", "X", detail: "observed", kind: .sample),
    ],
    edges: [
      .init(from: "z", to: "X", label: "f(z; θ)"), .init(from: "θ", to: "X"),
    ],
    plate: .init("N", around: ["z", "X"]))
}

/// X = f(z) + σε in the plane, with one latent variable and an f that runs along a spiral.
struct Spiral: LatentVariableModel {
  let σ = 0.25
  let latentSize = 1

  // cell: spiral
  /// f(z) = (1 + z/3) (cos 2z, sin 2z), for each row of z.
  func f(_ z: Tensor<Double>) -> Tensor<Double> {
    let radius = 1 + z / 3
    return .concatenated([radius * cos(2 * z), radius * sin(2 * z)], axis: 1)
  }

  /// log P(X|z) = log N(X; f(z), σ²I), for each row of z.
  func logProbability(of x: Tensor<Double>, given z: Tensor<Double>) -> Tensor<Double> {
    DiagonalNormal(mean: f(z), logVariance: Tensor(2 * .log(σ))).logProbability(of: x)
  }
  // end
}
