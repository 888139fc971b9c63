import Autodiff

extension Tensor {
  /// log Σ exp along one axis, which is removed. The largest element is factored out first, so that
  /// nothing overflows and the sum is at least 1; a row of −∞ gives −∞, with the gradient 0.
  public func logSumExp(axis: Int) -> Tensor {
    let x = detached
    let largest = x.maximum(axis: axis, keepingAxis: true)
    let shift = Tensor(largest.scalars.map { $0.isFinite ? $0 : 0 }, shape: largest.shape)
    let terms = exp(x - shift)
    let sum = terms.sum(axis: axis, keepingAxis: true)
    var rest = shape
    rest.remove(at: axis < 0 ? axis + rank : axis)
    // A sum is at least 1, or 0 if all terms are 0. Then the gradient is 0 as well, not 0 / 0.
    return (log(sum) + shift).reshaped(rest).recorded(
      "log Σ exp",
      from: (self, { g in g.reshaped(sum.shape) * terms / (sum + .leastNormalMagnitude) }))
  }
}

/// log Σᵢ exp(xᵢ), without overflow; −∞ if there are no values.
public func logSumExp(_ values: [Double]) -> Double {
  values.isEmpty ? -.infinity : Tensor(values).logSumExp(axis: 0).scalar
}

/// log of the mean of exp(xᵢ), without overflow; NaN if there are no values.
public func logMeanExp(_ values: [Double]) -> Double {
  values.isEmpty ? .nan : logSumExp(values) - .log(Double(values.count))
}
