import Autodiff

/// A normal distribution of d numbers with any covariance Σ = LLᵀ.
///
/// Log probabilities and divergences can be differentiated with respect to the mean, to L and to x.
public struct MultivariateNormal<Scalar: TensorScalar> {
  /// The mean, of shape [d].
  public var mean: Tensor<Scalar>
  /// The Cholesky factor L, of shape [d, d]: lower triangular with a positive diagonal. Entries
  /// above the diagonal are ignored and count as zero.
  public var choleskyFactor: Tensor<Scalar>

  /// The distribution with a mean of shape [d] and a Cholesky factor of shape [d, d].
  public init(mean: Tensor<Scalar>, choleskyFactor: Tensor<Scalar>) {
    guard mean.rank == 1, choleskyFactor.shape == [mean.count, mean.count] else {
      fatalError("MultivariateNormal: shapes \(mean.shape) and \(choleskyFactor.shape) do not fit")
    }
    self.mean = mean
    self.choleskyFactor = choleskyFactor * .lowerTriangle(mean.count)
  }

  /// The distribution with a mean of shape [d] and a covariance of shape [d, d], which
  /// differentiation treats as a constant; throws `NotPositiveDefinite`.
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
    let whitened = matmul(x - mean, triangularInverse(choleskyFactor).transposed())
    let constant = Scalar(mean.count) * Scalar(logTwoPi)
    return -0.5 * (whitened.squared.sum(axis: 1) + constant) - halfLogDeterminant
  }

  /// The expected −log density in nats, of shape [].
  public var entropy: Tensor<Scalar> {
    Scalar(mean.count) * Scalar(0.5 * (1 + logTwoPi)) + halfLogDeterminant
  }

  /// D[self ‖ other] in nats, of shape []. With L and M the two Cholesky factors, it is
  /// ½ (‖M⁻¹L‖² + ‖M⁻¹(μ − μ′)‖² − d) + log |M| − log |L|, in which the norm of a matrix is
  /// Frobenius's.
  public func klDivergence(to other: MultivariateNormal) -> Tensor<Scalar> {
    let shift = (mean - other.mean).reshaped([mean.count, 1])
    let whitened = matmul(
      triangularInverse(other.choleskyFactor), .concatenated([choleskyFactor, shift], axis: 1))
    return 0.5 * (whitened.squared.sum() - Scalar(mean.count))
      + (other.halfLogDeterminant - halfLogDeterminant)
  }

  /// log |L| = ½ log |Σ|, of shape [].
  private var halfLogDeterminant: Tensor<Scalar> {
    log((choleskyFactor * .identity(mean.count)).sum(axis: 1)).sum()
  }
}

/// A matrix that is not positive definite, or too close to one that is not.
public struct NotPositiveDefinite: Error, Equatable, CustomStringConvertible {
  /// The number of rows of the smallest leading block that is not positive definite.
  public var order: Int

  /// One sentence.
  public var description: String {
    "the matrix is not positive definite: its leading \(order) × \(order) block is not"
  }
}

/// The lower triangular L with LLᵀ equal to a symmetric matrix, of shape [d, d], of which only the
/// lower triangle is read. Differentiation treats it as a constant. Throws `NotPositiveDefinite`.
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

/// The inverse of a lower triangular matrix L of shape [d, d], by substitution. Entries above L's
/// diagonal are ignored. Complexity: d³.
///
/// Derivative: Giles, "An extended collection of matrix derivative results", 2008, section 2.2.3.
public func triangularInverse<Scalar>(_ factor: Tensor<Scalar>) -> Tensor<Scalar> {
  let size = squareSize("triangularInverse", factor)
  let lower = factor.detached.converted(to: Double.self).scalars
  var inverse = Tensor<Double>.identity(size).scalars
  for row in 0..<size {
    for column in 0...row {
      for k in column..<row {
        inverse[row * size + column] -= lower[row * size + k] * inverse[k * size + column]
      }
      inverse[row * size + column] /= lower[row * size + row]
    }
  }
  let y = Tensor<Double>(inverse, shape: [size, size]).converted(to: Scalar.self)
  func pullback(_ g: Tensor<Scalar>) -> Tensor<Scalar> {
    -matmul(y.transposed(), matmul(g, y.transposed())) * .lowerTriangle(size)
  }
  return y.recorded("triangular inverse", from: (factor, pullback))
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
