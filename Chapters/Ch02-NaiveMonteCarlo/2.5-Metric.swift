import Autodiff
import Claims
import Datasets
import Notebook
import Probability

/// 2.5 The metric: which images squared distances of pixels take for alike.
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

  /// The squared distance from a digit to the nearest of the first n others, the mean over 500 digits.
  struct Nearest {
    let n: Int
    let squaredDistance: Double
  }

  let pictures: [Picture]
  /// The σ for which the digit with two rows missing costs 10 nats.
  let sigma: Double
  let nearest: [Nearest]
  /// The logarithm of how many digits it would take for the nearest to be as near as the broken one.
  let logCount: Double

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
    let names = ["X", "two rows missing", "half a pixel off", "a pixel off", "nearest of 4,500"]
    pictures = names.indices.map {
      Picture(name: names[$0], image: images[$0], squaredDistance: squares[$0], nats: nats[$0])
    }
    sigma = variance.squareRoot()

    let counts = [1, 3, 10, 30, 100, 300, 1000, 3000, 4500]
    // cell: nearest
    let distances = Self.squaredDistances(test, train)
    let means = counts.map { n in
      let smallest = -(-distances.slice(axis: 1, 0..<n)).maximum(axis: 1)
      return Double(smallest.mean().scalar)  // of the nearest of n, on average over X
    }
    // The straight line through the points at n = 300 and 3000, continued to the broken digit.
    let slope = (Double.log(means[7]) - .log(means[5])) / .log(10)
    logCount = .log(3000) + (.log(squares[1]) - .log(means[7])) / slope
    // end
    nearest = zip(counts, means).map { Nearest(n: $0, squaredDistance: $1) }
  }

  /// X without two rows through its middle, and X moved down and right by half a pixel and by one.
  static func changed(_ image: Tensor<Float>) -> [Tensor<Float>] {
    /// A pixel of X; 0 outside.
    func x(_ row: Int, _ column: Int) -> Float {
      row >= 0 && column >= 0 ? image[0, 28 * row + column] : 0
    }
    func picture(_ pixel: (_ i: Int, _ j: Int) -> Float) -> Tensor<Float> {
      Tensor((0..<784).map { pixel($0 / 28, $0 % 28) }, shape: [1, 784])
    }
    // cell: pictures
    let broken = picture { i, j in i == 13 || i == 14 ? 0 : x(i, j) }
    let halfShifted = picture { i, j in
      (x(i, j) + x(i - 1, j) + x(i, j - 1) + x(i - 1, j - 1)) / 4
    }
    let shifted = picture { i, j in x(i - 1, j - 1) }
    // end
    return [broken, halfShifted, shifted]
  }

  // cell: distances
  /// ‖X − f‖² = ‖X‖² + ‖f‖² − 2 X·f, for each row X of one matrix and each row f of another.
  static func squaredDistances(_ x: Tensor<Float>, _ f: Tensor<Float>) -> Tensor<Float> {
    x.squared.sum(axis: 1, keepingAxis: true) + f.squared.sum(axis: 1)
      - 2 * matmul(x, f.transposed())
  }
  // end

  func show(on page: Page) {
    let (broken, halfShifted, other) = (pictures[1], pictures[2], pictures[4])
    page.lead(
      """
      A Gaussian output measures likeness by the squared distance of the pixels. Look at which of \
      these images it takes for X.
      """)
    page.code("pictures")
    page.code("nats")
    page.images(
      [
        ImageGrid.Row(pictures.map { GrayImage(width: 28, height: 28, pixels: $0.image.scalars) })
      ],
      caption: """
        From left to right: the digit X; X with two rows missing; X moved down and right by half a \
        pixel; X moved by a whole pixel; the nearest to X of 4,500 other digits.
        """)
    page.table(
      [.left("image f"), .right("‖X − f‖²"), .right("‖X − f‖²/2σ², nats")],
      rows: pictures.map {
        [
          $0.name, formatted($0.squaredDistance, decimals: 2), formatted($0.nats, decimals: 1),
        ]
      },
      caption: """
        σ = \(formatted(sigma, digits: 3)), so small that the two missing rows cost 10 nats.
        """)
    page.check(
      "The broken digit is nearer than the same digit half a pixel off.",
      .atMost(
        Quantity("‖X − f‖² of the broken digit", broken.squaredDistance),
        Quantity("that of the digit half a pixel off", halfShifted.squaredDistance)))

    page.lead(
      "How many digits must a perfect model draw before one is as near to X as the broken one?")
    page.code("distances")
    page.code("nearest")
    showNearest(on: page)
    page.check(
      "Not one of 4,500 real digits is as near to X as the broken one.",
      .atMost(
        Quantity("‖X − f‖² of the broken digit", broken.squaredDistance),
        Quantity("that of the nearest real one", other.squaredDistance)))
  }

  private func showNearest(on page: Page) {
    let broken = pictures[1].squaredDistance
    page.figure(
      "The nearest of n digits",
      description: """
        The squared distance from a digit to the nearest of n others, the mean over 500 digits: real \
        ones, as a perfect model would draw them. It falls, but slowly.
        """,
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("‖X − nearest‖²", scale: .logarithmic),
        layers: [
          .line(
            .init(
              "nearest of n", meaning: .prior, x: nearest.map { Double($0.n) },
              y: nearest.map(\.squaredDistance))),
          .line(
            .init("the broken digit", meaning: .series(5), x: [1, 4500], y: [broken, broken])),
        ]))
    page.prose(
      """
      If the curve goes on as straight as it ends, it takes \
      \(formatted(exponentialOf: logCount, digits: 2)) digits from a perfect model before one comes \
      as near to an average digit as the broken one is to X.
      """)
  }
}
