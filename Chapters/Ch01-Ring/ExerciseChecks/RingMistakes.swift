import Autodiff
import Exercises
import Notebook

/// w z + z/‖z‖ for each coordinate.
struct RingFormula {
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

  static var mistakes: [Mistake<RingFormula>] { lengths + limits + images + exceptions }

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
        norm("fourth root", "the root was taken twice; the length is √(z₁² + z₂²)") {
          length([$0, $1]).squareRoot()
        },
        norm("cube root", "the third root was taken; the length is the square root of z₁² + z₂²") {
          .exp(.log($0 * $0 + $1 * $1) / 3)
        },
        norm("no root, half", "the squared length was halved; the length is its root") {
          ($0 * $0 + $1 * $1) / 2
        },
      ]
      + [1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16].flatMap {
        (extra: Double) in
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

  private static var limits: [Mistake<RingFormula>] {
    [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12].map { (least: Double) in
      norm(
        "at least \(least)",
        "the length was cut to at least \(formatted(least, digits: 1)); use it as it is"
      ) { max(length([$0, $1]), least) }
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
    shortExceptions
      + [
        Mistake(
          "very short",
          "a z very near (0, 0) was mapped in another way; z/‖z‖ has length 1 however short z is"
        ) { $0.image = { z, length, width in width * z + (length < 1e-9 ? 0 : z / length) } },
        Mistake(
          "about 1",
          "a z whose length is about 1 was not divided by it; divide every z by its length"
        ) {
          $0.image = { z, length, width in
            width * z + (abs(length * length - 1) < 1e-3 ? z : z / length)
          }
        },
      ]
  }

  private static var shortExceptions: [Mistake<RingFormula>] {
    let least = 1e-3
    let exceptions: [(String, (_ z: Double, _ length: Double, _ width: Double) -> Double?)] = [
      (
        "a z very near (0, 0) was left as it is; z/‖z‖ has length 1 however short z is: divide "
          + "every z by its length", { z, length, width in length < least ? width * z + z : nil }
      ),
      (
        "z/‖z‖ was left out for a z very near (0, 0); it has length 1 however short z is",
        { z, length, width in length < least ? width * z : nil }
      ),
      (
        "a z very near (0, 0) was sent to (0, 0); z/‖z‖ has length 1 however short z is",
        { _, length, _ in length < least ? 0 : nil }
      ),
      (
        "a z very near (0, 0) came back as it was; map it as any other",
        { z, length, _ in length < least ? z : nil }
      ),
      (
        "a z whose length is about 0 or 1 was not divided by it; divide every z by its length",
        { z, length, width in
          length < least || abs(length * length - 1) < 1e-3 ? width * z + z : nil
        }
      ),
    ]
    return exceptions.map { message, exception in
      Mistake("short", message) {
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
