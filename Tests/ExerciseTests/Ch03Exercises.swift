import Exercises
import Foundation
import Testing

@testable import Ch03_KLIdentity

@Suite struct Ch03Exercises {
  static var attempts: [Attempt] {
    divergence + logPosterior + bound + identity + bitsBack + normalDivergence
      + standardDivergence + boundGradient + fitNormal + sharedQ + divergencesOfNormals + wrongMeans
      + slipsInMeasures + slipsInTables + slipsOfNormals + slipsInSeveralSteps
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  /// D[Q‖P], with 0 log 0 = 0.
  static func kl(_ q: [Double], _ p: [Double]) -> Double {
    zip(q, p).map { $0 > 0 ? $0 * (log($0) - log($1)) : 0 }.reduce(0, +)
  }

  /// Σ w v.
  static func dot(_ weights: [Double], _ values: [Double]) -> Double {
    zip(weights, values).map { $0 * $1 }.reduce(0, +)
  }

  // MARK: - Section 3.1

  static var divergence: [Attempt] {
    func exercise(_ function: @escaping ([Double], [Double]) -> Double) -> Exercise {
      Checks.divergence { function($0, $1) }
    }
    func sum(_ term: @escaping (_ q: Double, _ p: Double) -> Double) -> Exercise {
      exercise { q, p in zip(q, p).map { term($0, $1) }.reduce(0, +) }
    }
    func term(_ q: Double, _ p: Double) -> Double { q > 0 ? q * (log(q) - log(p)) : 0 }
    return [
      .solution(sum(term)),
      .stub(Checks.divergence { _, _ in try todo() }),
      .mistake("exchanged", sum { term($1, $0) }, says: "that is D[P‖Q]"),
      .mistake("sign", sum { -term($0, $1) }, says: "sign is flipped"),
      .mistake("bits", sum { term($0, $1) / log(2) }, says: "gives bits"),
      .mistake("log10", sum { $0 > 0 ? $0 * log10($0 / $1) : 0 }, says: "base 10"),
      .mistake("mean", exercise { q, p in kl(q, p) / Double(q.count) }, says: "were averaged"),
      .mistake("no weights", sum { log($0) - log($1) }, says: "added as they are"),
      .mistake("words", sum { $0 > 0 ? -$0 * log($1) : 0 }, says: "length of the words"),
      .mistake("entropy", sum { q, _ in q > 0 ? -q * log(q) : 0 }, says: "entropy of Q"),
      .mistake(
        "weights P", sum { $1 > 0 ? $1 * (log($0) - log($1)) : 0 }, says: "weights are P(z)"),
      .mistake("no log", sum { $0 > 0 ? $0 * ($0 / $1) : 0 }, says: "logarithm of the ratio"),
      .mistake(
        "brackets", sum { $0 > 0 ? $0 * log($0) - log($1) : 0 }, says: "brackets are missing"),
      .mistake(
        "precedence", sum { $0 > 0 ? $0 * log($0) / $1 : 0 }, says: "only Q is in the logarithm"),
      .mistake("absolute", sum { abs(term($0, $1)) }, says: "without its sign"),
      .mistake("both ways", exercise { kl($0, $1) + kl($1, $0) }, says: "was added to D[Q‖P]"),
      .mistake(
        "mixture", exercise { q, p in kl(q, zip(q, p).map { ($0 + $1) / 2 }) },
        says: "the mean of Q and P"),
      .mistake(
        "mean and sign", exercise { q, p in -kl(q, p) / Double(q.count) }, says: "two mistakes"),
      .mistake("0 log 0", sum { $0 * (log($0) - log($1)) }, says: "0 · log 0"),
      .mistake("skips", sum { $1 > 0 ? term($0, $1) : 0 }, says: "was left out"),
      .mistake("clamped", sum { term($0, max($1, 1e-12)) }, says: "replaced by a small number"),
      .mistake(
        "clamped on both sides", sum { term($0, min(max($1, 1e-6), 1 - 1e-6)) },
        says: "replaced by a small number"),
      .mistake(
        "small number in both", sum { $0 * log(($0 + 1e-8) / ($1 + 1e-8)) },
        says: "a small number was added"),
      .mistake(
        "small number in the ratio", sum { $0 * log($0 / ($1 + 1e-10) + 1e-10) },
        says: "a small number was added"),
      .mistake(
        "break",
        exercise { q, p in
          var sum = 0.0
          for i in q.indices {
            if q[i] == 0 { break }
            sum += q[i] * log(q[i] / p[i])
          }
          return sum
        }, says: "ends at the first"),
      .mistake("first", exercise { q, p in term(q[0], p[0]) }, says: "only the first z"),
      .mistake(
        "last missing", exercise { q, p in kl(q.dropLast(), p.dropLast()) },
        says: "the last z is missing"),
      .mistake(
        "softmax",
        exercise { q, p in
          let (a, b) = (q.map { exp($0) }, p.map { exp($0) })
          let (s, t) = (a.reduce(0, +), b.reduce(0, +))
          return kl(a.map { $0 / s }, b.map { $0 / t })
        }, says: "softmax"),
      .mistake("n − 1", exercise { q, p in kl(q, p) / Double(q.count - 1) }, says: "by n − 1"),
      .mistake(
        "0 where P is 0",
        exercise { q, p in zip(q, p).contains { $0 > 0 && $1 == 0 } ? 0 : kl(q, p) },
        says: "D is infinite where"),
      .mistake(
        "smoothed",
        exercise { q, p in
          func smooth(_ list: [Double]) -> [Double] {
            list.map { ($0 + 1e-5) / (1 + 1e-5 * Double(list.count)) }
          }
          return kl(smooth(q), smooth(p))
        }, says: "a small number"),
      .mistake(
        "infinite where P is 0", sum { $1 == 0 ? .infinity : term($0, $1) },
        says: "only if Q(z) > 0"),
      .mistake(
        "wrong sign of one log", sum { $0 > 0 ? -$0 * log($0 * $1) : 0 }, says: "wrong sign"),
      .mistake("constant", sum { _, _ in 0.05 }, says: "expected 0.14384"),
    ]
  }

  // MARK: - Section 3.2

  static var logPosterior: [Attempt] {
    func exercise(
      _ posterior: @escaping (_ joint: [Double], _ spacing: Double) -> [Double]
    ) -> Exercise {
      Checks.logPosterior { likelihoods, prior, spacing in
        posterior(zip(likelihoods, prior).map { $0 + $1 }, spacing)
      }
    }
    func normalized(_ joint: [Double], _ factor: Double) -> [Double] {
      let most = joint.max()!
      let logSum = most + log(joint.map { exp($0 - most) }.reduce(0, +))
      return joint.map { $0 - logSum - log(factor) }
    }
    func shifted(_ joint: [Double], _ h: Double, by shift: Double) -> [Double] {
      let evidence = shift + log(joint.map { exp($0 - shift) }.reduce(0, +) * h)
      return joint.map { $0 - evidence }
    }
    return [
      .solution(exercise(normalized)),
      .stub(Checks.logPosterior { _, _, _ in try todo() }),
      .mistake("joint", exercise { joint, _ in joint }, says: "not yet normalised"),
      .mistake("prior", Checks.logPosterior { _, prior, _ in prior }, says: "that is the prior"),
      .mistake(
        "likelihood", Checks.logPosterior { likelihoods, _, h in normalized(likelihoods, h) },
        says: "prior was left out"),
      .mistake(
        "probabilities", exercise { joint, _ in normalized(joint, 1) },
        says: "probabilities of the points"),
      .mistake(
        "divided", exercise { normalized($0, 1 / $1) }, says: "divided by the spacing"),
      .mistake(
        "mean", exercise { joint, _ in normalized(joint, 1 / Double(joint.count)) },
        says: "the mean over the points"),
      .mistake(
        "density", exercise { normalized($0, $1).map { exp($0) } }, says: "the density itself"),
      .mistake(
        "log of 0",
        exercise { joint, h in
          let evidence = joint.map { exp($0) }.reduce(0, +) * h
          return joint.map { $0 - log(evidence) }
        }, says: "became 0"),
      .mistake(
        "0/0",
        exercise { joint, h in
          let evidence = joint.map { exp($0) }.reduce(0, +) * h
          return joint.map { log(exp($0) / evidence) }
        }, says: "exp(−2000) is 0"),
      .mistake(
        "not restored",
        exercise { joint, h in
          let most = joint.max()!
          let evidence = log(joint.map { exp($0 - most) }.reduce(0, +) * h)
          return joint.map { $0 - evidence }
        }, says: "not added back"),
      .mistake(
        "shifted by the first", exercise { shifted($0, $1, by: $0[0]) }, says: "the first log was"),
      .mistake(
        "shifted by the last", exercise { shifted($0, $1, by: $0.last!) }, says: "the last log was"),
      .mistake(
        "shifted by the smallest", exercise { shifted($0, $1, by: $0.min()!) },
        says: "the smallest log was"),
      .mistake(
        "shifted by the mean",
        exercise { shifted($0, $1, by: $0.reduce(0, +) / Double($0.count)) },
        says: "the mean or the middle of the logs was"),
      .mistake(
        "limited",
        Checks.logPosterior { l, prior, h in
          normalized(zip(l, prior).map { max($0, -700) + $1 }, h)
        }, says: "was limited"),
      .mistake(
        "trapezoidal rule",
        exercise { joint, h in
          let terms = joint.map { exp($0 - joint.max()!) }
          let sum = terms.reduce(0, +) - (terms.first! + terms.last!) / 2
          return joint.map { $0 - joint.max()! - log(sum * h) }
        }, says: "count half"),
      .mistake(
        "plus", exercise { joint, h in zip(joint, normalized(joint, h)).map { 2 * $0 - $1 } },
        says: "log P(X) was added"),
      .mistake(
        "prior missing above",
        Checks.logPosterior { l, prior, h in
          zip(normalized(zip(l, prior).map { $0 + $1 }, h), prior).map { $0 - $1 }
        }, says: "log P(z) is missing"),
      .mistake(
        "prior missing below",
        Checks.logPosterior { l, prior, h in
          zip(normalized(l, h), prior).map { $0 + $1 }
        }, says: "without the prior"),
      .mistake(
        "spacing for its log",
        exercise { joint, h in normalized(joint, 1).map { $0 - h } }, says: "add its log"),
      .mistake(
        "last point missing",
        exercise { joint, h in
          let evidence = joint[0] - normalized(joint.dropLast(), h)[0]
          return joint.map { $0 - evidence }
        }, says: "the last point is missing"),
      .mistake(
        "small number",
        exercise { joint, h in
          let evidence = joint.map { exp($0) }.reduce(0, +) * h
          return joint.map { $0 - log(evidence + 1e-10) }
        }, says: "small number"),
      .mistake("nothing", exercise { _, _ in [] }, says: "no numbers"),
    ]
  }
}
