import Autodiff
import Probability

/// A distribution over the symbols 0, 1, 2, …, n − 1.
struct Categorical: Equatable, Sendable {
  /// The probability of each symbol; they sum to 1.
  let probabilities: [Double]

  /// The distribution whose probabilities are proportional to the weights, which must not be negative and
  /// not all zero.
  init(_ weights: [Double]) {
    let total = weights.reduce(0, +)
    guard total > 0, total.isFinite, weights.allSatisfy({ $0 >= 0 }) else {
      fatalError("Categorical: \(weights) are not weights of symbols")
    }
    probabilities = weights.map { $0 / total }
  }

  /// The expected −log P in nats; a symbol of probability 0 adds nothing.
  var entropy: Double {
    probabilities.reduce(0) { $1 > 0 ? $0 - $1 * .log($1) : $0 }
  }

  /// D[self ‖ other] = Σ p (log p − log q) in nats: infinite if `other` gives probability 0 to a symbol to
  /// which this distribution does not.
  func klDivergence(to other: Categorical) -> Double {
    if probabilities.count != other.probabilities.count {
      fatalError(
        "klDivergence: \(probabilities.count) symbols and \(other.probabilities.count)")
    }
    return zip(probabilities, other.probabilities).reduce(0) { sum, pair in
      let (p, q) = pair
      return p > 0 ? sum + p * (.log(p) - .log(q)) : sum
    }
  }

  /// Independent symbols from this distribution.
  func samples(_ count: Int, using generator: inout SeededGenerator) -> [Int] {
    generator.indices(logWeights: probabilities.map(Double.log), count: count)
  }

  /// The distribution of blocks of `length` independent symbols. A block is one number of that many digits,
  /// of which the first symbol is the highest; there are nˡᵉⁿᵍᵗʰ blocks.
  func blocks(of length: Int) -> Categorical {
    Categorical(
      (0..<length).reduce([1.0]) { blocks, _ in
        blocks.flatMap { block in probabilities.map { block * $0 } }
      })
  }

  /// A message in the symbols of `blocks(of: length)`. Symbols at the end that do not fill a block are left out.
  func blocks(of length: Int, in message: [Int]) -> [Int] {
    (0..<message.count / length).map { block in
      message[(block * length)..<((block + 1) * length)].reduce(0) {
        $0 * probabilities.count + $1
      }
    }
  }
}
