import Calculations
import Datasets
import Exercises
import Probability

extension Checks {
  static func ring(_ answer: @escaping ([[Double]], Double) throws -> [[Double]]) -> Exercise {
    var comparison = Comparison<RingTask, [[Double]]>(of: { try answer($0.z, $0.width) }) { input in
      rows(Datasets.ring(matrix(input.z), width: input.width))
    }
    comparison.ask("z = (3, 4) and w = 0.1", RingTask(z: [[3, 4]], width: 0.1))
    comparison.ask(
      "the points (0, −2) and (−0.5, 0) and w = 0.5",
      RingTask(z: [[0, -2], [-0.5, 0]], width: 0.5))
    comparison.ask(
      "the points (3, 4)/10⁶, (−4, 3)/10¹³ and (0.8, −0.60001) and w = 0.8",
      RingTask(z: [[3e-6, 4e-6], [-4e-13, 3e-13], [0.8, -0.60001]], width: 0.8))
    let drawn = roundedNormals(3, 2, seed: 11)
    comparison.ask("the points \(text(drawn)) and w = 0.25", RingTask(z: drawn, width: 0.25))
    let others = roundedNormals(4, 2, seed: 21)
    comparison.ask("the points \(text(others)) and w = 1.7", RingTask(z: others, width: 1.7))
    comparison.argument("z", \.z, change: { 1.5 * $0 + 0.25 })
    comparison.argument("width", \.width)
    comparison.recognize(RingFormula.mistakes, in: RingFormula()) { $1($0) }
    comparison.recognizeOtherImages()
    comparison.recognize(RingCoordinates.mistakes, in: RingCoordinates()) { $1($0) }
    comparison.terms(["w z", "z/‖z‖"]) { task in
      [
        task.z.map { point in point.map { task.width * $0 } },
        task.z.map { point in point.map { $0 / length(point) } },
      ]
    }
    comparison.calculation { task in
      task.image { z, width, length in width * z + z / length }
    }
    comparison.calculation { task in
      task.image { z, width, length in (width + 1 / length) * z }
    }
    comparison.calculation { task in
      task.image { z, width, length in (1 + width * length) * (z / length).named("the direction") }
    }
    // Each coordinate on its own.
    comparison.calculation { task in
      let z = Calculation.argument("z", task.z)
      let first = z[task.z.indices.map { 2 * $0 }, named: "z₁"]
      let second = z[task.z.indices.map { 2 * $0 + 1 }, named: "z₂"]
      let length = sqrt(first * first + second * second).named("the length")
      let width = Calculation.argument("width", task.width)
      let images = [first, second].map { width * $0 + $0 / length }
      let order = task.z.indices.flatMap { [$0, $0 + task.z.count] }
      return Calculation.list(images)[order, named: "the images"]
    }
    return Exercise(
      "ring", "The ring: g(z) = w z + z/‖z‖ for each point", minutes: 5,
      hints: [
        "Map each point to its image. The two coordinates of a point share one length.",
        "The length of (z₁, z₂) is (z₁ * z₁ + z₂ * z₂).squareRoot(); the first "
          + "coordinate of the image is w z₁ + z₁/length.",
      ], comparison)
  }
}

/// What is given in the exercise on the ring.
struct RingTask {
  var z: [[Double]]
  var width: Double
}

extension Comparison<RingTask, [[Double]]> {
  fileprivate mutating func recognizeOtherImages() {
    recognize("one length was used for all points, but each point has its own") { task in
      let common = length(task.z.flatMap { $0 })
      return task.image { _ in common }
    }
    recognize("the length of the first point was used for all; each point has its own") { task in
      let common = length(task.z[0])
      return task.image { _ in common }
    }
    recognize("the length of the last point was used for all; each point has its own") { task in
      let common = length(task.z[task.z.count - 1])
      return task.image { _ in common }
    }
    recognize("the two coordinates of each image are exchanged") { task in
      task.image(length).map { $0.reversed() }
    }
    recognize("both coordinates are those of z₁") { task in
      task.image(length).map { [$0[0], $0[0]] }
    }
    recognize("both coordinates are those of z₂") { task in
      task.image(length).map { [$0[1], $0[1]] }
    }
    recognize("those are radii; the image of a point is a point, with two coordinates") { task in
      task.z.map { [1 + task.width * length($0)] }
    }
    for start in [1.0, 0] {
      recognize("the length of the point before was used; compute the length of a point first") {
        task in
        let lengths = [start] + task.z.map(length)
        return zip(task.z, lengths).map { z, length in z.map { task.width * $0 + $0 / length } }
      }
    }
    recognize("a point very near (0, 0) was left out; map every point") { task in
      task.image(length).enumerated().filter { length(task.z[$0.offset]) > 1e-3 }.map(\.element)
    }
    recognize("the mean length was used for all points, but each point has its own") { task in
      let common = mean(task.z.map(length))
      return task.image { _ in common }
    }
    recognize("the last point is missing; does a loop or range end too early?") { task in
      task.image(length).dropLast()
    }
    recognize("only the first point was mapped; does the loop return too early?") { task in
      [task.image(length)[0]]
    }
    recognize("only the second coordinate was mapped; the first came back as it was") { task in
      zip(task.image(length), task.z).map { [$1[0], $0[1]] }
    }
    recognize("only the first coordinate was mapped; the second came back as it was") { task in
      zip(task.image(length), task.z).map { [$0[0], $1[1]] }
    }
  }
}

extension RingTask {
  /// How the images are calculated, with a formula.
  fileprivate func image(
    _ formula: (_ z: Calculation, _ width: Calculation, _ length: Calculation) -> Calculation
  ) -> Calculation {
    let z = Calculation.argument("z", z)
    let length = sqrt(sum(square(z), axis: 1, over: "coordinates")).named("the length")
    return formula(z, .argument("width", width), length)
  }

  /// The images, with a length for each point.
  fileprivate func image(_ length: ([Double]) -> Double) -> [[Double]] {
    z.map { point in
      let length = length(point)
      return point.map { width * $0 + $0 / length }
    }
  }
}
