import Autodiff
import NeuralNetworks
import Notebook
import Probability

// Section 1.6.

extension Ring {
  static func render(_ g: MultilayerPerceptron<Double>, seed: UInt64, on page: Page) {
    page.section("1.6", "First layers make the latent, later layers render it")
    page.prose(
      """
      A picture has many pixels and few reasons. Say that it shows a spot, and that the reason is \
      the spot's place x, which has the law of section 1.5. Then a network f(z; θ) can work in two \
      parts: its first layers are the g that was just learned and make x from z; its last layer \
      draws a spot at x. The pixel at the place pₖ gets the share fₖ of the ink, where the spot's \
      width is s:
      """)
    page.equation(
      #"f_k = \frac{e^{a_k}}{\sum_j e^{a_j}}, \quad a_k = \frac{p_k \cdot x}{s^2} - \frac{\|p_k\|^2}{2 s^2}"#
    )
    page.graph(
      Graph(
        "A decoder",
        description: """
          From z to f(z; θ) nothing is random. X is random because z is, and because of the noise \
          that is added at the end.
          """,
        nodes: [
          Graph.Node("z", "z", detail: "N(0, I)", kind: .sample),
          Graph.Node("first", "first layers", detail: "g"),
          Graph.Node("x", "x", detail: "latent"),
          Graph.Node("last", "last layer", detail: "renders"),
          Graph.Node("f", "f(z; θ)", detail: "\(Renderer.size * Renderer.size) pixels"),
          Graph.Node("noise", "σε", detail: "noise", kind: .sample),
          Graph.Node("X", "X", detail: "f + σε", kind: .result),
        ],
        edges: [
          ("z", "first"), ("first", "x"), ("x", "last"), ("last", "f"), ("f", "X"), ("noise", "X"),
        ].map { Graph.Edge(from: $0, to: $1) }))

    var generator = SeededGenerator(seed: seed).stream(6)
    let (renderer, size) = (Renderer(), g.layers[0].inputSize)
    let walk = { (place: (Double) -> [Double]) -> Tensor<Double> in
      let rows = (0..<8).flatMap { step in
        Array((place(Double(step)) + Array(repeating: 0, count: size)).prefix(size))
      }
      return exp(renderer(g(Tensor(rows, shape: [8, size])))) * Renderer.ink
    }
    let around = walk { [1.2 * .cos(.pi * $0 / 4), 1.2 * .sin(.pi * $0 / 4)] }
    let across = walk { [0.4 * ($0 - 3.5)] }
    page.images(
      [
        ImageGrid.Row(pictures(around), label: "f(z; θ) for z on a circle of radius 1.2"),
        ImageGrid.Row(pictures(across), label: "f(z; θ) for z on a line from z₁ = −1.4 to 1.4"),
        ImageGrid.Row(
          pictures(around + 0.15 * .normal(around.shape, using: &generator)),
          label: "X = f(z; θ) + 0.15 ε for the first row"),
      ],
      caption: "Equal steps in z are not equal steps of the spot: look at the middle of the line.")

    page.prose(
      """
      This network, from z to pixels, is a decoder. An encoder goes the other way, from pixels to \
      the reason. Here that is one layer: x is a weighted sum of the log fₖ.
      """)
    let z = Tensor<Double>.normal([100, size], using: &generator)
    let x = g(z)
    checkSmall(
      "The encoder finds the place x that the decoder was given, at 100 points z.",
      (renderer.encode(renderer(x)) - x).scalars, on: page)
    page.prose(
      """
      Where the first layers end is for us to say, not for the network. Let them make 2x₁ and \
      x₁ + x₂ of x₁ and x₂, and let the last layer undo that: it is another latent, and the same f.
      """)
    let mix = Tensor<Double>([2, 1, 0, 1], shape: [2, 2])
    let undo = Tensor<Double>([0.5, -0.5, 0, 1], shape: [2, 2])
    checkSmall(
      "Another latent makes the same pictures.",
      (exp(renderer(matmul(x, mix), after: undo)) - exp(renderer(x))).scalars, on: page)
  }

  /// Rows of pixels as pictures.
  static func pictures(_ pixels: Tensor<Double>) -> [GrayImage] {
    (0..<pixels.shape[0]).map { row in
      GrayImage(
        width: Renderer.size, height: Renderer.size,
        pixels: pixels.rows([row]).scalars.map(Float.init))
    }
  }

  /// The last layer of f: from the place x of a spot to log fₖ.
  struct Renderer {
    static let size = 16
    static let spread = 0.25
    static let spacing = 0.225
    /// How much ink makes a spot white in its middle: the volume under it, in pixels.
    static let ink = 2 * .pi * spread * spread / (spacing * spacing)

    /// The places pₖ of the pixels, row by row from the top left, of shape [pixels, 2].
    let places: Tensor<Double>

    init() {
      let line = (0..<Self.size).map { (Double($0) - Double(Self.size - 1) / 2) * Self.spacing }
      places = Tensor(
        line.reversed().flatMap { y in line.flatMap { x in [x, y] } },
        shape: [Self.size * Self.size, 2])
    }

    /// [n, 2] → [n, pixels]. A matrix that comes before the layer becomes part of its weights.
    func callAsFunction(_ x: Tensor<Double>, after matrix: Tensor<Double> = .identity(2))
      -> Tensor<Double>
    {
      let precision = Tensor(1 / (Self.spread * Self.spread))
      let weight = matmul(matrix, places.transposed()) * precision
      let a = matmul(x, weight) - 0.5 * places.squared.sum(axis: 1) * precision
      return a - a.logSumExp(axis: 1).reshaped([x.shape[0], 1])
    }

    /// From log fₖ back to x, [n, pixels] → [n, 2]: Σₖ pₖ log fₖ over Σₖ ‖pₖ‖²/2s². The sums of pₖ
    /// and of ‖pₖ‖² pₖ are 0, so that only the term with x remains.
    func encode(_ logarithms: Tensor<Double>) -> Tensor<Double> {
      matmul(logarithms, places) * (2 * Self.spread * Self.spread) / places.squared.sum()
    }
  }
}
