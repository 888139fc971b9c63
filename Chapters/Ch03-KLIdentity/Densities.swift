import Autodiff
import Notebook

/// A density over z, to be drawn from −3 to 3.
struct DensityCurve {
  /// The z at which densities are drawn, of shape [121, 1].
  static var points: Tensor<Double> {
    Tensor((-60...60).map { Double($0) / 20 }, shape: [121, 1])
  }

  /// The name in the legend; nil to have none.
  let label: String?
  let meaning: Plot.Meaning
  /// The density at each of `points`.
  let values: [Double]

  /// The curve of a density, given its logarithm.
  init(
    _ label: String?, _ meaning: Plot.Meaning, logDensity: (Tensor<Double>) -> Tensor<Double>
  ) {
    self.label = label
    self.meaning = meaning
    values = exp(logDensity(Self.points)).scalars
  }
}

extension Plot {
  /// Densities over z.
  init(_ title: String? = nil, densities: [DensityCurve]) {
    let z = DensityCurve.points.scalars
    self.init(
      title, x: Axis("z"), y: Axis("density"),
      layers: densities.map {
        .line(.init($0.label, meaning: $0.meaning, x: z, y: $0.values))
      })
  }
}
