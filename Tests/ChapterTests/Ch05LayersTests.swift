import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05Layers {
  @Test("A probe reads what is there, and guesses where nothing is")
  func probe() {
    var generator = SeededGenerator(seed: 1)
    let classes = (0..<3000).map { [4, 9, 2][$0 % 3] }
    let probes = ProbeClasses(train: classes, test: classes)
    let noise = Tensor<Float>.normal([3000, 5], using: &generator)
    // Column 0 is 3 higher in the second class, column 1 in the third.
    let signal = Tensor<Float>(
      classes.flatMap { [$0 == 9 ? 6 : 0, $0 == 2 ? 6 : 0, 0, 0, 0] }, shape: [3000, 5])
    let (first, second) = (noise + signal, Tensor<Float>.normal([3000, 5], using: &generator))
    let readable = probes.rightAnswers(of: probes.probe(first, using: &generator), first)
    #expect(readable.count == 3000 && readable.reduce(0, +) > 2900)
    let unreadable = probes.rightAnswers(of: probes.probe(noise, using: &generator), second)
    // A third is right by chance, with a standard error of 26.
    #expect(abs(unreadable.reduce(0, +) - 1000) < 4 * 26)
  }

  @Test("The layers are those that the model passes through, and end where it does")
  func activations() {
    var generator = SeededGenerator(seed: 2)
    let model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 6, hiddenSizes: [5, 4], latentSize: 3), using: &generator)
    let x = Tensor<Float>.bernoulli(.init(repeating: 0.5, shape: [7, 6]), using: &generator)
    let ε = Tensor<Float>.normal([7, 3], using: &generator)
    let layers = Layers.activations(model.encoder, model.decoder, x, noise: ε)
    #expect(layers.map { $0.shape[1] } == [6, 5, 4, 3, 3, 4, 5, 6])
    let Q = model.encoder(x)
    #expect(layers[3].scalars == Q.mean.scalars)
    #expect(layers[7].scalars == model.decoder(Q.sample(noise: ε)).scalars)
  }

  @Test("Training brings the class into the code")
  func readings() throws {
    try Collection(train: 640, test: 200, isPatterned: true).inFolder { folder in
      let lesson = Lesson(
        source: try Source(folder, decoder: "auto", seed: 1), seed: 1, isOfTheNote: true)
      let model = try lesson.train(lesson.configuration(.bernoulli), for: "").model
      let section = Layers(model, lesson)
      let readings = try #require(section.readings)
      #expect(readings.count == 6 && readings[section.codeIndex].size == 10)
      #expect(Check("", .positive("", readings.last!.gain)).holds)
      // The pixels are the same before and after, and belong to no decoder.
      #expect(readings[0].gain.mean == 0 && readings[0].untrainedDecoder == nil)
      #expect(readings[4].untrainedDecoder?.count == 200)
      #expect(abs(section.mostFrequent - 0.1) < 1e-12)
      #expect(section.units?.trained.count == 128)
    }
  }

  @Test("Without several classes nothing is read, and points have no pictures of units")
  func leftOut() throws {
    func layers(_ source: Source) -> Layers {
      var generator = SeededGenerator(seed: 1)
      let model = VariationalAutoencoder<Float>(
        Configuration(
          inputSize: source.train.size, hiddenSizes: [4], latentSize: 2, output: source.output),
        using: &generator)
      return Layers(model, Lesson(source: source, seed: 1, isOfTheNote: false))
    }
    for collection in [Collection(hasLabels: false), Collection(classes: 1)] {
      try collection.inFolder { folder in
        let section = layers(try Source(folder, decoder: "auto", seed: 1))
        #expect(section.readings == nil && section.units != nil)
      }
    }
    let points = layers(try Source("ring", decoder: "auto", seed: 1))
    #expect(points.readings != nil && points.units == nil)
  }

  @Test("The units that move the output most come first, and smooth weights are alike")
  func units() throws {
    var generator = SeededGenerator(seed: 3)
    var decoder = VariationalAutoencoder<Float>(
      Configuration(inputSize: 6, hiddenSizes: [3], latentSize: 2, activation: .identity),
      using: &generator
    ).decoder
    decoder.hidden.layers[0].weight = Tensor([1, 1, 1, 0, 0, 0], shape: [2, 3])
    decoder.output.weight = Tensor(
      [1, 1, 1, 1, 1, 1, 3, 3, 3, -3, -3, -3, 2, -2, 2, -2, 2, -2], shape: [3, 6])
    let z = Tensor<Float>.normal([50, 2], using: &generator)
    let units = DecoderUnits(decoder, at: z, columns: 3)
    #expect(units.weights.scalars.map(abs)[0..<6].allSatisfy { $0 == 3 })
    #expect(units.weights.scalars.suffix(6).allSatisfy { $0 == 1 })
    // 1 for the first, 1 for the second, whose rows are constant, and −1 for the third.
    #expect(abs(try #require(units.likeness).mean - 1.0 / 3) < 1e-6)
    #expect(units.pictures.scalars.allSatisfy { (0...1).contains($0) })
    #expect(DecoderUnits(decoder, at: z, columns: 1).likeness == nil)
  }
}
