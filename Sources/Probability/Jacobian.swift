import Autodiff

/// The matrix of partial derivatives of a small function at `x`: element (i, j) is
/// ∂f(x)ᵢ / ∂xⱼ, with both tensors read in row-major order. It costs one gradient for each output.
public func jacobian<Scalar>(
  of function: (Tensor<Scalar>) -> Tensor<Scalar>, at x: Tensor<Scalar>
) -> Tensor<Scalar> {
  let outputs = function(x.detached).count
  if outputs == 0 { return Tensor(zeros: [0, x.count]) }
  let rows = (0..<outputs).map { i in
    valueWithGradient(at: x) { x in
      function(x).reshaped([outputs]).slice(axis: 0, i..<(i + 1))
    }.gradient.reshaped([1, x.count])
  }
  return Tensor.concatenated(rows)
}
