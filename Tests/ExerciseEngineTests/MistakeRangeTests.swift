import Testing

@testable import Exercises

/// The verdict on an answer to the inputs 1 and 2, to which the right answer is the input.
private func message(
  _ answer: @escaping (Double) -> Double, mistake: @escaping (Double) -> Double
) -> String {
  var comparison = Comparison<Double, Double>(of: answer) { $0 }
  comparison.ask("1", 1)
  comparison.ask("2", 2)
  comparison.recognize("that is the mistake", mistake)
  return Exercise("range", "A range", minutes: 1, hints: ["Think."], comparison).verdict().message
}

@Test("A mistake that gives far too large numbers is recognised up to their rounding")
func largeMistakesAreRecognised() {
  #expect(
    message({ $0 * 1e20 * (1 + 1e-12) + $0 * $0 }, mistake: { $0 * 1e20 }).hasSuffix("the mistake.")
  )
  #expect(!message({ $0 * $0 * 1e20 }, mistake: { $0 * 1e20 }).contains("the mistake"))
}

@Test("No finite answer is taken for that of a mistake that gives infinity")
func infinityIsNotNear() {
  #expect(message({ _ in .infinity }, mistake: { _ in .infinity }).contains("the mistake"))
  #expect(!message({ $0 * 1e300 }, mistake: { _ in .infinity }).contains("the mistake"))
}

@Test("Mistakes that differ in one case are kept, however large the numbers of another mistake are")
func distinctMistakesAreKept() {
  struct Power {
    var exponent = 1
    func callAsFunction(_ x: Double) -> Double { (0..<exponent).reduce(1) { y, _ in y * x } }
  }
  let mistakes = [20, 2, 3, 3].map { (exponent: Int) in
    Mistake<Power>("\(exponent)", "the exponent is \(exponent)") { $0.exponent = exponent }
  }
  let distinct = mistakes.distinct(in: Power(), tolerance: 1e-9) { power in
    [[power(1)], [power(1_000)]]
  }
  #expect(distinct.map(\.name) == ["20", "2", "3"])
}
