import Exercises
import Foundation
import Testing

@testable import Ch03_KLIdentity

extension Ch03Exercises {
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
      .mistake(
        "posterior for joint",
        exercise { l, p, q in
          let joint = zip(l, p).map { exp($0) * $1 }
          let sum = joint.reduce(0, +)
          return -kl(q, joint.map { $0 / sum })
        }, says: "P(z|X) stands where P(X, z) belongs"),
      .mistake("loss", exercise { kl($2, $1) - dot($2, $0) }, says: "that is −ℒ"),
      .mistake("no D", exercise { l, _, q in dot(q, l) }, says: "alone"),
      .mistake(
        "no entropy", exercise { dot($2, $0) + dot($2, $1.map { log($0) }) },
        says: "Σ Q log Q is missing"),
      .mistake(
        "entropy's sign",
        exercise { dot($2, $0) + dot($2, $1.map { log($0) }) - entropy($2) },
        says: "log Q has the wrong sign"),
      .mistake(
        "reversed", exercise { dot($2, $0) - kl($1, $2) }, says: "in D, Q and P are exchanged"),
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
      .mistake(
        "underflow",
        exercise { l, prior, q in
          var sum = 0.0
          for i in q.indices where q[i] > 0 { sum += q[i] * log(exp(l[i]) * prior[i] / q[i]) }
          return sum
        }, says: "exp(−2000) is 0"),
      .mistake(
        "small number",
        exercise { l, prior, q in
          q.indices.map { q[$0] * (l[$0] + log(prior[$0]) - log(q[$0] + 1e-8)) }.reduce(0, +)
        }, says: "a small number was added"),
      .mistake(
        "small number in both",
        exercise { l, prior, q in
          dot(q, l)
            - q.indices.map { q[$0] * log((q[$0] + 1e-5) / (prior[$0] + 1e-5)) }
            .reduce(0, +)
        }, says: "a small number was added"),
      .mistake(
        "break",
        exercise { l, prior, q in
          var sum = 0.0
          for i in q.indices {
            if q[i] == 0 { break }
            sum += q[i] * (l[i] + log(prior[i]) - log(q[i]))
          }
          return sum
        }, says: "ends at the first"),
      .mistake(
        "bits in D", exercise { dot($2, $0) - kl($2, $1) / log(2) }, says: "in D, the logarithm"),
      .mistake(
        "prior, not its log",
        exercise { l, prior, q in
          q.indices.map { q[$0] > 0 ? q[$0] * (l[$0] + prior[$0] - log(q[$0])) : 0 }.reduce(0, +)
        }, says: "stands for P(z) itself"),
      .mistake(
        "log of a log",
        Checks.bound { l, prior, q in
          q.indices.map { q[$0] * (l[$0] + log(prior[$0]) - log(q[$0])) }.reduce(0, +)
        }, says: "which is a log already"),
      .mistake(
        "most probable z",
        exercise { l, prior, q in l[q.firstIndex(of: q.max()!)!] - kl(q, prior) },
        says: "at the most probable z"),
      .mistake("plus and prior", exercise { dot($1, $0) + kl($2, $1) }, says: "two mistakes"),
      .mistake(
        "entropy counted twice", exercise { dot($2, $0) - kl($2, $1) + entropy($2) },
        says: "counts twice"),
      .mistake("half", exercise { dot($2, $0) - 0.5 * kl($2, $1) }, says: "½ too many"),
      .mistake(
        "limited", exercise { l, p, q in dot(q, l.map { max($0, -100) }) - kl(q, p) },
        says: "P(X|z) was limited"),
      .mistake(
        "small number in P(X|z)",
        exercise { l, p, q in dot(q, l.map { log(exp($0) + 1e-10) }) - kl(q, p) },
        says: "added to P(X|z)"),
      .mistake(
        "log2", exercise { dot($2, $0) - kl($2, $1) + entropy($2) / log(2) - entropy($2) },
        says: "log2(q) gives bits"),
      .mistake(
        "Q raised",
        exercise { l, p, q in
          let raised = q.map { max($0, 1e-6) }
          return dot(raised, l) - kl(raised, p)
        }, says: "became a small number"),
      .mistake("at least", exercise { dot($2, $0) - max(kl($2, $1), 0.5) }, says: "kept above"),
      .mistake(
        "first only",
        exercise { l, p, q in q[0] * (l[0] + log(p[0]) - log(q[0])) }, says: "only the first number"
      ),
      .mistake(
        "last missing",
        exercise { l, p, q in dot(q.dropLast(), l) - kl(q.dropLast(), p) },
        says: "the last number"),
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
        let most = l.max()!
        let evidence = dot(prior, l.map { exp($0 - most) })
        let posterior = zip(l, prior).map { exp($0 - most) * $1 / evidence }
        var terms = [most + log(evidence), kl(q, posterior), dot(q, l), kl(q, prior)]
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
        says: "in the second number, Q and P are exchanged"),
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
        says: "in the fourth number, Q and P are exchanged"),
      mistake("exchanged", { t, _, _, _, _ in t.swapAt(1, 3) }, says: "are exchanged"),
      mistake(
        "both turned", { t, _, p, post, q in (t[1], t[3]) = (kl(post, q), kl(p, q)) },
        says: "in both divergences, Q and P"),
      mistake("signs", { t, _, _, _, _ in (t[1], t[3]) = (-t[1], -t[3]) }, says: "wrong sign"),
      mistake("bits", { t, _, _, _, _ in t = t.map { $0 / log(2) } }, says: "those are bits"),
      mistake("half", { t, _, _, _, _ in t[3] += 0.5 }, says: "+ 0.5` stands where"),
      mistake(
        "underflow",
        { t, l, p, _, q in
          let evidence = dot(p, l.map { exp($0) })
          t[0] = log(evidence)
          t[1] = kl(q, zip(l, p).map { exp($0) * $1 / evidence })
        }, says: "exp(−2000) is 0"),
      mistake(
        "underflow in logs",
        { t, l, p, _, q in
          t[0] = log(dot(p, l.map { exp($0) }))
          let evidence = t[0]
          t[1] = q.indices.map { q[$0] * (log(q[$0]) - (l[$0] + log(p[$0]) - evidence)) }
            .reduce(0, +)
        }, says: "exp(−2000) is 0"),
      mistake(
        "no prior anywhere",
        { t, l, _, _, q in
          let most = l.max()!
          let sum = l.map { exp($0 - most) }.reduce(0, +)
          t[0] = most + log(sum)
          t[1] = kl(q, l.map { exp($0 - most) / sum })
        }, says: "missing from P(X) and from the posterior"),
      mistake(
        "prior as logs", { t, _, p, _, q in t[3] = kl(q, p.map { log($0) }) },
        says: "They are logs already"),
      mistake(
        "largest not restored",
        { t, l, p, _, _ in
          t[0] -= zip(l, p).map { $0 + log($1) }.max()!
        }, says: "not added back"),
      mistake(
        "last z missing",
        { t, l, p, _, q in
          t[3] = kl(q.dropLast(), p)
        }, says: "in the fourth number, the last z is missing"),
      mistake("five", { t, _, _, _, _ in t.append(0) }, says: "the others are too many"),
      mistake("third negative", { t, _, _, _, _ in t[2] = -t[2] }, says: "has the wrong sign"),
      mistake(
        "third unweighted", { t, l, _, _, _ in t[2] = l.reduce(0, +) / Double(l.count) },
        says: "the third has no weights"),
      mistake(
        "averaged divergences",
        { t, l, _, _, _ in (t[1], t[3]) = (t[1] / Double(l.count), t[3] / Double(l.count)) },
        says: "in both divergences, the terms were averaged"),
      mistake("two sides", { t, _, _, _, _ in t = [t[0] - t[1], t[2] - t[3]] }, says: "two sides"),
      mistake("order", { t, _, _, _, _ in t = [t[2], t[3], t[0], t[1]] }, says: "another order"),
    ]
  }

  static var bitsBack: [Attempt] {
    func bits(_ probability: Double) -> Double { -log2(probability) }
    /// A mean over the z with a positive weight.
    func mean(_ weights: [Double], _ probabilities: [Double]) -> Double {
      zip(weights, probabilities).map { $0 > 0 ? $0 * bits($1) : 0 }.reduce(0, +)
    }
    func exercise(
      _ change:
        @escaping (
          _ bits: inout [Double], _ prior: [Double], _ likelihoods: [Double], _ q: [Double]
        ) -> Void
    ) -> Exercise {
      Checks.bitsBack { prior, likelihoods, q in
        var bits = [mean(q, prior), mean(q, likelihoods), mean(q, q)]
        bits.append(bits[0] + bits[1] - bits[2])
        change(&bits, prior, likelihoods, q)
        return bits
      }
    }
    /// With three numbers, of which the net cost follows.
    func three(
      _ words: @escaping (_ prior: [Double], _ likelihoods: [Double], _ q: [Double]) -> [Double]
    ) -> Exercise {
      exercise { bits, prior, likelihoods, q in
        let words = words(prior, likelihoods, q)
        bits = words + [words[0] + words[1] - words[2]]
      }
    }
    return [
      .solution(exercise { _, _, _, _ in }),
      .stub(Checks.bitsBack { _, _, _ in try todo() }),
      .mistake("nats", exercise { b, _, _, _ in b = b.map { $0 * log(2) } }, says: "are nats"),
      .mistake("sign", exercise { b, _, _, _ in b = b.map { -$0 } }, says: "are negative"),
      .mistake(
        "from the prior", three { [mean($0, $0), mean($0, $1), mean($2, $2)] },
        says: "the words are over z from the prior"),
      .mistake(
        "unweighted",
        three { p, l, q in
          let sums = [p, l, q].map { $0.map(bits).reduce(0, +) }
          return sums.map { $0 / Double(q.count) }
        }, says: "without weights"),
      .mistake(
        "whole bits",
        three { p, l, q in
          [p, l, q].map { list in zip(q, list).map { $0 > 0 ? $0 * ceil(bits($1)) : 0 }.reduce(0, +)
          }
        }, says: "were rounded"),
      .mistake("added", exercise { b, _, _, _ in b[3] = b[0] + b[1] + b[2] }, says: "were added"),
      .mistake(
        "gross", exercise { b, _, _, _ in b[3] = b[0] + b[1] }, says: "come back are missing"),
      .mistake(
        "no X", exercise { b, _, _, _ in b[3] = b[0] - b[2] }, says: "word for X is missing"),
      .mistake("bound", exercise { b, _, _, _ in b[3] = -b[3] }, says: "the net cost is −ℒ"),
      .mistake(
        "least", exercise { b, p, l, _ in b[3] = bits(dot(p, l)) }, says: "the least possible"),
      .mistake("exchanged", exercise { b, _, _, _ in b.swapAt(0, 1) }, says: "z comes first"),
      .mistake(
        "joint", three { p, l, q in [mean(q, p), mean(q, zip(p, l).map { $0 * $1 }), mean(q, q)] },
        says: "z has a word of its own"),
      .mistake(
        "back from the prior", three { [mean($2, $0), mean($2, $1), mean($2, $0)] },
        says: "chose z by Q"),
      .mistake(
        "log of the mean", three { p, l, q in [mean(q, p), bits(dot(q, l)), mean(q, q)] },
        says: "log of the mean"),
      .mistake(
        "0 log 0",
        three { p, l, q in
          [p, l, q].map { list in zip(q, list).map { $0 * bits($1) }.reduce(0, +) }
        },
        says: "0 · log 0"),
      .mistake("nats at the end", exercise { b, _, _, _ in b[3] *= log(2) }, says: "in nats"),
    ]
  }
}
