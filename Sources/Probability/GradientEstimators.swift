import Autodiff

// Estimates of the gradient of E[h(z)], z from N(μ, diag(σ²)), with respect to μ and log σ². Each
// function returns one estimate a draw, in the shape of the distributions: their mean is unbiased,
// and their spread says how much a single one is worth.

extension DiagonalNormal: Differentiable {
  /// Shows the mean, then the log variance.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit("mean", &mean)
    visitor.visit("logVariance", &logVariance)
  }
}

extension DiagonalNormal {
  /// The derivatives of h(μ + σε), one for each row of standard normal noise ε, [n, d].
  ///
  /// `h` maps draws [n, d] to values [n], row by row; it must be continuous, and differentiable but
  /// for single points. Source: Kingma and Welling, "Auto-encoding variational Bayes", 2014, section
  /// 2.4; the name is that of Mohamed et al., "Monte Carlo gradient estimation in machine learning",
  /// 2020, section 5.
  public func pathwiseGradients(
    noise: Tensor<Scalar>, of h: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> DiagonalNormal {
    valueWithGradient(at: repeated(to: noise.shape)) { h($0.sample(noise: noise)).sum() }.gradient
  }

  /// (h(z) − baseline) ∇log Q(z), one for each row of z = μ + σε, which counts as given.
  ///
  /// `values` are h(z) at `sample(noise:)`, [n]; how they came about does not matter, so h need not be
  /// continuous. `baseline`, [n] or [], must not depend on the row's own ε. Source: Williams,
  /// "Simple statistical gradient-following algorithms", 1992 (REINFORCE).
  public func scoreFunctionGradients(
    noise: Tensor<Scalar>, values: Tensor<Scalar>, baseline: Tensor<Scalar> = 0
  ) -> DiagonalNormal {
    let z = sample(noise: noise).detached
    let weights = (values - baseline).detached
    return valueWithGradient(at: repeated(to: noise.shape)) {
      ($0.logProbability(of: z) * weights).sum()
    }.gradient
  }

  /// The same distribution for each row, so that each row has a gradient of its own.
  private func repeated(to shape: [Int]) -> DiagonalNormal {
    DiagonalNormal(
      mean: mean.broadcast(to: shape), logVariance: logVariance.broadcast(to: shape))
  }
}
