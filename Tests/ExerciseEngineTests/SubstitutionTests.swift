import Autodiff
import Calculations
import Testing

@testable import Exercises

/// The slope of a neuron with respect to its weight, and a mean over data.
private func exercise(
  _ answer: @escaping (_ w: Double, _ x: [Double], _ y: [Double]) throws -> [Double]
) -> Exercise {
  func right(_ input: (Double, [Double], [Double])) -> [Double] {
    let (w, x, y) = input
    let t = Double.tanh(w * x[0])
    let terms = zip(x, y).map { ($0 * w - $1) * ($0 * w - $1) }
    return [x[0] * (1 - t * t), terms.reduce(0, +) / Double(x.count)]
  }
  var comparison = Comparison<(Double, [Double], [Double]), [Double]>(
    of: { try answer($0.0, $0.1, $0.2) }, with: right)
  for (w, x, y) in [
    (0.3, [1.0, -0.5], [0.7, 2.0]), (-0.8, [0.4, 1.5, -2], [1, -0.3, 0.6]), (1.7, [-0.9], [0.4]),
  ] {
    comparison.ask("w = \(w)", (w, x, y))
  }
  comparison.calculation { input in
    let w = Calculation.argument("w", input.0)
    let x = Calculation.argument("x", input.1)
    let y = Calculation.argument("y", input.2)
    let u = (w * x[0]).named("u")
    return .list([x[0] * (1 - square(tanh(u).named("t"))), mean(square(w * x - y))])
  }
  return Exercise("slope", "A slope", minutes: 1, hints: ["Divide."], comparison)
}

@Suite struct Substitutions {
  private func message(
    slope: @escaping (_ u: Double) -> Double = {
      let t = Double.tanh($0)
      return 1 - t * t
    },
    term: @escaping (_ prediction: Double, _ y: Double) -> Double = { ($0 - $1) * ($0 - $1) }
  ) -> String {
    exercise { w, x, y in
      let terms = zip(x, y).map { term($0 * w, $1) }
      return [x[0] * slope(w * x[0]), terms.reduce(0, +) / Double(x.count)]
    }.verdict().message
  }

  @Test("An expression in place of a step is read off what would have to stand there")
  func undone() {
    let slopes: [(finding: String, slope: (Double) -> Double)] = [
      ("`1 / (1 + u * u)` stands where `1 - t * t` belongs", { 1 / (1 + $0 * $0) }),
      ("`u / (2 + exp(u))` stands where `1 - t * t` belongs", { $0 / (2 + .exp($0)) }),
      ("`log(1 + u * u)` stands where `1 - t * t` belongs", { .log(1 + $0 * $0) }),
    ]
    for (finding, slope) in slopes {
      let message = message(slope: slope)
      #expect(message.contains(": that is what comes out if \(finding)."), "\(message)")
    }
  }

  @Test("A quotient in place of a step is found inside a mean")
  func inMean() {
    let message = message(term: { $0 / $1 })
    #expect(message.contains("`w * x / y` stands where "), "\(message)")
  }

  @Test("An answer that no small expression explains is only told wrong")
  func unexplained() {
    let message = message { .sin(3 * $0) + .cos(2 * $0) }
    #expect(!message.contains("stands where"), "\(message)")
  }

  @Test("Values that have the same extent in one case only are not put together in another")
  func unequalExtents() {
    typealias Input = (x: [Double], ends: [Double])
    func right(_ input: Input) -> [Double] {
      [input.x.reduce(0) { $0 + $1 * $1 }, input.ends.reduce(0, +)]
    }
    // In the first case alone, that is what comes out if `x * ends` stands where `x * x` belongs.
    func wrong(_ input: Input) -> [Double] {
      let products = zip(input.x, input.ends).map { $0 * $1 }
      let isFirst = input.x.count == input.ends.count
      return [products.reduce(0, +) + (isFirst ? 0 : 1), right(input)[1]]
    }
    var comparison = Comparison<Input, [Double]>(of: wrong, with: right)
    comparison.ask("two numbers", ([1, 2], [0.3, -0.4]))
    comparison.ask("three numbers", ([1.5, 0.7, -1], [0.2, 0.9]))
    comparison.ask("four numbers", ([0.4, 1.2, -0.6, 2], [0.8, -1.1]))
    comparison.calculation { input in
      .list([sum(square(.argument("x", input.x))), sum(.argument("ends", input.ends))])
    }
    let exercise = Exercise("squares", "Squares", minutes: 1, hints: ["Square."], comparison)
    #expect(exercise.verdict().status == .wrong)
  }
}
