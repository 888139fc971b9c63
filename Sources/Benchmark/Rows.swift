import Autodiff
import Datasets
import NeuralNetworks
import Probability
import VariationalAutoencoders

/// Every row, in the order of the list. `Peers/` has the same rows under the same names.
var allRows: [Row] {
  [
    step(inputSize: 784, hiddenSize: 400, latentSize: 20, batchSize: 128),
    digitStep,
    step(inputSize: 64, hiddenSize: 64, latentSize: 2, batchSize: 64),
    // The products of the larger step: y = x · W in the first and the last layer; then, for the
    // weights, xᵀ · g of both, and for the last layer's input g · Wᵀ.
    product(128, 400, 784),
    product(128, 784, 400),
    product(784, 400, 128),
    product(784, 400, 128, isLeftTransposed: true),
    product(400, 784, 128, isLeftTransposed: true),
    product(128, 400, 784, isRightTransposed: true),
    elementwise("exp/float", Float.self) { exp($0) },
    elementwise("exp/double", Double.self) { exp($0) },
    elementwise("log/float", Float.self, in: 0.001...10) { log($0) },
    elementwise("tanh/float", Float.self) { tanh($0) },
    elementwise("softplus/float", Float.self) { softplus($0) },
    elementwise("sigmoid/float", Float.self) { sigmoid($0) },
    normal,
    elementwise("sum/float", Float.self) { $0.sum() },
    naiveMonteCarlo,
  ]
}

private let elementCount = 1_000_000

/// A step of training on random binary pixels that lie in memory: noise, loss, gradient, Adam.
private func step(inputSize: Int, hiddenSize: Int, latentSize: Int, batchSize: Int) -> Row {
  let configuration = Configuration(
    inputSize: inputSize, hiddenSizes: [hiddenSize], latentSize: latentSize)
  return step("\(inputSize)-\(hiddenSize)-\(latentSize)", configuration, batchSize) { generator in
    let half = Tensor<Float>(repeating: 0.5, shape: [batchSize, inputSize])
    return (0..<50).map { _ in Tensor.bernoulli(half, using: &generator) }
  }
}

/// The step of 784-400-20 on real pixels: the embedded digits in their order, white from grey level
/// 128 on. Most pixels are black.
private var digitStep: Row {
  step("digits", Configuration(), 128) { _ in
    let digits = try ImageData.embeddedDigits().train
    return (0..<digits.count / 128).map { batch in
      let pixels = digits.pixels[(batch * 128 * 784)..<((batch + 1) * 128 * 784)]
      return Tensor(pixels.map { $0 < 128 ? 0 : 1 }, shape: [128, 784])
    }
  }
}

private func step(
  _ name: String, _ configuration: Configuration, _ batchSize: Int,
  _ makeBatches: @escaping (inout SeededGenerator) throws -> [Tensor<Float>]
) -> Row {
  Row(name: "vae-step/\(name)", unit: .imagesPerSecond, work: Double(batchSize)) {
    var generator = SeededGenerator(seed: 1)
    var model = VariationalAutoencoder<Float>(configuration, using: &generator)
    var optimizer = Adam(for: model, learningRate: 0.001)
    let batches = try makeBatches(&generator)
    var next = 0
    return {
      let shape = [batchSize, configuration.latentSize]
      let noise = Tensor<Float>.normal(shape, using: &generator)
      let result = valueWithGradient(at: model) { model in
        model.evidenceLowerBound(of: batches[next], noise: noise).loss()
      }
      optimizer.update(&model, along: result.gradient)
      next = (next + 1) % batches.count
    }
  }
}

/// A product of shape [rows, columns], summed over `depth`. TN and NT say, as in BLAS, which
/// operand is stored transposed.
private func product(
  _ rows: Int, _ columns: Int, _ depth: Int, isLeftTransposed: Bool = false,
  isRightTransposed: Bool = false
) -> Row {
  let layout = isLeftTransposed ? "TN-" : isRightTransposed ? "NT-" : ""
  return Row(
    name: "matmul/\(layout)\(rows)x\(columns)x\(depth)", unit: .gigaflops,
    work: 2e-9 * Double(rows * columns * depth)
  ) {
    var generator = SeededGenerator(seed: 1)
    let left = Buffer(Tensor<Float>.normal([rows * depth], using: &generator).scalars)
    let right = Buffer(Tensor<Float>.normal([depth * columns], using: &generator).scalars)
    return {
      _ = Buffer<Float>(count: rows * columns) { result in
        multiply(
          left, transposed: isLeftTransposed, right, transposed: isRightTransposed, into: result,
          rows: rows, columns: columns, depth: depth)
      }
    }
  }
}

/// A function of a million numbers, uniform in a range.
private func elementwise<Scalar>(
  _ name: String, _: Scalar.Type, in range: ClosedRange<Scalar> = -10...10,
  _ function: @escaping (Tensor<Scalar>) -> Tensor<Scalar>
) -> Row {
  Row(name: name, unit: .nanosecondsPerElement, work: Double(elementCount)) {
    var generator = SeededGenerator(seed: 1)
    let width = range.upperBound - range.lowerBound
    let x = width * Tensor<Scalar>.uniform([elementCount], using: &generator) + range.lowerBound
    return { _ = function(x) }
  }
}

private var normal: Row {
  Row(name: "normal/float", unit: .nanosecondsPerElement, work: Double(elementCount)) {
    var generator = SeededGenerator(seed: 1)
    return { _ = Tensor<Float>.normal([elementCount], using: &generator) }
  }
}

/// log P(X) of one image, as the mean of P(X|z) over 100,000 z from the prior.
private var naiveMonteCarlo: Row {
  let sampleCount = 100_000
  return Row(
    name: "naive-monte-carlo/decoder", unit: .samplesPerSecond, work: Double(sampleCount)
  ) {
    var generator = SeededGenerator(seed: 1)
    let configuration = Configuration()
    let decoder = Decoder<Float>(configuration, using: &generator)
    let half = Tensor<Float>(repeating: 0.5, shape: [1, configuration.inputSize])
    let x = Tensor.bernoulli(half, using: &generator)
    return {
      _ = decoder.naiveLogEvidence(of: x, sampleCount: sampleCount, using: &generator)
    }
  }
}
