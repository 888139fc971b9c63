import Autodiff
import Notebook

/// Pictures of one size, to be moved, turned and drawn.
struct PictureSize {
  let rows: Int
  let columns: Int

  /// The pixels row by row, as the values of images are.
  var pixels: [(row: Int, column: Int)] {
    (0..<rows).flatMap { row in (0..<columns).map { (row, $0) } }
  }

  // cell: resample
  /// Pictures looked up elsewhere: a pixel becomes what was at `place`, weighted between the four
  /// nearest pixels by their distance, with black outside the picture.
  func resampled(
    _ x: Tensor<Float>,
    at place: (_ row: Double, _ column: Double) -> (row: Double, column: Double)
  ) -> Tensor<Float> {
    let places = pixels.map { place(Double($0.row), Double($0.column)) }
    let pixelRows = x.transposed()  // a row for each pixel, so that pixels can be picked
    var result = Tensor<Float>(zeros: pixelRows.shape)
    for (down, right) in [(0.0, 0.0), (0, 1), (1, 0), (1, 1)] {
      let corners = places.map {
        ($0.row.rounded(.down) + down, $0.column.rounded(.down) + right)
      }
      let weights = zip(places, corners).map { place, corner in
        contains(corner)
          ? Float((1 - abs(place.row - corner.0)) * (1 - abs(place.column - corner.1))) : 0
      }
      let picked = corners.map { contains($0) ? Int($0.0) * columns + Int($0.1) : 0 }
      result = result + pixelRows.rows(picked) * Tensor(weights, shape: [weights.count, 1])
    }
    return result.transposed()
  }
  // end

  private func contains(_ place: (Double, Double)) -> Bool {
    place.0 >= 0 && place.0 < Double(rows) && place.1 >= 0 && place.1 < Double(columns)
  }

  /// Pictures moved to the right by some pixels.
  func moved(_ x: Tensor<Float>, by distance: Int) -> Tensor<Float> {
    resampled(x) { row, column in (row, column - Double(distance)) }
  }

  /// Pictures turned about their centre, clockwise by an angle in degrees.
  func turned(_ x: Tensor<Float>, by degrees: Int) -> Tensor<Float> {
    let angle = Double(degrees) * .pi / 180
    let (cos, sin) = (Double.cos(angle), Double.sin(angle))
    let center = (row: Double(rows - 1) / 2, column: Double(columns - 1) / 2)
    return resampled(x) { row, column in
      let (down, right) = (row - center.row, column - center.column)
      return (center.row + cos * down - sin * right, center.column + sin * down + cos * right)
    }
  }

  // cell: strokes
  /// A picture of straight lines, drawn with a round pen: white within its radius, grey at the edge.
  func drawing(_ character: Character) -> [Float] {
    let pen = 1.3 * Double(min(rows, columns)) / 28
    let lines = Self.lines[character]!.map { line in line.scaled(toFit: self) }
    return pixels.map { row, column in
      let distance = lines.map { $0.distance(toRow: Double(row), column: Double(column)) }.min()!
      return Float(min(1, max(0, pen + 0.5 - distance)))
    }
  }
  // end

  /// The lines of some characters, in a square with the corners (0, 0), top left, and (1, 1).
  private static let lines: [Character: [Line]] = [
    "A": [Line(0, 1, 0.5, 0), Line(0.5, 0, 1, 1), Line(0.2, 0.65, 0.8, 0.65)],
    "E": [Line(0, 0, 0, 1), Line(0, 0, 1, 0), Line(0, 0.5, 0.8, 0.5), Line(0, 1, 1, 1)],
    "H": [Line(0, 0, 0, 1), Line(1, 0, 1, 1), Line(0, 0.5, 1, 0.5)],
    "K": [Line(0, 0, 0, 1), Line(1, 0, 0, 0.6), Line(0.3, 0.42, 1, 1)],
    "X": [Line(0, 0, 1, 1), Line(1, 0, 0, 1)],
    "1": [Line(0.5, 0, 0.5, 1)],
    "4": [Line(0.6, 0, 0, 0.65), Line(0, 0.65, 1, 0.65), Line(0.6, 0, 0.6, 1)],
    "7": [Line(0, 0, 1, 0), Line(1, 0, 0.35, 1)],
  ]

  /// Shows how pictures are moved and drawn.
  static func showCode(on page: Page) {
    page.code("resample")
    page.code("strokes")
  }
}

/// A straight line between two points.
private struct Line {
  let (x0, y0, x1, y1): (Double, Double, Double, Double)

  init(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) {
    (self.x0, self.y0, self.x1, self.y1) = (x0, y0, x1, y1)
  }

  /// From the unit square to the middle of a picture: half as wide, and five sevenths as high, as the
  /// digits of MNIST are high.
  func scaled(toFit size: PictureSize) -> Line {
    func x(_ x: Double) -> Double { Double(size.columns) * (0.25 + 0.5 * x) - 0.5 }
    func y(_ y: Double) -> Double { Double(size.rows) * (1 + 5 * y) / 7 - 0.5 }
    return Line(x(x0), y(y0), x(x1), y(y1))
  }

  /// The distance of a pixel's centre.
  func distance(toRow row: Double, column: Double) -> Double {
    let (dx, dy) = (x1 - x0, y1 - y0)
    let t = ((column - x0) * dx + (row - y0) * dy) / (dx * dx + dy * dy)
    let nearest = min(1, max(0, t))
    let (x, y) = (x0 + nearest * dx - column, y0 + nearest * dy - row)
    return (x * x + y * y).squareRoot()
  }
}
