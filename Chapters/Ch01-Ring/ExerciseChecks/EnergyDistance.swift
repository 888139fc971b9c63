import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func energyDistance(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<SamplesTask, Double>(of: { try answer($0.x, $0.y) }) {
      SampleDistance()($0)
    }
    comparison.ask("the numbers 0, 2 and 1, 1", SamplesTask(x: [[0], [2]], y: [[1], [1]]))
    let (x, y) = (roundedNormals(3, 2, seed: 17), roundedNormals(4, 2, seed: 18))
    comparison.ask("the points \(text(x)) and the same points again", SamplesTask(x: x, y: x))
    comparison.ask("the points \(text(x)) and \(text(y))", SamplesTask(x: x, y: y))
    let (long, short) = (roundedNormals(5, 2, seed: 24), roundedNormals(2, 2, seed: 25))
    comparison.ask(
      "the points \(text(long)) and \(text(short))", SamplesTask(x: long, y: short))
    let space = [[0.5, -1.2, 2], [1.5, 0.3, -0.7]]
    let others = [[-0.4, 0.8, 1.1], [0.9, -2, 0.2], [0.1, 1.6, -1.3]]
    comparison.ask(
      "the points \(text(space)) and \(text(others))", SamplesTask(x: space, y: others))
    comparison.argument("x", \.x, change: { 1.5 * $0 + 0.25 })
    comparison.argument("y", \.y, change: { 1.5 * $0 + 0.25 })
    comparison.recognize(SampleDistance.mistakes, in: SampleDistance()) { $1($0) }
    comparison.recognize("that is n · m times the energy distance") {
      SampleDistance()($0) * Double($0.x.count * $0.y.count)
    }
    comparison.recognize(
      "that is nm/(n + m) times the energy distance, as in a test of two samples"
    ) {
      SampleDistance()($0) * Double($0.x.count * $0.y.count) / Double($0.x.count + $0.y.count)
    }
    comparison.recognize("that is the distance between the two means; compare all pairs") { task in
      let means = [task.x, task.y].map { transposed($0).map(mean) }
      return SampleDistance().distance(means[0], means[1])
    }
    comparison.terms(["2 E‖X − Y‖", "−E‖X − X′‖", "−E‖Y − Y′‖"]) { task in
      var distance = SampleDistance()
      return [
        { (xy: Double, _: Double, _: Double) in 2 * xy }, { _, xx, _ in -xx }, { _, _, yy in -yy },
      ].map {
        distance.whole = $0
        return distance(task)
      }
    }
    comparison.calculation { task in
      let between = mean(task.distances(\.x, "x", \.y, "y"))
      let withinX = mean(task.distances(\.x, "x", \.x, "x"))
      let withinY = mean(task.distances(\.y, "y", \.y, "y"))
      return 2 * between.named("E‖X − Y‖") - withinX.named("E‖X − X′‖")
        - withinY.named("E‖Y − Y′‖")
    }
    return Exercise(
      "energy-distance", "How far apart two samples are", minutes: 20,
      hints: [
        "Write a function for the mean distance between two samples, and call it three times.",
        "The mean distance between a sample and itself has n · n terms, of which n are 0.",
      ], comparison)
  }
}

/// What is given in the exercise on the energy distance.
struct SamplesTask {
  var x: [[Double]]
  var y: [[Double]]
}

extension SamplesTask {
  /// How the distances between each two points are calculated.
  fileprivate func distances(
    _ first: KeyPath<SamplesTask, [[Double]]>, _ name: String,
    _ second: KeyPath<SamplesTask, [[Double]]>, _ otherName: String
  ) -> Calculation {
    let (a, b) = (self[keyPath: first], self[keyPath: second])
    let p = Calculation.argument(
      "\(name)[i]", Tensor(a.flatMap { $0 }, shape: [a.count, 1, a[0].count]))
    let q = Calculation.argument(
      "\(otherName)[j]", Tensor(b.flatMap { $0 }, shape: [1, b.count, b[0].count]))
    return sqrt(sum(square(p - q), axis: 2, over: "coordinates")).named(
      "the distance of \(name)[i] and \(otherName)[j]")
  }
}

/// 2 E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖.
struct SampleDistance {
  var distance: (_ p: [Double], _ q: [Double]) -> Double = { p, q in
    length(zip(p, q).map { $0 - $1 })
  }
  /// Whether the point i of n and the point j of m are a pair that counts.
  typealias Pairs = (_ i: Int, _ j: Int, _ n: Int, _ m: Int) -> Bool

  var between: Pairs = { _, _, _, _ in true }
  var within: Pairs = { _, _, _, _ in true }
  /// By how much the sums over pairs are divided.
  var betweenCount: (_ n: Double, _ m: Double) -> Double = { $0 * $1 }
  var withinCount: (_ own: Double, _ n: Double, _ m: Double) -> Double = { own, _, _ in own * own }
  var whole: (_ xy: Double, _ xx: Double, _ yy: Double) -> Double = { 2 * $0 - $1 - $2 }

  func callAsFunction(_ task: SamplesTask) -> Double {
    let (n, m) = (Double(task.x.count), Double(task.y.count))
    return whole(
      sum(task.x, task.y, between) / betweenCount(n, m),
      sum(task.x, task.x, within) / withinCount(n, n, m),
      sum(task.y, task.y, within) / withinCount(m, n, m))
  }

  private func sum(_ a: [[Double]], _ b: [[Double]], _ counts: Pairs) -> Double {
    var sum = 0.0
    for (i, p) in a.enumerated() {
      for (j, q) in b.enumerated() where counts(i, j, a.count, b.count) { sum += distance(p, q) }
    }
    return sum
  }
}
