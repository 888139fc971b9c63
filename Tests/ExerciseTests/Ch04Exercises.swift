import Exercises
import Testing

@testable import Ch04_Reparameterization

@Suite struct Ch04Exercises {
  static var attempts: [Attempt] {
    sample + standardNormals + drawSamples + pathwiseGradient + scoreFunctionGradient
      + gradientVariances + fullCovarianceSample + minibatchEstimate + threeGradients
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }
}
