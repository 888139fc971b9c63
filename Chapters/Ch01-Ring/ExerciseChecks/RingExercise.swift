import Calculations
import Datasets
import Exercises
import Notebook
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
      "the points (0.000003, 0.000004) and (0.8, −0.60001) and w = 0.8",
      RingTask(z: [[3e-6, 4e-6], [0.8, -0.60001]], width: 0.8))
    let drawn = roundedNormals(3, 2, seed: 11)
    comparison.ask("the points \(text(drawn)) and w = 0.25", RingTask(z: drawn, width: 0.25))
    let others = roundedNormals(4, 2, seed: 21)
    comparison.ask("the points \(text(others)) and w = 1.7", RingTask(z: others, width: 1.7))
    comparison.argument("z", \.z, change: { 1.5 * $0 + 0.25 })
    comparison.argument("width", \.width)
    comparison.recognize(RingFormula.mistakes, in: RingFormula()) { $1($0) }
    comparison.recognizeOtherImages()
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
private struct RingTask {
  var z: [[Double]]
  var width: Double
}

/// w z + z/‖z‖ for each coordinate.
private struct RingFormula {
  /// The length that a coordinate is divided by.
  var norm: (_ point: [Double], _ index: Int) -> Double = { point, _ in length(point) }
  var image: (_ z: Double, _ length: Double, _ width: Double) -> Double = { z, length, width in
    width * z + z / length
  }

  func callAsFunction(_ task: RingTask) -> [[Double]] {
    task.z.map { point in
      point.indices.map { image(point[$0], norm(point, $0), task.width) }
    }
  }

  static var mistakes: [Mistake<RingFormula>] { lengths + images + exceptions }

  private static var lengths: [Mistake<RingFormula>] {
    ownLengths
      + [
        norm("largest", "the length is √(z₁² + z₂²), not the larger of |z₁| and |z₂|") {
          max(abs($0), abs($1))
        },
        norm("mean square", "the squares were averaged; the length is the root of their sum") {
          (($0 * $0 + $1 * $1) / 2).squareRoot()
        },
        norm("minus", "the squares were subtracted; the length is √(z₁² + z₂²)") {
          ($0 * $0 - $1 * $1).squareRoot()
        },
        norm("first twice", "the length contains z₁ twice; it is √(z₁² + z₂²)") { first, _ in
          (2 * first * first).squareRoot()
        },
        norm("second twice", "the length contains z₂ twice; it is √(z₁² + z₂²)") { _, second in
          (2 * second * second).squareRoot()
        },
        norm("first alone", "the length contains only z₁; it is √(z₁² + z₂²)") { first, _ in
          abs(first)
        },
        norm("at least 1", "the length was cut to at least 1; use it as it is") {
          max(length([$0, $1]), 1)
        },
        norm("fourth root", "the root was taken twice; the length is √(z₁² + z₂²)") {
          length([$0, $1]).squareRoot()
        },
      ]
      + [1, 1e-3, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12].flatMap { (extra: Double) in
        [
          norm(
            "plus \(extra)",
            "\(formatted(extra, digits: 1)) was added to the length; no point is (0, 0), so leave it as it is"
          ) { length([$0, $1]) + extra },
          norm(
            "plus \(extra) inside",
            "\(formatted(extra, digits: 1)) was added under the root; no point is (0, 0), so leave it as it is"
          ) { ($0 * $0 + $1 * $1 + extra).squareRoot() },
        ]
      }
  }

  private static var ownLengths: [Mistake<RingFormula>] {
    [
      Mistake(
        "own size", "each coordinate was divided by its own size; divide by the length of the point"
      ) { $0.norm = { abs($0[$1]) } },
      norm(
        "square", "z was divided by its squared length, z₁² + z₂²; take the square root",
        isCommon: true
      ) { $0 * $0 + $1 * $1 },
      norm("sum", "the length is √(z₁² + z₂²), not |z₁| + |z₂|", isCommon: true) {
        abs($0) + abs($1)
      },
      norm("sum with signs", "the length is √(z₁² + z₂²), not z₁ + z₂") { $0 + $1 },
    ]
  }

  private static func norm(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ norm: @escaping (_ first: Double, _ second: Double) -> Double
  ) -> Mistake<RingFormula> {
    Mistake(name, message, isCommon: isCommon) {
      $0.norm = { point, _ in norm(point[0], point[1]) }
    }
  }

  /// Points that are treated in another way, without need.
  private static var exceptions: [Mistake<RingFormula>] {
    func isNearOne(_ length: Double) -> Bool { abs(length * length - 1) < 1e-3 }
    let exceptions:
      [(String, String, (_ z: Double, _ length: Double, _ width: Double) -> Double?)] = [
        (
          "short",
          "a z very near (0, 0) was left as it is; z/‖z‖ has length 1 however short z is: divide "
            + "every z by its length", { z, length, width in length < 1e-3 ? width * z + z : nil }
        ),
        (
          "short, no second term",
          "z/‖z‖ was left out for a z very near (0, 0); it has length 1 however short z is",
          { z, length, width in length < 1e-3 ? width * z : nil }
        ),
        (
          "short, 0",
          "a z very near (0, 0) was sent to (0, 0); z/‖z‖ has length 1 however short z is",
          { _, length, _ in length < 1e-3 ? 0 : nil }
        ),
        (
          "short, z", "a z very near (0, 0) came back as it was; map it as any other",
          { z, length, _ in length < 1e-3 ? z : nil }
        ),
        (
          "about 1",
          "a z whose length is about 1 was not divided by it; divide every z by its length",
          { z, length, width in isNearOne(length) ? width * z + z : nil }
        ),
        (
          "short or about 1",
          "a z whose length is about 0 or 1 was not divided by it; divide every z by its length",
          { z, length, width in
            length < 1e-3 || isNearOne(length) ? width * z + z : nil
          }
        ),
      ]
    return exceptions.map { name, message, exception in
      Mistake(name, message) {
        $0.image = { exception($0, $1, $2) ?? $2 * $0 + $0 / $1 }
      }
    }
  }

  private static var images: [Mistake<RingFormula>] {
    [
      Mistake(
        "w twice", "both terms were multiplied by w; only the first one should be", isCommon: true
      ) { $0.image = { z, length, width in width * (z + z / length) } },
      Mistake(
        "w for the other", "w multiplies the second term; it belongs to the first", isCommon: true
      ) { $0.image = { z, length, width in z + width * z / length } },
      Mistake("no w", "w is missing: the first term is w z") {
        $0.image = { z, length, _ in z + z / length }
      },
      Mistake("circle", "w z was divided by ‖z‖ as well, so that all radii are 1 + w") {
        $0.image = { z, length, width in (width + 1) * z / length }
      },
      Mistake("only w z", "the term z/‖z‖ is missing") { $0.image = { z, _, width in width * z } },
      Mistake("only z/‖z‖", "the term w z is missing, so that all radii are 1") {
        $0.image = { z, length, _ in z / length }
      },
      Mistake("minus", "z/‖z‖ was subtracted; add it", isCommon: true) {
        $0.image = { z, length, width in width * z - z / length }
      },
      Mistake("minus w z", "w z was subtracted; add it") {
        $0.image = { z, length, width in z / length - width * z }
      },
      Mistake("times", "z was multiplied by its length; divide by it", isCommon: true) {
        $0.image = { z, length, width in width * z + z * length }
      },
      Mistake("1/‖z‖", "the second term is z/‖z‖, not 1/‖z‖") {
        $0.image = { z, length, width in width * z + 1 / length }
      },
      Mistake("1", "1 was added to each coordinate; add z/‖z‖, a vector of length 1") {
        $0.image = { z, _, width in width * z + 1 }
      },
      Mistake("w", "w was added; the first term is w z") {
        $0.image = { z, length, width in width + z / length }
      },
      Mistake("‖z‖", "the first term is w z, not w ‖z‖") {
        $0.image = { z, length, width in width * length + z / length }
      },
      Mistake("w + z", "w was added to z, and both divided by ‖z‖; multiply z by w, and add z/‖z‖")
      {
        $0.image = { z, length, width in (width + z) / length }
      },
      Mistake("‖z‖³", "z was divided by ‖z‖³; divide by ‖z‖") {
        $0.image = { z, length, width in width * z + z / (length * length * length) }
      },
      Mistake("product", "the two terms were multiplied; add them") {
        $0.image = { z, length, width in width * z * z / length }
      },
      Mistake("z/w", "z was divided by w; the first term is w z") {
        $0.image = { z, length, width in z / width + z / length }
      },
      Mistake("brackets", "that is z/(w + ‖z‖) or the like; brackets stand in the wrong place") {
        $0.image = { z, length, width in z / (width + length) }
      },
      Mistake("radius", "each coordinate became the radius 1 + w‖z‖; the image is a point") {
        $0.image = { _, length, width in 1 + width * length }
      },
      Mistake("not divided", "z was added as it is; divide it by its length") {
        $0.image = { z, _, width in width * z + z }
      },
      Mistake("radius times z", "z was multiplied by 1 + w‖z‖, but not divided by ‖z‖") {
        $0.image = { z, length, width in z * (1 + width * length) }
      },
      Mistake("√w", "the root of w was taken; the first term is w z") {
        $0.image = { z, length, width in width.squareRoot() * z + z / length }
      },
      Mistake("w + 1/‖z‖", "that is w + 1/‖z‖, the factor; multiply z by it") {
        $0.image = { _, length, width in width + 1 / length }
      },
      Mistake("w²", "w was multiplied in twice") {
        $0.image = { z, length, width in width * width * z + z / length }
      },
    ]
  }
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
    for (first, second) in [("z₁", "z₂"), ("z₂", "z₁")] {
      recognize(
        "\(first) was divided by the length before the length for \(second) was computed; compute "
          + "the length once, before you change a coordinate"
      ) { task in
        task.z.map { point in
          var unit = point
          for index in first == "z₁" ? [0, 1] : [1, 0] { unit[index] /= length(unit) }
          return zip(point, unit).map { task.width * $0 + $1 }
        }
      }
    }
    recognize("the two coordinates of each image are exchanged") { task in
      task.image(length).map { $0.reversed() }
    }
    recognize("z₁ was divided by the length of the image of z₁; each length is that of z itself") {
      task in
      task.z.map { point in
        let first = task.width * point[0] + point[0] / length(point)
        return [first, task.width * point[1] + point[1] / length([first, point[1]])]
      }
    }
    recognize("only the first coordinate was divided by the length") { task in
      zip(task.image(length), task.z).map { [$0[0], (task.width + 1) * $1[1]] }
    }
    for (index, place) in ["first", "second"].enumerated() {
      let (own, other) = index == 0 ? ("z₁", "z₂") : ("z₂", "z₁")
      recognize("in the \(place) coordinate, \(other)/‖z‖ stands where \(own)/‖z‖ should be") {
        $0.image(at: index) { own, other, length, width in width * own + other / length }
      }
      recognize("in the \(place) coordinate, w \(other) stands where w \(own) should be") {
        $0.image(at: index) { own, other, length, width in width * other + own / length }
      }
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

  /// The images, with a formula of its own for one of the two coordinates.
  fileprivate func image(
    at index: Int,
    _ formula: (_ own: Double, _ other: Double, _ length: Double, _ width: Double) -> Double
  ) -> [[Double]] {
    zip(image(length), z).map { right, point in
      var image = right
      image[index] = formula(point[index], point[1 - index], length(point), width)
      return image
    }
  }

  /// The images, with a length for each point.
  fileprivate func image(_ length: ([Double]) -> Double) -> [[Double]] {
    z.map { point in
      let length = length(point)
      return point.map { width * $0 + $0 / length }
    }
  }
}
