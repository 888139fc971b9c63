import Autodiff
import Notebook
import Probability
import Testing

@testable import Ch04_Reparameterization

@Suite struct Ch04ReparameterizationTests {
  private let page = Pages.reparameterization

  private func tape(_ section: String) -> Graph? {
    page.section(section).compactMap { if case .graph(let graph) = $0 { graph } else { nil } }.first
  }

  /// Whether a gradient comes back from one box to another.
  private func isConnected(_ graph: Graph, from: String, to: String) -> Bool {
    from == to
      || graph.edges.contains {
        $0.source == from && !$0.isBlocked && isConnected(graph, from: $0.target, to: to)
      }
  }

  /// The check with its expected value replaced by another.
  private func holds(_ check: Check, expecting value: Double) -> Bool {
    switch check.evidence {
    case .measured(let measured, _, let error):
      Check("", .measured(measured, expected: Quantity("", value), standardError: error)).holds
    case .equal(let left, _, let tolerance):
      Check("", .equal(left, Quantity("", value), tolerance: tolerance)).holds
    case .sameBits(let left, _): Check("", .sameBits(left, Quantity("", value))).holds
    default: true
    }
  }

  @Test("If z is drawn inside, only w is connected to the loss")
  func onlyWIsConnectedWhenZIsDrawnInside() throws {
    let graph = try #require(tape("4.1"))
    #expect(isConnected(graph, from: "w", to: "error"))
    for name in ["μ", "σ"] {
      #expect(!isConnected(graph, from: name, to: "error"))
      #expect(graph.nodes.first { $0.name == name }?.detail == "∂ 0.00")
    }
  }

  @Test func everyParameterIsConnectedWhenEpsilonIsDrawnOutside() throws {
    let graph = try #require(tape("4.2"))
    for name in ["μ", "σ", "w"] { #expect(isConnected(graph, from: name, to: "error")) }
    #expect(!isConnected(graph, from: "ε", to: "error"))
  }

  /// The boxes are named in the order in which the model computes.
  @Test func theNamesInThePicturesAreThoseOfTheSteps() {
    let model = Autoencoder(sigma: 0.5)
    let tape = recordedSteps(at: model) { $0.error($0.sample(noise: Tensor(1))) }
    #expect(tape.map(\.name) == ["μ", "σ", "w", "×", "+", "×", "−", "×"])
    #expect(tape.map(\.operands) == [[], [], [], [1], [0, 3], [2, 4], [5], [6, 6]])
    var generator = SeededGenerator(seed: 1)
    let other = recordedSteps(at: model) { $0.error($0.drawInside(1, using: &generator)) }
    #expect(other.map(\.name) == ["μ", "σ", "w", "×", "−", "×"])
  }

  @Test("4.1 fails if z is reparameterized after all")
  func zerosWouldNotBeZeros() {
    let noise = Tensor([0.3, -1.2])
    let estimates = derivativeEstimates(at: Autoencoder(sigma: 0.5), count: 2) {
      $0.error($0.sample(noise: noise))
    }
    for estimate in estimates[0..<2] {
      #expect(!Check("", .sameBits(Quantity("", estimate.mean), Quantity("", 0))).holds)
    }
    // And if w had the gradient of a z that stands at μ.
    #expect(!holds(page.checks("4.1")[2], expecting: -2 * 0.5 * (1.5 - 1.2 * 0.5)))
  }

  @Test("4.2 fails for the gradients of 4.1, and for h′ in place of h′ε")
  func theGradientIsToldFromWrongOnes() {
    let checks = page.checks("4.2")
    let exact = Autoencoder(sigma: 0.5).exactGradient
    for index in 0..<2 { #expect(!holds(checks[index], expecting: 0)) }
    #expect(!holds(checks[1], expecting: exact[0]))
  }

  @Test("4.3 fails for other rates of growth, and for a baseline that costs nothing")
  func theVariancesAreToldFromWrongOnes() {
    let checks = page.checks("4.3")
    let example = SquaredNorm(dimension: 256, standardDeviation: 0.5)
    let ratios = [
      example.scoreFunctionVariance(baseline: example.bestBaseline),
      example.scoreFunctionVariance(baseline: 0),
    ].map { $0 / example.pathwiseVariance }
    #expect(holds(checks[0], expecting: ratios[0]) && holds(checks[1], expecting: ratios[1]))
    #expect(!holds(checks[0], expecting: ratios[1]) && !holds(checks[1], expecting: ratios[0]))
    #expect(!holds(checks[0], expecting: ratios[0] / 2))
    #expect(!holds(checks[1], expecting: ratios[1] / 1.25))
    #expect(
      !holds(
        checks[2],
        expecting: SquaredNorm(dimension: 1, standardDeviation: 0.25)
          .scoreFunctionVariance(baseline: 0)))
    // Baselines: the batch's own mean takes half of 2, the other draw nothing.
    #expect(!holds(checks[4], expecting: 2) && !holds(checks[5], expecting: 1))
  }

  @Test("4.4 fails for Σ in place of its root, and for the other mistakes")
  func theRootIsToldFromTheCovariance() {
    let checks = page.checks("4.4")
    // The mean of μ + σε is not μσ, its variance not σ⁴ or (log σ²)²; that of μ + σ²ε not σ².
    #expect(!holds(checks[0], expecting: 0.5))
    #expect(!holds(checks[1], expecting: 0.0625) && !holds(checks[1], expecting: 1.92))
    #expect(!holds(checks[2], expecting: 0.25))
    #expect(!holds(checks[3], expecting: 1))
    // Covariances of Σ and Σ².
    #expect(!holds(checks[4], expecting: 3.6) && !holds(checks[5], expecting: 1.2))
    // Two standard deviations of one number hold 95 of 100, of two only 86.
    #expect(!holds(checks[6], expecting: 0.95))
    // The bound: log P(X) at a wrong X, and no excess.
    #expect(!holds(checks[7], expecting: -1.8))
    #expect(!holds(checks[8], expecting: 0))
  }

  @Test("4.5 fails without the finite population correction, or with it where it is not due")
  func theCorrectionIsSeen() {
    let checks = page.checks("4.5")
    var generator = SeededGenerator(seed: 2013).stream(5)
    let minibatches = Minibatches(sigma: 0.5, using: &generator)
    let never = minibatches.variance(.init(size: 200, draws: 1))
    let maybe = minibatches.variance(.init(size: 200, draws: 1, mayRepeat: true))
    #expect(holds(checks[3], expecting: never) && holds(checks[4], expecting: maybe))
    #expect(!holds(checks[3], expecting: maybe) && !holds(checks[4], expecting: never))
    // Nor are ten draws worth as little as one, or as much as ten examples.
    #expect(!holds(checks[2], expecting: minibatches.variance(.init(size: 20, draws: 1))))
    #expect(!holds(checks[2], expecting: never))
  }

  /// All examples, each with a thousand draws of ε: next to nothing is left to chance.
  @Test("The gradient of one batch of all examples is that of the sum")
  func oneBatchOfAllExamplesIsTheSum() {
    var generator = SeededGenerator(seed: 3)
    let minibatches = Minibatches(sigma: 0.5, using: &generator)
    let all = Minibatches.Scheme(size: Minibatches.count, draws: 1)
    let noise = Double(Minibatches.count) * minibatches.noiseVariance
    #expect(abs(minibatches.variance(all) - noise) <= 1e-12 * noise)
    let gradient = minibatches.gradients(all, repeats: 1, using: &generator)[0]
    let sum = Double(Minibatches.count) * minibatches.slopes.mean
    // Further off once in a million seeds.
    #expect(abs(gradient - sum) < 4.892 * noise.squareRoot())
  }

  @Test(
    "4.6 fails for exchanged derivatives, a step with a slope, and a softened step without bias")
  func whatHasNoTrickIsTold() {
    let checks = page.checks("4.6")
    let exact = checks.map { check -> Double in
      if case .measured(_, let expected, _) = check.evidence { expected.value } else { 0 }
    }
    #expect(!holds(checks[0], expecting: exact[1]) && !holds(checks[1], expecting: exact[0]))
    #expect(!holds(checks[2], expecting: exact[0]))
    #expect(!holds(checks[3], expecting: -0.5))
    let derivative = 0.3 * 0.7 * (1 - 2 * 0.45)
    #expect(abs(exact[5] - derivative) < 1e-15)
    #expect(!holds(checks[4], expecting: derivative))
    #expect(!holds(checks[5], expecting: 0))
    #expect(!holds(checks[6], expecting: derivative))
  }

  @Test(arguments: [
    ["--sigma", "0"], ["--sigma", "3.1"], ["--draws", "9999"], ["--dimension", "8"],
    ["--batch", "0"], ["--batch", "51"], ["--batches", "2"],
  ]) func refuses(arguments: [String]) {
    let outcome = Reparameterization.chapter.execute(arguments: arguments)
    #expect(outcome.exitStatus == 64 && outcome.blocks.isEmpty)
  }

  @Test(arguments: ["0.1", "1", "3"]) func extremesHold(sigma: String) {
    let record = Record(
      Reparameterization.chapter,
      arguments: [
        "--sigma", sigma, "--draws", "10000", "--dimension", "16", "--batch", "50", "--seed", "7",
      ])
    #expect(record.exitStatus == 0)
    // At σ = 1 the page says that some mistakes cannot be told.
    let hasNote = record.section("4.4").contains { if case .note = $0 { true } else { false } }
    #expect(hasNote == (sigma == "1"))
  }

  @Test("The page does not depend on the number of threads")
  func threadsDoNotMatter() {
    let one = Record(Reparameterization.chapter, arguments: ["--threads", "1"])
    #expect(one.blocks == page.blocks)
  }
}
