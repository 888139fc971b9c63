import Autodiff

// Estimates of the gradient of an expectation, one for each draw: their mean is the estimate to use,
// and their spread says how much a single one is worth. Each draw has a copy of the parameters to
// itself, so that one pass over the tape gives all the gradients.

/// The mean over draws of the derivative with respect to each parameter, with its standard error.
///
/// The model's parameters are single numbers. `loss` is called once with `count` copies of each, as
/// vectors, and returns one value a draw, [count]; its noise is its own.
public func derivativeEstimates<Model: Parameterized<Double>>(
  at model: Model, count: Int, of loss: (Model) -> Tensor<Double>
) -> [MonteCarloEstimate] {
  let copies = model.replacingParameters { _, parameter in parameter.broadcast(to: [count]) }
  return valueWithGradient(at: copies) { loss($0).sum() }.gradient.parameters
    .map { MonteCarloEstimate($0.scalars) }
}

extension DiagonalNormal {
  /// The derivatives of h(μ + σε) with respect to μ and log σ², a row for each row of standard normal
  /// noise ε, [n, d].
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

  /// w ∇log Q(z), a row for each row of z = μ + σε, which counts as given. Unbiased where the weights
  /// w, [n], are h(z) − b and the baseline b does not depend on the row's own ε.
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
