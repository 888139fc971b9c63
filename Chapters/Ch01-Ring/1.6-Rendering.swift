import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability

/// The last layer of f: from the place x of a spot to log fₖ for each pixel.
struct Renderer {
  /// The number of pixels in a row.
  static let size = 16
  /// s, the width of a spot.
  static let spread = 0.25
  /// The distance between neighbouring pixels.
  static let spacing = 0.225
  /// How much ink makes the middle of a spot white: the volume under it, in pixels.
  static let ink = 2 * .pi * spread * spread / (spacing * spacing)

  /// The places pₖ of the pixels, row by row from the top left, of shape [pixels, 2].
  let places: Tensor<Double>

  init() {
    let line = (0..<Self.size).map { (Double($0) - Double(Self.size - 1) / 2) * Self.spacing }
    places = Tensor(
      line.reversed().flatMap { y in line.flatMap { x in [x, y] } },
      shape: [Self.size * Self.size, 2])
  }

  // cell: decoder
  /// log fₖ, [n, 2] → [n, pixels]: a layer with the weights pₖ/s² and biases
  /// −‖pₖ‖²/2s², then a softmax. A matrix in front becomes part of the weights.
  func callAsFunction(
    _ x: Tensor<Double>, after matrix: Tensor<Double> = .identity(2)
  ) -> Tensor<Double> {
    let (p, s) = (places, Self.spread)
    let weights = matmul(matrix, p.transposed()) * (1 / (s * s))
    let a = matmul(x, weights) - 0.5 * p.squared.sum(axis: 1) * (1 / (s * s))
    return a - a.logSumExp(axis: 1).reshaped([x.shape[0], 1])  // log fₖ
  }
  // end

  // cell: encoder
  /// From log fₖ to x, [n, pixels] → [n, 2]: Σₖ pₖ log fₖ over Σₖ ‖pₖ‖²/2s².
  func encode(_ logarithms: Tensor<Double>) -> Tensor<Double> {
    let (p, s) = (places, Self.spread)
    return matmul(logarithms, p) * (2 * s * s) / p.squared.sum()
  }
  // end
}

/// 1.6 First layers make the latent values, later layers render them: the g that was learned, and a
/// last layer that draws a spot at g(z).
struct Rendering: SectionContent {
  /// f(z; θ) for z on a circle and for z on a line, and X for z on the circle; each [8, pixels].
  let around: Tensor<Double>
  let across: Tensor<Double>
  let noisy: Tensor<Double>
  /// The x that the encoder finds minus the x that the decoder was given, for 100 points z.
  let encodingErrors: [Double]
  /// The pictures made from other latent values minus those made from x.
  let pictureDifferences: [Double]

  init(_ g: MultilayerPerceptron<Double>, using generator: SeededGenerator) {
    var generator = generator
    let (renderer, size) = (Renderer(), g.layers[0].inputSize)
    let walk = { (place: (Double) -> [Double]) -> Tensor<Double> in
      let rows = (0..<8).flatMap { step in
        Array((place(Double(step)) + Array(repeating: 0, count: size)).prefix(size))
      }
      return exp(renderer(g(Tensor(rows, shape: [8, size])))) * Renderer.ink
    }
    around = walk { [1.2 * .cos(.pi * $0 / 4), 1.2 * .sin(.pi * $0 / 4)] }
    across = walk { [0.4 * ($0 - 3.5)] }
    noisy = around + 0.15 * .normal(around.shape, using: &generator)

    let x = g(Tensor<Double>.normal([100, size], using: &generator))
    encodingErrors = (renderer.encode(renderer(x)) - x).scalars
    pictureDifferences = Self.differences(renderer, x)
  }

  private static func differences(_ renderer: Renderer, _ x: Tensor<Double>) -> [Double] {
    // cell: latent
    let mix = Tensor<Double>([2, 1, 0, 1], shape: [2, 2])  // makes 2x₁, x₁ + x₂
    let undo = Tensor<Double>([0.5, -0.5, 0, 1], shape: [2, 2])
    let other = exp(renderer(matmul(x, mix), after: undo))
    let differences = other - exp(renderer(x))
    // end
    return differences.scalars
  }

  func show(on page: Page) {
    page.lead(
      """
      The g just learned turns z into a place x, and a last layer draws a spot there. z moves in \
      equal steps. Does the spot do so too?
      """)
    page.equation(
      #"f_k = \frac{\exp(a_k)}{\sum_j \exp(a_j)}, \quad a_k = \frac{p_k \cdot x}{s^2} - \frac{\|p_k\|^2}{2 s^2}"#
    )
    page.code("decoder")
    page.graph(Self.graph)
    page.images(
      [
        ImageGrid.Row(pictures(around), label: "f(z; θ) for z on a circle of radius 1.2"),
        ImageGrid.Row(pictures(across), label: "f(z; θ) for z on a line from z₁ = −1.4 to 1.4"),
        ImageGrid.Row(pictures(noisy), label: "X = f(z; θ) + 0.15 ε for the first row"),
      ],
      caption: """
        A white spot on black, at the place x = g(z). From picture to picture z moves by equal \
        steps, but the spot does not: look at the middle of the second row. In the third row noise \
        is added to the pixels.
        """)

    page.lead("An encoder goes from the pixels back to x. Here one layer is enough.")
    page.code("encoder")
    page.check(
      "For 100 points z, the encoder finds the place x that the decoder was given.",
      .small("largest difference", encodingErrors))

    page.lead(
      """
      Where the first layers end is our choice. Let them make other numbers than x, and let the \
      next layer undo that.
      """)
    page.code("latent")
    page.check(
      "Other latent values make the same pictures.",
      .small("largest difference", pictureDifferences))
  }

  private static let graph = Graph(
    "A decoder",
    description: """
      Nothing between z and f(z; θ) is random. X is random because z is, and because noise is \
      added at the end.
      """,
    nodes: [
      Graph.Node("z", "z", detail: "N(0, I)", kind: .sample),
      Graph.Node("first", "first layers", detail: "g"),
      Graph.Node("x", "x", detail: "latent values"),
      Graph.Node("last", "last layer", detail: "renders"),
      Graph.Node("f", "f(z; θ)", detail: "\(Renderer.size * Renderer.size) pixels"),
      Graph.Node("noise", "σε", detail: "noise", kind: .sample),
      Graph.Node("X", "X", detail: "f + σε", kind: .result),
    ],
    edges: [
      ("z", "first"), ("first", "x"), ("x", "last"), ("last", "f"), ("f", "X"), ("noise", "X"),
    ].map { Graph.Edge(from: $0, to: $1) })

  /// Rows of pixels as pictures.
  private func pictures(_ pixels: Tensor<Double>) -> [GrayImage] {
    (0..<pixels.shape[0]).map { row in
      GrayImage(
        width: Renderer.size, height: Renderer.size,
        pixels: pixels.rows([row]).scalars.map(Float.init))
    }
  }
}
