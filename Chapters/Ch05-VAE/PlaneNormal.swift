import Autodiff
import Probability
import VariationalAutoencoders

/// A normal distribution over two latent variables as an optimiser changes it: its Cholesky factor is
/// that of the standard deviations σ, with the second row tilted by `tilt`.
struct PlaneNormal: Parameterized {
  var mean: Tensor<Double>
  var logDeviations: Tensor<Double>
  var tilt = Tensor<Double>(zeros: [1])
  /// Whether the tilt stays at 0, as in the encoder's answers.
  var isDiagonal: Bool

  /// One row of an encoder's answer.
  init(_ Q: DiagonalNormal<Double>, isDiagonal: Bool) {
    mean = Q.mean.reshaped([2])
    logDeviations = (0.5 * Q.logVariance).reshaped([2])
    self.isDiagonal = isDiagonal
  }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("mean", &mean)
    visitor.visit("logDeviations", &logDeviations)
    if !isDiagonal { visitor.visit("tilt", &tilt) }
  }

  var normal: MultivariateNormal<Double> {
    let below = Tensor<Double>([0, 0, 1, 0], shape: [2, 2])
    let factor = exp(logDeviations).reshaped([2, 1]) * (.identity(2) + tilt * below)
    return MultivariateNormal(mean: mean, choleskyFactor: factor)
  }
}

extension MultivariateNormal<Double> {
  /// The correlation of the first two components.
  var correlation: Double {
    let S = covariance
    return S[0, 1] / (S[0, 0] * S[1, 1]).squareRoot()
  }
}

extension PlanePosterior {
  /// A part of the plane, along z₁ and z₂, and how far apart the points of a grid over it should be.
  struct Place {
    let ranges: [ClosedRange<Double>]
    let spacing: Double

    /// The same part with a margin all around, and twice as many points along each axis.
    var refined: Place {
      let wider = ranges.map { range in
        let margin = 0.25 * (range.upperBound - range.lowerBound)
        return range.lowerBound - margin...range.upperBound + margin
      }
      return Place(ranges: wider, spacing: spacing / 2)
    }
  }

  /// For each example the part of the plane that holds all but a trifle of P(z|X) and of the encoder's Q.
  static func places(
    _ model: VariationalAutoencoder<Double>, _ x: Tensor<Double>
  ) -> [Place] {
    let Q = model.encoder(x)
    let (means, deviations) = (Q.mean.scalars, Q.standardDeviation.scalars)
    let reach = zip(means, deviations).map { abs($0) + 8 * $1 }.reduce(8, max)
    let rule = QuadratureRule.trapezoidal(65, over: -reach...reach)
    let z = PlaneGrid(rule, rule).points
    let logJoint =
      model.logProbabilities(of: x, given: z) + DiagonalNormal.standard.logProbability(of: z)
    let step = reach / 32
    return (0..<x.shape[0]).map { row in
      let values = logJoint.rows([row]).scalars
      let least = values.max()! - 30
      let inside = values.indices.filter { values[$0] >= least }
      let ranges = (0..<2).map { axis in
        let places = inside.map { z[$0, axis] }
        let (mean, deviation) = (means[2 * row + axis], deviations[2 * row + axis])
        return min(
          places.min()! - step, mean - 8 * deviation)...max(
            places.max()! + step, mean + 8 * deviation)
      }
      let smallest = min(deviations[2 * row], deviations[2 * row + 1])
      return Place(ranges: ranges, spacing: 0.8 * smallest)
    }
  }
}
