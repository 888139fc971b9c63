import Autodiff
import NeuralNetworks
import Notebook
import Probability

// Section 1.6.

extension Ring {
  static func render(
    _ g: MultilayerPerceptron<Double>, using generator: inout SeededGenerator, on page: Page
  ) {
    page.section("1.6", "First layers make the latent, later layers render it")
    page.prose(
      """
      A picture has many pixels and few reasons. Say that it shows a spot, whose place x has the law \
      of section 1.5. Then f(z; θ) can do its work in two parts: the first layers are the g that \
      was just learned and turn z into x, the last layer draws a spot at x. Pixel k, at the place \
      pₖ of the picture, gets the share of the ink
      """)
    page.equation(
      #"f_k = \frac{e^{a_k}}{\sum_j e^{a_j}}, \quad a_k = \frac{p_k \cdot x}{s^2} - \frac{\|p_k\|^2}{2 s^2}"#
    )
    let renderer = Renderer()
    page.graph(
      Graph(
        "f(z; θ), a decoder",
        description: """
          Everything between z and f(z; θ) is deterministic; all that is random is z, and the \
          noise that makes X = f(z; θ) + σε.
          """,
        nodes: [
          Graph.Node("z", "z", detail: "N(0, I)", kind: .sample),
          Graph.Node("first", "first layers", detail: "g"),
          Graph.Node("x", "x", detail: "place"),
          Graph.Node("last", "last layer", detail: "renders"),
          Graph.Node("f", "f(z; θ)", detail: "\(Renderer.size * Renderer.size) pixels"),
          Graph.Node("noise", "ε", detail: "N(0, I)", kind: .sample),
          Graph.Node("X", "X = f + σε", kind: .result),
        ],
        edges: [
          ("z", "first"), ("first", "x"), ("x", "last"), ("last", "f"), ("f", "X"), ("noise", "X"),
        ]
        .map { Graph.Edge(from: $0, to: $1) }))

    let size = g.layers[0].inputSize
    let turns = (0..<8).map { 2 * Double.pi * Double($0) / 8 }
    let around = turns.map { [1.2 * Double.cos($0), 1.2 * .sin($0)] }
    let across = (0..<8).map { [(Double($0) - 3.5) * 0.4, 0] }
    let walks = [around, across].map { walk in
      Tensor(
        walk.flatMap { place in (0..<size).map { $0 < 2 ? place[$0] : 0 } }, shape: [8, size])
    }
    let pictures = walks.map { exp(renderer(g($0))) * Tensor(renderer.ink) }
    let noisy = pictures[0] + 0.15 * .normal(pictures[0].shape, using: &generator)
    page.images(
      [
        ImageGrid.Row(images(pictures[0]), label: "z around 0, at the distance 1.2"),
        ImageGrid.Row(images(pictures[1]), label: "z across, from z₁ = −1.4 to 1.4"),
        ImageGrid.Row(images(noisy), label: "X = f(z; θ) + 0.15 ε for the first row"),
      ],
      caption: "Look for the jump in the second row, where the spot has to cross to the other side."
    )

    page.prose(
      """
      The network from z to pixels is a decoder. An encoder goes the other way, from a picture to \
      what it shows. For this last layer it is a layer, too: x is a weighted sum of log fₖ.
      """)
    let z = Tensor<Double>.normal([100, size], using: &generator)
    let x = g(z)
    checkSmall(
      "The encoder finds the place that the decoder was given, for 100 points z.",
      (renderer.encode(renderer(x)) - x).scalars, on: page)
    page.prose(
      """
      Where the first layers end is for us to say, not for the network. Let them make 2x + y from \
      (x, y), and y, and let the last layer undo that: no latent is x any more, and f is the same.
      """)
    let shear = Tensor<Double>([2, 0, 1, 1], shape: [2, 2])
    let inverse = Tensor<Double>([0.5, 0, -0.5, 1], shape: [2, 2])
    var (other, otherRenderer) = (g, renderer)
    other.layers[other.layers.count - 1].weight = matmul(g.layers.last!.weight, shear)
    other.layers[other.layers.count - 1].bias = matmul(
      g.layers.last!.bias.reshaped([1, 2]), shear
    ).reshaped([2])
    otherRenderer.layer.weight = matmul(inverse, renderer.layer.weight)
    checkSmall(
      "Another latent, the same pictures.",
      (exp(otherRenderer(other(z))) - exp(renderer(x))).scalars, on: page)
  }

  static func images(_ pixels: Tensor<Double>) -> [GrayImage] {
    (0..<pixels.shape[0]).map { row in
      GrayImage(
        width: Renderer.size, height: Renderer.size,
        pixels: pixels.rows([row]).scalars.map(Float.init))
    }
  }

  /// The last layer: from a place x in the plane to log fₖ, the logarithms of a picture.
  struct Renderer {
    static let size = 16
    /// The spot's width s.
    static let spread = 0.25
    static let spacing = 0.225
    /// The places pₖ of the pixels, one a row, from the top left.
    let places: Tensor<Double>
    /// The ink that makes a spot white in its middle.
    let ink = 2 * Double.pi * spread * spread / (spacing * spacing)
    var layer: Dense<Double>

    init() {
      let steps = (0..<Self.size).map { (Double($0) - 7.5) * Self.spacing }
      places = Tensor(
        steps.reversed().flatMap { y in steps.flatMap { [$0, y] } },
        shape: [Self.size * Self.size, 2])
      var unused = SeededGenerator(seed: 0)
      layer = Dense(inputSize: 2, outputSize: places.shape[0], using: &unused)
      let precision = Tensor(1 / (Self.spread * Self.spread))
      layer.weight = places.transposed() * precision
      layer.bias = -0.5 * places.squared.sum(axis: 1) * precision
    }

    /// [n, 2] → [n, pixels].
    func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> {
      let a = layer(x)
      return a - a.logSumExp(axis: 1).reshaped([x.shape[0], 1])
    }

    /// The places of the spots: [n, pixels] → [n, 2]. The sum of all pₖ is 0, and so is that of
    /// ‖pₖ‖² pₖ: what log fₖ has besides pₖ · x/s² drops out.
    func encode(_ logarithms: Tensor<Double>) -> Tensor<Double> {
      let sum = places.squared.sum() * 0.5
      return matmul(logarithms, places) * Tensor(Self.spread * Self.spread) / sum
    }
  }
}
