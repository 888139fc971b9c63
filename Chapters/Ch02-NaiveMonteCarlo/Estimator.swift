import Autodiff
import Kernels
import Notebook
import Probability

extension NaiveMonteCarlo {
  static func estimate(
    _ example: Example, sampleCount: Int, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("2.2", "The estimator")
    page.prose(
      """
      A linear model: X = Wz + b + σε has three numbers, z two, and P(X) is known. So is the variance \
      of a single weight w = P(X|z)/P(X), whose mean is 1: E[w²] − 1 = \
      \(formatted(example.moments.variance, digits: 4)). Look at how slowly the error falls: a \
      hundred times the samples for one digit more.
      """)
    page.equation(#"P(X) \approx \frac{1}{n} \sum_{i=1}^{n} P(X|z_i), \quad z_i \sim P(z)"#)
    let (model, x, moments) = (example.model, example.x, example.moments)
    var generator = generator
    var run = LogMeanEstimate(logWeights: [])
    var (rows, counts, errors): ([[String]], [Int], [Double]) = ([], [], [])
    let powers = [10, 100, 1000, 10_000, 100_000, 1_000_000]
    for n in powers.filter({ $0 < sampleCount }) + [sampleCount] {
      run.merge(
        model.naiveLogEvidence(of: x, sampleCount: n - run.count, using: &generator))
      counts.append(n)
      errors.append(.exp(run.logMean - example.logEvidence) - 1)
      rows.append(
        ["\(n)", formatted(run.logMean, decimals: 5)]
          + [errors.last!, run.standardError, moments.standardError(ofMeanOf: n)].map {
            formatted(100 * $0, decimals: 3)
          } + [formatted(run.effectiveSampleSize, decimals: 1)])
    }
    page.table(
      [
        .right("n"), .right("log of the mean"), .right("error %"), .right("estimated s.e. %"),
        .right("true s.e. %"), .right("effective n"),
      ], rows: rows,
      caption: """
        log P(X) = \(formatted(example.logEvidence, decimals: 5)). Errors relative to P(X); s.e.: \
        standard error, from the samples themselves, and √((E[w²] − 1)/n).
        """)
    page.figure(
      "The error falls like one over the root of n",
      description: "One run, and the standard error in closed form: a line of slope −½.",
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("relative error", scale: .logarithmic),
        layers: [
          .line(
            .init(
              "standard error", x: counts.map(Double.init),
              y: counts.map { moments.standardError(ofMeanOf: $0) })),
          .points(.init("this run", x: counts.map(Double.init), y: errors.map(abs))),
        ]))
    page.check(
      "The mean of \(sampleCount) weights P(X|z)/P(X) is 1.",
      .measured(
        Quantity("mean weight", 1 + errors.last!), expected: Quantity("one", 1),
        standardError: moments.standardError(ofMeanOf: sampleCount)))

    page.prose(
      """
      The mean is right on average; its logarithm is not. log is concave, so the logarithm of the \
      mean is too low on average (Jensen), by about half its variance, (E[w²] − 1)/2n. Look at the \
      mean of many runs, beside this prediction and the next order of the same series.
      """)
    let repetitions = 10_000
    let sizes = [10, 30, 100, 300]
    let biases = sizes.map { n in
      MonteCarloEstimate(
        model.naiveLogEvidences(
          of: x, sampleCount: n, repetitions: repetitions, using: &generator
        ).map { $0 - example.logEvidence })
    }
    page.table(
      [
        .right("n"), .right("mean of log P̂ − log P"), .right("s.e."), .right("first order"),
        .right("second"),
      ],
      rows: zip(sizes, biases).map { n, bias in
        let predictions = [1, 2].map { moments.logBias(ofMeanOf: n, order: $0) }
        return ["\(n)"]
          + ([bias.mean, bias.standardError] + predictions).map { formatted($0, decimals: 4) }
      }, caption: "P̂: the mean of n. \(repetitions) runs each, in nats.")
    let (first, second) = (
      moments.logBias(ofMeanOf: 300, order: 1), moments.logBias(ofMeanOf: 300)
    )
    if abs(second - first) <= 0.1 * abs(first) {
      page.check(
        "At n = 300 the logarithm is too low by what the series says.",
        .measured(
          Quantity("mean of log P̂ − log P", biases.last!.mean),
          expected: Quantity("prediction", second), standardError: biases.last!.standardError))
    } else {
      page.note("No check", "With weights as uneven as these, the series is no use at n = 300.")
    }
  }

  static func raiseDimension(sigma: Double, _ generator: SeededGenerator, on page: Page) {
    page.section("2.3", "Dimension")
    page.prose(
      """
      Now X = z + σε has d numbers, and so has z; each number of X is one standard deviation from its \
      mean. Every dimension multiplies E[w²] by the same factor, so that the samples it takes for \
      an error of 10 %, n = 100 (E[w²] − 1), grow exponentially. Two hundred runs with just as \
      many show the error that they really have.
      """)
    func problem(_ d: Int) -> (model: LinearGaussianModel, x: Tensor<Double>) {
      (
        LinearGaussianModel(
          weight: .identity(d), bias: Tensor(zeros: [d]), logVariance: Tensor(2 * .log(sigma))),
        Tensor(repeating: (1 + sigma * sigma).squareRoot(), shape: [1, d])
      )
    }
    func logSecondMoment(_ d: Int) -> Double {
      problem(d).model.logWeightMoment(2, of: problem(d).x).scalar
    }
    let (repetitions, dimensions) = (200, Array(1...20))
    let needed = dimensions.map { 100 * (Double.exp(logSecondMoment($0)) - 1) }
    var generator = generator
    let affordable = dimensions.filter { needed[$0 - 1] * Double($0 * repetitions) < 2.5e7 }
    let squares = affordable.map { d in
      let (model, x) = problem(d)
      let truth = model.evidence.logProbability(of: x).scalar
      let estimates = model.naiveLogEvidences(
        of: x, sampleCount: Int(needed[d - 1].rounded(.up)), repetitions: repetitions,
        using: &generator)
      return MonteCarloEstimate(
        estimates.map { (.exp($0 - truth) - 1) * (.exp($0 - truth) - 1) }
      ).mean
    }
    page.table(
      [.right("d"), .right("E[w²]"), .right("n for 10 %"), .right("error at that n, %")],
      rows: dimensions.filter { $0 <= 6 || $0 % 5 == 0 }.map { d in
        [
          "\(d)", formatted(.exp(logSecondMoment(d)), digits: 4),
          formatted(needed[d - 1], digits: 3),
          d <= squares.count ? formatted(100 * squares[d - 1].squareRoot(), decimals: 2) : "",
        ]
      }, caption: "Errors: root mean squares over \(repetitions) runs.")
    page.figure(
      "Samples for an error of 10 %",
      description: "A straight line on a logarithmic axis: the same factor for each dimension.",
      Plot(
        x: Axis("dimensions"), y: Axis("samples", scale: .logarithmic),
        layers: [
          .line(.init("closed form", x: dimensions.map(Double.init), y: needed)),
          .points(
            .init(
              "measured", x: affordable.map(Double.init),
              y: zip(needed, squares).map { 100 * $0 * $1 })),
        ]))
    // The factor of one dimension, worked out in the note.
    let variance = sigma * sigma
    let factor =
      (1 + variance) / (sigma * (2 + variance).squareRoot()) * Double.exp(1 / (2 + variance))
    page.check(
      "E[w²] in 20 dimensions is the 20th power of the factor of one.",
      .equal(
        Quantity("log E[w²], d = 20", logSecondMoment(20)),
        Quantity("20 times the log of the factor", 20 * .log(factor)), tolerance: 1e-10))
    let (d, n) = (affordable.count, Int(needed[affordable.count - 1].rounded(.up)))
    let moments = problem(d).model.weightMoments(of: problem(d).x)
    page.check(
      "In \(d) dimensions \(n) samples have the mean squared error they were chosen for.",
      .measured(
        Quantity("mean squared error", squares.last!), expected: Quantity("10 % squared", 0.01),
        standardError: (moments.squaredErrorVariance(ofMeanOf: n) / Double(repetitions))
          .squareRoot()))
    page.prose(
      """
      Behind it is how much X tells about z: in any model E[w²] is at least e to the power \
      D[P(z|X) ‖ P(z)], the nats by which the posterior differs from the prior (chapter 3).
      """)
    let standard = MultivariateNormal<Double>(
      mean: Tensor(zeros: [20]), choleskyFactor: .identity(20))
    let posterior = problem(20).model.posterior(given: problem(20).x.reshaped([20]))
    page.check(
      "In 20 dimensions D[P(z|X) ‖ P(z)] is no more than log E[w²].",
      .atMost(
        Quantity("D[P(z|X) ‖ P(z)]", posterior.klDivergence(to: standard).scalar),
        Quantity("log E[w²]", logSecondMoment(20))))
  }
}
