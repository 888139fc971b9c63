import Exercises
import Foundation
import Testing

@testable import Ch03_KLIdentity

@Suite struct Ch03Exercises {
  static var attempts: [Attempt] {
    divergence + logPosterior + bound + identity + normalDivergence + standardDivergence
      + boundGradient
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  /// D[Q‖P], with 0 log 0 = 0.
  private static func kl(_ q: [Double], _ p: [Double]) -> Double {
    zip(q, p).map { $0 > 0 ? $0 * (log($0) - log($1)) : 0 }.reduce(0, +)
  }

  /// Σ w v.
  private static func dot(_ weights: [Double], _ values: [Double]) -> Double {
    zip(weights, values).map { $0 * $1 }.reduce(0, +)
  }

  // MARK: - Section 3.1

  static var divergence: [Attempt] {
    func sum(_ term: @escaping (_ q: Double, _ p: Double) -> Double) -> Exercise {
      Checks.divergence { q, p in zip(q, p).map { term($0, $1) }.reduce(0, +) }
    }
    func term(_ q: Double, _ p: Double) -> Double { q > 0 ? q * (log(q) - log(p)) : 0 }
    return [
      .solution(sum(term)),
      .stub(Checks.divergence { _, _ in try todo() }),
      .mistake("exchanged", sum { term($1, $0) }, says: "that is D[P‖Q]"),
      .mistake("sign", sum { -term($0, $1) }, says: "sign is flipped"),
      .mistake("bits", sum { term($0, $1) / log(2) }, says: "in bits"),
      .mistake(
        "mean", Checks.divergence { q, p in kl(q, p) / Double(q.count) }, says: "that is the mean"),
      .mistake("no weights", sum { log($0) - log($1) }, says: "added as they are"),
      .mistake("words", sum { $0 > 0 ? -$0 * log($1) : 0 }, says: "length of the words"),
      .mistake(
        "weights P", sum { $1 > 0 ? $1 * (log($0) - log($1)) : 0 }, says: "weights are P(z)"),
      .mistake("0 log 0", sum { $0 * (log($0) - log($1)) }, says: "0 · log 0"),
      .mistake("skips", sum { $1 > 0 ? term($0, $1) : 0 }, says: "were left out"),
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
        says: "mean over the points"),
      .mistake(
        "density", exercise { normalized($0, $1).map { exp($0) } }, says: "the density itself"),
      .mistake(
        "log of 0",
        exercise { joint, h in
          let evidence = joint.map { exp($0) }.reduce(0, +) * h
          return joint.map { $0 - log(evidence) }
        }, says: "exp(-2000) is 0"),
      .mistake(
        "0/0",
        exercise { joint, h in
          let evidence = joint.map { exp($0) }.reduce(0, +) * h
          return joint.map { log(exp($0) / evidence) }
        }, says: "exp(-2000) is 0"),
      .mistake("nothing", exercise { _, _ in [] }, says: "no numbers"),
    ]
  }

  static var bound: [Attempt] {
    /// From log P(X|z), P(z) and Q.
    func exercise(_ bound: @escaping ([Double], [Double], [Double]) -> Double) -> Exercise {
      Checks.bound { likelihoods, prior, q in bound(likelihoods, prior.map { exp($0) }, q) }
    }
    func entropy(_ q: [Double]) -> Double { -q.map { $0 > 0 ? $0 * log($0) : 0 }.reduce(0, +) }
    return [
      .solution(exercise { dot($2, $0) - kl($2, $1) }),
      .stub(Checks.bound { _, _, _ in try todo() }),
      .mistake("plus", exercise { dot($2, $0) + kl($2, $1) }, says: "D was added"),
      .mistake("loss", exercise { kl($2, $1) - dot($2, $0) }, says: "that is −ℒ"),
      .mistake("no D", exercise { l, _, q in dot(q, l) }, says: "alone"),
      .mistake(
        "no entropy", exercise { dot($2, $0) + dot($2, $1.map { log($0) }) },
        says: "Σ Q log Q is missing"),
      .mistake(
        "entropy's sign",
        exercise { dot($2, $0) + dot($2, $1.map { log($0) }) - entropy($2) },
        says: "log Q has the wrong sign"),
      .mistake("reversed", exercise { dot($2, $0) - kl($1, $2) }, says: "that is D[P(z)‖Q]"),
      .mistake(
        "posterior",
        exercise { l, prior, q in
          let evidence = dot(prior, l.map { exp($0) })
          return dot(q, l) - kl(q, zip(l, prior).map { exp($0) * $1 / evidence })
        }, says: "D from the posterior"),
      .mistake(
        "evidence", exercise { l, prior, _ in log(dot(prior, l.map { exp($0) })) },
        says: "that is log P(X)"),
      .mistake("prior", exercise { dot($1, $0) - kl($2, $1) }, says: "z came from the prior"),
      .mistake(
        "unweighted", exercise { $0.reduce(0, +) / Double($0.count) - kl($2, $1) },
        says: "without weights"),
      .mistake(
        "log of mean", exercise { log(dot($2, $0.map { exp($0) })) - kl($2, $1) },
        says: "log of the mean"),
      .mistake("bits", exercise { (dot($2, $0) - kl($2, $1)) / log(2) }, says: "in bits"),
      .mistake(
        "0 log 0",
        exercise { l, prior, q in
          q.indices.map { q[$0] * (l[$0] + log(prior[$0]) - log(q[$0])) }.reduce(0, +)
        }, says: "0 · log 0"),
    ]
  }

  static var identity: [Attempt] {
    typealias Change = (
      _ terms: inout [Double], _ l: [Double], _ prior: [Double], _ posterior: [Double],
      _ q: [Double]
    ) -> Void
    func exercise(_ change: @escaping Change) -> Exercise {
      Checks.identity { l, logPrior, q in
        let prior = logPrior.map { exp($0) }
        let evidence = dot(prior, l.map { exp($0) })
        let posterior = zip(l, prior).map { exp($0) * $1 / evidence }
        var terms = [log(evidence), kl(q, posterior), dot(q, l), kl(q, prior)]
        change(&terms, l, prior, posterior, q)
        return terms
      }
    }
    func mistake(_ name: String, _ change: @escaping Change, says message: String) -> Attempt {
      .mistake(name, exercise(change), says: message)
    }
    return [
      .solution(exercise { _, _, _, _, _ in }),
      .stub(Checks.identity { _, _, _ in try todo() }),
      mistake(
        "under Q", { t, l, _, _, q in t[0] = log(dot(q, l.map { exp($0) })) },
        says: "log Σ Q P(X|z)"),
      mistake("mean of logs", { t, l, p, _, _ in t[0] = dot(p, l) }, says: "the log of a mean"),
      mistake(
        "no prior", { t, l, _, _, _ in t[0] = log(l.map { exp($0) }.reduce(0, +)) },
        says: "without the prior's weights"),
      mistake("no log", { t, _, _, _, _ in t[0] = exp(t[0]) }, says: "P(X) itself"),
      mistake("joint", { t, _, _, _, _ in t[1] -= t[0] }, says: "does not sum to 1 until"),
      mistake("prior", { t, _, _, _, _ in t[1] = t[3] }, says: "the second is D[Q‖P(z)]"),
      mistake(
        "second turned", { t, _, _, post, q in t[1] = kl(post, q) },
        says: "the second is D[P(z|X)‖Q]"),
      mistake("third, prior", { t, l, p, _, _ in t[2] = dot(p, l) }, says: "from the prior"),
      mistake(
        "third, posterior", { t, l, _, post, _ in t[2] = dot(post, l) },
        says: "the third is a mean over z from the posterior"),
      mistake(
        "third, log", { t, l, _, _, q in t[2] = log(dot(q, l.map { exp($0) })) },
        says: "the third is the log of the mean"),
      mistake("posterior", { t, _, _, _, _ in t[3] = t[1] }, says: "the fourth is D[Q‖P(z|X)]"),
      mistake(
        "fourth turned", { t, _, p, _, q in t[3] = kl(p, q) },
        says: "the fourth is D[P(z)‖Q]"),
      mistake("exchanged", { t, _, _, _, _ in t.swapAt(1, 3) }, says: "are exchanged"),
      mistake(
        "both turned", { t, _, p, post, q in (t[1], t[3]) = (kl(post, q), kl(p, q)) },
        says: "arguments exchanged"),
      mistake("signs", { t, _, _, _, _ in (t[1], t[3]) = (-t[1], -t[3]) }, says: "wrong sign"),
      mistake("bits", { t, _, _, _, _ in t = t.map { $0 / log(2) } }, says: "those are bits"),
      mistake("half", { t, _, _, _, _ in t[3] += 0.5 }, says: "is 0.5"),
    ]
  }

  // MARK: - Section 3.5

  static var normalDivergence: [Attempt] {
    typealias G = Exercises.Gaussian
    func right(_ q: G, _ p: G) -> Double {
      let shift = (q.mean - p.mean) * (q.mean - p.mean) / exp(p.logVariance)
      return (exp(q.logVariance - p.logVariance) + shift - 1 + p.logVariance - q.logVariance) / 2
    }
    func exercise(_ function: @escaping (G, G) -> Double) -> Exercise {
      Checks.normalDivergence { function($0, $1) }
    }
    /// With σ² and log σ² in another way.
    func from(_ variance: @escaping (Double) -> Double, _ log: @escaping (Double) -> Double)
      -> Exercise
    {
      exercise { q, p in
        let (v, w) = (variance(q.logVariance), variance(p.logVariance))
        let shift = (q.mean - p.mean) * (q.mean - p.mean) / w
        return (v / w + shift - 1 + log(p.logVariance) - log(q.logVariance)) / 2
      }
    }
    /// With another shift.
    func shifted(_ shift: @escaping (_ q: G, _ p: G) -> Double) -> Exercise {
      exercise { right(($0.mean, $0.logVariance), ($0.mean, $1.logVariance)) + shift($0, $1) / 2 }
    }
    return [
      .solution(exercise(right)),
      .stub(Checks.normalDivergence { _, _ in try todo() }),
      .mistake("exchanged", exercise { right($1, $0) }, says: "that is D[P‖Q]"),
      .mistake("sign", exercise { -right($0, $1) }, says: "sign is flipped"),
      .mistake("no ½", exercise { 2 * right($0, $1) }, says: "½ is missing"),
      .mistake("no −1", exercise { right($0, $1) + 0.5 }, says: "−d is missing"),
      .mistake(
        "log's sign", exercise { right($0, $1) + $0.logVariance - $1.logVariance },
        says: "log of the ratio"),
      .mistake(
        "no logs", exercise { right($0, $1) + ($0.logVariance - $1.logVariance) / 2 },
        says: "logs of the variances are missing"),
      .mistake(
        "not divided", shifted { ($0.mean - $1.mean) * ($0.mean - $1.mean) },
        says: "has to be divided by P's variance"),
      .mistake(
        "by Q", shifted { ($0.mean - $1.mean) * ($0.mean - $1.mean) / exp($0.logVariance) },
        says: "divided by Q's variance"),
      .mistake(
        "not squared", shifted { ($0.mean - $1.mean) / exp($1.logVariance) }, says: "not squared"),
      .mistake("as variance", from({ $0 }, { log($0) }), says: "used as the variance"),
      .mistake("no exp", from({ $0 }, { $0 }), says: "exp is missing"),
      .mistake(
        "as deviation", from({ $0 * $0 }, { 2 * log($0) }), says: "as the standard deviation"),
      .mistake("squared", from({ exp(2 * $0) }, { 2 * $0 }), says: "was squared"),
      .mistake("bits", exercise { right($0, $1) / log(2) }, says: "in bits"),
    ]
  }

  static var standardDivergence: [Attempt] {
    /// ½ Σ of a term.
    func half(_ term: @escaping (_ m: Double, _ l: Double) -> Double) -> Exercise {
      Checks.standardDivergence { m, l in zip(m, l).map { term($0, $1) }.reduce(0, +) / 2 }
    }
    func term(_ m: Double, _ l: Double) -> Double { m * m + exp(l) - 1 - l }
    var attempts: [Attempt] = []
    attempts.append(
      .solution(half(term)))
    attempts.append(
      .stub(Checks.standardDivergence { _, _ in try todo() }))
    attempts.append(
      .mistake(
        "mean",
        Checks.standardDivergence { m, l in
          let terms: [Double] = zip(m, l).map { term($0, $1) }
          return terms.reduce(0, +) / Double(2 * m.count)
        }, says: "mean over the latent variables"))
    attempts.append(
      .mistake("no ½", half { 2 * term($0, $1) }, says: "½ is missing"))
    attempts.append(
      .mistake("sign", half { -term($0, $1) }, says: "sign is flipped"))
    attempts.append(
      .mistake("turned", half { (1 + $0 * $0) / exp($1) - 1 + $1 }, says: "D[N(0, I)‖Q]"))
    attempts.append(
      .mistake(
        "one −1",
        Checks.standardDivergence { m, l in
          let terms: [Double] = zip(m, l).map { term($0, $1) + 1 }
          return (terms.reduce(0, +) - 1) / 2
        }, says: "occurs only once"))
    attempts.append(
      .mistake("no −1", half { term($0, $1) + 1 }, says: "−1 is missing"))
    attempts.append(
      .mistake("+ log", half { term($0, $1) + 2 * $1 }, says: "log σ² was added"))
    attempts.append(
      .mistake("μ", half { $0 + exp($1) - 1 - $1 }, says: "not squared"))
    attempts.append(
      .mistake("no μ", half { exp($1) - 1 - $1 }, says: "means are missing"))
    attempts.append(
      .mistake("no exp", half { m, _ in m * m - 1 }, says: "exp is missing"))
    attempts.append(
      .mistake("as variance", half { $0 * $0 + $1 - 1 - log($1) }, says: "as the variance"))
    attempts.append(
      .mistake(
        "as σ", half { $0 * $0 + $1 * $1 - 1 - log($1 * $1) }, says: "as the standard deviation"))
    attempts.append(
      .mistake("σ for σ²", half { $0 * $0 + exp($1 / 2) - 1 - $1 }, says: "σ in place of σ²"))
    attempts.append(
      .mistake("σ⁴", half { $0 * $0 + exp(2 * $1) - 1 - $1 }, says: "was squared"))
    attempts.append(
      .mistake(
        "as log σ", half { $0 * $0 + exp(2 * $1) - 1 - 2 * $1 }, says: "used as log σ"))
    attempts.append(
      .mistake("bits", half { term($0, $1) / log(2) }, says: "in bits"))
    return attempts
  }

  // MARK: - Section 3.6

  static var boundGradient: [Attempt] {
    /// From Σ wX, Σ w², 1/s², μ and σ², the gradients of the two terms.
    func terms(
      _ x: [Double], _ w: [Double], _ precision: Double, _ mean: Double, _ variance: Double
    ) -> (reconstruction: [Double], divergence: [Double]) {
      (
        [precision * (dot(w, x) - dot(w, w) * mean), -precision * dot(w, w) * variance / 2],
        [mean, (variance - 1) / 2]
      )
    }
    /// With 1/s² and σ² in another way, and signs before the two terms.
    func exercise(
      precision: @escaping (_ logVariance: Double, _ size: Double) -> Double = { l, _ in exp(-l) },
      variance: @escaping (Double) -> Double = { exp($0) }, _ a: Double = 1, _ b: Double = -1,
      times factor: @escaping (_ logVariance: Double) -> Double = { _ in 1 }
    ) -> Exercise {
      Checks.boundGradient { x, w, noise, q in
        let (r, d) = terms(
          x, w, precision(noise, Double(x.count)), q.mean, variance(q.logVariance))
        return [a * r[0] + b * d[0], factor(q.logVariance) * (a * r[1] + b * d[1])]
      }
    }
    return [
      .solution(exercise()),
      .stub(Checks.boundGradient { _, _, _, _ in try todo() }),
      .mistake("loss", exercise(-1, 1), says: "both signs are flipped"),
      .mistake("plus", exercise(1, 1), says: "were added"),
      .mistake("no D", exercise(1, 0), says: "of E[log P(X|z)] alone"),
      .mistake("D", exercise(0, -1), says: "of −D alone"),
      .mistake(
        "at the mean",
        Checks.boundGradient { x, w, noise, q in
          let (r, d) = terms(x, w, exp(-noise), q.mean, exp(q.logVariance))
          return [r[0] - d[0], -d[1]]
        }, says: "at the mean of Q"),
      .mistake("by σ²", exercise(times: { exp(-$0) }), says: "with respect to σ²;"),
      .mistake("by σ", exercise(times: { 2 * exp(-$0 / 2) }), says: "with respect to σ;"),
      .mistake("by log σ", exercise(times: { _ in 2 }), says: "with respect to log σ;"),
      .mistake(
        "no w",
        Checks.boundGradient { x, w, noise, q in
          let (r, d) = terms(x, w, exp(-noise), q.mean, exp(q.logVariance))
          let residual = zip(x, w).map { $0 - $1 * q.mean }.reduce(0, +)
          return [exp(-noise) * residual - q.mean, r[1] - d[1]]
        }, says: "inner derivative w"),
      .mistake("no 1/s²", exercise(precision: { _, _ in 1 }), says: "1/s² is missing"),
      .mistake("log s²", exercise(precision: { l, _ in 1 / l }), says: "log s² was used"),
      .mistake("s⁴", exercise(precision: { l, _ in exp(-2 * l) }), says: "as if it were s;"),
      .mistake("log σ²", exercise(variance: { $0 }), says: "log σ² was used"),
      .mistake(
        "mean", exercise(precision: { exp(-$0) / $1 }), says: "mean over the numbers of X"),
      .mistake(
        "NaN", Checks.boundGradient { _, _, _, _ in [.nan, 0] }, says: "got NaN"),
      .mistake("one", Checks.boundGradient { _, _, _, _ in [1] }, says: "1 number"),
    ]
  }
}
