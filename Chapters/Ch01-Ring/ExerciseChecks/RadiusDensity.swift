import Autodiff
import Calculations
import Exercises

extension Checks {
  static func radiusDensity(
    _ answer: @escaping ([Double], Double) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<RadiusTask, [Double]>(of: { try answer($0.radii, $0.width) }) {
      input in
      input.radii.map(RadiusDistribution(w: input.width).density)
    }
    var tasks: [RadiusTask] = []
    func ask(_ radii: [Double], _ width: Double) {
      let task = RadiusTask(radii: radii, width: width)
      comparison.ask("radii \(exact(radii)) and w = \(exact(width))", task)
      tasks.append(task)
    }
    ask([0.9, 1.1], 0.1)
    ask([1, 1.5, 2], 0.5)
    let drawn = roundedNormals(2, 2, seed: 12).flatMap { $0 }.map { hundredths(1 + 0.2 * abs($0)) }
    ask(drawn, 0.2)
    ask([2.5, 0.4, 1.8, -0.3, 4.2], 1.3)
    // Just above 1, where a limit above 1 shows; and far out, where the density is almost 0.
    ask([1.0002, 1.01, 1], 0.01)
    ask([3, 0.2, 2.2, 1.6], 0.3)
    ask([2, 2.1], 0.1)
    comparison.argument("radii", \.radii, change: { $0 + 0.05 })
    comparison.argument("width", \.width, change: { $0 + 0.05 })
    let mistakes = RadiusFormula.mistakes.distinct(in: RadiusFormula(), tolerance: 1e-9) {
      formula in tasks.map { formula($0) }
    }
    comparison.recognize(mistakes, in: RadiusFormula()) { $1($0) }
    comparison.calculation { task in
      task.density { r, width in
        let excess = r - 1
        return (r - 1) / (width * width) * exp(-(excess * excess) / (2 * (width * width)))
      }
    }
    comparison.calculation { task in
      task.density { r, width in
        let length = ((r - 1) / width).named("ρ")
        return length * exp(-0.5 * square(length)) / width
      }
    }
    return Exercise(
      "radius-density", "The density of the radius 1 + w‖z‖", minutes: 10,
      hints: [
        "Compute the length ρ = (r − 1)/w first. What if it is negative?",
        "For radii from 1 on, the density is ρ exp(−ρ²/2)/w.",
      ], comparison)
  }
}

/// What is given in the exercise on the density of the radius.
struct RadiusTask {
  var radii: [Double]
  var width: Double
}

extension RadiusTask {
  /// How the density is calculated, with a formula from r = 1 on.
  fileprivate func density(
    _ formula: (_ r: Calculation, _ width: Calculation) -> Calculation
  ) -> Calculation {
    let r = Calculation.argument("r", radii)
    return zero(formula(r, .argument("width", width)), where: r, below: 1).named("p(r)")
  }
}

/// (r − 1)/w² · exp(−(r − 1)²/(2w²)) from r = 1 on.
struct RadiusFormula {
  /// What stands for w, in the factor and in the exponent.
  var width: (Double) -> Double = { $0 }
  /// What stands for r.
  var radius: (_ r: Double, _ w: Double) -> Double = { r, _ in r }
  var factor: (_ r: Double, _ w: Double) -> Double = { r, w in (r - 1) / (w * w) }
  var exponent: (_ r: Double, _ w: Double) -> Double = { r, w in -(r - 1) * (r - 1) / (2 * w * w) }
  var whole: (_ factor: Double, _ exponent: Double) -> Double = { $0 * .exp($1) }
  /// Whether the density of a radius is `below`, and not what the formula gives.
  var isBelow: (_ r: Double, _ w: Double) -> Bool = { r, _ in r < 1 }
  var below = 0.0
  /// What is done for each radius, and in which order.
  var list: (_ radii: [Double], _ density: (Double) -> Double) -> [Double] = { $0.map($1) }

  func callAsFunction(_ task: RadiusTask) -> [Double] {
    list(task.radii) { given in
      let (r, w) = (radius(given, task.width), width(task.width))
      return isBelow(given, task.width) ? below : whole(factor(r, w), exponent(r, w))
    }
  }
}
