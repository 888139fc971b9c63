import Autodiff
import Notebook
import Probability
import VariationalAutoencoders

/// P(z|X) of one example as shades, and distributions Q as curves.
struct PosteriorView {
  /// What is shown of the plane, along z₁ and z₂.
  let ranges: [ClosedRange<Double>]
  /// P(z|X) in the middle of each cell; the rows go from the bottom up.
  let density: [[Double]]
  /// For each Q a curve that holds nine tenths of it.
  let curves: [Tensor<Double>]

  /// - Parameters:
  ///   - x: One example, [1, inputSize].
  ///   - logEvidence: Its log P(X).
  init(
    of model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, logEvidence: Double,
    around normals: [MultivariateNormal<Double>]
  ) {
    // A plane normal is within r with probability 1 − exp(−r²/2).
    let radius = (2 * Double.log(10)).squareRoot()
    let circle = Tensor(
      (0...64).map { Double($0) * .pi / 32 }.flatMap { [radius * .cos($0), radius * .sin($0)] },
      shape: [65, 2])
    let curves = normals.map { $0.sample(noise: circle) }
    // As far as the curves reach, and half as far again.
    let coordinates = (0..<2).map { axis in
      curves.flatMap { $0.slice(axis: 1, axis..<axis + 1).scalars }
    }
    let reach = max(1e-6, 0.75 * coordinates.map { $0.max()! - $0.min()! }.max()!)
    let ranges = coordinates.map { values in
      let center = (values.max()! + values.min()!) / 2
      return center - reach...center + reach
    }
    let side = 50
    let centers = ranges.map { range in
      (0..<side).map { range.lowerBound + (Double($0) + 0.5) * (2 * reach / Double(side)) }
    }
    let z = Tensor(
      centers[1].flatMap { z₂ in centers[0].flatMap { z₁ in [z₁, z₂] } }, shape: [side * side, 2])
    let logJoint =
      model.logProbabilities(of: x, given: z).reshaped([side * side])
      + DiagonalNormal.standard.logProbability(of: z)
    let density = exp(logJoint - logEvidence).scalars
    (self.ranges, self.curves) = (ranges, curves)
    self.density = (0..<side).map { Array(density[$0 * side..<($0 + 1) * side]) }
  }

  /// The picture, with a name and a colour for each Q.
  func plot(_ title: String, _ names: [(name: String, meaning: Plot.Meaning)]) -> Plot {
    Plot(
      title, x: Axis("z₁", range: ranges[0]), y: Axis("z₂", range: ranges[1]), hasEqualAspect: true,
      layers: [.heatMap(.init("P(z|X)", x: ranges[0], y: ranges[1], rows: density))]
        + zip(names, curves).map { name, curve in
          .line(
            .init(
              name.name, meaning: name.meaning, x: curve.slice(axis: 1, 0..<1).scalars,
              y: curve.slice(axis: 1, 1..<2).scalars))
        })
  }
}
