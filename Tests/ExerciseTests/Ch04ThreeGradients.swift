import Exercises
import Foundation

@testable import Ch04_Reparameterization

extension Ch04Exercises {
  /// What a student may get wrong, by the lines of the solution.
  private struct Slip {
    var sigma: (Double) -> Double = { exp($0 / 2) }
    var divergenceA: (_ a: Double, _ x: Double) -> Double = { $0 * $1 * $1 }
    var divergenceC: (_ sigma: Double) -> Double = { 0.5 * ($0 * $0 - 1) }
    var errorW: (_ x: Double, _ w: Double, _ z: Double) -> Double = { -2 * $2 * ($0 - $1 * $2) }
    var errorZ: (_ x: Double, _ w: Double, _ z: Double) -> Double = { -2 * $1 * ($0 - $1 * $2) }
    var pathC: (_ sigma: Double, _ e: Double) -> Double = { 0.5 * $0 * $1 }
    var scoreA: (_ sigma: Double, _ e: Double, _ x: Double) -> Double = { $1 / $0 * $2 }
    var scoreC: (_ sigma: Double, _ e: Double) -> Double = { 0.5 * ($1 * $1 - 1) }
    var baseline: (_ total: Double, _ own: Double, _ n: Double) -> Double = {
      ($0 - $1) / ($2 - 1)
    }
    var divisor: (Double) -> Double = { $0 }
    var finish: (inout EncoderGradients) -> Void = { _ in }
  }

  private static func exercise(_ change: (inout Slip) -> Void = { _ in }) -> Exercise {
    var slip = Slip()
    change(&slip)
    return Checks.threeGradients { [slip] x, a, c, w, noise in
      let n = Double(x.count)
      let s = slip.sigma(c)
      var (inside, score, path) = ([0.0, 0, 0], [0.0, 0, 0], [0.0, 0, 0])
      var z: [Double] = []
      var h: [Double] = []
      for i in x.indices {
        z.append(a * x[i] + s * noise[i])
        h.append((x[i] - w * z[i]) * (x[i] - w * z[i]))
      }
      let total = h.reduce(0, +)
      for i in x.indices {
        inside[0] += slip.divergenceA(a, x[i])
        inside[1] += slip.divergenceC(s)
        inside[2] += slip.errorW(x[i], w, z[i])
        let weight = h[i] - slip.baseline(total, h[i], n)
        score[0] += weight * slip.scoreA(s, noise[i], x[i])
        score[1] += weight * slip.scoreC(s, noise[i])
        path[0] += slip.errorZ(x[i], w, z[i]) * x[i]
        path[1] += slip.errorZ(x[i], w, z[i]) * slip.pathC(s, noise[i])
      }
      let by = slip.divisor(n)
      var result = EncoderGradients(
        drawnInside: inside.map { $0 / by }, score: zip(inside, score).map { ($0 + $1) / by },
        pathwise: zip(inside, path).map { ($0 + $1) / by })
      slip.finish(&result)
      return result
    }
  }

  static var threeGradients: [Attempt] {
    [
      .solution(exercise()),
      .stub(Checks.threeGradients { _, _, _, _, _ in try todo() }),
      .mistake("variance", exercise { $0.sigma = { exp($0) } }, says: "σ² was used"),
      .mistake("no X in D", exercise { $0.divergenceA = { $0 * $1 } }, says: "X is missing"),
      .mistake("2μ", exercise { $0.divergenceA = { 2 * $0 * $1 * $1 } }, says: "not 2μ"),
      .mistake("c without ½", exercise { $0.divergenceC = { $0 * $0 - 1 } }, says: "½ is missing"),
      .mistake("c without −1", exercise { $0.divergenceC = { 0.5 * $0 * $0 } }, says: "−½, is"),
      .mistake("D for σ", exercise { $0.divergenceC = { $0 - 1 / $0 } }, says: "respect to σ"),
      .mistake(
        "sign of w", exercise { $0.errorW = { 2 * $2 * ($0 - $1 * $2) } },
        says: "with respect to w is flipped"),
      .mistake("no 2 in w", exercise { $0.errorW = { -$2 * ($0 - $1 * $2) } }, says: "the 2 is"),
      .mistake("no w", exercise { $0.errorZ = { -2 * ($0 - $1 * $2) } }, says: "z is w;"),
      .mistake(
        "sign of z", exercise { $0.errorZ = { 2 * $1 * ($0 - $1 * $2) } },
        says: "with respect to z is flipped"),
      .mistake("path without ½", exercise { $0.pathC = { $0 * $1 } }, says: "½σ; the ½"),
      .mistake(
        "half the slope on the path", exercise { $0.pathC = { _, _ in 0.5 } },
        says: "½σε; σ and ε are missing"),
      .mistake("path for σ", exercise { $0.pathC = { $1 } }, says: "with respect to σ,"),
      .mistake(
        "path without ε", exercise { $0.pathC = { s, _ in 0.5 * s } }, says: "= ε is missing"),
      .mistake(
        "score without X", exercise { $0.scoreA = { $1 / $0 + 0 * $2 } }, says: "in the score"),
      .mistake(
        "score by σ²", exercise { $0.scoreA = { $1 / ($0 * $0) * $2 } },
        says: "in the score with respect to μ"),
      .mistake("score without ½", exercise { $0.scoreC = { $1 * $1 - 1 + 0 * $0 } }, says: "½"),
      .mistake(
        "own baseline", exercise { $0.baseline = { $0 / $2 + 0 * $1 } },
        says: "own value is in its baseline"),
      .mistake("no baseline", exercise { $0.baseline = { _, _, _ in 0 } }, says: "no baseline"),
      .mistake("exp of σ", exercise { $0.sigma = { exp(exp($0 / 2)) } }, says: "taken twice"),
      .mistake("sums", exercise { $0.divisor = { _ in 1 } }, says: "sums over the examples"),
      .mistake(
        "log-likelihood",
        exercise {
          $0.finish = { g in
            g.score = zip(g.score, g.drawnInside).map { 2 * $1 - $0 }
          }
        }, says: "wrong sign"),
      .mistake(
        "no divergence later",
        exercise {
          $0.finish = { g in
            for k in 0..<2 {
              g.score[k] -= g.drawnInside[k]
              g.pathwise[k] -= g.drawnInside[k]
            }
          }
        }, says: "all three gradients"),
      .mistake(
        "path inside", exercise { $0.finish = { $0.drawnInside = $0.pathwise } },
        says: "z is a constant"),
      .mistake(
        "only two parameters", exercise { $0.finish = { $0.score.removeLast() } },
        says: "2 numbers for score"),
    ]
  }
}
