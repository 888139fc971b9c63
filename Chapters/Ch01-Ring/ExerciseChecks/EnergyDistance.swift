import Exercises

extension Checks {
  static func energyDistance(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> Double
  ) -> Exercise {
    struct Input {
      let x: [[Double]]
      let y: [[Double]]

      /// The sums of a function of the distances of all pairs of X and Y, X and X′, Y and Y′.
      func sums(_ function: (Double) -> Double = { $0 }) -> (xy: Double, xx: Double, yy: Double) {
        func sum(_ a: [[Double]], _ b: [[Double]]) -> Double {
          a.reduce(0) { total, point in
            b.reduce(total) { $0 + function(length(zip(point, $1).map { $0 - $1 })) }
          }
        }
        return (sum(x, y), sum(x, x), sum(y, y))
      }

      /// a E‖X − Y‖ + b (E‖X − X′‖ + E‖Y − Y′‖).
      func distance(
        _ between: Double = 2, _ within: Double = -1, _ function: (Double) -> Double = { $0 }
      ) -> Double {
        let (sums, n, m) = (sums(function), Double(x.count), Double(y.count))
        return between * sums.xy / (n * m) + within * (sums.xx / (n * n) + sums.yy / (m * m))
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.x, $0.y) }) { $0.distance() }
    comparison.ask("the numbers 0, 2 and 1, 1", Input(x: [[0], [2]], y: [[1], [1]]))
    let (x, y) = (roundedNormals(3, 2, seed: 17), roundedNormals(4, 2, seed: 18))
    comparison.ask("the points \(text(x)) and the same points again", Input(x: x, y: x))
    comparison.ask("the points \(text(x)) and \(text(y))", Input(x: x, y: y))
    comparison.recognize("the first mean was counted once; it counts twice") { $0.distance(1) }
    comparison.recognize("the means within a sample have to be subtracted, not added") {
      $0.distance(2, 1)
    }
    comparison.recognize(
      "only the pairs i < j were summed, which are half of the pairs within a sample, "
        + "but the sum was divided by n · n"
    ) { $0.distance(2, -0.5) }
    comparison.recognize(
      "the pairs of a point with itself were left out, as in section 1.5; here they count, with "
        + "distance 0"
    ) { input in
      let (sums, n, m) = (input.sums(), Double(input.x.count), Double(input.y.count))
      return 2 * sums.xy / (n * m) - sums.xx / (n * (n - 1)) - sums.yy / (m * (m - 1))
    }
    comparison.recognize(
      "the distances were squared; then only the distance between the means of the two samples is "
        + "left"
    ) { $0.distance(2, -1) { $0 * $0 } }
    comparison.recognize("those are sums over the pairs; take means") { input in
      let sums = input.sums()
      return 2 * sums.xy - sums.xx - sums.yy
    }
    comparison.recognize(
      "that is the square root, which some authors call the distance; here no root is taken"
    ) {
      max($0.distance(), 0).squareRoot()
    }
    return Exercise(
      "energy-distance", "How far apart two samples are", minutes: 20,
      hints: [
        "Write a function for the mean distance between two samples, and call it three times.",
        "The mean distance between a sample and itself has n · n terms, of which n are 0.",
      ], comparison)
  }
}
