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

  /// w ∇log Q(z), one for each row of z = μ + σε, which counts as given: unbiased where the weights w,
  /// [n], are h(z) − b, and the baseline b does not depend on the row's own ε.
  ///
  /// Only values of h are needed, so that it need not be continuous. With weights of 1 the rows are
  /// the score function itself. Source: Williams, "Simple statistical gradient-following algorithms
  /// for connectionist reinforcement learning", 1992 (REINFORCE).
  public func scoreFunctionGradients(
    noise: Tensor<Scalar>, weights: Tensor<Scalar>
  ) -> DiagonalNormal {
    let z = sample(noise: noise).detached
    return valueWithGradient(at: repeated(to: noise.shape)) {
      (weights * $0.logProbability(of: z)).sum()
    }.gradient
  }

  /// The same distribution for each row, so that each row has a gradient of its own.
  private func repeated(to shape: [Int]) -> DiagonalNormal {
    DiagonalNormal(
      mean: mean.broadcast(to: shape), logVariance: logVariance.broadcast(to: shape))
  }
}
