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
    let byHand = SamplesTask(x: [[0], [2]], y: [[1], [1]])
    comparison.ask("the numbers 0, 2 and 1, 1", byHand)
    let (x, y) = (roundedNormals(3, 2, seed: 17), roundedNormals(4, 2, seed: 18))
    let same = SamplesTask(x: x, y: x)
    comparison.ask("the points \(text(x)) and the same points again", same)
    let drawn = SamplesTask(x: x, y: y)
    comparison.ask("the points \(text(x)) and \(text(y))", drawn)
    let (long, short) = (roundedNormals(5, 2, seed: 24), roundedNormals(2, 2, seed: 25))
    let longer = SamplesTask(x: long, y: short)
    comparison.ask("the points \(text(long)) and \(text(short))", longer)
    let space = [[0.5, -1.2, 2], [1.5, 0.3, -0.7]]
    let others = [[-0.4, 0.8, 1.1], [0.9, -2, 0.2], [0.1, 1.6, -1.3]]
    let inSpace = SamplesTask(x: space, y: others)
    comparison.ask("the points \(text(space)) and \(text(others))", inSpace)
    comparison.argument("x", \.x, change: { 1.5 * $0 + 0.25 })
    comparison.argument("y", \.y, change: { 1.5 * $0 + 0.25 })
    let tasks = [byHand, same, drawn, longer, inSpace]
    let mistakes = SampleDistance.mistakes.distinct(in: SampleDistance(), tolerance: 1e-9) {
      distance in tasks.map { [distance($0)] }
    }
    comparison.recognize(mistakes, in: SampleDistance()) { $1($0) }
    comparison.recognize("that is n · m times the energy distance") {
      SampleDistance()($0) * Double($0.x.count * $0.y.count)
    }
    comparison.recognize(
      "that is nm/(n + m) times the energy distance, as in a test of two samples"
    ) {
      SampleDistance()($0) * Double($0.x.count * $0.y.count) / Double($0.x.count + $0.y.count)
    }
    comparison.recognize(
      "the mean distance within both samples together was subtracted; take that within each"
    ) { task in
      let all = SamplesTask(x: task.x + task.y, y: [])
      var distance = SampleDistance()
      distance.whole = { xy, _, _ in 2 * xy }
      let count = Double(all.x.count * all.x.count)
      return distance(task) - distance.withinX.sum(all.x, all.x) / count
    }
    comparison.recognize(
      "those are distances from the means of the samples; take them between all pairs of points"
    ) { task in
      let means = [task.x, task.y].map { transposed($0).map(mean) }
      let pairs =
        [SamplesTask(x: [means[0]], y: [means[1]])]
        + zip([task.x, task.y], means).map { SamplesTask(x: $0, y: [$1]) }
      let distances = pairs.map { MeanDistance().sum($0.x, $0.y) / Double($0.x.count) }
      return 2 * distances[0] - distances[1] - distances[2]
    }
    comparison.recognize("that is the distance between the two means; compare all pairs") { task in
      let means = [task.x, task.y].map { transposed($0).map(mean) }
      return length(zip(means[0], means[1]).map { $0 - $1 })
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
  var between = MeanDistance()
  var withinX = MeanDistance()
  var withinY = MeanDistance()
  var whole: (_ xy: Double, _ xx: Double, _ yy: Double) -> Double = { 2 * $0 - $1 - $2 }
  /// The points that are used.
  var used: (SamplesTask) -> SamplesTask = { $0 }
  /// Whether one sum goes on through all three means.
  var sumGoesOn = false

  func callAsFunction(_ given: SamplesTask) -> Double {
    let task = used(given)
    let sizes = (n: Double(task.x.count), m: Double(task.y.count))
    var sums = [
      between.sum(task.x, task.y), withinX.sum(task.x, task.x), withinY.sum(task.y, task.y),
    ]
    if sumGoesOn {
      sums[1] += sums[0]
      sums[2] += sums[1]
    }
    return whole(
      between.finish(sums[0] / between.divisor(sizes.n, sizes.m, sizes)),
      withinX.finish(sums[1] / withinX.divisor(sizes.n, sizes.n, sizes)),
      withinY.finish(sums[2] / withinY.divisor(sizes.m, sizes.m, sizes)))
  }

  /// The same in all three means.
  var everywhere: MeanDistance {
    get { between }
    set { (between, withinX, withinY) = (newValue, newValue, newValue) }
  }

  /// The same in both means within a sample.
  var within: MeanDistance {
    get { withinX }
    set { (withinX, withinY) = (newValue, newValue) }
  }
}

/// E‖X − Y‖, the mean distance over all pairs, with all that is decided on the way.
struct MeanDistance {
  /// The numbers of both samples, n of x and m of y.
  typealias Sizes = (n: Double, m: Double)

  var difference: (_ p: Double, _ q: Double) -> Double = { $0 - $1 }
  var square: (Double) -> Double = { $0 * $0 }
  /// The squares of one pair, added up.
  var total: ([Double]) -> Double = { $0.reduce(0, +) }
  /// Where the sum of squares is set back to 0.
  var reset = Reset.pair
  var root: (Double) -> Double = { $0.squareRoot() }
  /// Whether the point i of n and the point j of m are a pair that counts.
  var isPair: (_ i: Int, _ j: Int, _ n: Int, _ m: Int) -> Bool = { _, _, _, _ in true }
  /// The distances, added up.
  var sumOfDistances: ([Double]) -> Double = { $0.reduce(0, +) }
  /// By what their sum is divided, from the numbers of points in the two sets.
  var divisor: (_ first: Double, _ second: Double, Sizes) -> Double = { n, m, _ in n * m }
  var finish: (Double) -> Double = { $0 }

  enum Reset { case pair, point, never }

  /// Σ‖x − y‖ over the pairs.
  func sum(_ a: [[Double]], _ b: [[Double]]) -> Double {
    var squares = 0.0
    var distances: [Double] = []
    for (i, p) in a.enumerated() {
      if reset == .point { squares = 0 }
      for (j, q) in b.enumerated() where isPair(i, j, a.count, b.count) {
        if reset == .pair { squares = 0 }
        squares += total(zip(p, q).map { square(difference($0, $1)) })
        distances.append(root(squares))
      }
    }
    return sumOfDistances(distances)
  }
}
