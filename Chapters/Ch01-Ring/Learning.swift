import Autodiff
import Datasets
import NeuralNetworks
import Notebook
import Probability

// Section 1.5.

extension Ring {
  static func learn(
    _ options: Options, using generator: inout SeededGenerator, on page: Page
  ) -> MultilayerPerceptron<Double> {
    page.section("1.5", "g learned from samples")
    let cloud = PointCloud(rawValue: options[target])!
    let data = cloud.sample(count: 5000, using: &generator)
    page.prose(
      """
      Now nobody knows a formula: there are \(data.shape[0]) samples of the law "\(cloud)" and \
      nothing else. g is a network with parameters θ, and training makes its points look like the \
      samples. What "look like" means is the energy distance, which needs only distances between \
      points, X and X′ from g, Y and Y′ from the samples. It is 0 if the laws are the same, and \
      positive otherwise.
      """)
    page.equation(#"2 \mathbb{E}\|X - Y\| - \mathbb{E}\|X - X'\| - \mathbb{E}\|Y - Y'\|"#)

    let progress = page.progress("learning g", total: 2 * options[steps])
    var linear = MultilayerPerceptron<Double>(sizes: [options[latent], 2], using: &generator)
    train(&linear, data, options, using: &generator, progress)
    var network = MultilayerPerceptron<Double>(
      sizes: [options[latent], 64, 64, 2], activation: .tanh, using: &generator)
    let untrained = network
    let losses = train(&network, data, options, using: &generator, progress)
    progress.finish()

    let z = Tensor<Double>.normal([600, options[latent]], using: &generator)
    page.figure(
      "Before training, after it, and the law itself",
      description: """
        The same 600 points z through the network before and after \(options[steps]) steps of \
        \(options[batch]) points, beside 600 true ones. Look for threads where g, which is \
        continuous, had to get from one part of the law to another.
        """,
      scatter("before", [("", untrained(z))], reach: 1.8),
      scatter("after", [("", network(z))], reach: 1.8),
      scatter("true", [("", cloud.sample(count: 600, using: &generator))], reach: 1.8))
    if losses.count > 1 {
      page.figure(
        "Training",
        description: "The energy distance of the batches, averaged over \(losses.count) stretches.",
        Plot(
          x: Axis("step"), y: Axis("energy distance", scale: .logarithmic),
          layers: [
            .line(
              Plot.Series(
                x: losses.indices.map {
                  Double(options[steps]) * (Double($0) + 0.5) / Double(losses.count)
                }, y: losses))
          ]))
    }

    let rows = [
      ("a linear g, trained", { linear(.normal([300, options[latent]], using: &$0)) }),
      ("the network before", { untrained(.normal([300, options[latent]], using: &$0)) }),
      ("the network after", { network(.normal([300, options[latent]], using: &$0)) }),
      ("the law itself", { cloud.sample(count: 300, using: &$0) }),
    ].map { (name: String, sample: (inout SeededGenerator) -> Tensor<Double>) in
      let distances = (0..<50).map { _ in
        let points = sample(&generator)
        return energyDistance(points, cloud.sample(count: 300, using: &generator)).scalar
      }
      return (name, MonteCarloEstimate(distances))
    }
    page.table(
      [.left("points from"), .right("distance to the law"), .right("standard error")],
      rows: rows.map { name, estimate in
        [
          name, formatted(estimate.mean, decimals: 5),
          formatted(estimate.standardError, decimals: 5),
        ]
      }, caption: "Means over 50 pairs of 300 fresh points each.")
    page.check(
      "The measure is fair: two samples of one law are 0 apart, on average.",
      .measured(
        Quantity("mean of 50", rows[3].1.mean), expected: Quantity("zero", 0),
        standardError: rows[3].1.standardError))
    page.check(
      "The network comes nearer to the law than a linear g can.",
      .atMost(Quantity("network", rows[2].1.mean), Quantity("linear", rows[0].1.mean)))
    return network
  }

  /// Trains g by Adam on batches of the data, with a learning rate that falls to 0, and returns the
  /// loss, averaged over 100 stretches or fewer.
  @discardableResult
  static func train(
    _ g: inout MultilayerPerceptron<Double>, _ data: Tensor<Double>, _ options: Options,
    using generator: inout SeededGenerator, _ progress: ProgressLine
  ) -> [Double] {
    var optimizer = Adam(for: g)
    var losses: [Double] = []
    for step in 0..<options[steps] {
      optimizer.learningRate = 0.01 * (1 - Double(step) / Double(options[steps]))
      let z = Tensor<Double>.normal([options[batch], options[latent]], using: &generator)
      let rows = (0..<options[batch]).map { _ in generator.integer(below: data.shape[0]) }
      let result = valueWithGradient(at: g) { g in energyDistance(g(z), data.rows(rows)) }
      optimizer.update(&g, along: result.gradient)
      losses.append(result.value)
      progress.advance()
    }
    let stretch = max(1, options[steps] / 100)
    return stride(from: 0, to: losses.count - stretch + 1, by: stretch).map {
      MonteCarloEstimate(Array(losses[$0..<($0 + stretch)])).mean
    }
  }
}
