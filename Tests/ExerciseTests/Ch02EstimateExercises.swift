import Exercises
import Foundation

@testable import Ch02_NaiveMonteCarlo

// The estimates of sections 2.2 and 2.4.

extension Ch02Exercises {
  static var naiveEstimate: [Attempt] {
    func exercise(_ estimate: @escaping ([Double]) -> Double) -> Exercise {
      Checks.naiveEstimate { z, logLikelihood in estimate(z.map(logLikelihood)) }
    }
    /// With something added to each log P(X|z).
    func plus(_ term: @escaping ([Double]) -> Double) -> Exercise {
      Checks.naiveEstimate { z, logLikelihood in
        stableLogMeanExp(z.map { logLikelihood($0) + term($0) })
      }
    }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("mean of logs", exercise(mean), "mean of log P(X|z)"),
      ("sum", exercise { stableLogMeanExp($0) + log(Double($0.count)) }, "log of a sum"),
      (
        "prior", plus { $0.reduce(0) { $0 - (log(2 * .pi) + $1 * $1) / 2 } },
        "P(z) was multiplied in"
      ),
      ("e^(−z²/2)", plus { $0.reduce(0) { $0 - $1 * $1 / 2 } }, "e^(−‖z‖²/2) was multiplied in"),
      ("largest", exercise { $0.max()! }, "the largest of the logs"),
      ("no log", exercise { mean($0.map(exp)) }, "that is P(X)"),
      ("underflow", exercise { log(mean($0.map(exp))) }, "became 0"),
      ("ε", exercise { log(mean($0.map(exp)) + 1e-12) }, "a small number"),
      (
        "first shift",
        exercise { logs in logs[0] + log(mean(logs.map { exp($0 - logs[0]) })) }, "the first log"
      ),
      (
        "d",
        Checks.naiveEstimate { z, f in log(z.map { exp(f($0)) }.reduce(0, +) / Double(z[0].count))
        },
        "divided by d"
      ),
      (
        "mean z",
        Checks.naiveEstimate { z, f in
          f(z[0].indices.map { k in mean(z.map { $0[k] }) })
        }, "at the mean of the samples"
      ),
      ("first sample", Checks.naiveEstimate { z, f in f(z[0]) }, "first of the logs"),
      (
        "n − 1",
        exercise { stableLogMeanExp($0) + log(Double($0.count)) - log(Double($0.count - 1)) },
        "n − 1"
      ),
      ("sign", exercise { -stableLogMeanExp($0) }, "sign is flipped"),
      ("losses", exercise { -stableLogMeanExp($0.map { -$0 }) }, "as in a loss"),
      (
        "fixed shift", exercise { log(mean($0.map { exp($0 + 600) })) - 600 }, "a fixed number"
      ),
    ]
    return [
      .solution(exercise(stableLogMeanExp)), .stub(Checks.naiveEstimate { _, _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }

  // MARK: - Samples of one's own

  static var sampledEstimate: [Attempt] {
    let source = FixedNoise()
    func uniform() -> Double { source.uniform() }
    func normal() -> Double { source.normal() }
    /// With a source of numbers, and what is done with log P(X|z) of all samples.
    func exercise(
      _ number: @escaping () -> Double = { normal() },
      _ estimate: @escaping ([Double]) -> Double = { stableLogMeanExp($0) }
    ) -> Exercise {
      Checks.sampledEstimate { n, d, logLikelihood in
        estimate((0..<n).map { _ in logLikelihood((0..<d).map { _ in number() }) })
      }
    }
    let once = (0..<30_000).map { _ in normal() }
    var last = 1 - uniform()
    /// √(−2 log u) cos(2πv), whose v is the next number's u.
    func chained() -> Double {
      let u = last
      last = 1 - uniform()
      return sqrt(-2 * log(u)) * cos(2 * .pi * last)
    }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("uniform", exercise(uniform), "the noise is uniform on (0, 1)"),
      ("uniform ±1", exercise { source.uniform(-1..<1) }, "the noise is uniform on (−1, 1)"),
      (
        "no root",
        exercise { -2 * log(1 - uniform()) * cos(2 * .pi * uniform()) }, "the root"
      ),
      (
        "no 2π",
        exercise { sqrt(-2 * log(1 - uniform())) * cos(uniform()) },
        "2πv"
      ),
      ("positive", exercise { abs(normal()) }, "sign"),
      ("a uniform number for two", exercise(chained), "is a uniform number used for both?"),
      (
        "no 2 under the root",
        exercise { sqrt(-log(1 - uniform())) * cos(2 * .pi * uniform()) }, "the 2 in √(−2 log u)"
      ),
      ("half", exercise { normal() / 2 }, "and the standard deviation 0.50"),
      (
        "one z",
        Checks.sampledEstimate { n, d, logLikelihood in
          let z = (0..<d).map { _ in normal() }
          return stableLogMeanExp((0..<n).map { _ in logLikelihood(z) })
        }, "inside the loop"
      ),
      (
        "one number a sample",
        Checks.sampledEstimate { n, d, logLikelihood in
          stableLogMeanExp(
            (0..<n).map { _ in logLikelihood(Array(repeating: normal(), count: d)) })
        }, "share one number"
      ),
      (
        "one call",
        Checks.sampledEstimate { _, d, logLikelihood in
          logLikelihood((0..<d).map { _ in normal() })
        }, "was called 1 time"
      ),
      (
        "one number",
        Checks.sampledEstimate { n, _, logLikelihood in
          stableLogMeanExp((0..<n).map { _ in logLikelihood([normal()]) })
        }, "z of 1 number; `latentSize` is 3"
      ),
      (
        "not fresh",
        Checks.sampledEstimate { n, d, logLikelihood in
          stableLogMeanExp((0..<n).map { i in logLikelihood(Array(once[i * d..<(i + 1) * d])) })
        }, "called twice"
      ),
      ("mean of logs", exercise(normal, mean), "mean of the logs"),
      ("sum", exercise(normal) { log($0.map(exp).reduce(0, +)) }, "log of the sum"),
      ("underflow", exercise(normal) { log(mean($0.map(exp))) }, "became 0"),
      ("largest", exercise(normal) { $0.max()! }, "the largest of the logs"),
      ("sign", exercise(normal) { -stableLogMeanExp($0) }, "the sign is flipped"),
    ]
    return [.solution(exercise()), .stub(Checks.sampledEstimate { _, _, _ in try todo() })]
      + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }

  // MARK: - How accurate an estimate is

  /// The mean of numbers and the sum of their squared deviations from it.
  private static func moments(_ numbers: [Double]) -> (mean: Double, squares: Double) {
    let mean = mean(numbers)
    return (mean, numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +))
  }

  static var standardError: [Attempt] {
    /// The error from the mean and the squared deviations of weights over the largest.
    func exercise(
      _ error: @escaping (_ mean: Double, _ squares: Double, _ n: Double) -> Double
    ) -> Exercise {
      Checks.standardError { logs in
        let moments = moments(logs.map { exp($0 - logs.max()!) })
        return error(moments.mean, moments.squares, Double(logs.count))
      }
    }
    /// From the weights themselves, which may be 0 or infinite.
    func plain(_ error: @escaping (_ mean: Double, _ squares: Double, _ n: Double) -> Double)
      -> Exercise
    {
      Checks.standardError { logs in
        let moments = moments(logs.map(exp))
        return error(moments.mean, moments.squares, Double(logs.count))
      }
    }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("one weight", exercise { sqrt($1 / ($2 - 1)) / $0 }, "smaller by a factor of √n"),
      ("absolute", plain { sqrt($1 / ($2 - 1) / $2) + 0 * $0 }, "not yet divided"),
      ("no mean", exercise { sqrt($1 / ($2 - 1) / $2) + 0 * $0 }, "not yet divided"),
      ("n", exercise { sqrt($1 / $2 / $2) / $0 }, "makes the variance unbiased"),
      (
        "quotient of Int", exercise { sqrt($1 / $2 * (Int($2) == 2 ? 2 : 1) / $2) / $0 },
        "a quotient of two Int"
      ),
      ("squared", exercise { $1 / ($2 - 1) / $2 / ($0 * $0) }, "the root is missing"),
      ("no root", exercise { $1 / ($2 - 1) / $2 / $0 }, "root of the variance is missing"),
      (
        "no root, √n", exercise { $1 / ($2 - 1) / sqrt($2) / $0 }, "root of the variance is missing"
      ),
      ("sum of squares", exercise { sqrt($1 / $2) / $0 }, "divide the sum by n − 1"),
      (
        "over the sum", exercise { sqrt($1 / ($2 - 1) / $2) / ($0 * $2) },
        "by the sum of the weights"
      ),
      ("√(n − 1)", exercise { sqrt($1) / ($2 - 1) / $0 }, "√n is left"),
      ("over n", exercise { sqrt($1 / ($2 - 1)) / $2 / $0 }, "not by √n"),
      ("n, and over n", exercise { sqrt($1 / $2) / $2 / $0 }, "two mistakes"),
      (
        "of the logs",
        Checks.standardError { logs in
          let n = Double(logs.count)
          return sqrt(moments(logs).squares / (n - 1) / n)
        }, "mean of the logs"
      ),
      (
        "first",
        Checks.standardError { logs in
          let (n, moments) = (Double(logs.count), moments(logs.map { exp($0 - logs[0]) }))
          return sqrt(moments.squares / (n - 1) / n) / moments.mean
        }, "the first logarithm was subtracted"
      ),
      ("underflow", plain { sqrt($1 / ($2 - 1) / $2) / $0 }, "the weights became 0"),
      ("ε", plain { sqrt($1 / ($2 - 1) / $2) / ($0 + 1e-12) }, "the weights became 0"),
      ("n, and underflow", plain { sqrt($1 / $2 / $2) / $0 }, "And there is a second mistake"),
      (
        "times log P̂",
        Checks.standardError { logs in
          let (n, moments) = (Double(logs.count), moments(logs.map { exp($0 - logs.max()!) }))
          return sqrt(moments.squares / (n - 1) / n) / moments.mean * stableLogMeanExp(logs)
        }, "that is multiplied by log P̂"
      ),
      (
        "over log P̂",
        Checks.standardError { logs in
          let (n, moments) = (Double(logs.count), moments(logs.map { exp($0 - logs.max()!) }))
          return sqrt(moments.squares / (n - 1) / n) / moments.mean / stableLogMeanExp(logs)
        }, "that is divided by log P̂"
      ),
      (
        "not centred",
        Checks.standardError { logs in
          let w = logs.map { exp($0 - logs.max()!) }
          let n = Double(w.count)
          return sqrt(w.map { $0 * $0 }.reduce(0, +) / (n - 1) / n) / mean(w)
        }, "the mean was not subtracted"
      ),
    ]
    return [
      .solution(exercise { sqrt($1 / ($2 - 1) / $2) / $0 }),
      .stub(Checks.standardError { _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }

  static var effectiveSampleSize: [Attempt] {
    /// The size from Σw and Σw² of weights over the largest.
    func exercise(
      _ size: @escaping (_ sum: Double, _ squares: Double, _ n: Double) -> Double,
      weights: @escaping ([Double]) -> [Double] = { logs in logs.map { exp($0 - logs.max()!) } }
    ) -> Exercise {
      Checks.effectiveSampleSize { logs in
        let w = weights(logs)
        return size(w.reduce(0, +), w.map { $0 * $0 }.reduce(0, +), Double(logs.count))
      }
    }
    func plain(_ size: @escaping (_ sum: Double, _ squares: Double, _ n: Double) -> Double)
      -> Exercise
    { exercise(size) { $0.map(exp) } }
    let right = { (sum: Double, squares: Double, _: Double) in sum * sum / squares }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("inverse", exercise { sum, squares, _ in squares / (sum * sum) }, "that is its inverse"),
      ("share", exercise { $0 * $0 / $1 / $2 }, "fraction of the n samples"),
      ("mean of squares", exercise { $0 * $0 / $1 * $2 }, "n times too large"),
      ("no square", exercise { sum, squares, _ in sum / squares }, "numerator"),
      ("upside down", exercise { sum, squares, _ in squares / sum }, "the square of the sum, not"),
      ("largest share", exercise { sum, _, _ in sum }, "the largest share"),
      ("one", exercise { _, _, _ in 1 }, "are the same"),
      ("n", exercise { _, _, n in n }, "that is n"),
      (
        "n, upside down", exercise { sum, squares, n in n * squares / (sum * sum) },
        "that is n divided by"
      ),
      ("root", exercise { $0 / sqrt($1) + 0 * $2 }, "that is the root"),
      ("not normalised", exercise { _, squares, _ in 1 / squares }, "not normalised"),
      ("not normalised, plain", plain { _, squares, _ in 1 / squares }, "not normalised"),
      ("of the logs", exercise(right) { $0 }, "in place of the weights"),
      ("first", exercise(right) { logs in logs.map { exp($0 - logs[0]) } }, "the first logarithm"),
      (
        "from 0", exercise(right) { logs in logs.map { exp($0 - logs.reduce(0, max)) } },
        "begin at 0"
      ),
      ("underflow", plain(right), "the weights became 0"),
      ("ε", plain { sum, squares, _ in sum * sum / (squares + 1e-12) }, "the weights became 0"),
      ("share, and underflow", plain { $0 * $0 / $1 / $2 }, "And there is a second mistake"),
    ]
    return [
      .solution(exercise(right)), .stub(Checks.effectiveSampleSize { _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }
}
