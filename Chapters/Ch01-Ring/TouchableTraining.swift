import Autodiff
import Foundation
import NeuralNetworks
import Notebook

/// What the figure of 1.5 needs in a browser: points z, and their images at stages of training.
struct TouchableTraining: Encodable {
  /// The network after some steps.
  struct Stage: Encodable {
    let step: Int
    /// The energy distance of the images from samples.
    let distance: Double
    /// The images, in base64: see `rounded`.
    let points: String
    /// The mean distance of the images from 0.
    let meanRadius: Double
  }

  /// What a byte counts in: positions reach from −127 to 127 of it.
  let unit: Double
  let z: String
  let reach = [-1.8, 1.8]
  let stages: [Stage]

  /// - Parameters:
  ///   - networks: The network at stages of training, each with its number of steps.
  ///   - z: Points, of which the first two coordinates are drawn.
  ///   - samples: As many samples of the distribution that is learned.
  init(
    _ networks: [(step: Int, network: MultilayerPerceptron<Double>)], at z: Tensor<Double>,
    _ samples: Tensor<Double>
  ) {
    let images = networks.map { $0.network(z) }
    let unit = ([z] + images).flatMap(\.scalars).reduce(0.01) { max($0, abs($1)) } / 127
    self.unit = unit
    self.z = Self.rounded(z, in: unit)
    stages = zip(networks, images).map { stage, x in
      let radii = PolarCoordinates(x).radii
      return Stage(
        step: stage.step, distance: energyDistance(x, samples).scalar,
        points: Self.rounded(x, in: unit),
        meanRadius: radii.reduce(0, +) / Double(radii.count))
    }
  }

  /// The steps after which the network is looked at: twelve, and more of them where it changes fast.
  static func steps(of count: Int) -> Set<Int> {
    let last = Double(count)
    return Set((0...11).map { Int((last * Double($0 * $0 * $0) / 1331).rounded()) })
  }

  /// Two coordinates of each point as signed bytes, in base64.
  private static func rounded(_ points: Tensor<Double>, in unit: Double) -> String {
    let columns = points.shape[1]
    let bytes = (0..<points.shape[0]).flatMap { row in
      (0..<2).map { column -> UInt8 in
        let x = column < columns ? points[row, column] / unit : 0
        return UInt8(bitPattern: Int8(x.rounded()))
      }
    }
    return Data(bytes).base64EncodedString()
  }
}
