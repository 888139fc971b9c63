import Autodiff
import Foundation
import Kernels
import Probability
import Testing

@testable import NeuralNetworks

// The seeds are fixed; were they drawn anew, a check of a variance or of a law would fail once in a
// million runs.

/// Whether a sample's mean square is what it should be, for a law whose fourth moment is `kurtosis`
/// times the squared variance: the mean of n squares has the variance (kurtosis − 1) σ⁴ / n.
private func hasVariance(_ numbers: [Double], _ variance: Double, kurtosis: Double) -> Bool {
  let count = Double(numbers.count)
  let found = numbers.reduce(0) { $0 + $1 * $1 } / count
  return abs(found / variance - 1) < 4.892 * ((kurtosis - 1) / count).squareRoot()
}

@Suite struct DenseTests {
  @Test("activation(x · weight + bias), by hand", arguments: Activation.allCases)
  func forward(activation: Activation) {
    var generator = SeededGenerator(seed: 1)
    var layer = Dense<Double>(
      inputSize: 2, outputSize: 3, activation: activation, using: &generator)
    layer.weight = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    layer.bias = Tensor([0.5, 0, -40])
    let sums: [Double] = [1 + 8 + 0.5, 2 + 10, 3 + 12 - 40, -1 + 0.5, -2, -3 - 40]
    let expected = sums.map { sum -> Double in
      switch activation {
      case .identity: sum
      case .relu: max(sum, 0)
      case .tanh: .tanh(sum)
      }
    }
    #expect(layer(Tensor([1, 2, -1, 0], shape: [2, 2])) == Tensor(expected, shape: [2, 3]))
    #expect(layer(Tensor(zeros: [0, 2])).shape == [0, 3])
    #expect(layer.inputSize == 2 && layer.outputSize == 3)
  }

  @Test func gradientsReachWeightAndBias() {
    var generator = SeededGenerator(seed: 2)
    for activation in Activation.allCases {
      let layer = Dense<Double>(
        inputSize: 5, outputSize: 4, activation: activation, using: &generator)
      let x = Tensor<Double>.normal([6, 5], using: &generator)
      let weights = Tensor<Double>.normal([6, 4], using: &generator)
      // The differences are good to 10⁻⁹ and no ReLU is near its kink.
      let check = checkGradient(at: layer, using: &generator) { (($0(x)) * weights).sum() }
      #expect(check.relativeError < 1e-7)
    }
  }

  @Test("The input's size is checked by the product")
  func wrongInput() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = SeededGenerator(seed: 1)
      let layer = Dense<Float>(inputSize: 3, outputSize: 2, using: &generator)
      _ = layer(Tensor(zeros: [5, 4]))
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("matmul: shapes [5, 4] and [3, 2] do not fit"))
  }

  @Test("He's initialisation draws normal weights with the variance 2 / inputs")
  func heDrawsNormalsOfVarianceTwoOverInputs() {
    var generator = SeededGenerator(seed: 3)
    let layer = Dense<Double>(
      inputSize: 200, outputSize: 300, activation: .relu, using: &generator)
    #expect(hasVariance(layer.weight.scalars, 0.01, kurtosis: 3))
    let law = Normal(mean: 0, variance: 0.01)
    let test = KolmogorovSmirnovTest(layer.weight.scalars) { law.cumulativeProbability(upTo: $0) }
    #expect(test.pValue > 1e-6)
    #expect(layer.bias == Tensor(zeros: [300]))
  }

  @Test("Glorot's initialisation draws uniform weights with the variance 2 / (inputs + outputs)")
  func glorotDrawsUniformsOfVarianceTwoOverInputsAndOutputs() {
    var generator = SeededGenerator(seed: 4)
    let layer = Dense<Double>(inputSize: 200, outputSize: 400, using: &generator)
    let weights = layer.weight.scalars
    #expect(weights.allSatisfy { abs($0) <= 0.1 })
    #expect(hasVariance(weights, 2.0 / 600, kurtosis: 1.8))
    let test = KolmogorovSmirnovTest(weights) { 5 * $0 + 0.5 }
    #expect(test.pValue > 1e-6)
    #expect(layer.bias == Tensor(zeros: [400]))
  }

  @Test("By default He's law is for a ReLU, and Glorot's for what is linear near 0")
  func defaults() {
    func weight(_ activation: Activation, _ initialization: Initialization?) -> Tensor<Float> {
      var generator = SeededGenerator(seed: 5)
      return Dense(
        inputSize: 4, outputSize: 3, activation: activation, initialization: initialization,
        using: &generator
      ).weight
    }
    #expect(weight(.relu, nil) == weight(.relu, .he))
    #expect(weight(.tanh, nil) == weight(.tanh, .glorot))
    #expect(weight(.identity, nil) == weight(.identity, .glorot))
    #expect(weight(.identity, .he) == weight(.relu, .he))
    #expect(weight(.relu, .he) != weight(.relu, .glorot))
  }

  @Test func floatAndDoubleBeginWithTheSameWeights() {
    for activation in Activation.allCases {
      var generators = (SeededGenerator(seed: 6), SeededGenerator(seed: 6))
      let single = Dense<Float>(
        inputSize: 7, outputSize: 5, activation: activation, using: &generators.0)
      let double = Dense<Double>(
        inputSize: 7, outputSize: 5, activation: activation, using: &generators.1)
      #expect(single.weight == double.weight.converted(to: Float.self))
      #expect(generators.0 == generators.1)
    }
  }
}

@Suite struct MultilayerPerceptronTests {
  @Test("The layers of a perceptron lead from each size to the next")
  func layersLeadThroughTheSizes() {
    var generator = SeededGenerator(seed: 7)
    let model = MultilayerPerceptron<Double>(
      sizes: [4, 8, 6, 2], activation: .tanh, using: &generator)
    #expect(model.layers.map(\.inputSize) == [4, 8, 6])
    #expect(model.layers.map(\.outputSize) == [8, 6, 2])
    #expect(model.layers.map(\.activation) == [.tanh, .tanh, .identity])
    #expect(
      model.parameterNames == ["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"])
    #expect(model.parameterCount == 4 * 8 + 8 + 8 * 6 + 6 + 6 * 2 + 2)
    let x = Tensor<Double>.normal([3, 4], using: &generator)
    #expect(model(x) == model.layers[2](model.layers[1](model.layers[0](x))))
  }

  @Test func theOutputHasItsOwnActivation() {
    var generator = SeededGenerator(seed: 8)
    let one = MultilayerPerceptron<Float>(sizes: [2, 3], output: .tanh, using: &generator)
    #expect(one.layers.map(\.activation) == [.tanh])
    let two = MultilayerPerceptron<Float>(sizes: [2, 3, 1], output: .relu, using: &generator)
    #expect(two.layers.map(\.activation) == [.relu, .relu])
  }

  @Test("Without layers it is the identity", arguments: [[], [3]])
  func noLayers(sizes: [Int]) {
    var generator = SeededGenerator(seed: 9)
    let model = MultilayerPerceptron<Double>(sizes: sizes, using: &generator)
    #expect(model.layers.isEmpty && model.parameterCount == 0)
    let x = Tensor([1.0, 2, 3], shape: [1, 3])
    #expect(model(x) == x)
  }

  @Test func gradientsReachAllLayers() {
    var generator = SeededGenerator(seed: 10)
    let model = MultilayerPerceptron<Double>(
      sizes: [3, 5, 4, 2], activation: .tanh, using: &generator)
    let x = Tensor<Double>.normal([6, 3], using: &generator)
    let check = checkGradient(at: model, using: &generator) { $0(x).squared.sum() }
    // Fifth derivatives of a few hundred, times h⁴/30.
    #expect(check.relativeError < 1e-8)
  }
}
