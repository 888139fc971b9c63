import Autodiff
import Kernels
import Notebook
import Probability

extension Reparameterization {
  static func goFurther(_ count: Int, _ generator: SeededGenerator, on page: Page) throws {
    page.section("4.6", "Full covariances, and what has no such trick")
    var generator = generator
    page.prose(
      """
      z = μ + Lε, L a lower triangle, is smooth in μ and L for any covariance: E[z₁z₂] is \
      μ₁μ₂ + L₁₁L₂₁, and its derivatives follow. Nor need z be normal, where the distribution \
      function has an inverse: −log(1 − u)/λ is exponential if u is uniform, and E[z] = 1/λ.
      """)
    let factor = try cholesky(covariance)
    let first = Tensor<Double>.normal([count], using: &generator)
    let second = Tensor<Double>.normal([count], using: &generator)
    let entries = [factor[0, 0], factor[1, 0], factor[1, 1]].map { Tensor($0) }
    let products = derivativeEstimates(at: entries, count: count) { l in
      (1 + l[0] * first) * (l[1] * first + l[2] * second - 1)
    }
    let exact = [factor[1, 0], factor[0, 0], 0]
    for (index, entry) in ["L₁₁", "L₂₁", "L₂₂"].enumerated() {
      page.check(
        "The derivative of E[z₁z₂] with respect to \(entry).",
        .measured("pathwise", products[index], "true", exact[index]))
    }
    let uniform = Tensor<Double>.uniform([count], using: &generator)
    let rate = derivativeEstimates(at: Tensor<Double>(2), count: count) { -log(1 - uniform) / $0 }
    page.check(
      "The derivative of an exponential's mean with respect to its rate, at λ = 2.",
      .measured("pathwise", rate[0], "−1/λ²", -0.25))
    drawDiscrete(count, &generator, on: page)
  }

  static func drawDiscrete(_ count: Int, _ generator: inout SeededGenerator, on page: Page) {
    let (probability, target) = (0.3, 0.45)
    let logit = Double.log(probability / (1 - probability))
    page.prose(
      """
      But a z of 0 or 1 is a step: z = 1 if u > 1 − p, with p = \(probability) and l = log(p/(1 − p)). \
      Off the step it does not move with l, and on it there is no derivative: nothing comes through. \
      The score function needs no way through. Or the step is softened, to sigmoid((l + noise)/τ): \
      Gumbel-softmax for two classes. That has a gradient, but of another expectation. Take \
      h(z) = (z − \(target))², and look at what τ trades.
      """)
    let h = { (z: Tensor<Double>) in (z - target).squared }
    let estimate = { derivativeEstimates(at: Tensor(logit), count: count, of: $0)[0] }
    let z = Tensor<Double>.bernoulli(
      Tensor(repeating: probability, shape: [count]), using: &generator)
    let uniform = Tensor<Double>.uniform([count], using: &generator)
    let noise = log(uniform) - log(1 - uniform)
    let through = estimate { h(.bernoulli(sigmoid($0), using: &generator)) }
    let score = estimate { l in
      h(z) * Bernoulli(logits: l.reshaped([count, 1])).logProbability(of: z.reshaped([count, 1]))
    }
    let temperatures = [1, 0.5, 0.1]
    let softened = temperatures.map { t in estimate { h(sigmoid(($0 + noise) / t)) } }
    // h′(s) s (1 − s)/τ with s = sigmoid((l + log(u/(1 − u)))/τ), integrated over u.
    let integrals = temperatures.map { t in
      integrate(
        { u in
          let s = Double.sigmoid((logit + .log(u) - .log1p(-u)) / t)
          return 2 * (s - target) * s * (1 - s) / t
        }, from: 0, to: 1
      ).value
    }
    let exact = probability * (1 - probability) * (1 - 2 * target)
    page.table(
      [
        .left("dE[h(z)]/dl"), .right("mean"), .right("± se"), .right("expected"),
        .right("sd of one draw"),
      ],
      rows: zip(
        ["through the draw", "score function"] + temperatures.map { "softened, τ = \($0)" },
        zip([through, score] + softened, [0, exact] + integrals)
      ).map { [$0] + cells($1.0) + cells($1.1, $1.0.variance.squareRoot()) },
      caption: "True is p (1 − p) (h(1) − h(0)) = \(formatted(exact, decimals: 4)).")
    // z = 1 if l + noise > 0: the draws that change between l − 10⁻⁹ and l + 10⁻⁹.
    let moved = noise.scalars.count { ($0 > -logit - 1e-9) != ($0 > -logit + 1e-9) }
    page.check(
      "Nothing comes through a discrete draw: as l moves a little, no z does.",
      .equal(
        Quantity("draws of \(count) that change", Double(moved)), Quantity("nothing", 0),
        tolerance: 0))
    page.check("The score function is unbiased.", .measured("mean", score, "true", exact))
    page.check(
      "Softened with τ = 1 it is the gradient of another expectation.",
      .measured("mean", softened[0], "by quadrature", integrals[0]))
    let logits = (0...120).map { Double($0) / 15 - 4 }
    page.figure(
      "A draw as a function of its parameter",
      description: """
        z against l = log(p/(1 − p)) for u = ½, held fixed. Drawn, it is a step, flat on either side. \
        Softened, it has a slope everywhere, and is neither 0 nor 1.
        """,
      Plot(
        x: Axis("l"), y: Axis("z"),
        layers: [.line(.init("drawn", x: logits, y: logits.map { $0 > 0 ? 1 : 0 }))]
          + [1, 0.2].map { t in
            .line(.init("τ = \(t)", x: logits, y: logits.map { Double.sigmoid($0 / t) }))
          }))
  }
}
