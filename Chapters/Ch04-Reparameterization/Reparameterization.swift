import Exercises
import Notebook
import Probability

@main
struct Reparameterization {
  static let deviation = Knob.real(
    "sigma", default: 0.5, in: 0.1...3,
    help: "The standard deviation σ of Q(z|X), in sections 4.1 to 4.5.")
  static let draws = Knob.integer(
    "draws", default: 100_000, in: 10_000...1_000_000, unit: "samples",
    help: "The number of samples behind each mean.")
  static let dimension = Knob.integer(
    "dimension", default: 256, in: 16...1024, unit: "variables",
    help: "The largest dimension of z in section 4.3.")
  static let batch = Knob.integer(
    "batch", default: 20, in: 1...50, unit: "examples",
    help: "The number M of examples in a minibatch in section 4.5, which has 500 examples.")

  /// The number of checks that compare a mean with its expectation, within standard errors.
  static let comparisonCount = 31

  static let chapter = Chapter(
    "Ch04-Reparameterization", title: "Moving the sampling out of the way",
    abstract: """
      The bound of chapter 3 is an expectation over z from Q(z|X), and training needs its gradient \
      with respect to the parameters of Q itself. If z is drawn inside the network, no gradient \
      gets through. If the randomness comes from outside, the gradient does.
      """,
    note: "04-reparameterization.md", next: "Ch05-VAE",
    knobs: [deviation, draws, dimension, batch],
    commands: [.exercises(Checks.all)]
  ) { options, progress in
    let (sigma, count) = (options[deviation], options[draws])
    let seed = SeededGenerator(seed: options.seed)
    let model = Autoencoder(sigma: sigma)
    return [
      Section("4.1", "A sampling unit has no gradient") {
        SampledInside(model, count: count, using: seed.stream(1))
      },
      Section("4.2", "z = μ + σε") { SampledOutside(model, count: count, using: seed.stream(2)) },
      Section("4.3", "The score function, and what it costs") {
        ScoreFunction(
          sigma: sigma, count: count, largest: options[dimension], using: seed.stream(3))
      },
      Section("4.4", "The root of Σ, not Σ itself") {
        try RootOfCovariance(sigma: sigma, count: count, using: seed.stream(4))
      },
      Section("4.5", "Minibatches") {
        MinibatchGradients(of: options[batch], sigma: sigma, using: seed.stream(5))
      },
      Section("4.6", "Full covariances, and where the trick fails") {
        try BeyondDiagonalNormals(count: count, using: seed.stream(6))
      },
      Section("4.7", "Three gradients, one autoencoder") {
        try ThreeGradients(progress: progress, using: seed.stream(7))
      },
    ]
  }

  static func main() { chapter.run() }
}
