import Autodiff
import Calculations
import Exercises

extension Checks {
  static func bitsBack(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<BitsBackTask, [Double]>(
      of: { try answer($0.prior, $0.likelihoods, $0.q) },
      elements: ["the word for z", "the word for X", "the bits that come back", "the net cost"]
    ) { BitsBackFormula()($0) }
    let tasks: [BitsBackTask] = [
      BitsBackTask(prior: [0.5, 0.25, 0.25], likelihoods: [0.25, 0.5, 0.5], q: [0.5, 0.5, 0]),
      BitsBackTask(3, seed: 55), BitsBackTask(4, seed: 56), BitsBackTask(5, seed: 57),
      BitsBackTask(prior: [0.3, 0.3, 0.4], likelihoods: [0.2, 0.9, 0.7], q: [0.6, 0, 0.4]),
    ]
    for task in tasks { comparison.ask(task.description, task, tolerance: .ofSums) }
    comparison.argument("prior", \.prior, change: { 0.7 * $0 })
    comparison.argument("likelihoods", \.likelihoods, change: { 0.7 * $0 })
    comparison.argument("q", \.q, change: { 0.7 * $0 })
    comparison.recognize(
      BitsBackFormula.mistakes.distinct(in: BitsBackFormula(), tolerance: 1e-13) {
        tasks.map($0.callAsFunction)
      },
      in: BitsBackFormula()
    ) { $1($0) }
    comparison.calculate()
    return Exercise(
      "bits-back", "What a letter costs with bits back", minutes: 15,
      hints: [
        "All three are means over z from Q: the sum of q times a number of bits, over the z with "
          + "q > 0.",
        "log2(x) is log(x) / log(2). What is 0 * log2(0)? The net cost is −ℒ, in bits.",
      ], comparison)
  }
}

/// What is given in the exercise on bits back.
struct BitsBackTask {
  var prior, likelihoods, q: [Double]

  init(prior: [Double], likelihoods: [Double], q: [Double]) {
    self.prior = prior
    self.likelihoods = likelihoods
    self.q = q
  }

  init(_ count: Int, seed: UInt64) {
    prior = probabilities(count, seed: seed)
    likelihoods = roundedNormals(count, seed: seed + 100).map {
      hundredths(0.04 + 0.9 * .sigmoid($0))
    }
    q = probabilities(count, seed: seed + 200)
  }

  var description: String {
    "P(z) = \(exact(prior)), P(X|z) = \(exact(likelihoods)) and Q = \(exact(q))"
  }

  var posterior: [Double] {
    let joint = zip(prior, likelihoods).map { $0 * $1 }
    let evidence = joint.reduce(0, +)
    return joint.map { $0 / evidence }
  }
}

extension Comparison<BitsBackTask, [Double]> {
  /// Means of numbers of bits, means of nats, and a net cost of its own.
  fileprivate mutating func calculate() {
    calculation { task in
      let (prior, likelihoods, q) = task.arguments
      let word = -sum(q * log2(prior))
      let other = -sum(q * log2(likelihoods))
      let back = -sum(q * log2(q))
      return .list([word, other, back, word + other - back])
    }
    calculation { task in
      let (prior, likelihoods, q) = task.arguments
      let nats = log(2)
      let word = sum(q * (-log(prior) / nats))
      let other = sum(q * (-log(likelihoods) / nats))
      let back = sum(q * (-log(q) / nats))
      return .list([word, other, back, word + other - back])
    }
    calculation { task in
      let (prior, likelihoods, q) = task.arguments
      return .list([
        -sum(q * log2(prior)), -sum(q * log2(likelihoods)), -sum(q * log2(q)),
        sum(q * log2(q / (prior * likelihoods))),
      ])
    }
  }
}

extension BitsBackTask {
  /// The arguments where Q is positive.
  fileprivate var arguments: (prior: Calculation, likelihoods: Calculation, q: Calculation) {
    (
      .argument("prior", prior, where: q), .argument("likelihoods", likelihoods, where: q),
      .argument("q", q, where: q)
    )
  }
}

/// The bits for z, for X, those that come back, and what remains.
struct BitsBackFormula {
  /// How many bits a word for a probability has.
  var bits: (_ probability: Double) -> Double = { -.log($0) / .log(2) }
  /// What z is sampled from, for each of the three means.
  var weights: [(BitsBackTask) -> [Double]] = [{ $0.q }, { $0.q }, { $0.q }]
  /// The probabilities that the words fit.
  var probabilities: [(BitsBackTask) -> [Double]] = [{ $0.prior }, { $0.likelihoods }, { $0.q }]
  var skipsZeros = true
  /// What the three means are multiplied by.
  var scales = [1.0, 1, 1]
  /// What is made of a sum over so many z.
  var mean: (_ sum: Double, _ count: Int) -> Double = { sum, _ in sum }
  var net: (_ bits: [Double]) -> Double = { $0[0] + $0[1] - $0[2] }
  var finish: ([Double], BitsBackTask) -> [Double] = { bits, _ in bits }

  func callAsFunction(_ task: BitsBackTask) -> [Double] {
    let means = weights.indices.map { index in
      scales[index]
        * mean(
          zip(weights[index](task), probabilities[index](task)).reduce(0) { sum, pair in
            let (weight, probability) = pair
            return skipsZeros && weight == 0 ? sum : sum + weight * bits(probability)
          }, task.q.count)
    }
    return finish(means + [net(means)], task)
  }
}
