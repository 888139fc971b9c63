import Autodiff
import Kernels
import Notebook
import Probability

@main
struct NaiveMonteCarlo {
  static let sigma = Knob.real(
    "sigma", default: 0.3, in: 0.05...2,
    help: "The noise σ of the linear model in 2.2 to 2.4: the smaller, the more samples it needs.")
  static let samples = Knob.integer(
    "samples", default: 1_000_000, in: 100_000...10_000_000, unit: "draws of z",
    help: "How many the naive estimates of 2.2 and 2.6 get.")
  static let digit = Knob.integer(
    "digit", default: 2, in: 0...9, help: "The digit X of 2.5 and 2.6.")
  static let latent = Knob.integer(
    "latent", default: 10, in: 2...50, unit: "variables",
    help: "The size of z in the larger model of 2.6.")

  static let chapter = Chapter(
    "Ch02-NaiveMonteCarlo", title: "Why P(X) needs so many samples",
    abstract: """
      A model that invents a hidden z and makes X from it gives X the probability \
      P(X) = ∫ P(X|z) P(z) dz. The plain way to compute it is to draw z from P(z) and to average \
      P(X|z). It is right, and it is hopeless: here is why, and by how much. Logarithms are natural: \
      the unit is the nat.
      """,
    knobs: [sigma, samples, digit, latent], exercises: Checks.all
  ) { page, options in
    let generator = SeededGenerator(seed: options.seed)
    let example = Example(sigma: options[sigma])
    page.section("2.1", "The output distribution")
    OutputDistribution().show(on: page)
    page.section("2.2", "The estimator")
    Estimator(example, sampleCount: options[samples], using: generator.stream(2)).show(on: page)
    raiseDimension(sigma: options[sigma], generator.stream(3), on: page)
    showWeights(example, generator.stream(4), on: page)
    let digits = try Digits(options[digit])
    comparePixels(digits, on: page)
    try decode(digits, options, generator.stream(6), on: page)
  }

  static func main() { chapter.run() }
}
