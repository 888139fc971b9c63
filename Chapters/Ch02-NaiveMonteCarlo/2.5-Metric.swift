import Autodiff
import Claims
import Datasets
import Notebook
import Probability

/// 2.5 The metric: which images are alike by the squared distance of their pixels.
struct Metric: SectionContent {
  /// An image f to compare with X.
  struct Picture {
    let name: String
    /// Of shape [1, 784].
    let image: Tensor<Float>
    /// ‖X − f‖².
    let squaredDistance: Double
    /// ‖X − f‖²/2σ².
    let nats: Double
  }

  /// The squared distance from a test digit to the nearest of n training digits, averaged over 500 test
  /// digits.
  struct Nearest {
    let n: Int
    let squaredDistance: Double
  }

  /// A straight line through two points of the curve of nearest distances, on logarithmic axes.
  struct Extrapolation {
    /// The counts at its two points.
    let from, to: Int
    /// By which power of n the squared distance falls.
    let slope: Double
    /// The logarithm of the count at which it reaches the broken digit.
    let logCount: Double
  }

  /// X, and what is compared with it, in the order of ``names``.
  let pictures: [Picture]
  static let names = [
    "X", "two rows missing", "half a pixel off", "blurred as much, in place",
    "half a pixel off, sharp", "a whole pixel off", "nearest of 4,500",
  ]
  /// The σ for which the digit with two rows missing costs 10 nats.
  let sigma: Double
  let nearest: [Nearest]
  let extrapolations: [Extrapolation]

  init(_ digits: Digits) {
    let (train, test, x) = (digits.train.values, digits.test.values, digits.x)
    let toTrain = Self.squaredDistances(x, train).scalars
    let other = digits.train[[toTrain.firstIndex(of: toTrain.min()!)!]]
    let images = [x] + Self.changed(x) + [other]
    // cell: nats
    let squares = images.map { f in Double((f - x).squared.sum().scalar) }  // ‖X − f‖²
    let variance = squares[1] / 20  // σ², so that two missing rows cost 10 nats
    let nats = squares.map { $0 / (2 * variance) }  // ‖X − f‖²/2σ²
    // end
    pictures = images.indices.map {
      Picture(
        name: Self.names[$0], image: images[$0], squaredDistance: squares[$0], nats: nats[$0])
    }
    sigma = variance.squareRoot()

    let counts = [1, 3, 10, 30, 100, 300, 1000, 3000, 4500]
    // cell: nearest
    let distances = Self.squaredDistances(test, train)
    let means = counts.map { n in
      let smallest = -(-distances.slice(axis: 1, 0..<n)).maximum(axis: 1)
      return Double(smallest.mean().scalar)  // of the nearest of n, on average over X
    }
    // end
    extrapolations = [(3, 5), (5, 7)].map { first, second in
      // cell: extrapolate
      // The straight line through two points, on logarithmic axes, continued to the broken digit.
      let slope =
        Double.log(means[second] / means[first])
        / .log(Double(counts[second]) / Double(counts[first]))
      let logCount = .log(Double(counts[second])) + Double.log(squares[1] / means[second]) / slope
      // end
      return Extrapolation(
        from: counts[first], to: counts[second], slope: slope, logCount: logCount)
    }
    nearest = zip(counts, means).map { Nearest(n: $0, squaredDistance: $1) }
  }

  /// X without two rows through its middle, moved down and right by half a pixel, blurred as much but
  /// not moved, moved but not blurred, and moved by a whole pixel.
  static func changed(_ image: Tensor<Float>) -> [Tensor<Float>] {
    /// A pixel of X; 0 outside.
    func x(_ row: Int, _ column: Int) -> Float {
      row >= 0 && column >= 0 ? image[0, 28 * row + column] : 0
    }
    func picture(_ pixel: (_ i: Int, _ j: Int) -> Float) -> Tensor<Float> {
      Tensor((0..<784).map { pixel($0 / 28, $0 % 28) }, shape: [28, 28])
    }
    // cell: pictures
    let broken = picture { i, j in i == 13 || i == 14 ? 0 : x(i, j) }
    // Half a pixel down and right: each pixel is the mean of four, which also blurs.
    let halfShifted = picture { i, j in
      (x(i, j) + x(i - 1, j) + x(i, j - 1) + x(i - 1, j - 1)) / 4
    }
    let shifted = picture { i, j in x(i - 1, j - 1) }
    // end

    // cell: separated
    // S moves a column of pixels by half a pixel and does not blur it: its weights are
    // sin(πt)/(πt) at t = i − j − ½, where the sine is 1 or −1.
    let S = picture { i, j in ((i - j) % 2 == 0 ? -1 : 1) / (.pi * (Float(i - j) - 0.5)) }
    let sharp = matmul(matmul(S, picture(x)), S.transposed())
    // Moved back by S, the half-shifted copy is in its place again, and still blurred.
    let blurred = matmul(matmul(S.transposed(), halfShifted), S)
    // end
    return [broken, halfShifted, blurred, sharp, shifted].map { $0.reshaped([1, 784]) }
  }

  // cell: distances
  /// ‖X − f‖² = ‖X‖² + ‖f‖² − 2 X·f, for each row X of one matrix and each row f of another.
  static func squaredDistances(_ x: Tensor<Float>, _ f: Tensor<Float>) -> Tensor<Float> {
    x.squared.sum(axis: 1, keepingAxis: true) + f.squared.sum(axis: 1)
      - 2 * matmul(x, f.transposed())
  }
  // end

  /// ‖X − f‖² of a picture by its place in ``names``, named for a check.
  private func distance(_ index: Int, _ name: String) -> Quantity {
    Quantity(name, pictures[index].squaredDistance)
  }

  func show(on page: Page) {
    page.lead(
      """
      A Gaussian output compares two images by the squared distance of their pixels. Look at which \
      of these images it puts nearest to X.
      """)
    page.code("pictures")
    page.code("separated")
    page.code("nats")
    showPictures(on: page)

    page.lead(
      """
      How many real digits must a perfect model draw before one is as near to X as the broken copy?
      """)
    page.code("distances")
    page.code("nearest")
    page.code("extrapolate")
    showNearest(on: page)
  }

  private func showPictures(on page: Page) {
    page.images(
      [
        ImageGrid.Row(pictures.map { GrayImage(width: 28, height: 28, pixels: $0.image.scalars) })
      ],
      caption: """
        From left to right: the digit X; without two rows; moved down and right by half a pixel; \
        blurred as much, but in its place; moved by half a pixel without blur; moved by a whole \
        pixel; the nearest to X of 4,500 other digits.
        """)
    page.table(
      [.left("image f"), .right("‖X − f‖²"), .right("‖X − f‖²/2σ², nats")],
      rows: pictures.map {
        [
          $0.name, formatted($0.squaredDistance, decimals: 2), formatted($0.nats, decimals: 1),
        ]
      },
      caption: """
        σ = \(formatted(sigma, digits: 3)), which makes the two missing rows cost 10 nats.
        """)
    page.check(
      "The broken copy is nearer to X than the copy half a pixel off …",
      .atMost(
        distance(1, "‖X − f‖² of the broken copy"), distance(2, "that of the copy half a pixel off")
      ))
    page.check(
      "… and nearer than the copy half a pixel off without blur.",
      .atMost(distance(1, "‖X − f‖² of the broken copy"), distance(4, "that of the sharp copy")))
    page.check(
      "The blur alone costs less than half as much as the move by half a pixel, which also blurs.",
      .atMost(
        distance(3, "‖X − f‖² of the blurred copy"),
        Quantity("half of that of the copy half a pixel off", pictures[2].squaredDistance / 2)))
  }

  private func showNearest(on page: Page) {
    let broken = pictures[1].squaredDistance
    page.figure(
      "The nearest of n digits",
      description: """
        The squared distance from a test digit to the nearest of n training digits, averaged over 500 \
        test digits. These are real digits, such as a perfect model would draw.
        """,
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("‖X − nearest‖²", scale: .logarithmic),
        layers: [
          .line(
            .init(
              "nearest of n", meaning: .prior, x: nearest.map { Double($0.n) },
              y: nearest.map(\.squaredDistance))),
          .line(
            .init("the broken copy", meaning: .series(5), x: [1, 4500], y: [broken, broken])),
        ]))
    page.table(
      [
        .left("line through n ="), .right("slope"), .right("dimension"),
        .right("n at the broken copy"),
      ],
      rows: extrapolations.map {
        [
          "\(formatted($0.from)) and \(formatted($0.to))", formatted($0.slope, decimals: 3),
          formatted(-2 / $0.slope, decimals: 1), formatted(exponentialOf: $0.logCount, digits: 2),
        ]
      },
      caption: """
        The slope is that of the logarithm of the squared distance against log n; −2/slope is the \
        dimension of a surface on which the nearest of n points would approach at this rate.
        """)
    page.check(
      "Not one of 4,500 real digits is as near to X as the broken copy.",
      .atMost(
        distance(1, "‖X − f‖² of the broken copy"), distance(6, "that of the nearest real digit")))
  }
}
