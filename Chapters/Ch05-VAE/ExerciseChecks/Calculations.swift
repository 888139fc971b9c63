import Calculations

/// log P(X|z) of each image, one number for each row, in the ways in which students write it.
enum LogLikelihoodCalculation: CaseIterable {
  case softplus, stable, probabilities

  func callAsFunction(of x: Calculation, logits: Calculation) -> Calculation {
    sum(pixels(x, logits), axis: 1, over: "pixels")
  }

  private func pixels(_ x: Calculation, _ logits: Calculation) -> Calculation {
    switch self {
    case .softplus: return x * logits - Calculations.softplus(logits)
    case .stable: return x * logits - (positivePart(logits) + log(1 + exp(-abs(logits))))
    case .probabilities:
      let p = sigmoid(logits).named("p")
      return x * log(p) + (1 - x) * log(1 - p)
    }
  }
}

/// D[Q(z|X) ‖ P(z)] of each image, one number for each row.
func divergenceCalculation(mean: Calculation, logVariance: Calculation) -> Calculation {
  0.5
    * sum(square(mean) + exp(logVariance) - 1 - logVariance, axis: 1, over: "latent variables")
}
