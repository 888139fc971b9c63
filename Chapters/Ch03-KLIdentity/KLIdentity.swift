import Autodiff
import Kernels
import NeuralNetworks
import Notebook
import Probability

@main
struct KLIdentity {
  static let decoder = Knob.choice(
    "decoder", default: "sine", of: ScalarLatentModel.Curve.allCases.map(\.rawValue),
    help: "f(z) = z, tanh 2z, z² or sin 2z, in 3.2, 3.3 and 3.5 to 3.7.")
  static let observation = Knob.real(
    "x", default: 0.5, in: -2...2, help: "The example X in 3.2, 3.3, 3.5 and 3.6.")
  static let noise = Knob.real(
    "noise", default: 0.25, in: 0.1...2,
    help: "The standard deviation σ of X around f(z) in 3.2, 3.3, 3.5 and 3.6.")
  static let symbols = Knob.integer(
    "symbols", default: 96_000, in: 1000...1_000_000, unit: "letters",
    help: "The length of the message in 3.1.")
  static let latent = Knob.integer(
    "latent", default: 20, in: 1...50, unit: "variables", help: "The largest size of z in 3.4.")
  static let components = Knob.integer(
    "components", default: 6, in: 1...12, unit: "normals",
    help: "How many the largest mixture in 3.6 has.")

  static let chapter = Chapter(
    "Ch03-KLIdentity", title: "The identity, checked",
    abstract: """
      log P(X) − D[Q(z|X)‖P(z|X)] = E[log P(X|z)] − D[Q(z|X)‖P(z)], where E is the mean over z from Q: \
      what we want, less an error, is what we can compute. Each term is measured by itself, on models \
      small enough for that. All is in nats, but for the bits of 3.1.
      """,
    knobs: [decoder, observation, noise, symbols, latent, components], exercises: Checks.all
  ) { page, options in
    let curve = ScalarLatentModel.Curve(rawValue: options[decoder])!
    let model = ScalarLatentModel(
      curve, rate: curve == .sine || curve == .tanh ? 2 : 1,
      logVariance: 2 * .log(options[noise]))
    let x = Tensor([options[observation]])
    func generator(_ section: UInt64) -> SeededGenerator {
      SeededGenerator(seed: options.seed).stream(section)
    }
    // Whole blocks of every size that is tried.
    payForTheWrongCode(length: options[symbols] / 24 * 24, using: generator(1), on: page)
    deriveLineByLine(model, x, on: page)
    let best = tryEveryQ(model, x, on: page)
    computeInManyDimensions(upTo: options[latent], using: generator(4), on: page)
    compareDivergences(model, x, seeking: best, using: generator(5), on: page)
    ascendInQ(model, x, on: page)
    raiseCapacity(model, x, from: best, components: options[components], on: page)
    learnAndInfer(model, using: generator(7), on: page)
  }

  static func main() { chapter.run() }

  static func formula(_ model: ScalarLatentModel) -> String {
    switch model.curve {
    case .linear: "f(z) = z"
    case .tanh: "f(z) = tanh 2z"
    case .square: "f(z) = z²"
    case .sine: "f(z) = sin 2z"
    }
  }

  static func line(_ name: String, _ x: [Double], _ y: [Double]) -> Plot.Layer {
    .line(.init(name, x: x, y: y))
  }

  /// Points of z to draw over, of shape [121, 1].
  static var shown: Tensor<Double> { Tensor((-60...60).map { Double($0) / 20 }, shape: [121, 1]) }

  /// Curves of densities, from their logarithms at the points `shown`.
  static func densities(_ title: String?, _ curves: [(String, Tensor<Double>)]) -> Plot {
    Plot(
      title, x: Axis("z"), y: Axis("density"),
      layers: curves.map { line($0, shown.scalars, exp($1).scalars) })
  }

  /// The claim that numbers which should be 0 are, to 10⁻¹⁰.
  static func checkResiduals(_ claim: String, _ residuals: [Double], on page: Page) {
    let largest = residuals.map(abs).max() ?? .nan
    page.check(
      claim,
      .equal(Quantity("largest residual", largest), Quantity("zero", 0), tolerance: 1e-10))
  }

  /// Adam's path up an objective, with steps that shrink by 1.5 % each.
  static func ascent<Model: Parameterized>(
    from start: Model, steps: Int = 300, of objective: (Model) -> Tensor<Double>
  ) -> [Model] where Model.Scalar == Double {
    var path = [start]
    var adam = Adam(for: start, learningRate: 0.1, secondDecay: 0.95)
    for _ in 0..<steps {
      var model = path.last!
      adam.update(&model, along: valueWithGradient(at: model) { -objective($0) }.gradient)
      adam.learningRate *= 0.985
      path.append(model)
    }
    return path
  }

  /// The four terms of the identity.
  struct Terms {
    let evidence, gap, reconstruction, divergence: Double
    var residual: Double { evidence - gap - (reconstruction - divergence) }
  }

  /// A table of terms, and the check that left and right are equal in each row.
  static func show(
    _ label: String, _ rows: [(name: String, terms: Terms)], _ claim: String, on page: Page
  ) {
    page.table(
      [
        .right(label), .right("log P(X)"), .right("D[Q‖P(z|X)]"), .right("E[log P(X|z)]"),
        .right("D[Q‖P(z)]"), .right("residual"),
      ],
      rows: rows.map { name, terms in
        [name]
          + [terms.evidence, terms.gap, terms.reconstruction, terms.divergence].map {
            formatted($0, decimals: 5)
          } + [formatted(abs(terms.residual), digits: 2)]
      })
    checkResiduals(claim, rows.map(\.terms.residual), on: page)
  }
}
