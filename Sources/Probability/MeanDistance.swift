import Autodiff
import Kernels

// Mean distances between points, which can be differentiated with respect to the points. The energy
// distance between two samples consists of them. Two points in the same place have no direction
// between them, so they contribute nothing to the gradient.

/// The mean distance between two different points of a sample, E‖X − X′‖, of shape []. The rows of
/// x, [n, d], are the points, two or more. Complexity: n² · d.
public func meanDistance<Scalar>(within x: Tensor<Scalar>) -> Tensor<Scalar> {
  guard x.rank == 2, x.shape[0] > 1 else {
    fatalError("meanDistance: a sample of shape \(x.shape)")
  }
  let points = Points(x)
  let pairs = Double(points.count * (points.count - 1) / 2)
  return Tensor(Scalar(points.sumOfDistances() / pairs)).recorded(
    "mean distance", from: (x, { g in points.directions(from: points, over: pairs) * g }))
}

/// The mean distance between a point of x and a point of y, E‖X − Y‖, of shape []. The rows of x,
/// [n, d], and of y, [m, d], are the points. Complexity: n · m · d.
public func meanDistance<Scalar>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  guard x.rank == 2, y.rank == 2, x.shape[1] == y.shape[1], x.shape[0] > 0, y.shape[0] > 0 else {
    fatalError("meanDistance: samples of shapes \(x.shape) and \(y.shape)")
  }
  let (a, b) = (Points(x), Points(y))
  let pairs = Double(a.count * b.count)
  return Tensor(Scalar(a.sumOfDistances(to: b) / pairs)).recorded(
    "mean distance", from: (x, { g in a.directions(from: b, over: pairs) * g }),
    (y, { g in b.directions(from: a, over: pairs) * g }))
}

/// The rows of a matrix, in doubles.
private struct Points {
  let count: Int
  let size: Int
  let scalars: [Double]

  init<Scalar>(_ x: Tensor<Scalar>) {
    (count, size) = (x.shape[0], x.shape[1])
    scalars = x.scalars.map(Double.init)
  }

  /// The sum of the distances of all pairs of points.
  func sumOfDistances() -> Double {
    var total = 0.0
    for i in 0..<count { total += sumOfDistances(from: i, to: self, below: i) }
    return total
  }

  /// The sum of the distances of all these points to all others.
  func sumOfDistances(to others: Points) -> Double {
    var total = 0.0
    for i in 0..<count { total += sumOfDistances(from: i, to: others, below: others.count) }
    return total
  }

  @inline(__always)
  private func sumOfDistances(from i: Int, to others: Points, below end: Int) -> Double {
    var sum = 0.0
    for j in 0..<end { sum += distance(i, others, j) }
    return sum
  }

  /// The derivative of Σᵢⱼ ‖xᵢ − yⱼ‖ / `divisor` with respect to the xᵢ: sums of unit vectors.
  func directions<Scalar>(from others: Points, over divisor: Double) -> Tensor<Scalar> {
    var sums = [Double](repeating: 0, count: scalars.count)
    for i in 0..<count {
      for j in 0..<others.count {
        let distance = distance(i, others, j)
        let scale = distance > 0 ? 1 / distance : 0
        for k in 0..<size {
          sums[i * size + k] += (scalars[i * size + k] - others.scalars[j * size + k]) * scale
        }
      }
    }
    return Tensor(sums.map { Scalar($0 / divisor) }, shape: [count, size])
  }

  @inline(__always)
  private func distance(_ i: Int, _ others: Points, _ j: Int) -> Double {
    var square = 0.0
    for k in 0..<size {
      let difference = scalars[i * size + k] - others.scalars[j * size + k]
      square += difference * difference
    }
    return square.squareRoot()
  }
}
