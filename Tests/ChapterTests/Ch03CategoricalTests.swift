import Foundation
import Probability
import StatisticalChecks
import Testing

@testable import Ch03_KLIdentity

@Suite struct Ch03CategoricalTests {
  /// Powers of ½ have logarithms that are multiples of log 2: a few roundings are left.
  @Test func entropyAndDivergenceOfPowersOfTwo() {
    let p = Categorical([1 / 8, 1 / 8, 1 / 4, 1 / 2])
    let q = Categorical([1 / 2, 1 / 4, 1 / 8, 1 / 8])
    #expect(isClose(p.entropy, 1.75 * log(2), 8 * .ulpOfOne))
    #expect(isClose(p.klDivergence(to: q), 0.875 * log(2), 8 * .ulpOfOne))
    #expect(isClose(q.klDivergence(to: p), 0.875 * log(2), 8 * .ulpOfOne))
    #expect(p.klDivergence(to: p) == 0)
  }

  @Test func weightsAreDividedByTheirSum() {
    #expect(Categorical([2, 6]).probabilities == [0.25, 0.75])
  }

  @Test("An outcome with P = 0 makes D[Q‖P] infinite only if Q gives it a probability")
  func whatIsImpossibleAddsNothingUnlessItHappens() {
    let certain = Categorical([1, 0])
    let fair = Categorical([1, 1])
    #expect(certain.entropy == 0)
    #expect(isClose(certain.klDivergence(to: fair), log(2), 4 * .ulpOfOne))
    #expect(fair.klDivergence(to: certain) == .infinity)
  }

  @Test func samplesHaveTheProbabilities() {
    var generator = SeededGenerator(seed: 60)
    let p = Categorical([0.5, 0, 0.3, 0.2])
    let samples = p.samples(20_000, using: &generator)
    for (symbol, probability) in p.probabilities.enumerated() {
      let hits = samples.map { $0 == symbol ? 1.0 : 0 }
      if probability == 0 {
        #expect(hits.allSatisfy { $0 == 0 })
      } else {
        let variance = probability * (1 - probability)
        #expect(deviation(of: hits, from: probability, variance: variance) < millionthDeviation)
      }
    }
  }

  @Test("The symbols of a block are independent")
  func blocksAreIndependentSymbols() {
    let p = Categorical([0.5, 0.3, 0.2])
    let pairs = p.blocks(of: 2)
    #expect(pairs.probabilities.count == 9)
    #expect(isClose(pairs.probabilities[1], 0.15, 4 * .ulpOfOne))
    #expect(isClose(pairs.probabilities[3], 0.15, 4 * .ulpOfOne))
    #expect(isClose(pairs.probabilities[8], 0.04, 4 * .ulpOfOne))
    #expect(isClose(pairs.entropy, 2 * p.entropy, 32 * .ulpOfOne))
    #expect(p.blocks(of: 2, in: [0, 1, 2, 2, 1]) == [1, 8])
    #expect(p.blocks(of: 3, in: [2, 1, 0]) == [21])
  }
}
