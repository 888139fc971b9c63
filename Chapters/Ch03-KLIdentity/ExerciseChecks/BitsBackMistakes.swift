import Autodiff
import Exercises

extension BitsBackFormula {
  static var mistakes: [Mistake<Self>] {
    ofTheLogs + addends + ofTheMeans + ofTheBits + ofTheNetCost
  }

  private static var ofTheLogs: [Mistake<Self>] {
    [
      .init("nats", "those are nats; divide them by log 2 to get bits", isCommon: true) {
        $0.bits = { -.log($0) }
      },
      .init("z in nats", "the word for z is in nats; divide by log 2 to get bits") {
        $0.scales[0] = .log(2)
      },
      .init("X in nats", "the word for X is in nats; divide by log 2 to get bits") {
        $0.scales[1] = .log(2)
      },
      .init("back in nats", "what comes back is in nats; divide by log 2 to get bits") {
        $0.scales[2] = .log(2)
      },
      .init("base 10", "the logarithm has base 10; bits need base 2") {
        $0.bits = { -.log($0) / .log(10) }
      },
      .init("times log 2", "the nats were multiplied by log 2; divide them by it") {
        $0.bits = { -.log($0) * .log(2) }
      },
      .init(
        "sign", "the numbers of bits are negative; a word has −log₂ of its probability",
        isCommon: true
      ) { $0.bits = { .log($0) / .log(2) } },
      .init("whole bits", "the numbers of bits were rounded; here words fit exactly") {
        $0.bits = { (-.log($0) / .log(2)).rounded(.up) }
      },
      .init("rounded", "the numbers of bits were rounded; here words fit exactly") {
        $0.bits = { (-.log($0) / .log(2)).rounded() }
      },
      .init("whole bits, cut", "the numbers of bits were rounded; here words fit exactly") {
        $0.bits = { (-.log($0) / .log(2)).rounded(.down) }
      },
      .init("no net", "that is the word for X alone; z costs its word less what comes back") {
        $0.net = { $0[1] }
      },
      .init("no log", "the logs are missing: a word has −log₂ of its probability") {
        $0.bits = { $0 }
      },
      .init("reciprocal", "1/P is not a number of bits; −log₂ P is") { $0.bits = { 1 / $0 } },
      .init("0 log 0", "0 · log 0 gives NaN; skip every z with Q(z) = 0") { $0.skipsZeros = false },
      .init("net 0 log 0", "0 · log 0 gives NaN; skip every z with Q(z) = 0") {
        $0.finish = { bits, task in
          task.q.contains(0) ? [bits[0], bits[1], bits[2], .nan] : bits
        }
      },
    ]
  }

  private static var addends: [Mistake<Self>] {
    (3...12).map { digits in
      let small = Double("1e-\(digits)") ?? 0
      return Mistake(
        "1e-\(digits)",
        "a small number was added inside the log; skip every z with Q(z) = 0 instead"
      ) { $0.bits = { -.log($0 + small) / .log(2) } }
    }
  }

  private static var ofTheMeans: [Mistake<Self>] {
    func from(
      _ name: String, _ message: String, isCommon: Bool = false,
      _ weights: @escaping (BitsBackTask) -> [Double]
    ) -> [Mistake<Self>] {
      [
        Mistake(name, "all means are \(message); z comes from Q", isCommon: isCommon) {
          $0.weights = [weights, weights, weights]
        },
        Mistake("\(name), z", "the word for z is \(message); z comes from Q") {
          $0.weights[0] = weights
        },
        Mistake("\(name), X", "the word for X is \(message); z comes from Q") {
          $0.weights[1] = weights
        },
        Mistake("\(name), words", "the words are \(message); z comes from Q") {
          ($0.weights[0], $0.weights[1]) = (weights, weights)
        },
        Mistake("\(name), back", "what comes back is \(message); z comes from Q") {
          $0.weights[2] = weights
        },
      ]
    }
    return from("prior", "over z from the prior", isCommon: true) { $0.prior }
      + from("posterior", "over z from the posterior") { $0.posterior }
      + from("no weights", "a sum without weights") { $0.q.map { _ in 1 } }
      + from("no weights, only Q", "a sum without weights") { $0.q.map { $0 > 0 ? 1 : 0 } }
      + from("plain mean", "a mean without weights") { task in
        task.q.map { _ in 1 / Double(task.q.count) }
      }
      + from("likelihood", "weighted with P(X|z)") { $0.likelihoods }
      + [
        .init("divided", "the sums were divided by the number of z; the weights Q sum to 1") {
          $0.mean = { $0 / Double($1) }
        }
      ]
  }

  private static var ofTheBits: [Mistake<Self>] {
    [
      .init("exchanged", "the words for z and for X are exchanged: z comes first") {
        $0.finish = { bits, _ in [bits[1], bits[0], bits[2], bits[3]] }
      },
      .init("z and back", "the word for z and the bits that come back are exchanged") {
        $0.finish = { bits, _ in [bits[2], bits[1], bits[0], bits[3]] }
      },
      .init("z and back, net", "the word for z and the bits that come back are exchanged") {
        $0.finish = { bits, _ in [bits[2], bits[1], bits[0], bits[2] + bits[1] - bits[0]] }
      },
      .init("both words", "the first number is that of both words; that of z comes alone") {
        $0.finish = { bits, _ in [bits[0] + bits[1], bits[1], bits[2], bits[3]] }
      },
      .init("back from the prior", "the bits that come back chose z by Q: −log₂ Q(z|X), not P(z)") {
        $0.probabilities[2] = { $0.prior }
      },
      .init("word by Q", "the word for z is made for the prior: −log₂ P(z), not Q(z|X)") {
        $0.probabilities[0] = { $0.q }
      },
      .init("back by the posterior", "the code of the file is that for Q, not for the posterior") {
        $0.probabilities[2] = { $0.posterior }
      },
      .init("word by the posterior", "the word for z is made for the prior, not the posterior") {
        $0.probabilities[0] = { $0.posterior }
      },
      .init("joint", "the word for X given z has −log₂ P(X|z) bits; z has a word of its own") {
        $0.probabilities[1] = { zip($0.prior, $0.likelihoods).map { $0 * $1 } }
      },
      .init("normalised", "P(X|z) was divided by its sum over z; it need not sum to 1") {
        $0.probabilities[1] = { task in
          let sum = task.likelihoods.reduce(0, +)
          return task.likelihoods.map { $0 / sum }
        }
      },
      .init("evidence", "the word for X is made for P(X|z), not for P(X)") {
        $0.probabilities[1] = { task in
          let evidence = zip(task.prior, task.likelihoods).reduce(0) { $0 + $1.0 * $1.1 }
          return task.q.map { _ in evidence }
        }
      },
      .init("divergence", "what comes back is −log₂ Q(z|X) for each z, not D[Q‖P(z)]") {
        $0.finish = { bits, _ in [bits[0], bits[1], bits[0] - bits[2], bits[3]] }
      },
      .init("divergence for z", "the word for z has −log₂ P(z) bits; D is what z costs in the end")
      {
        $0.finish = { bits, _ in [bits[0] - bits[2], bits[1], bits[2], bits[3]] }
      },
      .init("log of the mean", "the log of the mean of P(X|z) was taken; take the mean of the logs")
      {
        let (bits, net) = ($0.bits, $0.net)
        $0.finish = { numbers, task in
          let mean = zip(task.q, task.likelihoods).reduce(0) { $0 + $1.0 * $1.1 }
          let words = [numbers[0], bits(mean), numbers[2]]
          return words + [net(words)]
        }
      },
      .init("−back", "the bits that come back are a number of bits; they are not negative") {
        $0.finish = { bits, _ in [bits[0], bits[1], -bits[2], bits[3]] }
      },
    ]
  }

  private static var ofTheNetCost: [Mistake<Self>] {
    [
      .init(
        "added", "in the net cost, the bits that come back were added; subtract them",
        isCommon: true
      ) { $0.net = { $0[0] + $0[1] + $0[2] } },
      .init(
        "gross", "in the net cost, the bits that come back are missing; subtract them",
        isCommon: true
      ) { $0.net = { $0[0] + $0[1] } },
      .init("no X", "in the net cost, the word for X is missing") { $0.net = { $0[0] - $0[2] } },
      .init("no z", "in the net cost, the word for z is missing") { $0.net = { $0[1] - $0[2] } },
      .init("the bound", "that is ℒ in bits; the net cost is −ℒ") {
        $0.net = { $0[2] - $0[0] - $0[1] }
      },
      .init("minus X", "in the net cost, the word for X was subtracted; it has to be sent") {
        $0.net = { $0[0] - $0[1] - $0[2] }
      },
      .init(
        "z less X",
        "the net cost is that of both words, less what comes back; yours has other signs"
      ) { $0.net = { $0[0] - $0[1] + $0[2] } },
      .init(
        "least", "the net cost is not −log₂ P(X), the least possible, unless Q is the posterior"
      ) {
        let bits = $0.bits
        $0.finish = { numbers, task in
          let evidence = zip(task.prior, task.likelihoods).reduce(0) { $0 + $1.0 * $1.1 }
          return numbers.dropLast() + [bits(evidence)]
        }
      },
      .init("net in nats", "the net cost is in nats; the other numbers are in bits") {
        $0.finish = { bits, _ in bits.dropLast() + [bits[3] * .log(2)] }
      },
    ]
  }
}
