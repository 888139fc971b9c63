import Datasets
import Exercises
import Notebook
import VariationalAutoencoders

@main
struct VAE {
  static let data = Knob.text(
    "data", default: "mnist", placeholder: "mnist|ring|DIR",
    help: """
      What to learn from: the 5,000 digits that come with the package, points on a ring, or the images \
      in a folder. The folder holds a data set in the format of MNIST (IDX files, gzipped or not), or \
      PGM files of one size, in a subfolder for each class if there are classes. ImageMagick turns any \
      picture into a PGM file: convert cat.jpg -colorspace Gray -resize '28x28!' cat.pgm. One PGM file \
      in ten is kept back for testing.
      """)
  static let latent = Knob.integer(
    "latent", default: 20, in: 1...1000, unit: "variables", help: "The number of latent variables.")
  static let hidden = Knob.integers(
    "hidden", default: [400], in: 1...4000, count: 1...8, unit: "units",
    help: "The sizes of the encoder’s hidden layers; the decoder has them in reverse order.")
  static let epochs = Knob.integer(
    "epochs", default: 40, in: 0...100_000, unit: "passes",
    help: "How many times training goes through all examples.")
  static let batch = Knob.integer(
    "batch", default: 128, in: 1...100_000, unit: "examples",
    help: "The number of examples in each step of training.")
  static let learningRate = Knob.real(
    "learning-rate", default: 0.001, in: 0...1000, help: "The step size of Adam.")
  static let decoder = Knob.choice(
    "decoder", default: "auto", of: ["auto", "bernoulli", "gaussian"],
    help: """
      The distribution P(X|z): bernoulli for pixels that are black or white, gaussian for real numbers, \
      auto for the one that suits the data.
      """)
  static let beta = Knob.real(
    "beta", default: 1, in: 0...1000,
    help: "The weight of the divergence in the loss; 1 gives the evidence lower bound.")
  static let checkpoint = Knob.file(
    "checkpoint",
    help: "Saves training to this file after each epoch, and continues from it if it exists.")

  static let chapter = Chapter(
    "Ch05-VAE", title: "The full model on digits",
    abstract: """
      An encoder, a decoder, and the bound of chapter 3 as the loss: this is the variational autoencoder. \
      It is trained while you watch, on real handwritten digits unless you ask for other data. All \
      probabilities are given in nats per example.
      """,
    note: "05-vae.md",
    knobs: [data, latent, hidden, epochs, batch, learningRate, decoder, beta, checkpoint],
    commands: [.exercises(Checks.all)]
  ) { options, progress in
    let lesson = Lesson(
      source: try Source(options[data], decoder: options[decoder], seed: options.seed),
      seed: options.seed, isOfTheNote: isOfTheNote(options), progress: progress)
    let configuration = try configuration(options, lesson.source)
    let settings = TrainingSettings(
      batchSize: options[batch], learningRate: options[learningRate], beta: options[beta],
      seed: options.seed)
    let run = Lazy {
      try TrainingRun(
        Training(configuration, settings), epochs: options[epochs], savedAt: options[checkpoint],
        lesson)
    }
    // Problems with the checkpoint are reported before any training.
    if options[checkpoint] != nil { _ = try run() }

    // Models that several sections share, each trained when the first section asks for it: the one whose
    // shape the knobs decide, a small one with two latent variables, and a second VAE.
    let trained = Lazy { try run().finish() }
    let planeTraining = Lazy { try Plane.trained(lesson) }
    let plane = Lazy { try planeTraining().model }
    let second = Lazy {
      try lesson.train(lesson.configuration(lesson.source.output), for: "a second VAE").model
    }
    return [
      Section("5.1", "Encoder, decoder, and the loss") { Loss(configuration, lesson) },
      Section("5.2", "One batch taken apart") { Batch(configuration, settings, lesson) },
      Section("5.3", "Training") {
        LearningCurve(try trained(), map: try planeTraining().film, lesson)
      },
      Section("5.4", "Reconstructions") { Reconstruction(try trained().model, lesson) },
      Section("5.5", "Samples from the prior") { PriorSamples(try trained().model, lesson) },
      Section("5.6", "Two latent variables: all of them on a plane") {
        Plane(try plane(), lesson)
      },
      Section("5.7", "Between two examples") {
        Interpolation(try trained().model, judge: try second(), lesson)
      },
      Section("5.8", "How tight is the bound?") {
        Tightness(
          try trained().model, plane: try plane(), early: try Plane.train(lesson, epochs: 1), lesson
        )
      },
      Section("5.9", "A Gaussian decoder, and its σ") { try GaussianDecoder(lesson) },
      Section("5.10", "The autoencoder without “variational”") {
        try Autoencoder(beside: try second(), judge: try plane(), lesson)
      },
      Section("5.11", "First decide which digit") { Decision(try trained().model, lesson) },
      Section("5.12", "What the layers know") { Layers(try trained().model, lesson) },
      Section("5.13", "Similar likely, dissimilar unlikely") {
        Likeness(try trained().model, plane: try plane(), lesson)
      },
      Section("5.14", "Other output distributions") {
        OutputDistributions(lesson, second: try second())
      },
      Section("5.15", "Bits back") { BitsBack(try second(), lesson) },
    ]
  }

  /// Enough for any model that a lesson needs, and few enough for any machine.
  static let mostParameters = 10_000_000

  private static func configuration(
    _ options: Options, _ source: Source
  ) throws -> Configuration {
    let configuration = Configuration(
      inputSize: source.train.size, hiddenSizes: options[hidden],
      latentSize: options[latent], output: source.output)
    guard configuration.parameterCount <= mostParameters else {
      throw UsageError(
        "--hidden and --latent make a model of \(formatted(configuration.parameterCount)) "
          + "parameters; at most \(formatted(mostParameters)) are trained here")
    }
    return configuration
  }

  /// Whether all knobs but the seed and the checkpoint are left at their defaults.
  private static func isOfTheNote(_ options: Options) -> Bool {
    func isUntouched<Value: Equatable>(_ knob: Knob<Value>) -> Bool {
      options[knob] == knob.defaultValue
    }
    return [data, decoder].allSatisfy(isUntouched)
      && [latent, epochs, batch].allSatisfy(isUntouched)
      && [learningRate, beta].allSatisfy(isUntouched) && isUntouched(hidden)
  }

  static func main() { chapter.run() }
}
