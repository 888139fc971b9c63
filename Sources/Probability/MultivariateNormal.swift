import Autodiff

/// A normal distribution of d numbers with any covariance Σ = LLᵀ.
///
/// Log probabilities and divergences can be differentiated with respect to the mean, to L and to x.
public struct MultivariateNormal<Scalar: TensorScalar> {
  /// The mean, of shape [d].
  public var mean: Tensor<Scalar>
  /// The Cholesky factor L, of shape [d, d]: lower triangular with a positive diagonal. What stands
  /// above the diagonal is not looked at and counts as zero.
  public var choleskyFactor: Tensor<Scalar>

  /// The distribution with a mean of shape [d] and a Cholesky factor of shape [d, d].
  public init(mean: Tensor<Scalar>, choleskyFactor: Tensor<Scalar>) {
    guard mean.rank == 1, choleskyFactor.shape == [mean.count, mean.count] else {
      fatalError("MultivariateNormal: shapes \(mean.shape) and \(choleskyFactor.shape) do not fit")
    }
    self.mean = mean
    self.choleskyFactor = choleskyFactor * .lowerTriangle(mean.count)
  }

  /// The distribution with a mean of shape [d] and a covariance of shape [d, d], which is a constant
  /// to a derivative; throws `NotPositiveDefinite`.
  public init(mean: Tensor<Scalar>, covariance: Tensor<Scalar>) throws {
    self.init(mean: mean, choleskyFactor: try cholesky(covariance))
  }

  /// The same distribution as one with independent components, whose shapes are [d].
  public init(_ diagonal: DiagonalNormal<Scalar>) {
    self.init(
      mean: diagonal.mean,
      choleskyFactor: diagonal.standardDeviation * .identity(diagonal.mean.count))
  }

  /// Σ = LLᵀ, of shape [d, d].
  public var covariance: Tensor<Scalar> { matmul(choleskyFactor, choleskyFactor.transposed()) }

  /// μ + Lε for each row ε of standard normal noise, [n, d] → [n, d].
  public func sample(noise: Tensor<Scalar>) -> Tensor<Scalar> {
    mean + matmul(noise, choleskyFactor.transposed())
  }

  /// The log density at each row of x in nats, [n, d] → [n].
  public func logProbability(of x: Tensor<Scalar>) -> Tensor<Scalar> {
    let whitened = triangularSolve(choleskyFactor, (x - mean).transposed())
    let constant = Tensor(Scalar(mean.count) * Scalar(logTwoPi))
    return -0.5 * (whitened.squared.sum(axis: 0) + constant) - halfLogDeterminant
  }

  /// The expected −log density in nats, of shape [].
  public var entropy: Tensor<Scalar> {
    Tensor(Scalar(mean.count) * Scalar(0.5 * (1 + logTwoPi))) + halfLogDeterminant
  }

  /// D[self ‖ other] in nats, of shape []: with L and M the two Cholesky factors,
  /// ½ (‖M⁻¹L‖² + ‖M⁻¹(μ − μ′)‖² − d) + log |M| − log |L|, the norm being Frobenius's.
  public func klDivergence(to other: MultivariateNormal) -> Tensor<Scalar> {
    let shift = (mean - other.mean).reshaped([mean.count, 1])
    let whitened = triangularSolve(
      other.choleskyFactor, .concatenated([choleskyFactor, shift], axis: 1))
    return 0.5 * (whitened.squared.sum() - Tensor(Scalar(mean.count)))
      + (other.halfLogDeterminant - halfLogDeterminant)
  }

  /// log |L| = ½ log |Σ|, of shape [].
  private var halfLogDeterminant: Tensor<Scalar> {
    log((choleskyFactor * .identity(mean.count)).sum(axis: 1)).sum()
  }
}

/// A matrix that is no covariance, or only just.
public struct NotPositiveDefinite: Error, Equatable, CustomStringConvertible {
  /// The number of rows of the smallest leading block that is not positive definite.
  public var order: Int

  /// One sentence.
  public var description: String {
    "the matrix is not positive definite: its leading \(order) × \(order) block is not"
  }
}

/// The lower triangular L with LLᵀ equal to a symmetric matrix, of shape [d, d], of which only the
/// lower triangle is read. A constant to a derivative; throws `NotPositiveDefinite`.
///
/// Source: Golub and Van Loan, "Matrix Computations", section 4.2.3. Complexity: d³/3.
public func cholesky<Scalar>(_ matrix: Tensor<Scalar>) throws -> Tensor<Scalar> {
  let size = squareSize("cholesky", matrix)
  let matrix = matrix.converted(to: Double.self).scalars
  var factor = [Double](repeating: 0, count: size * size)
  for column in 0..<size {
    for row in column..<size {
      var rest = matrix[row * size + column]
      for k in 0..<column { rest -= factor[row * size + k] * factor[column * size + k] }
      if row == column {
        guard rest > 0 else { throw NotPositiveDefinite(order: column + 1) }
        factor[row * size + column] = rest.squareRoot()
      } else {
        factor[row * size + column] = rest / factor[column * size + column]
      }
    }
  }
  return Tensor<Double>(factor, shape: [size, size]).converted(to: Scalar.self)
}

/// L⁻¹B for a lower triangular L of shape [d, d] and B of shape [d, n], by substitution. What stands
/// above L's diagonal is not looked at.
///
/// Derivative: Giles, "An extended collection of matrix derivative results", 2008, section 2.3.1.
public func triangularSolve<Scalar>(
  _ factor: Tensor<Scalar>, _ right: Tensor<Scalar>
) -> Tensor<Scalar> {
  let size = squareSize("triangularSolve", factor)
  if right.rank != 2 || right.shape[0] != size {
    fatalError("triangularSolve: shapes \(factor.shape) and \(right.shape) do not fit")
  }
  let lower = factor.detached
  let solution = substituted(lower, right, transposing: false)
  return solution.recorded(
    "solve", from: factor,
    { g in
      let toRight = substituted(lower, g, transposing: true)
      return -matmul(toRight, solution.transposed()) * .lowerTriangle(size)
    }, right, { g in substituted(lower, g, transposing: true) })
}

/// L⁻¹B, from the first row on, or L⁻ᵀB, from the last; not recorded.
private func substituted<Scalar>(
  _ factor: Tensor<Scalar>, _ right: Tensor<Scalar>, transposing: Bool
) -> Tensor<Scalar> {
  let (size, columns) = (right.shape[0], right.shape[1])
  let factor = factor.converted(to: Double.self).scalars
  var x = right.converted(to: Double.self).scalars
  for step in 0..<size {
    let row = transposing ? size - 1 - step : step
    for done in transposing ? (row + 1)..<size : 0..<row {
      let weight = transposing ? factor[done * size + row] : factor[row * size + done]
      for column in 0..<columns { x[row * columns + column] -= weight * x[done * columns + column] }
    }
    for column in 0..<columns { x[row * columns + column] /= factor[row * size + row] }
  }
  return Tensor<Double>(x, shape: [size, columns]).converted(to: Scalar.self)
}

private func squareSize<Scalar>(_ name: String, _ matrix: Tensor<Scalar>) -> Int {
  guard matrix.rank == 2, matrix.shape[0] == matrix.shape[1] else {
    fatalError("\(name): shape \(matrix.shape) is not that of a square matrix")
  }
  return matrix.shape[0]
}

extension Tensor {
  /// The identity matrix, of shape [size, size].
  public static func identity(_ size: Int) -> Tensor { matrix(size) { $0 == $1 } }

  /// Ones on and below the diagonal, zeros above; of shape [size, size].
  public static func lowerTriangle(_ size: Int) -> Tensor { matrix(size) { $0 >= $1 } }

  private static func matrix(_ size: Int, _ isOne: (Int, Int) -> Bool) -> Tensor {
    Tensor((0..<size * size).map { isOne($0 / size, $0 % size) ? 1 : 0 }, shape: [size, size])
  }
}
