import Autodiff
import Foundation
import Probability
import Testing

@testable import Ch01_Ring

@Suite struct PolarCoordinatesTests {
  @Test("On the axes, and at the origin, radii and angles are exact")
  func axes() {
    let points = Tensor<Double>([0, 0, 2, 0, 0, 3, -4, 0, 0, -5, -3, -4], shape: [6, 2])
    let polar = PolarCoordinates(points)
    #expect(polar.radii == [0, 2, 3, 4, 5, 5])
    let angles: [Double] = [0, 0, .pi / 2, .pi, -.pi / 2]
    #expect(Array(polar.angles[..<5]) == angles)
  }

  /// A few roundings of numbers up to π.
  @Test("Angles are those of the system's atan2")
  func angles() {
    let turns = 2000
    let points = Tensor<Double>(
      (0..<turns).flatMap { index -> [Double] in
        let angle = 2 * Double.pi * Double(index) / Double(turns)
        return [1e-3 * cos(angle), 1e-3 * sin(angle)]
      }, shape: [turns, 2])
    var generator = SeededGenerator(seed: 51)
    for sample in [points, .normal([2000, 2], using: &generator)] {
      let polar = PolarCoordinates(sample)
      for index in 0..<sample.shape[0] {
        let expected = atan2(sample[index, 1], sample[index, 0])
        #expect(abs(polar.angles[index] - expected) <= 4e-16 * .pi)
      }
    }
  }
}
