import Autodiff
import Calculations
import Kernels
import Testing

@testable import Exercises

private let usual: [([Double], [Double])] = [
  ([1, 0.5], [0.3, -0.4]), ([0.2, -1.5, 2], [1, 0.5, -2]), ([0.7, -0.3], [-1.5, 0.8]),
]

/// The divergence from N(0, I), whose calculation is known, and nothing else.
private func exercise(
  asked: [([Double], [Double])] = usual,
  _ answer: @escaping ([Double], [Double]) throws -> Double
) -> Exercise {
  var comparison = Comparison<([Double], [Double]), Double>(of: { try answer($0.0, $0.1) }) {
    Student().divergence($0.0, $0.1)
  }
  for (mean, logVariance) in asked { comparison.ask("\(mean)", (mean, logVariance)) }
  comparison.calculation { input in
    let mean = Calculation.argument("mean", input.0)
    let logVariance = Calculation.argument("logVariance", input.1)
    return 0.5 * sum(square(mean) + exp(logVariance) - 1 - logVariance)
  }
  return Exercise("divergence", "D", minutes: 1, hints: ["Add."], comparison)
}

/// A student, who writes one thing or other in place of μ², σ² and log σ².
private struct Student {
  var square: (_ mean: Double) -> Double = { $0 * $0 }
  var variance: (_ mean: Double, _ logVariance: Double) -> Double = { .exp($1) }
  var logarithm: (_ logVariance: Double) -> Double = { $0 }

  func term(_ mean: Double, _ logVariance: Double) -> Double {
    let sum: Double = square(mean) + variance(mean, logVariance)
    return 0.5 * (sum - 1 - logarithm(logVariance))
  }

  func divergence(_ mean: [Double], _ logVariance: [Double]) -> Double {
    zip(mean, logVariance).map(term).reduce(0, +)
  }

  var message: String { exercise(divergence).verdict().message }
}

@Suite struct Slips {
  @Test("A slip at any step of a calculation is said")
  func slips() {
    let slips: [(finding: String, student: Student)] = [
      ("the term `logVariance` is missing in ", Student(logarithm: { _ in 0 })),
      ("`mean` stands where `mean * mean` belongs.", Student(square: { $0 })),
      (
        "`log(1 + exp(logVariance))` stands where `exp(logVariance)` belongs.",
        Student(variance: { .log1p(.exp($1)) })
      ),
      (
        "`logVariance` counts twice.",
        Student(variance: { .exp(2 * $1) }, logarithm: { 2 * $0 })
      ),
      (
        "the root of `exp(logVariance)` is taken.",
        Student(variance: { .exp($1 / 2) })
      ),
      (
        "`max(exp(logVariance), 0.5)` stands where `exp(logVariance)` belongs.",
        Student(variance: { max(.exp($1), 0.5) })
      ),
      ("`exp(logVariance)` is multiplied by `mean`.", Student(variance: { $0 * .exp($1) })),
    ]
    for slip in slips {
      let message = slip.student.message
      #expect(message.contains(": that is what comes out if "), "\(message)")
      #expect(message.contains(slip.finding), "\(message)")
    }
  }

  @Test("Sums, means, and sums of which a number is left out are told apart")
  func reductions() {
    let right = Student()
    let mean = exercise { right.divergence($0, $1) / Double($0.count) }.verdict()
    #expect(mean.message.contains("if `mean("))
    let tail = exercise { right.divergence(Array($0.dropFirst()), Array($1.dropFirst())) }.verdict()
    #expect(tail.message.contains("if the first number is left out of `sum("))
  }

  @Test("Two slips at once are said")
  func twoSlips() {
    let message = Student(variance: { $1 }, logarithm: { -$0 }).message
    #expect(message.contains("`logVariance` stands where `exp(logVariance)` belongs"))
    #expect(message.contains(", and "))
  }

  @Test("A slip is said beside an answer that goes out of range")
  func outOfRange() {
    let careless = Student(square: { $0 }, logarithm: { .log(.exp($0)) })
    let message = exercise(asked: usual + [([0, 1], [2, -800])], careless.divergence).verdict()
      .message
    #expect(message.contains("`mean` stands where `mean * mean` belongs. And there is a second"))
  }

  @Test("What no slip explains, or what has the wrong sign throughout, is left to others")
  func noSlip() {
    let other = exercise { mean, logVariance in .sin(mean[0] + 3 * logVariance[1]) }.verdict()
    #expect(!other.message.contains("comes out"))
    let flipped = exercise { -Student().divergence($0, $1) }.verdict()
    #expect(flipped.message.hasSuffix(": the sign is flipped in every case."))
    let constant = exercise { _, _ in 0 as Double }.verdict()
    #expect(constant.message.hasSuffix(": it is 0 for every input."))
  }

  @Test("A calculation that gives other answers, or whose steps change, is a defect")
  func defectsOfCalculations() {
    func defects(_ calculation: @escaping ([Double]) -> Calculation) -> [String] {
      var comparison = Comparison<[Double], Double>(of: { _ in try todo() }) { $0.reduce(0, +) }
      comparison.ask("two numbers", [1, 2])
      comparison.ask("three numbers", [1, 2, 4])
      comparison.recognize("that is the first") { $0[0] }
      comparison.recognize("that is the second") { $0[1] }
      comparison.calculation(calculation)
      return Exercise.defects(
        of: [Exercise("total", "The total", minutes: 1, hints: ["Add."], comparison)])
    }
    #expect(defects { sum(.argument("x", $0)) }.isEmpty)
    #expect(
      defects { mean(.argument("x", $0)) } == ["total: calculation 0 gives [1.5] for two numbers."]
    )
    let unequal = defects { x in
      x.count == 2 ? sum(.argument("x", x)) : sum(1 * Calculation.argument("x", x))
    }
    #expect(unequal == ["total: calculation 0 has other steps in another case."])
  }
}
