import Exercises
import Foundation
import Testing

@testable import Ch02_NaiveMonteCarlo

@Suite struct Ch02Exercises {
  static var attempts: [Attempt] {
    logMeanExp + gaussianLogDensity + bernoulliLogProbability + kernelLogLikelihood + slips
      + naiveEstimate + sampledEstimate + standardError + importanceLogWeights
      + effectiveSampleSize + importanceSampling
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(numbers.count)
  }

  static func stableLogMeanExp(_ logs: [Double]) -> Double {
    let largest = logs.max()!
    return largest + log(logs.map { exp($0 - largest) }.reduce(0, +) / Double(logs.count))
  }

  // MARK: - The log of a mean

  static var logMeanExp: [Attempt] {
    /// With another number in place of the largest.
    func shifted(_ shift: @escaping ([Double]) -> Double) -> Exercise {
      Checks.logMeanExp { logs in
        let m = shift(logs)
        return m + log(mean(logs.map { exp($0 - m) }))
      }
    }
    /// What is done with the largest m, the sum of exponentials and n at the end.
    func ended(_ end: @escaping (_ m: Double, _ sum: Double, _ n: Double) -> Double) -> Exercise {
      Checks.logMeanExp { logs in
        let m = logs.max()!
        var sum = 0.0
        for l in logs { sum += exp(l - m) }
        return end(m, sum, Double(logs.count))
      }
    }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("mean of logs", Checks.logMeanExp(mean), "mean of the logs"),
      ("sum", ended { m, sum, _ in m + log(sum) }, "log of the sum"),
      ("late n", ended { ($0 + log($1)) / $2 }, "after its log"),
      ("n inside", ended { $0 + log($1) / $2 }, "divide the sum by n before"),
      ("plus log n", ended { $0 + log($1) + log($2) }, "log n was added"),
      ("minus n", ended { $0 + log($1) - $2 }, "subtract log n"),
      ("n − 1", ended { $0 + log($1 / ($2 - 1)) }, "by n − 1"),
      ("not added", ended { log($1 / $2) }, "not added back at the end"),
      ("subtracted twice", ended { log($1 / $2) - $0 }, "subtracted again"),
      ("no log", ended { $0 + $1 / $2 }, "logarithm of the sum was not taken"),
      ("largest left out", ended { $0 + log(($1 - 1) / $2) }, "the largest is missing"),
      ("from 1", ended { $0 + log((1 + $1) / $2) }, "begins at 1"),
      ("log10", ended { $0 + log10($1 / $2) }, "log10 was taken"),
      ("only m", ended { m, _, _ in m }, "the largest of the logs; the others"),
      ("underflow", Checks.logMeanExp { log(mean($0.map(exp))) }, "became 0 or infinite"),
      ("ε", Checks.logMeanExp { log(mean($0.map(exp)) + 1e-10) }, "a small number was added"),
      ("floor", Checks.logMeanExp { log(max(mean($0.map(exp)), 1e-300)) }, "a small number"),
      (
        "clipped", Checks.logMeanExp { log(mean($0.map { exp(min(max($0, -700), 700)) })) },
        "the logs were clipped"
      ),
      ("first", shifted { $0[0] }, "the first log was subtracted"),
      ("last", shifted { $0.last! }, "the last log was subtracted"),
      ("smallest", shifted { $0.min()! }, "the smallest log"),
      ("middle", shifted { mean($0) }, "the mean or the middle of the logs was subtracted"),
      ("in size", shifted { $0.max { abs($0) < abs($1) }! }, "largest absolute value"),
      ("from 0", shifted { $0.reduce(0) { max($0, $1) } }, "begin at 0"),
      ("finite", Checks.logMeanExp { stableLogMeanExp($0.filter(\.isFinite)) }, "count in n"),
      ("set", Checks.logMeanExp { stableLogMeanExp(Array(Set($0))) }, "counted only once"),
      ("NaN", Checks.logMeanExp { _ in .nan }, "got NaN"),
      ("sum, underflow", Checks.logMeanExp { log($0.map(exp).reduce(0, +)) }, "log of the sum"),
      ("first only", Checks.logMeanExp { $0[0] }, "first of the logs"),
      ("halfway", shifted { ($0.min()! + $0.max()!) / 2 }, "the mean or the middle of the logs"),
      ("fixed shift", shifted { _ in -600 }, "a fixed number was added to the logs"),
      (
        "fixed shift, not restored", Checks.logMeanExp { log(mean($0.map { exp($0 + 600) })) },
        "not taken back at the end"
      ),
      (
        "exp(l) − m",
        Checks.logMeanExp { logs in
          let m = logs.max()!
          var sum = 0.0
          for l in logs { sum += exp(l) - m }
          return m + log(sum / Double(logs.count))
        }, "subtract it from the logs, inside `exp`"
      ),
      (
        "1/n added",
        Checks.logMeanExp { logs in
          let m = logs.max()!
          var sum = 0.0
          for l in logs { sum += 1 / Double(logs.count) + exp(l - m) }
          return m + log(sum)
        }, "was 1/n added to each exponential"
      ),
      (
        "sum += sum + e",
        Checks.logMeanExp { logs in
          let m = logs.max()!
          var sum = 0.0
          for l in logs { sum += sum + exp(l - m) }
          return m + log(sum / Double(logs.count))
        }, "the sum is doubled"
      ),
    ]
    return [
      .solution(ended { $0 + log($1 / $2) }), .stub(Checks.logMeanExp { _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }

  // MARK: - Section 2.1

  static var gaussianLogDensity: [Attempt] {
    /// Terms of a pixel from X − f and σ, summed.
    func exercise(_ term: @escaping (_ d: Double, _ sigma: Double) -> Double) -> Exercise {
      Checks.gaussianLogDensity { x, mean, sigma in
        zip(x, mean).map { term($0 - $1, sigma) }.reduce(0, +)
      }
    }
    /// From the number of pixels, the sum of squares and σ.
    func once(_ value: @escaping (_ n: Double, _ squares: Double, _ s: Double) -> Double)
      -> Exercise
    {
      Checks.gaussianLogDensity { x, mean, sigma in
        var squares = 0.0
        for j in x.indices { squares += (x[j] - mean[j]) * (x[j] - mean[j]) }
        return value(Double(x.count), squares, sigma)
      }
    }
    /// Log N(difference; 0, variance).
    func logNormal(_ d: Double, _ variance: Double) -> Double {
      -log(2 * .pi * variance) / 2 - d * d / (2 * variance)
    }
    let c = log(2 * Double.pi)
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      (
        "mean",
        Checks.gaussianLogDensity { x, f, sigma in
          mean(zip(x, f).map { logNormal($0 - $1, sigma * sigma) })
        }, "mean over the pixels"
      ),
      ("σ for σ²", exercise { logNormal($0, $1) }, "its square, the variance"),
      (
        "σ in the log", exercise { -log(2 * .pi * $1) / 2 - $0 * $0 / (2 * $1 * $1) },
        "in the log, σ"
      ),
      ("2σ", exercise { -log(2 * .pi * $1 * $1) / 2 - $0 * $0 / (2 * $1) }, "by 2σ, not by 2σ²"),
      ("precedence", exercise { -c / 2 - log($1) - $0 * $0 / 2 * $1 * $1 }, "`/ (2 * s * s)`"),
      ("loss", exercise { -logNormal($0, $1 * $1) }, "as in a loss"),
      ("no first term", exercise { -$0 * $0 / (2 * $1 * $1) }, "−½ log(2πσ²) is missing"),
      ("once", once { -log(2 * .pi * $2 * $2) / 2 + 0 * $0 - $1 / (2 * $2 * $2) }, "only once"),
      (
        "2π once", once { -c / 2 - $0 * log($2) - $1 / (2 * $2 * $2) },
        "log 2π was counted only once"
      ),
      ("no 2π", exercise { -log($1) - $0 * $0 / (2 * $1 * $1) }, "−½ log 2π is missing"),
      ("no σ", exercise { -c / 2 - $0 * $0 / (2 * $1 * $1) }, "−½ log σ² is missing"),
      ("plus log σ", exercise { -c / 2 + log($1) - $0 * $0 / (2 * $1 * $1) }, "½ log σ² was added"),
      (
        "first ½", exercise { -log(2 * .pi * $1 * $1) - $0 * $0 / (2 * $1 * $1) },
        "lacks its factor ½"
      ),
      ("2πσ", exercise { -log(2 * .pi * $1) - $0 * $0 / (2 * $1 * $1) }, "2π under the root"),
      ("√2π σ²", exercise { -c / 2 - 2 * log($1) - $0 * $0 / (2 * $1 * $1) }, "log σ² lacks"),
      ("second ½", exercise { -c / 2 - log($1) - $0 * $0 / ($1 * $1) }, "not by 2σ²"),
      (
        "½ twice", exercise { -0.5 * (log(2 * .pi * $1 * $1) + $0 * $0 / (2 * $1 * $1)) },
        "halved twice"
      ),
      ("no halves", exercise { -log(2 * .pi * $1 * $1) - $0 * $0 / ($1 * $1) }, "two mistakes"),
      ("plus the square", exercise { -c / 2 - log($1) + $0 * $0 / (2 * $1 * $1) }, "was added"),
      (
        "2π + σ²", exercise { -log(2 * .pi + $1 * $1) / 2 - $0 * $0 / (2 * $1 * $1) },
        "2π was added"
      ),
      ("σ unlogged", exercise { -c / 2 - $1 - $0 * $0 / (2 * $1 * $1) }, "without its log"),
      ("not squared", exercise { -c / 2 - log($1) - $0 / (2 * $1 * $1) }, "was not squared"),
      ("|X − f|", exercise { -c / 2 - log($1) - abs($0) / (2 * $1 * $1) }, "absolute deviation"),
      (
        "‖X − f‖", once { -$0 * (c / 2 + log($2)) - sqrt($1) / (2 * $2 * $2) },
        "the distance of x from μ was not squared"
      ),
      ("log10", exercise { -log10(2 * .pi * $1 * $1) / 2 - $0 * $0 / (2 * $1 * $1) }, "log10"),
      ("bits", exercise { logNormal($0, $1 * $1) / log(2) }, "in bits"),
      (
        "density", once { exp(-$0 * (c / 2 + log($2)) - $1 / (2 * $2 * $2)) },
        "asks for its logarithm"
      ),
      ("log of exp", exercise { log(exp(logNormal($0, $1 * $1))) }, "density became 0"),
      (
        "log of the product", once { log(exp(-$0 * (c / 2 + log($2)) - $1 / (2 * $2 * $2))) },
        "add up log densities"
      ),
      ("ε", exercise { log(exp(logNormal($0, $1 * $1)) + 1e-12) }, "kept away from 0"),
      ("σ² + ε", exercise { logNormal($0, $1 * $1 + 1e-6) }, "a small number was added to σ²"),
      (
        "f unused",
        Checks.gaussianLogDensity { x, _, s in x.map { logNormal($0, s * s) }.reduce(0, +) },
        "X² was taken"
      ),
      (
        "last pixel", Checks.gaussianLogDensity { logNormal($0.last! - $1.last!, $2 * $2) },
        "only the last of the pixels"
      ),
      (
        "first pixel", Checks.gaussianLogDensity { logNormal($0[0] - $1[0], $2 * $2) },
        "only the first of the pixels"
      ),
      (
        "last missing",
        Checks.gaussianLogDensity { x, mean, s in
          (0..<x.count - 1).reduce(0.0) { $0 + logNormal(x[$1] - mean[$1], s * s) }
        }, "the last of the pixels is left out"
      ),
      ("infinite", exercise { _, _ in -.infinity }, "log of 0"),
      (
        "misplaced brackets", exercise { -($0 * $0 / ($1 * $1) + c) / (2 - log($1)) },
        "brackets are misplaced"
      ),
    ]
    return [
      .solution(exercise { logNormal($0, $1 * $1) }),
      .stub(Checks.gaussianLogDensity { _, _, _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }

  static var bernoulliLogProbability: [Attempt] {
    /// Terms of a pixel from X and its logit, summed.
    func exercise(_ term: @escaping (_ x: Double, _ logit: Double) -> Double) -> Exercise {
      Checks.bernoulliLogProbability { x, logits in zip(x, logits).map(term).reduce(0, +) }
    }
    func softplus(_ l: Double) -> Double { max(l, 0) + log(1 + exp(-abs(l))) }
    func right(_ x: Double, _ l: Double) -> Double { x * l - softplus(l) }
    func fromProbability(_ x: Double, _ p: Double) -> Double { x * log(p) + (1 - x) * log(1 - p) }
    func sigmoid(_ l: Double) -> Double { 1 / (1 + exp(-l)) }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      (
        "mean", Checks.bernoulliLogProbability { mean(zip($0, $1).map(right)) },
        "mean over the pixels"
      ),
      ("loss", exercise { -right($0, $1) }, "as in a loss"),
      (
        "mean loss", Checks.bernoulliLogProbability { -mean(zip($0, $1).map(right)) },
        "two mistakes"
      ),
      ("white only", exercise { $0 * right($0, $1) }, "black pixels"),
      ("black only", exercise { (1 - $0) * right($0, $1) }, "white pixels"),
      ("exchanged", exercise { right(1 - $0, $1) }, "exchanged"),
      ("−l", exercise { fromProbability($0, 1 / (1 + exp($1))) }, "exchanged"),
      ("minus black", exercise { -$0 * softplus(-$1) + (1 - $0) * softplus($1) }, "was subtracted"),
      ("no 1 − X", exercise { -$0 * softplus(-$1) - softplus($1) }, "1 − X is missing"),
      ("always p", exercise { _, l in -softplus(-l) }, "1 − p, not p"),
      ("not normalised", exercise { $0 * $1 }, "sum to 1, is missing"),
      ("plus", exercise { $0 * $1 + softplus($1) }, "log(1 + e^l) was added"),
      ("softplus(−l)", exercise { $0 * $1 - softplus(-$1) }, "it has to be log(1 + e^l)"),
      ("no max", exercise { $0 * $1 - log(1 + exp(-abs($1))) }, "max(l, 0) is missing"),
      ("only max", exercise { $0 * $1 - max($1, 0) }, "log(1 + e^(−|l|)) is missing"),
      ("no abs", exercise { $0 * $1 - max($1, 0) - log(1 + exp(-$1)) }, "the absolute value"),
      ("sigmoid twice", exercise { right($0, sigmoid($1)) }, "applied twice"),
      ("logit as p", exercise { fromProbability($0, $1) }, "the logit was used as the probability"),
      ("squares", exercise { -pow($0 - sigmoid($1), 2) }, "squared error"),
      ("entropy", exercise { _, l in fromProbability(sigmoid(l), sigmoid(l)) }, "entropy"),
      ("p", exercise { fromProbability($0, sigmoid($1)) }, "p became 0 or 1"),
      ("p, ternary", exercise { log($0 == 1 ? sigmoid($1) : 1 - sigmoid($1)) }, "p became 0 or 1"),
      ("e^l/(1 + e^l)", exercise { fromProbability($0, exp($1) / (1 + exp($1))) }, "∞/∞"),
      ("overflow", exercise { $0 * $1 - log(1 + exp($1)) }, "e^l became infinite"),
      ("e^(−l)", exercise { ($0 - 1) * $1 - log(1 + exp(-$1)) }, "e^(−l) became infinite"),
      (
        "ε", exercise { $0 * log(sigmoid($1) + 1e-8) + (1 - $0) * log(1 - sigmoid($1) + 1e-8) },
        "kept"
      ),
      (
        "−100", exercise { $0 * max(-softplus(-$1), -100) + (1 - $0) * max(-softplus($1), -100) },
        "kept away from 0"
      ),
      (
        "clipped", exercise { fromProbability($0, min(max(sigmoid($1), 1e-7), 1 - 1e-7)) },
        "kept away from 0"
      ),
      ("clipped logits", exercise { right($0, min(max($1, -30), 30)) }, "kept away from 0"),
      (
        "product",
        Checks.bernoulliLogProbability { x, logits in
          log(zip(x, logits).reduce(1) { $0 * exp(right($1.0, $1.1)) })
        }, "the product of the probabilities became 0"
      ),
      (
        "no log",
        Checks.bernoulliLogProbability { x, logits in
          zip(x, logits).reduce(1) { $0 * exp(right($1.0, $1.1)) }
        }, "asks for its logarithm"
      ),
      (
        "early return", Checks.bernoulliLogProbability { right($0[0], $1[0]) },
        "only the first of the pixels"
      ),
      (
        "p, −100",
        exercise { x, l in
          let p = sigmoid(l)
          return x * max(log(p), -100) + (1 - x) * max(log(1 - p), -100)
        }, "kept away from 0"
      ),
      (
        "jitter",
        exercise { x, l in
          let p = sigmoid(l) * (1 - 2e-3) + 1e-3
          return x == 1 ? log(p) : log(1 - p)
        }, "kept away from 0"
      ),
      (
        "one not shifted",
        exercise { x, l in
          let a = x == 1 ? -l : l
          let m = max(a, 0)
          return -(m + log(exp(a) + exp(a - m)))
        }, "an exponential was not shifted"
      ),
      (
        "arguments exchanged, ε",
        exercise { x, l in l * log(x + 1e-12) + (1 - l) * log(1 - x + 1e-12) },
        "the logarithm was taken of the pixels"
      ),
      (
        "arguments exchanged, clamped",
        exercise { x, l in fromProbability(sigmoid(l), min(max(x, 1e-7), 1 - 1e-7)) },
        "the logarithm was taken of the pixels"
      ),
      (
        "wrong m",
        exercise { x, l in
          let m = max(l, 0)
          return x * l - l - m - log(exp(-m) + exp(-l - m))
        }, "m has the wrong sign"
      ),
    ]
    return [
      .mistake(
        "constant of a normal density",
        Checks.bernoulliLogProbability { x, logits in
          let terms = zip(x, logits).map { x, l in x * l - max(l, 0) - log1p(exp(-abs(l))) }
          return terms.reduce(0, +) - Double(x.count) / 2 * log(2 * .pi)
        }, says: "½ log 2π was subtracted for each pixel"),
      .mistake(
        "1 − p, rounded",
        Checks.bernoulliLogProbability { x, logits in
          zip(x, logits).reduce(0) { sum, pixel in
            let (x, l) = pixel
            let p = 1 / (1 + exp(-l))
            return sum + x * (min(l, 0) - log1p(exp(-abs(l)))) + (1 - x) * log(1 - p)
          }
        }, says: "log(1 − p) is computed from p, which is rounded to 1"),
      .solution(exercise(right)), .stub(Checks.bernoulliLogProbability { _, _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }

  static var kernelLogLikelihood: [Attempt] {
    func logNormal(_ x: [Double], _ center: [Double], _ sigma: Double) -> Double {
      zip(x, center).reduce(0) {
        $0 - log(sigma * sqrt(2 * .pi)) - pow(($1.0 - $1.1) / sigma, 2) / 2
      }
    }
    /// With what is done over the training examples, and then over the fresh ones.
    func exercise(
      over inner: @escaping ([Double]) -> Double = { stableLogMeanExp($0) },
      then outer: @escaping ([Double]) -> Double = { mean($0) },
      kernel: @escaping ([Double], [Double], Double) -> Double = { logNormal($0, $1, $2) }
    ) -> Exercise {
      Checks.kernelLogLikelihood { fresh, training, sigma in
        outer(fresh.map { x in inner(training.map { kernel(x, $0, sigma) }) })
      }
    }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("sum", exercise(over: { stableLogMeanExp($0) + log(Double($0.count)) }), "log of the sum"),
      ("mean of logs", exercise(over: mean), "mean of the logs"),
      ("underflow", exercise(over: { log(mean($0.map(exp))) }), "became 0"),
      ("ε", exercise(over: { log(mean($0.map(exp)) + 1e-9) }), "a small number"),
      ("nearest", exercise(over: { $0.max()! }), "the largest of the logs"),
      ("sum over fresh", exercise(then: { $0.reduce(0, +) }), "sum over the fresh examples"),
      ("densities", exercise(then: stableLogMeanExp), "densities were averaged"),
      ("σ for σ²", exercise(kernel: { logNormal($0, $1, sqrt($2)) }), "its square, the variance"),
      (
        "kernel mean", exercise(kernel: { logNormal($0, $1, $2) / Double($0.count) }),
        "mean over the"
      ),
      (
        "exchanged",
        Checks.kernelLogLikelihood { fresh, training, sigma in
          mean(training.map { x in stableLogMeanExp(fresh.map { logNormal(x, $0, sigma) }) })
        }, "the roles are exchanged"
      ),
      (
        "training only",
        Checks.kernelLogLikelihood { _, training, sigma in
          mean(training.map { x in stableLogMeanExp(training.map { logNormal(x, $0, sigma) }) })
        }, "log-likelihood of the training examples"
      ),
      (
        "minus log m", exercise(then: { $0.reduce(0, +) - log(Double($0.count)) }),
        "log of the number of fresh X"
      ),
      (
        "not squared",
        exercise(kernel: { x, center, sigma in
          let distance = zip(x, center).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
          let count = Double(x.count)
          return -distance / (2 * sigma * sigma) - count / 2 * log(2 * .pi * sigma * sigma)
        }), "do not take the root of the sum"
      ),
      (
        "not squared, over σ",
        exercise(kernel: { x, center, sigma in
          let distance = zip(x, center).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
          return -distance / sigma / 2 - Double(x.count) * log(sqrt(2 * .pi) * sigma)
        }), "do not take the root of the sum"
      ),
      ("sign", exercise(then: { -mean($0) }), "sign is flipped"),
      ("first", exercise(then: { $0[0] }), "the first fresh example"),
    ]
    return [
      .solution(exercise()), .stub(Checks.kernelLogLikelihood { _, _, _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }
}
