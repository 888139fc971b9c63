import Autodiff
import Datasets
import Foundation
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite("What the figures of chapter 5 have in a browser")
struct Ch05TouchableTests {
  private static func digits() throws -> Lesson {
    Lesson(source: try Source("mnist", decoder: "auto", seed: 1), seed: 1, isOfTheNote: false)
  }

  private static func untrained(_ lesson: Lesson) -> VariationalAutoencoder<Float> {
    var generator = SeededGenerator(seed: 3)
    return VariationalAutoencoder(
      Configuration(
        inputSize: lesson.source.train.size, hiddenSizes: [9, 7], latentSize: 2, activation: .tanh),
      using: &generator)
  }

  /// Numbers of four bytes, the lowest first.
  private static func numbers(_ base64: String) throws -> [Double] {
    let bytes = [UInt8](try #require(Data(base64Encoded: base64)))
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Double(Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }))
    }
  }

  @Test("Rounded weights are within half a step of the model's, and lead to the embedded numbers")
  func roundedWeights() throws {
    let lesson = try Self.digits()
    let model = Self.untrained(lesson)
    var generator = SeededGenerator(seed: 4)
    let x = model.observed(lesson.source.fewTest.values.rows(Array(0..<20)), using: &generator)
    let plane = try #require(
      TouchablePlane(model, x, codes: model.encoder(x).mean, lesson))
    let layers = plane.decoder
    #expect(layers.map(\.inputs) == [2, 7, 9] && layers.map(\.outputs) == [7, 9, 784])
    #expect(plane.encoder.map(\.outputs) == [9, 7, 4])

    // The decoder as a browser has it.
    var hidden = plane.check.z.map(Double.init)
    for (index, layer) in layers.enumerated() {
      // "A" is 0 in base64, and −31 here.
      let steps = try layer.weights.map { character in
        let first = [UInt8](try #require(Data(base64Encoded: "\(character)AAA")))[0] >> 2
        return Double(first) - 31
      }
      let scales = try Self.numbers(layer.scales)
      let exact =
        index < 2 ? model.decoder.hidden.layers[index].weight : model.decoder.output.weight
      var sums = try Self.numbers(layer.bias)
      for i in 0..<layer.inputs {
        let scale = scales[i]
        for j in 0..<layer.outputs {
          let weight = steps[i * layer.outputs + j] * scale
          #expect(abs(weight - Double(exact[i, j])) <= 0.5001 * scale)
          sums[j] += hidden[i] * weight
        }
      }
      hidden = index < 2 ? sums.map { Double.tanh($0) } : sums
    }
    let picture = [UInt8](try #require(Data(base64Encoded: plane.check.picture)))
    #expect(picture.count == 784)
    for (logit, grey) in zip(hidden, picture) {
      #expect(abs(255 / (1 + Double.exp(-logit)) - Double(grey)) <= 0.51)
    }
    // Small networks that learned nothing lose little by rounding.
    #expect(abs(plane.cost.mean) < 1)
  }

  @Test("Each image begins a byte, with its first pixel in the highest bit")
  func packedImages() throws {
    let lesson = try Self.digits()
    let model = Self.untrained(lesson)
    var generator = SeededGenerator(seed: 4)
    let x = model.observed(lesson.source.fewTest.values.rows(Array(0..<3)), using: &generator)
    let plane = try #require(TouchablePlane(model, x, codes: model.encoder(x).mean, lesson))
    let bytes = [UInt8](try #require(Data(base64Encoded: plane.images)))
    #expect(bytes.count == 3 * 98)
    for image in 0..<3 {
      let pixels = (0..<784).map { bytes[image * 98 + $0 / 8] >> UInt8(7 - $0 % 8) & 1 }
      #expect(pixels.map(Float.init) == x.rows([image]).scalars)
    }
  }

  @Test(
    "A film begins before the first epoch, ends after the last, and is left out without pictures")
  func films() throws {
    let lesson = try Self.digits()
    let z = Tensor<Float>(zeros: [4, 2])
    var film = try #require(Film(z, across: 2, epochs: 2, lesson))
    var training = Training(
      Configuration(inputSize: 784, hiddenSizes: [4], latentSize: 2),
      TrainingSettings(batchSize: 50))
    film.watch(training)
    let few = lesson.source.fewTrain.prefix(100)
    for _ in 0..<2 {
      try training.runEpoch(on: few, test: few)
      film.watch(training)
    }
    #expect(film.frames.map(\.epoch) == [0, 1, 2])
    #expect(film.frames.allSatisfy { $0.pictures.count == 4 })
    let touchable = try #require(
      TouchableTraining([("a", film), ("b", nil)], training.history, lesson))
    #expect(touchable.films.count == 1 && touchable.films[0].down == 2)
    #expect(touchable.bounds.map { $0[0] } == [1, 2])
    #expect(touchable.range[0] < touchable.range[1])

    let ring = Lesson(
      source: try Source("ring", decoder: "auto", seed: 1), seed: 1, isOfTheNote: false)
    #expect(Film(z, across: 2, epochs: 2, ring) == nil)
    #expect(TouchableTraining([("a", nil)], training.history, ring) == nil)
  }
}
