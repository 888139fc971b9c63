import Autodiff
import Exercises
import Notebook
import Probability

@main
struct KLIdentity {
  static let decoder = Knob.choice(
    "decoder", default: "sine", of: ScalarLatentModel.Curve.allCases.map(\.rawValue),
    help: "The decoder f(z) in 3.2, 3.3 and 3.5 to 3.7: z, tanh 2z, z² or sin 2z.")
  static let observation = Knob.real(
    "x", default: 0.5, in: -2...2, help: "The example X in 3.2, 3.3, 3.5 and 3.6.")
  static let noise = Knob.real(
    "noise", default: 0.25, in: 0.1...2,
    help: "The standard deviation σ of X around f(z) in 3.2, 3.3, 3.5 and 3.6.")
  static let symbols = Knob.integer(
    "symbols", default: 96_000, in: 1000...1_000_000, unit: "letters",
    help: "The length of the message in 3.1.")
  static let latent = Knob.integer(
    "latent", default: 20, in: 1...50, unit: "variables",
    help: "The largest number of components of z in 3.4.")
  static let components = Knob.integer(
    "components", default: 6, in: 1...12, unit: "normals",
    help: "The largest number K of components of a mixture in 3.6.")

  static let chapter = Chapter(
    "Ch03-KLIdentity", title: "The identity, checked",
    abstract: """
      log P(X) − D[Q(z|X)‖P(z|X)] = E[log P(X|z)] − D[Q(z|X)‖P(z)], where E is the mean over z sampled \
      from Q: what we want, less an error, equals what we can compute. Each term is computed on its \
      own, on models small enough to do so. The unit is the nat; only the codes in 3.1 and 3.2 count \
      bits.
      """,
    note: "03-kl-identity.md", next: "Ch04-Reparameterization",
    knobs: [decoder, observation, noise, symbols, latent, components],
    commands: [.exercises(Checks.all)]
  ) { options, progress in
    let curve = ScalarLatentModel.Curve(rawValue: options[decoder])!
    let model = ScalarLatentModel(
      curve, rate: curve.rate, logVariance: 2 * .log(options[noise]))
    let x = Tensor([options[observation]])
    let everyQ = Lazy { EveryQ(model, x) }
    let generator = SeededGenerator(seed: options.seed)
    return [
      Section("3.1", "What a divergence costs") {
        CodeLengths(messageLength: options[symbols], using: generator.stream(1))
      },
      Section("3.2", "The derivation, line by line") {
        Derivation(model, x, using: generator.stream(2))
      },
      Section("3.3", "For every Q") { try everyQ() },
      Section("3.4", "In many dimensions") {
        ManyDimensions(upTo: options[latent], using: generator.stream(4))
      },
      Section("3.5", "Divergences of normal distributions") {
        NormalDivergences(model, x, seeking: try everyQ().best, using: generator.stream(5))
      },
      Section("3.6", "Gradient ascent in Q") {
        GradientAscent(
          model, x, from: try everyQ().best, components: options[components],
          using: generator.stream(6), progress)
      },
      Section("3.7", "Learning and inference together") {
        LearningAndInference(curve, using: generator.stream(7))
      },
    ]
  }

  static func main() { chapter.run() }
}
