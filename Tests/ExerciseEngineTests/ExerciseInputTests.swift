import Exercises
import Testing

@Suite struct ExerciseInputTests {
  @Test("A message shows the random inputs of an exercise in full")
  func shownInFull() {
    let numbers = roundedNormals(100, seed: 1)
    let shown = numbers.map { Double(text($0).replacing("−", with: "-")) }
    #expect(shown == numbers)
  }

  @Test("Points are shown with two decimals, each in parentheses")
  func points() { #expect(text([[0.5, -1.25], [2, 0]]) == "(0.50, −1.25), (2.00, 0.00)") }

  @Test("All decimals are shown, but not what rounding did to the sixteenth digit")
  func exactNumbers() {
    #expect(exact([0.93, 0.1 + 0.2, 1 - 0.07, -4, 0]) == "(0.93, 0.3, 0.93, −4, 0)")
    #expect(exact([1e-8, 1e300, -.infinity]) == "(10⁻⁸, 10³⁰⁰, −∞)")
    #expect(exact([[1, 0.25], [0, -3]]) == "(1, 0.25), (0, −3)")
  }
}
