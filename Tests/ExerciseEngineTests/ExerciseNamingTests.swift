import Autodiff
import Testing

@testable import Exercises

/// The mean of squares, and where students go wrong in it.
private struct MeanSquare {
  var power = 2
  var factor = 1.0
  var divisor: (Int) -> Double = { Double($0) }
  var last = 0

  func callAsFunction(_ x: [Double]) -> Double {
    factor * x.dropLast(last).reduce(0) { $0 + (power == 2 ? $1 * $1 : $1) } / divisor(x.count)
  }

  static var mistakes: [Mistake<MeanSquare>] {
    [
      Mistake("sum", "that is the sum", isCommon: true) { $0.divisor = { _ in 1 } },
      Mistake("no square", "the numbers are not squared", isCommon: true) { $0.power = 1 },
      Mistake("half", "there is a ½ too much", isCommon: true) { $0.factor = 0.5 },
      Mistake("n − 1", "divided by n − 1") { $0.divisor = { Double($0 - 1) } },
    ]
  }
}

private func meanSquare(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
  var comparison = Comparison(of: answer) { MeanSquare()($0) }
  comparison.ask("three numbers", [1, 2, 3])
  comparison.ask("two numbers", [-1, 5])
  comparison.argument("x", \.self)
  comparison.recognize(MeanSquare.mistakes, in: MeanSquare()) { $1($0) }
  return Exercise("mean-square", "The mean of squares", minutes: 1, hints: ["Square."], comparison)
}

/// Two numbers with names, checked as a chapter would.
private struct Moments: AnswerConvertible {
  var mean: Double
  var squares: [Double]

  var answer: Answer { Answer(parts: [("mean", mean), ("squares", squares)]) }
}

private func moments(_ answer: @escaping ([Double]) throws -> Moments) -> Exercise {
  var comparison = Comparison(of: answer) { x in
    Moments(mean: x.reduce(0, +) / Double(x.count), squares: x.map { $0 * $0 })
  }
  comparison.ask("three numbers", [1, 2, 6])
  comparison.ask("two numbers", [-1, 5])
  return Exercise("moments", "Moments", minutes: 1, hints: ["Add."], comparison)
}

@Suite struct ExerciseNaming {
  private static func sum(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }

  @Test("A mistake of a formula is named wherever the formula occurs")
  func mistakesOfAFormula() {
    let verdict = meanSquare(Self.sum).verdict()
    #expect(verdict.message == "For three numbers: expected 4.6667, got 14.000: that is the sum.")
    #expect(Exercise.defects(of: [meanSquare { _ in try todo() }]).isEmpty)
    #expect(MeanSquare.mistakes.without("sum").map(\.name) == ["no square", "half", "n − 1"])
    struct Outer { var inner = MeanSquare() }
    let outer = MeanSquare.mistakes.within(\Outer.inner, "in the mean, ")[0]
    #expect(outer.message == "in the mean, that is the sum")
    #expect(outer.made(in: Outer()).inner([3, 4]) == 25)
  }

  @Test("Two common mistakes at once are named, and a rare one is not looked for in pairs")
  func pairsOfMistakes() {
    let both = meanSquare { 0.5 * Self.sum($0) }.verdict()
    #expect(both.message.hasSuffix("two mistakes: that is the sum; and there is a ½ too much."))
    let rare = meanSquare { 0.5 * Self.sum($0) / Double($0.count - 1) }.verdict()
    #expect(!rare.message.contains("two mistakes"))
  }

  @Test("A mistake is named on the answers that are finite, and then what is out of range")
  func mistakeAndUnderflow() {
    func exercise(_ answer: @escaping (Double) throws -> Double) -> Exercise {
      var comparison = Comparison(of: answer) { $0 + 1 }
      comparison.ask("1", 1)
      comparison.ask("2", 2)
      comparison.ask("−2000", -2000)
      comparison.recognize("1 was subtracted") { $0 - 1 }
      return Exercise("id", "Title", minutes: 1, hints: ["A hint."], comparison)
    }
    let both = exercise { $0 > -1000 ? $0 - 1 : -.infinity }.verdict().message
    #expect(both.contains("expected 2.0000, got 0: 1 was subtracted. And there is a second"))
    #expect(both.contains("For −2000: expected −1,999.0, got −∞: −∞ comes from the log of 0"))
    // An answer that is finite and wrong elsewhere is another mistake.
    #expect(!exercise { $0 > -1000 ? $0 - 1 : 0 }.verdict().message.contains("subtracted"))
  }

  @Test(
    "What the answer should depend on and does not is named",
    arguments: [
      ([true, false, false], "only the first number of `x` makes a difference"),
      ([false, false, true], "only the last number of `x` makes a difference"),
      ([false, true, true], "the first number of `x` makes no difference"),
      ([true, true, false], "the last number of `x` makes no difference"),
    ])
  func dependence(used: [Bool], finding: String) {
    func exercise(_ answer: @escaping ([Double]) -> Double) -> Exercise {
      var comparison = Comparison(of: answer, with: Self.sum)
      comparison.ask("three numbers", [1, 2, 4])
      comparison.ask("three others", [3, 5, 8])
      comparison.argument("x", \.self)
      return Exercise("id", "Title", minutes: 1, hints: ["A hint."], comparison)
    }
    let message = exercise { x in
      // Not the sum of squares of those that are used, or the pattern of the rest would be simpler.
      zip(x, used).reduce(7.5) { $1.1 ? $0 + $1.0 * $1.0 * $1.0 : $0 }
    }.verdict().message
    #expect(message.contains(finding), "\(message)")
  }

  @Test("An argument that matters where the answer is right is not said to be unused")
  func limitedArgument() {
    struct Input { var x: [Double] }
    var comparison = Comparison<Input, Double>(of: { Self.sum($0.x.map { max($0, -100) }) }) {
      Self.sum($0.x)
    }
    comparison.ask("(1, 2)", Input(x: [1, 2]))
    comparison.ask("(-2000, -3000)", Input(x: [-2000, -3000]))
    comparison.argument("x", \.x)
    let message = Exercise("id", "T", minutes: 1, hints: ["H."], comparison).verdict().message
    #expect(message.hasSuffix("(1 of 2 cases are right.)"), "\(message)")
  }

  @Test("A last number that is missed is named although it does not matter in every case")
  func irrelevantLastNumber() {
    struct Input { var x: [Double], weights: [Double] }
    func sum(_ x: [Double], _ weights: [Double]) -> Double {
      Self.sum(zip(x, weights).map { $0 * $1 })
    }
    var comparison = Comparison<Input, Double>(of: { sum($0.x.dropLast(), $0.weights) }) {
      sum($0.x, $0.weights)
    }
    comparison.ask("the weights (1, 0)", Input(x: [1, 2], weights: [1, 0]))
    comparison.ask("the weights (1, 2, 1)", Input(x: [1, 2, 3], weights: [1, 2, 1]))
    comparison.argument("x", \.x)
    let message = Exercise("id", "T", minutes: 1, hints: ["H."], comparison).verdict().message
    #expect(message.contains("the last number of `x` makes no difference"), "\(message)")
  }

  @Test("An argument that is not used is named")
  func unusedArgument() {
    struct Input { var x: [Double], scale: Double }
    var comparison = Comparison<Input, Double>(of: { 3 + Self.sum($0.x) }) {
      $0.scale * Self.sum($0.x)
    }
    comparison.ask("(1, 2) and 3", Input(x: [1, 2], scale: 3))
    comparison.ask("(4) and 5", Input(x: [4], scale: 5))
    comparison.argument("x", \.x)
    comparison.argument("scale", \.scale)
    let message = Exercise("id", "T", minutes: 1, hints: ["H."], comparison).verdict().message
    #expect(message.contains("your answer does not depend on `scale` at all"))
  }

  @Test("One number is no reason to say that only the first counts")
  func oneNumberIsFirstAndLast() {
    var comparison = Comparison<[Double], Double>(of: { 7.5 + $0[0] * $0[0] * $0[0] }) {
      Self.sum($0)
    }
    comparison.ask("one number", [3])
    comparison.argument("x", \.self)
    let message = Exercise("id", "T", minutes: 1, hints: ["H."], comparison).verdict().message
    #expect(message == "For one number: expected 9.0000, got 34.500.")
  }

  @Test("A function that draws random numbers or remembers earlier calls is told so")
  func unrepeatableAnswers() {
    var calls = 0.0
    let message = meanSquare { x in
      calls += 1
      return calls + x[0]
    }.verdict().message
    #expect(message.hasPrefix("For three numbers: called twice, your function returned 2"))
  }

  @Test("A wrong number is called by the name of its part")
  func partsHaveNames() {
    func message(_ change: @escaping (inout Moments) -> Void) -> String {
      moments { x in
        var moments = Moments(mean: x.reduce(0, +) / Double(x.count), squares: x.map { $0 * $0 })
        change(&moments)
        return moments
      }.verdict().message
    }
    #expect(message { _ in } == "")
    #expect(
      message { $0.squares[1] += $0.mean }
        == "For three numbers: expected 4.0000 for squares[1], got 7.0000.")
    #expect(
      message { $0.mean *= 3 }
        == "For three numbers: expected 3.0000 for mean, got 9.0000: mean is 3.000 times the "
        + "expected value in every case.")
    #expect(
      message { $0.squares = [] }
        == "For three numbers: expected one number for mean, 3 numbers for squares, got one number "
        + "for mean, no numbers for squares.")
  }

  @Test("The numbers of an array can have names")
  func elementsHaveNames() {
    var comparison = Comparison<Double, [Double]>(
      of: { [$0, 3 * $0 * $0 + 1] }, elements: ["slope", "curvature"]
    ) { [$0, $0 * $0] }
    comparison.ask("1", 1)
    comparison.ask("2", 2)
    let message = Exercise("id", "T", minutes: 1, hints: ["H."], comparison).verdict().message
    #expect(message == "For 1: expected 1.0000 for curvature, got 4.0000.")
  }

  @Test("A function of the expected number is recognised")
  func functionsOfTheAnswer() {
    let functions: [(finding: String, function: (Double) -> Double)] = [
      ("is the logarithm of", { .log($0) }), ("is e to the power of", { .exp($0) }),
      ("is 1 divided by", { 1 / $0 }), ("is 1 minus", { 1 - $0 }), ("is the square", { $0 * $0 }),
      ("is the root", { $0.squareRoot() }), ("cut to a whole number", { $0.rounded(.down) }),
      ("is 1.443 times", { $0 / .log(2) }),
    ]
    for (finding, function) in functions {
      let message = meanSquare { function(MeanSquare()($0)) }.verdict().message
      #expect(message.contains(finding))
    }
  }

  @Test("A finding of a constant offset exceeds what rounding allows")
  func anOffsetIsMoreThanRounding() {
    func message(_ offset: Double, wrong: Double) -> String {
      var comparison = Comparison<Double, Double>(of: { $0 == 3 ? $0 + wrong : $0 + offset }) { $0 }
      for input in [1, 2, 3.0] {
        comparison.ask("\(input)", input, tolerance: Tolerance(absolute: 1e-3))
      }
      return Exercise("id", "T", minutes: 1, hints: ["H."], comparison).verdict().message
    }
    #expect(!message(1e-16, wrong: 1.5e-3).contains("in every case"))
    #expect(message(0.5, wrong: 0.5005).contains("0.5002 too large in every case"))
  }

  @Test("A sum in place of a mean is recognised by the argument’s size")
  func sumsAndMeans() {
    func exercise(_ answer: @escaping ([Double]) -> Double) -> Exercise {
      var comparison = Comparison(of: answer, with: Self.sum)
      comparison.ask("three numbers", [1, 2, 4])
      comparison.ask("two numbers", [3, 5])
      comparison.argument("x", \.self)
      return Exercise("id", "Title", minutes: 1, hints: ["A hint."], comparison)
    }
    #expect(
      exercise { Self.sum($0) / Double($0.count) }.verdict().message.hasSuffix(
        "divided by the number of elements of `x`; is a sum asked for, and not a mean?"))
    #expect(
      exercise { Self.sum($0) * Double($0.count) }.verdict().message.contains(
        "times the number of elements"))
    #expect(
      exercise { Self.sum($0) / Double($0.count).squareRoot() }.verdict().message.contains("root"))
  }

  @Test("A number too many or too few, and an argument returned as it came, are recognised")
  func shapesAndOrders() {
    func message(_ answer: @escaping ([Double]) -> [Double]) -> String {
      var comparison = Comparison(of: answer) { $0.map { $0 * $0 } }
      comparison.ask("three numbers", [1, 2, 4])
      comparison.ask("three others", [3, -5, 8])
      comparison.argument("x", \.self)
      return Exercise("id", "Title", minutes: 1, hints: ["A hint."], comparison).verdict().message
    }
    let squares = { (x: [Double]) in x.map { $0 * $0 } }
    #expect(message { squares($0).reversed() }.contains("in reverse order"))
    #expect(message { squares($0).dropLast() }.contains("the first 2; the rest is missing"))
    #expect(message { [0] + squares($0) }.contains("the last 3 are right"))
    #expect(message { $0 }.hasSuffix("that is `x`, as it came."))
    #expect(
      message { x in squares(x).map { $0 - 1 }.reversed().map { $0 + 1 } }.contains("reverse"))
  }

  /// ½ (a² − 1) − b, with a term that does not belong there.
  private func half(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    var comparison = Comparison(of: answer) { 0.5 * ($0[0] * $0[0] - 1) - $0[1] }
    for x in [[1, 2], [3, 5], [2, -1], [0.5, 3], [-2, 0.25], [4, 1.5]] {
      comparison.ask("\(x)", x)
    }
    comparison.terms(["½ a²", "−½", "−b"], strangers: ["a"]) {
      [0.5 * $0[0] * $0[0], -0.5, -$0[1], $0[0]]
    }
    comparison.recognize("that is b") { $0[1] }
    comparison.recognize("that is a") { $0[0] }
    return Exercise("half", "A half", minutes: 1, hints: ["Halve."], comparison)
  }

  @Test("Missing terms, wrong signs and wrong factors are named in any combination")
  func terms() {
    func message(_ answer: @escaping (_ a: Double, _ b: Double) -> Double) -> String {
      half { answer($0[0], $0[1]) }.verdict().message
    }
    #expect(Exercise.defects(of: [half { _ in try todo() }]).isEmpty)
    #expect(message { a, b in 0.5 * (a * a - 1) - b } == "")
    #expect(message { a, b in 0.5 * a * a - b }.hasSuffix(": −½ is missing."))
    #expect(message { a, b in 0.5 * (a * a + 1) + b }.contains("−½ has the wrong sign; −b has the"))
    #expect(message { a, b in a * a - 1 - b }.contains("½ a² counts twice; −½ counts twice."))
    #expect(message { a, b in 0.5 * (a * a - 1) - b + a }.hasSuffix("a does not belong there."))
    #expect(message { a, b in 2 * (0.5 * (a * a - 1) - b) }.contains("2.000 times the expected"))
    #expect(!message { a, b in 0.5 * (a * a * a - 1) - b }.contains("½ a²"))
  }

  @Test("Terms that cannot be told apart, or do not add up, are a defect of the exercise")
  func defectsOfTerms() {
    func defects(_ terms: @escaping (Double) -> [Double]) -> [String] {
      var comparison = Comparison<Double, Double>(of: { $0 }) { $0 * $0 + $0 }
      for x in [1, 2, 3, 4.0, 5] { comparison.ask("\(x)", x) }
      comparison.terms(["x²", "x"], terms)
      comparison.recognize("x") { $0 }
      comparison.recognize("2x") { 2 * $0 }
      return Exercise.defects(of: [Exercise("id", "T", minutes: 1, hints: ["H."], comparison)])
    }
    #expect(defects { [$0 * $0, $0] }.isEmpty)
    #expect(defects { [$0, $0] }[0].contains("cannot be told apart"))
    #expect(defects { [$0 * $0, 2 * $0] }[0].contains("not the sum of its terms: x counts only"))
  }

  @Test("Least squares finds the factors of a sum, and refuses columns that depend on each other")
  func factorsOfASum() throws {
    let columns: [[Double]] = [[1, 2, 3, 4], [1, 0, -1, 2]]
    let factors = try #require(leastSquares(columns, [3, 4, 5, 10]))
    #expect(abs(factors[0] - 2) < 1e-12 && abs(factors[1] - 1) < 1e-12)
    #expect(leastSquares([[1, 2], [2, 4]], [1, 1]) == nil)
  }
}
