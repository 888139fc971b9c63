import Exercises
import Notebook
import Probability

@main
struct NaiveMonteCarlo {
  static let sigma = Knob.real(
    "sigma", default: 0.3, in: 0.05...2,
    help: """
      The standard deviation σ of the noise in the linear models of 2.2 to 2.4. The smaller it is, \
      the more samples they need.
      """)
  static let samples = Knob.integer(
    "samples", default: 1_000_000, in: 100_000...10_000_000, unit: "samples of z",
    help: "The number of samples in the naive estimates of 2.2 and 2.6.")
  static let digit = Knob.integer(
    "digit", default: 2, in: 0...9, help: "The digit that is X in 2.5 and 2.6.")
  static let latent = Knob.integer(
    "latent", default: 10, in: 2...50, unit: "variables",
    help: "The number of latent variables in the larger model of 2.6.")

  static let chapter = Chapter(
    "Ch02-NaiveMonteCarlo", title: "Why P(X) needs so many samples",
    abstract: """
      A model draws a hidden z, makes X from it, and so gives every X the probability \
      P(X) = ∫ P(X|z) P(z) dz. The obvious estimate draws z from P(z) and averages P(X|z). It is \
      unbiased, and yet hopeless: this chapter shows why, and how hopeless it is. Logarithms are \
      natural, and their unit is the nat.
      """,
    note: "02-naive-monte-carlo.md", next: "Ch03-KLIdentity",
    knobs: [sigma, samples, digit, latent], commands: [.exercises(Checks.all)]
  ) { options, progress in
    let generator = SeededGenerator(seed: options.seed)
    let example = Example(sigma: options[sigma])
    let digits = Lazy { try Digits(options[digit]) }
    return [
      Section("2.1", "The model and its output") { Model(using: generator.stream(1)) },
      Section("2.2", "The estimator") {
        Estimator(example, sampleCount: options[samples], using: generator.stream(2))
      },
      Section("2.3", "Dimension") {
        Dimension(sigma: options[sigma], using: generator.stream(3))
      },
      Section("2.4", "Most z contribute nothing") {
        Weights(example, using: generator.stream(4))
      },
      Section("2.5", "The metric") { Metric(try digits()) },
      Section("2.6", "P(X) of a digit under a trained decoder") {
        try ImportanceSampling(
          try digits(), latentSize: options[latent], sampleCount: options[samples],
          seed: options.seed, using: generator.stream(6), progress)
      },
    ]
  }

  static func main() { chapter.run() }
}
