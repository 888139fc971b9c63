import Autodiff
import Datasets
import Exercises
import Notebook
import Probability

@main
struct Ring {
  static let count = Knob.integer(
    "count", default: 10_000, in: 100...100_000, unit: "points",
    help: "How many samples each histogram and each test uses.")
  static let width = Knob.real(
    "width", default: 0.1, in: 0.01...1, help: "w in g(z) = wz + z/‖z‖: the thickness of the ring.")
  static let target = Knob.choice(
    "target", default: "ring", of: PointCloud.allCases.map(\.rawValue),
    help: "The distribution that section 1.5 learns from samples.")
  static let latent = Knob.integer(
    "latent", default: 2, in: 1...16, unit: "variables",
    help: "How many latent variables z has in section 1.5.")
  static let steps = Knob.integer(
    "steps", default: 600, in: 0...10_000, unit: "steps",
    help: "How many steps section 1.5 trains for.")
  static let batch = Knob.integer(
    "batch", default: 200, in: 2...1000, unit: "points",
    help: "How many samples each training step of section 1.5 uses.")

  static let chapter = Chapter(
    "Ch01-Ring", title: "Any distribution from a normal one",
    abstract: """
      Draw z from N(0, I), the simplest distribution there is, and send it through a function. With \
      the right function, the result has any distribution you like. This chapter writes down such a \
      function for a ring, derives one for every distribution, and then learns one from samples.
      """,
    note: "01-ring.md", next: "Ch02-NaiveMonteCarlo",
    knobs: [count, width, target, latent, steps, batch], commands: [.exercises(Checks.all)]
  ) { options, progress in
    let (generator, w) = (SeededGenerator(seed: options.seed), options[width])
    var first = generator.stream(1)
    let z = Tensor<Double>.normal([options[count], 2], using: &first)
    let learning = Lazy {
      Learning(
        PointCloud(rawValue: options[target])!, latentSize: options[latent], steps: options[steps],
        batchSize: options[batch], using: generator.stream(5), progress)
    }
    return [
      Section("1.1", "A function that makes a ring") { RingFunction(z, width: w) },
      Section("1.2", "How ring-like is it?") { Radius(RingFunction.g(z, width: w), width: w) },
      Section("1.3", "The density of the ring") { Density(z, width: w) },
      Section("1.4", "Any distribution, in one dimension and in more") {
        Quantiles(count: options[count], width: w, using: generator.stream(4))
      },
      Section("1.5", "g learned from samples") { try learning() },
      Section("1.6", "First layers make the latent values, later layers render them") {
        Rendering(try learning().network, using: generator.stream(6))
      },
    ]
  }

  static func main() { chapter.run() }
}
