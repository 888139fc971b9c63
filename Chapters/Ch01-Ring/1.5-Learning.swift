import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability

// cell: energy
/// 2 E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖, as means over pairs of different points.
func energyDistance(
  _ x: Tensor<Double>, _ y: Tensor<Double>
) -> Tensor<Double> {
  2 * meanDistance(x, y) - meanDistance(within: x) - meanDistance(within: y)
}
// end

/// 1.5 g learned from samples: a network is trained until its points look like those of a
/// distribution.
struct Learning: SectionContent {
  typealias Network = MultilayerPerceptron<Double>

  let cloud: PointCloud
  let latentSize: Int
  let steps: Int
  let batchSize: Int
  /// The samples that g learns from, of shape [5000, 2].
  let data: Tensor<Double>
  /// The network before and after training.
  let untrained: Network
  let network: Network
  /// The images of the same 600 z before and after training, and 600 samples.
  let before: Tensor<Double>
  let after: Tensor<Double>
  let samples: Tensor<Double>
  /// The energy distance from new samples: of the linear g, of the network before and after training,
  /// and of other samples.
  let linearDistance: MonteCarloEstimate
  let untrainedDistance: MonteCarloEstimate
  let networkDistance: MonteCarloEstimate
  let sampleDistance: MonteCarloEstimate
  /// How steep the network is, if it makes a ring from two latent variables.
  let steepness: Steepness?
  let touchable: TouchableTraining

  init(
    _ cloud: PointCloud, latentSize: Int, steps: Int, batchSize: Int,
    using generator: SeededGenerator, _ progress: ProgressDisplay
  ) {
    var generator = generator
    let data = cloud.sample(count: 5000, using: &generator)
    let line = progress.begin("learning g", total: 2 * steps)
    func train(_ g: Network, watch: (Network) -> Void = { _ in }) -> Network {
      Self.trained(
        g, on: data, latentSize: latentSize, steps: steps, batchSize: batchSize, using: &generator
      ) { g in
        watch(g)
        line.advance()
      }
    }
    untrained = Network(
      sizes: [latentSize, 64, 64, 64, 2], activation: .tanh, using: &generator)
    let linear = train(Network(sizes: [latentSize, 2], using: &generator))
    let kept = TouchableTraining.steps(of: steps)
    var (step, stages) = (0, [(step: 0, network: untrained)])
    network = train(untrained) { g in
      step += 1
      if kept.contains(step) { stages.append((step, g)) }
    }
    line.finish()

    let z = Tensor<Double>.normal([600, latentSize], using: &generator)
    (before, after) = (untrained(z), network(z))
    samples = cloud.sample(count: 600, using: &generator)
    let shown = Array(0..<300)
    touchable = TouchableTraining(stages, at: z.rows(shown), samples.rows(shown))

    func distance(_ g: Network?) -> MonteCarloEstimate {
      Self.distance(from: cloud, to: g, latentSize: latentSize, using: &generator)
    }
    linearDistance = distance(linear)
    untrainedDistance = distance(untrained)
    networkDistance = distance(network)
    sampleDistance = distance(nil)
    steepness =
      cloud == .ring && latentSize == 2
      ? Steepness(network, at: .normal([20_000, 2], using: &generator)) : nil
    (self.cloud, self.data) = (cloud, data)
    (self.latentSize, self.steps, self.batchSize) = (latentSize, steps, batchSize)
  }

  // cell: training
  /// g after training: each step moves θ against the gradient of the distance.
  static func trained(
    _ g: Network, on data: Tensor<Double>, latentSize d: Int, steps: Int,
    batchSize n: Int, using generator: inout SeededGenerator,
    watch: (Network) -> Void
  ) -> Network {
    var (g, optimizer) = (g, Adam(for: g))
    for step in 0..<steps {
      optimizer.learningRate = 0.01 * (1 - Double(step) / Double(steps))
      let z = Tensor<Double>.normal([n, d], using: &generator)  // z ∼ P(z)
      let rows = (0..<n).map { _ in generator.integer(below: data.shape[0]) }
      let loss = valueWithGradient(at: g) { g in
        energyDistance(g(z), data.rows(rows))
      }
      optimizer.update(&g, along: loss.gradient)
      watch(g)
    }
    return g
  }
  // end

  /// The energy distance of 300 points g(z), or of 300 other samples, from 300 samples.
  private static func distance(
    from cloud: PointCloud, to g: Network?, latentSize d: Int,
    using generator: inout SeededGenerator
  ) -> MonteCarloEstimate {
    // cell: distance
    let distances = (0..<50).map { _ in
      let y = cloud.sample(count: 300, using: &generator)
      let z = Tensor<Double>.normal([300, d], using: &generator)
      let x = g?(z) ?? cloud.sample(count: 300, using: &generator)
      return energyDistance(x, y).scalar
    }
    // end
    return MonteCarloEstimate(distances)
  }

  /// Whether training is long enough, and z large enough, for the network to do better than a linear g.
  var isComparable: Bool { steps >= 300 && batchSize >= 50 && latentSize >= 2 }

  func show(on page: Page) {
    page.lead(
      """
      This time there is no formula, only \(formatted(data.shape[0])) samples (--target \(cloud)) and \
      a measure of how far the points g(z) are from them.
      """)
    page.equation(#"2 \mathbb{E}\|X - Y\| - \mathbb{E}\|X - X'\| - \mathbb{E}\|Y - Y'\|"#)
    page.code("energy")

    page.lead("What does a network do about the hole? Look for points where the samples have none.")
    page.code("training")
    page.figure(
      "Before training, after it, and samples of the distribution",
      description: """
        The same 600 points z sent through the network before training and after \
        \(formatted(steps)) steps, beside 600 samples.
        """,
      scatter("before", [Plot.Series(meaning: .made, points: before)], reach: 1.8),
      scatter("after", [Plot.Series(meaning: .made, points: after)], reach: 1.8),
      scatter("samples", [Plot.Series(meaning: .wanted, points: samples)], reach: 1.8))
    page.interactive(
      "learned", "Watch g learn",
      description: """
        Move the slider through the training, and watch 300 points move. Each is coloured by the \
        angle of its z.
        """, data: touchable)

    page.lead("How close does the network get? The last row is as close as anything can get.")
    page.code("distance")
    showDistances(on: page)
    if let steepness {
      steepness.show(on: page)
    } else {
      page.note(
        "Left out",
        "How steep the network is. That is shown for --target ring with --latent 2, the defaults.")
    }
  }

  private func showDistances(on page: Page) {
    let rows = [
      ("a linear g, trained", linearDistance), ("the network, untrained", untrainedDistance),
      ("the network, trained", networkDistance), ("other samples", sampleDistance),
    ]
    page.table(
      [.left("300 points of"), .right("energy distance"), .right("standard error")],
      rows: rows.map { [$0] + cells($1, decimals: 5) },
      caption: "The energy distance from 300 samples; means over 50 repetitions.")
    page.check(
      "Two samples of the same distribution have an energy distance of 0, on average.",
      .measured("mean distance", sampleDistance, expected: 0))
    if isComparable {
      page.check(
        "After the same training, the network is closer to the distribution than a linear g.",
        .atMost(
          Quantity("the energy distance of the network", networkDistance.mean),
          Quantity("that of the linear g", linearDistance.mean)))
    } else {
      page.note(
        "Left out",
        """
        The comparison of the network with a linear g. With fewer than 300 steps, fewer than 50 \
        points a step or one latent variable, the network need not be the closer of the two.
        """)
    }
  }
}
