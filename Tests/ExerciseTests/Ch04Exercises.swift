import Exercises
import Testing

@testable import Ch04_Reparameterization

@Suite struct Ch04Exercises {
  static var attempts: [Attempt] {
    sample + standardNormals + drawSamples + pathwiseGradient + scoreFunctionGradient
      + gradientVariances + fullCovarianceSample + minibatchEstimate + threeGradients + slips
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  @Test("The example in a contract shows the usual mistakes, so that students find them by hand")
  func examples() {
    func expect(_ attempts: [Attempt], _ names: [String], showIn example: String) {
      for attempt in attempts where names.contains(attempt.name) {
        let message = attempt.exercise.verdict().message
        #expect(message.hasPrefix("For " + example), "\(attempt.name): \(message)")
      }
      #expect(Set(names).isSubset(of: attempts.map(\.name)))
    }
    expect(
      Self.pathwiseGradient, ["no ½", "for σ", "for σ²", "no ε", "sum", "no 2", "σ² for σ"],
      showIn: "the mean (1), the log variance (log 9)")
    expect(
      Self.scoreFunctionGradient, ["own", "none", "σ for σ²", "by σ³", "no ½", "for σ²"],
      showIn: "the samples (3), (0)")
  }
}
