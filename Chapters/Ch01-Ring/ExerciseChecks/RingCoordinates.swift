import Exercises

/// w z + z/‖z‖, each coordinate on its own, as in code that names them x and y: there variables are
/// confused, and one is overwritten before it is used for the other.
struct RingCoordinates {
  /// One of the two terms of a coordinate. `own` is z₁ for the first one, and `other` is z₂.
  typealias Term = (_ own: Double, _ other: Double, _ length: Double, _ width: Double) -> Double

  /// w z, for each coordinate.
  var scaled: [Term] = Array(repeating: { own, _, _, width in width * own }, count: 2)
  /// z/‖z‖, for each coordinate.
  var unit: [Term] = Array(repeating: { own, _, length, _ in own / length }, count: 2)
  /// What is the length for each coordinate.
  var norm: (_ z: [Double], _ index: Int, _ width: Double) -> Double = { z, _, _ in length(z) }

  func callAsFunction(_ task: RingTask) -> [[Double]] {
    task.z.map { z in
      (0..<2).map { index in
        let (own, other) = (z[index], z[1 - index])
        let length = norm(z, index, task.width)
        return scaled[index](own, other, length, task.width)
          + unit[index](own, other, length, task.width)
      }
    }
  }

  static var mistakes: [Mistake<RingCoordinates>] { both + overwritten + single + unequal }

  /// A wrong term, with words for it.
  private struct Slip {
    let words: (_ own: String, _ other: String) -> String
    let term: Term

    init(_ words: @escaping (_ own: String, _ other: String) -> String, _ term: @escaping Term) {
      self.words = words
      self.term = term
    }

    /// "in the first coordinate, …".
    func clause(at index: Int) -> String {
      let names = ["z₁", "z₂"]
      return "in the \(["first", "second"][index]) coordinate, "
        + words(names[index], names[1 - index])
    }
  }

  /// What stands in place of z/‖z‖.
  private static var units: [Slip] {
    [
      Slip({ own, _ in "\(own) was not divided by ‖z‖" }) { own, _, _, _ in own },
      Slip({ "\($1) stands where \($0)/‖z‖ should be" }) { _, other, _, _ in other },
      Slip({ "\($1)/‖z‖ stands where \($0)/‖z‖ should be" }) { _, other, length, _ in other / length
      },
      Slip({ own, _ in "\(own) was divided by ‖z‖ twice" }) { own, _, length, _ in
        own / (length * length)
      },
      Slip({ "\($1)/‖z‖² stands where \($0)/‖z‖ should be" }) { _, other, length, _ in
        other / (length * length)
      },
      Slip({ own, _ in "\(own) was multiplied by ‖z‖; divide it" }) { own, _, length, _ in
        own * length
      },
      Slip({ own, _ in "\(own) was divided by |\(own)|; divide by ‖z‖" }) { own, _, _, _ in
        own / abs(own)
      },
      Slip({ own, _ in "\(own)/‖z‖ is missing" }) { _, _, _, _ in 0 },
      Slip({ own, _ in "\(own)/‖z‖ was subtracted; add it" }) { own, _, length, _ in -own / length
      },
      Slip({ own, _ in "1/‖z‖ stands where \(own)/‖z‖ should be" }) { _, _, length, _ in 1 / length
      },
      Slip({ own, _ in "\(own)/‖z‖ is multiplied by w as well" }) { own, _, length, width in
        width * own / length
      },
    ]
  }

  /// What stands in place of w z.
  private static var scalings: [Slip] {
    [
      Slip({ "w \($1) stands where w \($0) should be" }) { _, other, _, width in width * other },
      Slip({ own, _ in "w is missing before \(own)" }) { own, _, _, _ in own },
      Slip({ "\($1) stands where w \($0) should be" }) { _, other, _, _ in other },
      Slip({ own, _ in "w \(own) is missing" }) { _, _, _, _ in 0 },
      Slip({ own, _ in "w \(own) was subtracted; add it" }) { own, _, _, width in -width * own },
      Slip({ own, _ in "w stands alone; multiply it by \(own)" }) { _, _, _, width in width },
      Slip({ own, _ in "w² \(own) stands where w \(own) should be" }) { own, _, _, width in
        width * width * own
      },
      Slip({ own, _ in "w \(own) was divided by ‖z‖; was \(own) overwritten by \(own)/‖z‖?" }) {
        own, _, length, width in width * own / length
      },
      Slip({ "w times the image of \($1) stands where w \($0) should be" }) {
        _, other, length, width in width * (width * other + other / length)
      },
      Slip({ "w \($1)/‖z‖ stands where w \($0) should be" }) { _, other, length, width in
        width * other / length
      },
    ]
  }

  private static var single: [Mistake<RingCoordinates>] {
    (0..<2).flatMap { index in
      units.map { slip in
        Mistake("unit", slip.clause(at: index)) { $0.unit[index] = slip.term }
      }
        + scalings.map { slip in
          Mistake("scaled", slip.clause(at: index)) { $0.scaled[index] = slip.term }
        }
    }
  }

  /// Another slip in each coordinate, as after an assignment to the wrong variable.
  private static var unequal: [Mistake<RingCoordinates>] {
    units.enumerated().flatMap { index, first in
      units.enumerated().filter { $0.offset != index }.map { _, second in
        Mistake(
          "units",
          first.clause(at: 0) + ", and " + second.clause(at: 1)
            + "; is a result assigned to the wrong variable?"
        ) { $0.unit = [first.term, second.term] }
      }
    }
  }

  private static var both: [Mistake<RingCoordinates>] {
    [
      Mistake(
        "exchanged units",
        "the two coordinates of z/‖z‖ are exchanged: z₁/‖z‖ belongs to the first, z₂/‖z‖ to the second"
      ) { $0.unit = Array(repeating: { _, other, length, _ in other / length }, count: 2) },
      Mistake("exchanged scaled", "w z₁ belongs to the first coordinate, and w z₂ to the second") {
        $0.scaled = Array(repeating: { _, other, _, width in width * other }, count: 2)
      },
      Mistake(
        "sizes", "|z|/‖z‖ was added, without the sign of each coordinate; add z/‖z‖"
      ) { $0.unit = Array(repeating: { own, _, length, _ in abs(own) / length }, count: 2) },
      Mistake(
        "atan",
        "atan(z₂/z₁) takes opposite directions for the same; use atan2(z₂, z₁), or divide by ‖z‖"
      ) {
        $0.unit = [
          { own, _, length, _ in abs(own) / length },
          { own, other, length, _ in other < 0 ? -own / length : own / length },
        ]
      },
      Mistake(
        "atan for all",
        "atan(z₂/z₁) takes opposite directions for the same; use atan2(z₂, z₁), or multiply z by "
          + "w + 1/‖z‖"
      ) {
        $0.unit = [
          { own, _, length, _ in abs(own) / length },
          { own, other, length, _ in other < 0 ? -own / length : own / length },
        ]
        $0.scaled = [
          { own, _, _, width in width * abs(own) },
          { own, other, _, width in other < 0 ? -width * own : width * own },
        ]
      },
    ]
  }

  /// One coordinate is overwritten before the length for the other is computed.
  private static var overwritten: [Mistake<RingCoordinates>] {
    (0..<2).flatMap { (first: Int) -> [Mistake<RingCoordinates>] in
      let (own, other) = first == 0 ? ("z₁", "z₂") : ("z₂", "z₁")
      let values: [(String, (_ z: Double, _ length: Double, _ width: Double) -> Double)] = [
        ("\(own)/‖z‖", { z, length, _ in z / length }),
        ("its image", { z, length, width in width * z + z / length }),
        ("w \(own)", { z, _, width in width * z }),
      ]
      return values.map { name, value in
        Mistake(
          "overwritten",
          "\(own) was overwritten by \(name) before the length for \(other) was computed; compute "
            + "the length once, before you change a coordinate"
        ) {
          $0.norm = { z, index, width in
            guard index != first else { return length(z) }
            var changed = z
            changed[first] = value(z[first], length(z), width)
            return length(changed)
          }
        }
      }
    }
  }
}
