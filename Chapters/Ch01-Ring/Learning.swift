import Autodiff
import Datasets
import NeuralNetworks
import Notebook
import Probability

// Section 1.5.

extension Ring {
  static func learn(_ options: Options, on page: Page) -> MultilayerPerceptron<Double> {
    page.section("1.5", "g learned from samples")
    var generator = SeededGenerator(seed: options.seed).stream(5)
    let cloud = PointCloud(rawValue: options[target])!
    let data = cloud.sample(count: 5000, using: &generator)
    page.prose(
      """
      Now there is no formula, only \(data.shape[0]) samples of a law (--target \(cloud)). g is a \
      network with parameters θ, and training makes its points look like the samples. The measure \
      of that is the energy distance, which needs nothing but distances between points: X and X′ \
      from g, Y and Y′ from the samples. It is 0 if both laws are the same, otherwise positive.
      """)
    page.equation(#"2 \mathbb{E}\|X - Y\| - \mathbb{E}\|X - X'\| - \mathbb{E}\|Y - Y'\|"#)

    let progress = page.progress("learning g", total: 2 * options[steps])
    let untrained = MultilayerPerceptron<Double>(
      sizes: [options[latent], 64, 64, 64, 2], activation: .tanh, using: &generator)
    let linear = trained(
      MultilayerPerceptron<Double>(sizes: [options[latent], 2], using: &generator), on: data,
      options, using: &generator, progress)
    let network = trained(untrained, on: data, options, using: &generator, progress)
    progress.finish()

    let z = Tensor<Double>.normal([600, options[latent]], using: &generator)
    page.figure(
      "Before training, after it, and the law itself",
      description: """
        The same 600 points z through the network before and after \(options[steps]) steps, beside \
        600 samples. Look for threads across the gaps: g is continuous and cannot jump.
        """,
      scatter("before", [(nil, untrained(z))], reach: 1.8),
      scatter("after", [(nil, network(z))], reach: 1.8),
      scatter("samples", [(nil, cloud.sample(count: 600, using: &generator))], reach: 1.8))

    let distances = [linear, untrained, network, nil].map { g in
      MonteCarloEstimate(
        (0..<50).map { _ in
          let y = cloud.sample(count: 300, using: &generator)
          let z = Tensor<Double>.normal([300, options[latent]], using: &generator)
          return energyDistance(g?(z) ?? cloud.sample(count: 300, using: &generator), y).scalar
        })
    }
    let names = ["a linear g, trained", "the network, untrained", "the network", "the law itself"]
    page.table(
      [.left("300 points of"), .right("distance from 300 samples"), .right("standard error")],
      rows: zip(names, distances).map { name, estimate in
        [name] + [estimate.mean, estimate.standardError].map { formatted($0, decimals: 5) }
      },
      caption: "Means over 50 draws of both. The last line is as near as anything can come.")
    page.check(
      "The measure is fair: samples of one law are 0 apart, on average.",
      .measured(
        Quantity("mean distance", distances[3].mean), expected: Quantity("zero", 0),
        standardError: distances[3].standardError))
    if options[steps] < 300 || options[batch] < 50 || options[latent] < 2 {
      page.note(
        "Not checked",
        """
        With fewer than 300 steps of 50 points, or with one latent variable, the network need not \
        be nearer to the law than a linear g.
        """)
    } else {
      page.check(
        "The network comes nearer to the law than a linear g, trained alike.",
        .atMost(Quantity("network", distances[2].mean), Quantity("linear", distances[0].mean)))
    }
    if cloud == .ring {
      let many = network(.normal([20_000, options[latent]], using: &generator))
      let inside = PolarCoordinates(many).radii.count { $0 < 0.9 }
      page.note(
        "What continuity costs",
        """
        \(formatted(Double(inside) / 200, digits: 2)) % of the network's points have a radius \
        below 0.9, where the law has none. A network cannot tear the plane: where neighbours in z \
        go to opposite sides of the ring, those between them cross the hole.
        """)
    }
    return network
  }

  /// g after training by Adam on batches of the data, with a learning rate that falls to 0.
  static func trained(
    _ g: MultilayerPerceptron<Double>, on data: Tensor<Double>, _ options: Options,
    using generator: inout SeededGenerator, _ progress: ProgressLine
  ) -> MultilayerPerceptron<Double> {
    var (g, optimizer) = (g, Adam(for: g))
    for step in 0..<options[steps] {
      optimizer.learningRate = 0.01 * (1 - Double(step) / Double(options[steps]))
      let z = Tensor<Double>.normal([options[batch], options[latent]], using: &generator)
      let rows = (0..<options[batch]).map { _ in generator.integer(below: data.shape[0]) }
      let result = valueWithGradient(at: g) { g in energyDistance(g(z), data.rows(rows)) }
      optimizer.update(&g, along: result.gradient)
      progress.advance()
    }
    return g
  }
}
