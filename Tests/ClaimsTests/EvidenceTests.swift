import Claims
import Notebook
import Probability
import Testing

@Suite struct EvidenceTests {
  @Test func aDifferenceThatIsNoNumberIsNotSmall() {
    #expect(Check("", .small("difference", [1e-12, -1e-11])).holds)
    #expect(!Check("", .small("difference", [1e-12, .nan, 1e-11])).holds)
    #expect(!Check("", .small("difference", [0, -1e-9])).holds)
    #expect(!Check("", .small("difference", [])).holds)
  }

  @Test func aMeanIsPositiveOnlyBeyondFourStandardErrors() {
    // Mean 1 and standard error 1/√3: not even two of them.
    #expect(!Check("", .positive("gain", MonteCarloEstimate([0, 1, 2]))).holds)
    #expect(Check("", .positive("gain", MonteCarloEstimate([1, 1.1, 0.9]))).holds)
    #expect(!Check("", .positive("gain", MonteCarloEstimate([0, 0, 0]))).holds)
  }

  @Test func evenlySpacedSamplesAreUniformAndSquaredOnesAreNot() {
    let samples = (0..<1000).map { (Double($0) + 0.5) / 1000 }
    let uniform = KolmogorovSmirnovTest(samples) { $0 }
    let squared = KolmogorovSmirnovTest(samples.map { $0 * $0 }) { $0 }
    #expect(Check("", .distributed(uniform, count: 1000)).holds)
    #expect(!Check("", .distributed(squared, count: 1000)).holds)
  }

  @Test func anEstimateIsComparedWithItsOwnStandardError() {
    let estimate = MonteCarloEstimate([0.9, 1.0, 1.1])
    #expect(Check("", .measured("mean", estimate, expected: 1.1)).holds)
    #expect(!Check("", .measured("mean", estimate, expected: 1.3)).holds)
  }
}
