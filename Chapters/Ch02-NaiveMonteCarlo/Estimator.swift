import Autodiff
import Kernels
import Notebook
import Probability

extension NaiveMonteCarlo {
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
