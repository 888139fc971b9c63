import Autodiff
import Probability
import Testing

/// A matrix, element by element.
private func matrix(
  _ rows: Int, _ columns: Int, _ element: (Int, Int) -> Double
) -> Tensor<Double> {
  Tensor(
    (0..<rows * columns).map { element($0 / columns, $0 % columns) }, shape: [rows, columns])
}

private func distance(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Double {
  x.shape == y.shape ? (x - y).scalars.map(abs).max() ?? 0 : .infinity
}

// Each element is a few operations on numbers up to about 8, so a right one is within 16 roundings.
private let tolerance = 16 * 8.0.ulp

@Suite struct JacobianTests {
  @Test("g(z) = z/10 + z/‖z‖ has the Jacobian I/10 + (I − zzᵀ/‖z‖²)/‖z‖")
  func ring() {
    for point in [[0.3, -1.2], [2, 0], [-0.5, 0.25], [1, 2, -2], [0, 0, 0.125]] {
      let norm = point.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let expected = matrix(point.count, point.count) { i, j in
        (i == j ? 0.1 : 0) + ((i == j ? 1 : 0) - point[i] * point[j] / (norm * norm)) / norm
      }
      let found = jacobian(of: { z in z / 10 + z / sqrt(z.squared.sum()) }, at: Tensor(point))
      #expect(distance(found, expected) <= tolerance)
    }
  }

  @Test("The Jacobian of a function of each element is diagonal")
  func diagonals() {
    let x = Tensor([0.5, -1, 2, 0.25], shape: [2, 2])
    let exponential = matrix(4, 4) { $0 == $1 ? .exp(x.scalars[$0]) : 0 }
    #expect(jacobian(of: { exp($0) }, at: x) == exponential)
    let square = matrix(4, 4) { $0 == $1 ? 2 * x.scalars[$0] : 0 }
    #expect(jacobian(of: { $0 * $0 }, at: x) == square)
  }

  @Test("The Jacobian of the softmax is diag(p) − ppᵀ")
  func softmax() {
    let x = Tensor([0.5, -1, 2, 0.25])
    let weights = x.scalars.map(Double.exp)
    let p = weights.map { $0 / weights.reduce(0, +) }
    let expected = matrix(4, 4) { i, j in (i == j ? p[i] : 0) - p[i] * p[j] }
    let found = jacobian(of: { x in exp(x - x.logSumExp(axis: 0)) }, at: x)
    #expect(distance(found, expected) <= tolerance)
  }

  @Test("∂(XA)ᵢⱼ/∂Xₖₗ = [i = k] Aₗⱼ, ∂(AX)ᵢⱼ/∂Xₖₗ = Aᵢₖ [j = l], ∂(XX) is both")
  func products() {
    let x = matrix(3, 3) { Double(3 * $0 - $1) / 4 }
    let a = matrix(3, 3) { Double($0 + 2 * $1) / 8 - 0.5 }
    func right(_ a: Tensor<Double>) -> Tensor<Double> {
      matrix(9, 9) { row, column in row / 3 == column / 3 ? a[column % 3, row % 3] : 0 }
    }
    func left(_ a: Tensor<Double>) -> Tensor<Double> {
      matrix(9, 9) { row, column in row % 3 == column % 3 ? a[row / 3, column / 3] : 0 }
    }
    // Small multiples of powers of two: nothing is rounded.
    #expect(jacobian(of: { matmul($0, a) }, at: x) == right(a))
    #expect(jacobian(of: { matmul(a, $0) }, at: x) == left(a))
    #expect(jacobian(of: { matmul($0, $0) }, at: x) == right(x) + left(x))
    #expect(
      jacobian(of: { $0.transposed() }, at: x)
        == matrix(9, 9) { row, column in
          row / 3 == column % 3 && row % 3 == column / 3 ? 1 : 0
        })
  }

  @Test("A Jacobian is read in row-major order and need not be square")
  func rowMajorOrder() {
    let x = Tensor([1.0, 2, 3, 4, 5, 6], shape: [2, 3])
    let sums = Tensor([1.0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1], shape: [2, 6])
    #expect(jacobian(of: { $0.sum(axis: 1) }, at: x) == sums)
    #expect(jacobian(of: { $0.sum() }, at: x) == Tensor(repeating: 1, shape: [1, 6]))
    let halves = jacobian(
      of: { $0.slice(axis: 1, 1..<2) * 0.5 }, at: Tensor<Float>([1, 2], shape: [1, 2]))
    #expect(halves == Tensor([0, 0.5], shape: [1, 2]))
    #expect(jacobian(of: { _ in Tensor([1, 2]) }, at: x) == Tensor(zeros: [2, 6]))
    #expect(jacobian(of: { $0.slice(axis: 0, 0..<0) }, at: x) == Tensor(zeros: [0, 6]))
  }
}
