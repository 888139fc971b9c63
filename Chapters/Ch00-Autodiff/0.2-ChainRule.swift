import Autodiff
import Claims
import Notebook

/// 0.2 The chain rule by hand: f = (xy + x) eʸ taken apart into four steps, and its derivatives put
/// together again.
struct ChainRule: SectionContent {
  /// A number for each value of the expression, in the order of computation.
  struct Numbers {
    let x, y, u, v, w, f: Double

    var all: [Double] { [x, y, u, v, w, f] }
  }

  /// A step uses a value: its own derivative with respect to that value.
  struct Edge {
    let from, to: String
    /// The derivative in letters: that of u = xy with respect to x is y.
    let formula: String
    let derivative: Double
  }

  static let names = ["x", "y", "u", "v", "w", "f"]
  let values: Numbers
  /// ∂f with respect to each value.
  let gradients: Numbers
  let edges: [Edge]
  /// The derivatives of x(y + 1)eʸ with respect to x and y.
  let exact: [Double]
  let differences: [Double]

  init(x: Double = 2, y: Double = 0.5) {
    // cell: forward
    let u = x * y
    let v = u + x
    let w = Double.exp(y)
    let f = v * w
    // end
    // cell: backward
    let f̄ = 1.0  // ∂f/∂f
    let v̄ = f̄ * w  // from f = v w
    let w̄ = f̄ * v
    let ū = v̄ * 1  // from v = u + x
    let x̄ = v̄ * 1 + ū * y  // x is used twice, in v = u + x and in u = x y,
    let ȳ = ū * x + w̄ * w  // and so is y, in u = x y and in w = eʸ
    // end
    values = Numbers(x: x, y: y, u: u, v: v, w: w, f: f)
    gradients = Numbers(x: x̄, y: ȳ, u: ū, v: v̄, w: w̄, f: f̄)
    edges = [
      Edge(from: "x", to: "u", formula: "y", derivative: y),
      Edge(from: "y", to: "u", formula: "x", derivative: x),
      Edge(from: "u", to: "v", formula: "1", derivative: 1),
      Edge(from: "x", to: "v", formula: "1", derivative: 1),
      Edge(from: "y", to: "w", formula: "w", derivative: w),
      Edge(from: "v", to: "f", formula: "w", derivative: w),
      Edge(from: "w", to: "f", formula: "v", derivative: v),
    ]
    exact = [(y + 1) * .exp(y), x * (y + 2) * .exp(y)]
    func value(_ x: Double, _ y: Double) -> Double { x * (y + 1) * .exp(y) }
    differences = [
      Differences.fourthOrder({ value($0, y) }, x, 1e-3),
      Differences.fourthOrder({ value(x, $0) }, y, 1e-3),
    ]
  }

  /// One way from a value to f: the values on it, and the product of the derivatives along it.
  struct Path {
    var values: [String]
    var product: Double
  }

  // cell: paths
  /// All paths from a value to f.
  func paths(from value: String) -> [Path] {
    if value == "f" { return [Path(values: ["f"], product: 1)] }
    return edges.filter { $0.from == value }.flatMap { edge in
      paths(from: edge.to).map { rest in
        Path(values: [value] + rest.values, product: edge.derivative * rest.product)
      }
    }
  }
  // end

  func show(on page: Page) {
    page.lead(
      """
      f = (xy + x) eʸ, one operation after the other. Each arrow carries the derivative of a single \
      step.
      """)
    page.code("forward")
    page.graph(
      graph(
        "The expression as a graph",
        description: """
          Each box shows a value. Each arrow shows the derivative of the value at its head with \
          respect to the value at its tail.
          """, values, labelsEdges: true
      ) { formatted($0, decimals: 3) })

    page.lead(
      """
      Now backwards, from f. Each value gets the derivative of f with respect to it, from the values \
      that were computed from it.
      """)
    page.code("backward")
    page.graph(
      graph(
        "The same graph with the derivatives of f",
        description: "Each box shows, after ∂, the derivative of f with respect to its value.",
        gradients, labelsEdges: false
      ) { "∂ \(formatted($0, decimals: 3))" })
    page.check(
      "The derivatives are those of x(y + 1)eʸ, worked out on paper.",
      .small("largest difference", zip([gradients.x, gradients.y], exact).map { $0 - $1 }))
    page.check(
      "Differences of the function give the same derivatives.",
      .small(
        "largest relative difference",
        zip([gradients.x, gradients.y], differences).map { ($0 - $1) / $0 }, tolerance: 1e-10))

    page.lead(
      "Another way to the same numbers: multiply along each path to f, and add up the products.")
    page.code("paths")
    showPaths(on: page)
  }

  private func showPaths(on page: Page) {
    var rows: [[String]] = []
    var differences: [Double] = []
    for (name, derivative) in [("x", gradients.x), ("y", gradients.y)] {
      let paths = paths(from: name)
      let sum = paths.reduce(0) { $0 + $1.product }
      rows += paths.map { path in
        let way = path.values.joined(separator: " → ")
        return [way, factors(of: path), formatted(path.product, decimals: 4)]
      }
      rows.append(["∂f/∂\(name)", "the sum", formatted(sum, decimals: 4)])
      differences.append(sum - derivative)
    }
    page.table([.left("path"), .left("derivatives along it"), .right("product")], rows: rows)
    page.check(
      "The sum over the paths from x, and from y, is the derivative.",
      .small("largest difference", differences))
  }

  /// The derivatives along a path, from its beginning: "0.500 · 1 · 1.649".
  private func factors(of path: Path) -> String {
    zip(path.values, path.values.dropFirst()).map { from, to in
      text(edges.first { $0.from == from && $0.to == to }!.derivative)
    }.joined(separator: " · ")
  }

  private func text(_ derivative: Double) -> String {
    derivative == 1 ? "1" : formatted(derivative, decimals: 3)
  }

  private func graph(
    _ title: String, description: String, _ numbers: Numbers, labelsEdges: Bool,
    detail: (Double) -> String
  ) -> Graph {
    let labels = ["x", "y", "u = xy", "v = u + x", "w = eʸ", "f = vw"]
    return Graph(
      title, description: description,
      nodes: Self.names.indices.map { index in
        .init(
          Self.names[index], labels[index], detail: detail(numbers.all[index]),
          kind: index < 2 ? .input : index == 5 ? .result : .operation)
      },
      edges: edges.map {
        .init(from: $0.from, to: $0.to, label: labelsEdges ? $0.formula : nil)
      })
  }
}
