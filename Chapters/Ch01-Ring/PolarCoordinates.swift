import Autodiff

/// Points in the plane, given by their distances from the origin and their angles.
struct PolarCoordinates: Equatable, Sendable {
  /// The distances from the origin.
  let radii: [Double]
  /// The angles in radians, from −π to π, counterclockwise from the first axis; 0 at the origin.
  /// Their errors are below 4 · 10⁻¹⁶ · π.
  let angles: [Double]

  /// The coordinates of the rows of a matrix of shape [n, 2].
  init(_ points: Tensor<Double>) {
    guard points.rank == 2, points.shape[1] == 2 else {
      fatalError("PolarCoordinates: shape \(points.shape) is not that of points in the plane")
    }
    let scalars = points.scalars
    let rows = stride(from: 0, to: scalars.count, by: 2)
    radii = rows.map { row in
      let (x, y) = (scalars[row], scalars[row + 1])
      return (x * x + y * y).squareRoot()
    }
    angles = rows.map { row in angle(scalars[row], scalars[row + 1]) }
  }
}

/// The angle of (x, y). The system's `atan2` does not give the same bits everywhere.
private func angle(_ x: Double, _ y: Double) -> Double {
  let (small, large) = (min(abs(x), abs(y)), max(abs(x), abs(y)))
  if large == 0 { return 0 }
  // In the first half of the first quadrant a parabola is right to 0.004, …
  let ratio = small / large
  let guess = ratio * (.pi / 4 + 0.273 * (1 - ratio))
  // … and the tangent t of what is missing gives the rest, t − t³/3 + t⁵/5, to t⁷/7 < 3 · 10⁻¹⁸.
  let (cosine, sine) = (Double.cos(guess), Double.sin(guess))
  let t = (ratio * cosine - sine) / (cosine + ratio * sine)
  var result = guess + t * (1 - t * t * (1 / 3 - t * t / 5))
  if abs(y) > abs(x) { result = .pi / 2 - result }
  if x < 0 { result = .pi - result }
  return y < 0 ? -result : result
}
