import Autodiff
import Foundation
import Kernels
import NeuralNetworks
import Probability
import Testing
import VariationalAutoencoders

/// What PyTorch makes of two small models; see Reference/vae.py.
private struct Reference: Decodable {
  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]

    func tensor<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
      Tensor(values, shape: shape).converted(to: Scalar.self)
    }
  }

  struct Loss: Decodable {
    let beta, value: Double
    let gradients: [String: Numbers]
  }

  struct Case: Decodable {
    let x, epsilon, mean, logVariance, z, output, reconstruction, klDivergence: Numbers
    let parameters: [String: Numbers]
    let evidenceLowerBound: Double
    let losses: [Loss]
  }

  let bernoulli, gaussian: Case

  static func load(_ output: OutputDistribution) throws -> Case {
    let url = try #require(
      Bundle.module.url(forResource: "vae", withExtension: "json", subdirectory: "Reference"))
    let all = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    return output == .bernoulli ? all.bernoulli : all.gaussian
  }
}

/// A model with the reference's weights.
private func model<Scalar: TensorScalar>(
  _ reference: Reference.Case, _ output: OutputDistribution, _: Scalar.Type
) throws -> VariationalAutoencoder<Scalar> {
  var generator = SeededGenerator(seed: 1)
  var model = VariationalAutoencoder<Scalar>(
    Configuration(inputSize: 6, hiddenSizes: [5], latentSize: 3, output: output),
    using: &generator)
  let names = model.parameterNames
  model.updateParameters { index, parameter in
    let value = reference.parameters[names[index]]?.tensor(Scalar.self)
    #expect(value?.shape == parameter.shape)
    parameter = value ?? parameter
  }
  #expect(names.sorted() == reference.parameters.keys.sorted())
  return model
}

/// No number here is the result of more than 200 roundings, in PyTorch and in this package together,
/// of terms up to 100 times its size.
private func expectClose<Scalar: TensorScalar>(
  _ found: Tensor<Scalar>, _ wanted: Reference.Numbers, _ name: String
) {
  #expect(found.shape == wanted.shape, "\(name)")
  for (found, wanted) in zip(found.scalars, wanted.values) {
    #expect(
      abs(Double(found) - wanted) <= 1e4 * Double(Scalar.ulpOfOne) * max(1, abs(wanted)),
      "\(name)")
  }
}

@Suite struct ReferenceTests {
  @Test(
    "Every number of the calculation, and every gradient",
    arguments: [OutputDistribution.bernoulli, .gaussian])
  func doubles(output: OutputDistribution) throws {
    try expectAgreement(output, Double.self)
  }

  @Test("The same in Float", arguments: [OutputDistribution.bernoulli, .gaussian])
  func floats(output: OutputDistribution) throws {
    try expectAgreement(output, Float.self)
  }

  private func expectAgreement<Scalar: TensorScalar>(
    _ output: OutputDistribution, _: Scalar.Type
  ) throws {
    let reference = try Reference.load(output)
    let model = try model(reference, output, Scalar.self)
    let (x, noise) = (reference.x.tensor(Scalar.self), reference.epsilon.tensor(Scalar.self))

    let posterior = model.encoder(x)
    expectClose(posterior.mean, reference.mean, "mean")
    expectClose(posterior.logVariance, reference.logVariance, "logVariance")
    let z = posterior.sample(noise: noise)
    expectClose(z, reference.z, "z")
    expectClose(model.decoder(z), reference.output, "output")

    let bound = model.evidenceLowerBound(of: x, noise: noise)
    expectClose(bound.reconstruction, reference.reconstruction, "reconstruction")
    expectClose(bound.divergence, reference.klDivergence, "divergence")
    let mean = Reference.Numbers(shape: [], values: [reference.evidenceLowerBound])
    expectClose(bound.value.mean(), mean, "bound")

    #expect(reference.losses.map(\.beta) == [1, 0.5])
    for loss in reference.losses {
      let result = valueWithGradient(at: model) {
        $0.evidenceLowerBound(of: x, noise: noise).loss(beta: loss.beta)
      }
      let value = Reference.Numbers(shape: [], values: [loss.value])
      expectClose(Tensor(result.value), value, "loss")
      let names = model.parameterNames
      for (name, part) in zip(names, result.gradient.parameters) {
        if let wanted = loss.gradients[name] { expectClose(part, wanted, name) }
      }
      #expect(Set(names) == Set(loss.gradients.keys))
    }
  }
}
