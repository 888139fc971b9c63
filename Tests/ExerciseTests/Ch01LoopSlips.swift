import Exercises
import Foundation

@testable import Ch01_Ring

// Loops and cases that go wrong in the exercises on the density of the radius and on the energy
// distance.

extension Ch01Exercises {
  static var loopSlips: [Attempt] { radiusLoops + energyLoops }

  private static var radiusLoops: [Attempt] {
    /// r − 1 over w, from which the density is computed as ρ exp(−ρ²/2)/w.
    func density(_ r: Double, _ w: Double) -> Double {
      (r - 1) / w * exp(-(r - 1) / w * (r - 1) / w / 2) / w
    }
    return [
      .mistake(
        "log of a negative number",
        Checks.radiusDensity { radii, w in
          radii.map { exp(log($0 - 1) - 2 * log(w) - ($0 - 1) * ($0 - 1) / (2 * w * w)) }
        }, says: "r − 1 is negative, and the log or root of it is NaN"),
      .mistake(
        "break",
        Checks.radiusDensity { radii, w in
          var result = radii.map { _ in 0.0 }
          for (i, r) in radii.enumerated() {
            if r < 1 { break }
            result[i] = density(r, w)
          }
          return result
        }, says: "break for continue"),
      .mistake(
        "limit above 1",
        Checks.radiusDensity { radii, w in radii.map { $0 > 1.001 ? density($0, w) : 0 } },
        says: "a little above 1"),
      .mistake(
        "limit 1 + w",
        Checks.radiusDensity { radii, w in radii.map { $0 < 1 + w ? 0 : density($0, w) } },
        says: "not for r < 1 + w"),
      .mistake(
        "filter",
        Checks.radiusDensity { radii, w in radii.filter { $0 >= 1 }.map { density($0, w) } },
        says: "return one for each radius"),
      .mistake(
        "w as a variance",
        Checks.radiusDensity { radii, w in
          radii.map { $0 < 1 ? 0 : density($0, w.squareRoot()) }
        }, says: "taken for a variance"),
      .mistake(
        "difference quotient",
        Checks.radiusDensity { radii, w in
          func probability(_ r: Double) -> Double {
            let t = max(r - 1, 0) / w
            return 1 - exp(-t * t / 2)
          }
          return radii.map { (probability($0 + 1e-3) - probability($0 - 1e-3)) / 1e-3 }
        }, says: "divided by 2h"),
    ]
  }

  private static var energyLoops: [Attempt] {
    func squares(_ p: [Double], _ q: [Double]) -> [Double] {
      zip(p, q).map { ($0 - $1) * ($0 - $1) }
    }
    func exercise(_ mean: @escaping (_ a: [[Double]], _ b: [[Double]]) -> Double) -> Exercise {
      Checks.energyDistance { x, y in 2 * mean(x, y) - mean(x, x) - mean(y, y) }
    }
    /// With another distance.
    func distance(_ distance: @escaping (_ squares: [Double]) -> Double) -> Exercise {
      exercise { a, b in
        let all = a.flatMap { p in b.map { distance(squares(p, $0)) } }
        return all.reduce(0, +) / Double(all.count)
      }
    }
    return [
      .mistake(
        "first twice", distance { $0.reduce($0[0], +).squareRoot() },
        says: "first coordinate’s difference is added twice"),
      .mistake(
        "from 1", distance { $0.dropFirst().reduce(0, +).squareRoot() },
        says: "does a loop begin at 1?"),
      .mistake(
        "not reset",
        exercise { a, b in
          var (sum, total) = (0.0, 0.0)
          for p in a {
            for q in b {
              sum += squares(p, q).reduce(0, +)
              total += sum.squareRoot()
            }
          }
          return total / Double(a.count * b.count)
        }, says: "goes on from pair to pair"),
      .mistake(
        "one root",
        exercise { a, b in
          let all = a.flatMap { p in b.flatMap { squares(p, $0) } }
          return all.reduce(0, +).squareRoot() / Double(a.count * b.count)
        }, says: "each distance has its own root"),
      .mistake(
        "y as long as x",
        Checks.energyDistance { x, y in
          func sum(_ a: [[Double]], _ b: [[Double]]) -> Double {
            a.reduce(0) { sum, p in
              sum + b.reduce(0) { $0 + squares(p, $1).reduce(0, +).squareRoot() }
            }
          }
          let (n, m) = (Double(x.count), Double(y.count))
          return 2 * sum(x, y) / (n * m) - sum(x, x) / (n * n) - sum(y, y) / (n * m)
        }, says: "in E‖Y − Y′‖, the sum was divided by n · m"),
      .mistake(
        "distances of 0",
        exercise { a, b in
          let all = a.flatMap { p in b.map { squares(p, $0).reduce(0, +).squareRoot() } }
          let some = all.filter { $0 > 0 }
          return some.reduce(0, +) / Double(some.count)
        }, says: "0/0 = NaN if there is no other"),
    ]
  }
}
