import Claims
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
}
