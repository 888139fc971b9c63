import Testing

@testable import Probability

@Suite struct QuantileTests {
  /// The cumulative probability is right to some 10⁻¹⁶, so the quantile to that over the density,
  /// which is above 0.004 here.
  @Test("The quantiles found for a normal distribution are those of its inverse function")
  func normalQuantilesAreFound() {
    for probability in stride(from: 0.0015, to: 1, by: 0.01) {
      let found = quantile(probability, in: -10...10) {
        Normal.standard.cumulativeProbability(upTo: $0)
      }
      #expect(abs(found - Normal.standard.quantile(probability)) < 1e-13)
    }
  }

  @Test("Where a distribution function jumps, the quantile is the place of the jump")
  func atAJumpItIsThePlaceOfTheJump() {
    let coin = { (x: Double) in x < 0 ? 0 : x < 1 ? 0.25 : 1 }
    // −1 itself has probability 0, which is all that is asked for.
    #expect(quantile(0, in: -1...2, cumulativeProbability: coin) <= -1 + 0x1p-52)
    #expect(abs(quantile(0.25, in: -1...2, cumulativeProbability: coin)) < 0x1p-62)
    #expect(quantile(0.26, in: -1...2, cumulativeProbability: coin) == 1)
    #expect(quantile(1, in: -1...2, cumulativeProbability: coin) == 1)
  }

  @Test("A quantile outside the range that is searched is the nearer end of the range")
  func outsideTheRangeItStaysAtTheEnds() {
    #expect(quantile(0.9, in: 0...0.5) { $0 } == 0.5)
    #expect(quantile(0.1, in: 0.5...1) { $0 } <= 0.5 + 0x1p-52)
  }
}
