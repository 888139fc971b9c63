import Calculations

extension EncoderTask {
  /// All parts, and the three gradients that are put together from them.
  var calculation: Calculation {
    let x = Calculation.argument("x", x)
    let w = Calculation.argument("w", w)
    let c = Calculation.argument("c", c)
    let noise = Calculation.argument("noise", noise)
    let sigma = exp(0.5 * c).named("σ")
    let mu = (.argument("a", a) * x).named("μ")
    let z = (mu + sigma * noise).named("z")
    let residual = (x - w * z).named("X - wz")

    let divergence = (
      a: mean(mu * x, over: "examples").named("∂D/∂a"),
      c: (0.5 * (exp(c) - 1)).named("∂D/∂c")
    )
    let errorWeight = mean(-2 * z * residual, over: "examples")
    let slope = (-2 * w * residual).named("∂h/∂z")
    let path = (
      a: mean(slope * x, over: "examples"),
      c: mean(slope * (0.5 * sigma * noise), over: "examples")
    )
    let weight = weight(square(residual).named("h"))
    let score = (
      a: mean(weight * (noise / sigma * x), over: "examples"),
      c: mean(weight * (0.5 * (square(noise) - 1)), over: "examples")
    )
    return .list([
      divergence.a, divergence.c, errorWeight,
      divergence.a + score.a, divergence.c + score.c, errorWeight,
      divergence.a + path.a, divergence.c + path.c, errorWeight,
    ])
  }

  /// h − b.
  private func weight(_ error: Calculation) -> Calculation {
    let count = Calculation.argument("x.count", Double(x.count))
    let baseline = ((sum(error) - error) / (count - 1)).named("b")
    return (error - baseline).named("h - b")
  }
}
