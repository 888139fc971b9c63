import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability

/// 0.6 Gradient descent and Adam: on a valley in two dimensions, and on a small network that learns a
/// curve.
struct Training: SectionContent {
  /// Gradient descent in the valley at one learning rate.
  struct Descent {
    let rate: Double
    let points: [[Double]]
  }

  /// One optimiser on the network.
  struct Run {
    let name: String
    /// The loss before each step, and after the last.
    let losses: [Double]
    /// What the network has learned, at `grid`.
    let curve: [Double]
  }

  static let curvatures = [1.0, 20.0]
  static let start = [2.0, 0.5]
  let descents: [Descent]
  let x: Tensor<Double>
  let y: Tensor<Double>
  let grid = (0...120).map { Double($0) / 30 - 2 }
  let runs: [Run]
  /// What a very small step gained, over what the gradient promises.
  let gain: Double
  /// The largest difference between the parameters by the rule in the cell and by the library's Adam.
  let adamDifference: Double

  init(hidden: Int, steps: Int, using generator: SeededGenerator) {
    var generator = generator
    descents = [0.02, 0.095, 0.105].map(Self.descend)
    let positions = (0..<40).map { Double($0) / 39 * 4 - 2 }
    x = Tensor(positions, shape: [40, 1])
    y = sin(3 * x)
    let network = SmallNetwork(hidden: hidden, using: &generator)
    let (x, y) = (x, y)
    let points = Tensor(grid, shape: [grid.count, 1])

    func run(_ name: String, _ update: (inout SmallNetwork, SmallNetwork) -> Void) -> Run {
      var network = network
      var losses: [Double] = []
      for _ in 0..<steps {
        // cell: step
        let result = valueWithGradient(at: network) { network in
          (network(x) - y).squared.mean()  // the loss
        }
        update(&network, result.gradient)
        // end
        losses.append(result.value)
      }
      losses.append((network(x) - y).squared.mean().scalar)
      return Run(name: name, losses: losses, curve: network(points).scalars)
    }
    runs =
      [0.01, 0.1].map { α in
        run("gradient descent, α = \(formatted(α, digits: 1))") { network, gradient in
          // cell: descent
          let g = gradient.parameters
          network = network.replacingParameters { i, θ in θ - α * g[i] }
          // end
        }
      } + [
        {
          var adam = AdamRule()
          return run("Adam, α = 0.01") { adam.update(&$0, along: $1) }
        }()
      ]
    gain = Self.gain(of: network, x, y)
    adamDifference = Self.adamDifference(network, x, y)
  }

  private static func descend(rate α: Double) -> Descent {
    var points = [start]
    // cell: valley
    let λ = Tensor(curvatures)  // 1 and 20
    var θ = Tensor(start)
    for _ in 0..<20 {
      let g = valueWithGradient(at: θ) { θ in 0.5 * (λ * θ.squared).sum() }.gradient
      θ = θ - α * g
      points.append(θ.scalars)
    }
    // end
    return Descent(rate: α, points: points)
  }

  private static func gain(
    of network: SmallNetwork, _ x: Tensor<Double>, _ y: Tensor<Double>
  ) -> Double {
    func loss(_ network: SmallNetwork) -> Tensor<Double> { (network(x) - y).squared.mean() }
    // cell: gain
    let α = 1e-6
    let before = valueWithGradient(at: network, of: loss)
    let g = before.gradient.parameters
    let after = loss(network.replacingParameters { i, θ in θ - α * g[i] }).scalar
    let promised = α * g.reduce(0) { $0 + $1.squared.sum().scalar }  // α ‖g‖²
    let gain = (before.value - after) / promised
    // end
    return gain
  }

  private static func adamDifference(
    _ network: SmallNetwork, _ x: Tensor<Double>, _ y: Tensor<Double>
  ) -> Double {
    var (own, librarys) = (network, network)
    var rule = AdamRule()
    var adam = Adam(for: network, learningRate: 0.01)
    for _ in 0..<50 {
      rule.update(&own, along: valueWithGradient(at: own) { ($0(x) - y).squared.mean() }.gradient)
      adam.update(
        &librarys, along: valueWithGradient(at: librarys) { ($0(x) - y).squared.mean() }.gradient)
    }
    return zip(own.parameters, librarys.parameters)
      .flatMap { ($0 - $1).scalars.map(abs) }.max()!
  }

  /// (1 − αλ)ᵏ times the start, for each coordinate and step.
  func predicted(_ descent: Descent) -> [[Double]] {
    descent.points.indices.map { k in
      zip(Self.start, Self.curvatures).map { start, λ in
        (0..<k).reduce(start) { θ, _ in (1 - descent.rate * λ) * θ }
      }
    }
  }

  func show(on page: Page) {
    page.lead(
      """
      Gradient descent in a valley that is 20 times as steep across as along. Look at what the \
      learning rate α does.
      """)
    page.equation(#"\theta_{\text{new}} = \theta - \alpha \nabla L(\theta)"#)
    page.code("valley")
    showValley(on: page)

    page.lead("A network with one hidden layer learns sin 3x from 40 points, in three ways.")
    page.code("network")
    page.code("step")
    page.code("descent")
    page.code("adam")
    showRuns(on: page)

    page.lead("What the gradient promises: if α is small, a step lowers the loss by α ‖g‖².")
    page.code("gain")
    page.check(
      "With α = 10⁻⁶, the loss falls by α ‖g‖²: the ratio of the two is 1.",
      .equal(Quantity("gain over promise", gain), Quantity("one", 1), tolerance: 5e-4))
    page.check(
      "The Adam rule above takes the same steps as the library’s Adam.",
      .small("largest difference after 50 steps", [adamDifference]))
  }

  private func showValley(on page: Page) {
    page.figure(
      "Gradient descent in a valley",
      description: """
        Twenty steps from the same start, (2, 0.5); the minimum is at (0, 0). With the small α they \
        creep along the valley, with the middle one they zigzag, and with the large one they leave it.
        """,
      Plot(
        x: Axis("θ₁"), y: Axis("θ₂", range: -2.5...2.5),
        layers: descents.enumerated().flatMap { index, descent -> [Plot.Layer] in
          let (x, y) = (descent.points.map { $0[0] }, descent.points.map { $0[1] })
          let name = "α = \(formatted(descent.rate, decimals: 3))"
          return [
            .line(.init(name, meaning: .series(index), x: x, y: y)),
            .points(.init(meaning: .series(index), x: x, y: y)),
          ]
        }))
    page.table(
      [.right("α"), .right("1 − αλ₁"), .right("1 − αλ₂"), .right("θ₁ after"), .right("θ₂ after")],
      rows: descents.map { descent in
        [formatted(descent.rate, decimals: 3)]
          + cells(
            1 - descent.rate * Self.curvatures[0], 1 - descent.rate * Self.curvatures[1],
            decimals: 3)
          + cells(descent.points.last![0], descent.points.last![1])
      }, caption: "Twenty steps, with the curvatures λ₁ = 1 and λ₂ = 20.")
    page.check(
      "Each step multiplies a coordinate by 1 − αλ, where λ is its curvature.",
      .small(
        "largest difference",
        descents.flatMap { descent in
          zip(descent.points, predicted(descent)).flatMap { point, predicted in
            zip(point, predicted).map { $0 - $1 }
          }
        }))
  }

  private func showRuns(on page: Page) {
    let count = runs[0].losses.count
    let shown = stride(from: 0, to: count, by: max(1, count / 200)).map { $0 }
    page.figure(
      "Learning a curve",
      description: """
        Left: the loss, the mean squared error, at each step. Right: the 40 points, and the curve \
        that each network has learned in the end, in the same colours.
        """,
      Plot(
        "loss", x: Axis("step"), y: Axis("loss", scale: .logarithmic),
        layers: runs.enumerated().map { index, run in
          .line(
            .init(
              run.name, meaning: .series(index), x: shown.map(Double.init),
              y: shown.map { run.losses[$0] }))
        }),
      Plot(
        "learned", x: Axis("x"), y: Axis("y"),
        layers: runs.enumerated().map { index, run in
          .line(.init(meaning: .series(index), x: grid, y: run.curve))
        } + [.points(.init("data", meaning: .series(5), x: x.scalars, y: y.scalars))]))
    page.table(
      [.left("optimiser"), .right("loss before"), .right("after \(formatted(count - 1)) steps")],
      rows: runs.map {
        [$0.name, formatted($0.losses[0], digits: 4), formatted($0.losses.last!, digits: 3)]
      })
  }
}

// cell: network
/// One number in, one number out, and hidden units between them: x ↦ tanh(xw + b) v + c.
struct SmallNetwork: Parameterized {
  var w, b, v, c: Tensor<Double>

  init(hidden: Int, using generator: inout SeededGenerator) {
    w = 2 * .normal([1, hidden], using: &generator)
    b = 2 * .normal([hidden], using: &generator)
    v = .normal([hidden, 1], using: &generator) / Double(hidden).squareRoot()
    c = Tensor(zeros: [1])
  }

  func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> {
    matmul(tanh(matmul(x, w) + b), v) + c
  }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("w", &w)
    visitor.visit("b", &b)
    visitor.visit("v", &v)
    visitor.visit("c", &c)
  }
}
// end

// cell: adam
/// Adam: each parameter moves by the running mean of its derivative, over the root of the
/// running mean of its square.
struct AdamRule {
  var m: [Tensor<Double>] = [], v: [Tensor<Double>] = []
  var β1ᵗ = 1.0, β2ᵗ = 1.0

  mutating func update<M: Parameterized<Double>>(_ model: inout M, along gradient: M) {
    let (α, β1, β2, ε) = (0.01, 0.9, 0.999, 1e-8)
    let g = gradient.parameters
    if m.isEmpty { (m, v) = (g.map { 0 * $0 }, g.map { 0 * $0 }) }
    (β1ᵗ, β2ᵗ) = (β1ᵗ * β1, β2ᵗ * β2)
    m = g.indices.map { β1 * m[$0] + (1 - β1) * g[$0] }
    v = g.indices.map { β2 * v[$0] + (1 - β2) * g[$0].squared }
    model = model.replacingParameters { i, θ in
      // Both means began at 0; the divisions make up for that.
      θ - α * (m[i] / (1 - β1ᵗ)) / (sqrt(v[i] / (1 - β2ᵗ)) + ε)
    }
  }
}
// end
