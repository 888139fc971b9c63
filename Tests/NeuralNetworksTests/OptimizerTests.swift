import Autodiff
import Foundation
import Kernels
import Testing

@testable import NeuralNetworks

/// What PyTorch made of given gradients; see Reference/adam.py.
private struct Reference: Decodable {
  let start: [Double]
  let gradients, adam, sgd: [[Double]]

  static func load() throws -> Reference {
    let url = try #require(
      Bundle.module.url(forResource: "adam", withExtension: "json", subdirectory: "Reference"))
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }
}

/// Ten steps of about twenty operations on each side: 400 roundings of half an ulp. The corrections
/// 1 − βᵗ are as small as 0.001 and their roundings count 500 times, but only in a step of 0.01.
private func expectClose(_ found: Tensor<Double>, _ wanted: [Double]) {
  for (found, wanted) in zip(found.scalars, wanted) {
    #expect(abs(found - wanted) <= 200 * max(1, abs(wanted)).ulp)
  }
}

@Suite struct AdamTests {
  @Test("Adam takes the same steps as PyTorch's")
  func itFollowsPyTorch() throws {
    let reference = try Reference.load()
    var parameters = Tensor(reference.start)
    var adam = Adam(for: parameters, learningRate: 0.01)
    for (gradient, after) in zip(reference.gradients, reference.adam) {
      adam.update(&parameters, along: Tensor(gradient))
      expectClose(parameters, after)
    }
    #expect(adam.step == 10 && reference.adam.count == 10)
  }

  @Test("In Float the same to 24 bits: each step is within a few roundings, and none grows")
  func floatsFollowPyTorch() throws {
    let reference = try Reference.load()
    var parameters = Tensor(reference.start.map(Float.init))
    var adam = Adam(for: parameters, learningRate: 0.01)
    for (gradient, after) in zip(reference.gradients, reference.adam) {
      adam.update(&parameters, along: Tensor(gradient.map(Float.init)))
      for (found, wanted) in zip(parameters.scalars, after) {
        #expect(abs(Double(found) - wanted) <= 200 * Double(Float(1).ulp))
      }
    }
  }

  @Test("The first step is α g/(|g| + ε): about α, against the gradient's sign")
  func theFirstStep() {
    let gradient = [1000, -0.001, 0]
    var parameters = Tensor([1.0, 1, 1])
    var adam = Adam(for: parameters)
    adam.update(&parameters, along: Tensor(gradient))
    for (found, g) in zip(parameters.scalars, gradient) {
      // Ten roundings of a step of 0.001, and one of the difference.
      #expect(abs(found - (1 - 0.001 * g / (abs(g) + 1e-8))) <= 1.0.ulp)
    }
  }

  @Test func theLearningRateMayChangeOnTheWay() {
    var (parameters, twin) = (Tensor([1.0, 2]), Tensor([1.0, 2]))
    var adam = Adam(for: parameters, learningRate: 0.5)
    var other = Adam(for: twin, learningRate: 0.1)
    adam.learningRate = 0.1
    adam.update(&parameters, along: Tensor([3, -1]))
    other.update(&twin, along: Tensor([3, -1]))
    #expect(parameters == twin)
  }

  @Test("A restored optimiser goes on with the same bits", arguments: [0, 1, 5])
  func restoring(steps: Int) {
    let settings = (learningRate: 0.01, firstDecay: 0.8, secondDecay: 0.99, epsilon: 1e-6)
    func make(_ model: [Tensor<Float>]) -> Adam<[Tensor<Float>]> {
      Adam(
        for: model, learningRate: settings.learningRate, firstDecay: settings.firstDecay,
        secondDecay: settings.secondDecay, epsilon: settings.epsilon)
    }
    var model: [Tensor<Float>] = [Tensor([1, 2, 3]), Tensor(4)]
    var adam = make(model)
    func gradient(_ step: Int) -> [Tensor<Float>] {
      [Tensor([Float(step) - 2.5, 0.1, -7]), Tensor(Float(step) / 3)]
    }
    for step in 0..<steps { adam.update(&model, along: gradient(step)) }
    var (restoredModel, restored) = (model, make(model))
    restored.restore(
      step: adam.step, firstMoments: adam.firstMoments, secondMoments: adam.secondMoments)
    for step in steps..<10 {
      adam.update(&model, along: gradient(step))
      restored.update(&restoredModel, along: gradient(step))
    }
    #expect(restored.step == 10 && restoredModel == model)
    #expect(restored.firstMoments == adam.firstMoments)
    #expect(restored.secondMoments == adam.secondMoments)
  }

  @Test("A file may say any step", .timeLimit(.minutes(5)))
  func hugeSteps() {
    var parameters = Tensor([1.0])
    var adam = Adam(for: parameters, learningRate: 0.5)
    adam.restore(step: .max - 1, firstMoments: [Tensor([1])], secondMoments: [Tensor([1])])
    adam.update(&parameters, along: Tensor([1]))
    // All corrections are 1 by now: the step is α · 1 / (1 + ε).
    #expect(abs(parameters[0] - 0.5) < 1e-7)
  }
}

@Suite struct SGDTests {
  @Test("SGD with momentum takes the same steps as PyTorch's")
  func itFollowsPyTorch() throws {
    let reference = try Reference.load()
    var parameters = Tensor(reference.start)
    var sgd = SGD(for: parameters, learningRate: 0.01, momentum: 0.9)
    for (gradient, after) in zip(reference.gradients, reference.sgd) {
      sgd.update(&parameters, along: Tensor(gradient))
      expectClose(parameters, after)
    }
  }

  @Test("SGD without momentum is gradient descent")
  func withoutMomentumItIsGradientDescent() {
    var model = [Tensor([1.0, 2]), Tensor(4)]
    var sgd = SGD(for: model, learningRate: 0.25)
    for _ in 0..<2 { sgd.update(&model, along: [Tensor([1, 0]), Tensor(-2)]) }
    #expect(model == [Tensor([0.5, 2]), Tensor(5)])
    sgd.learningRate = 0.5
    sgd.update(&model, along: [Tensor([1, 0]), Tensor(-2)])
    #expect(model == [Tensor([0, 2]), Tensor(6)])
  }

  @Test("On a quadratic bowl, k steps leave (1 − α)ᵏ of the way")
  func itDescends() {
    var x = Tensor([8.0, -4])
    var sgd = SGD(for: x, learningRate: 0.5)
    for _ in 0..<10 {
      let gradient = valueWithGradient(at: x) { 0.5 * $0.squared.sum() }.gradient
      sgd.update(&x, along: gradient)
    }
    #expect(x == Tensor([0x1p-7, -0x1p-8]))
  }
}
