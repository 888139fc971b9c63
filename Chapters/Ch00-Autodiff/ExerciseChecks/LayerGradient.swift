import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func layerGradient(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> [[Double]]
  ) -> Exercise {
    var comparison = Comparison<LayerTask, [[Double]]>(of: { try answer($0.x, $0.g) }) {
      LayerRule().gradient($0)
    }
    comparison.ask(
      "X = (1, 2), (3, 4) and g = (1), (10)", LayerTask(x: [[1, 2], [3, 4]], g: [[1], [10]]))
    comparison.askRandom(examples: 3, inputs: 2, outputs: 2, seed: 71)
    comparison.askRandom(examples: 2, inputs: 2, outputs: 3, seed: 77)
    comparison.askRandom(examples: 4, inputs: 3, outputs: 2, seed: 81)
    comparison.argument("x", \.x, change: { 1.5 * $0 + 0.25 })
    comparison.argument("g", \.g, change: { 1.5 * $0 + 0.25 })
    comparison.recognize(LayerRule.mistakes, in: LayerRule()) { $1.gradient($0) }
    let divisors: [(String, (LayerTask) -> Int)] = [
      ("k, the number of inputs", { $0.x[0].count }),
      ("m, the number of outputs", { $0.g[0].count }),
      ("n − 1", { $0.x.count - 1 }), ("n · m", { $0.x.count * $0.g[0].count }),
    ]
    for (name, divisor) in divisors {
      comparison.recognize("everything was divided by \(name); the gradient is a plain sum") {
        task in
        LayerRule().gradient(task).map { row in row.map { $0 / Double(divisor(task)) } }
      }
    }
    comparison.recognize(
      "the last row is the sum of X over the examples; b's gradient is that of g"
    ) { task in
      LayerRule().gradient(task).dropLast()
        + [transposed(task.x).map { $0.reduce(0, +) }]
    }
    comparison.recognize("b got a row for each example; its gradient is their sum, one row") {
      task in
      LayerRule().gradient(task).dropLast() + task.g
    }
    comparison.recognizeLoops()
    comparison.calculation { task in
      let x = Calculation.argument("x", task.x)
      let g = Calculation.argument("g", task.g)
      return .list([product(transposed(x), g), sum(g, axis: 0, over: "examples")])
    }
    comparison.calculation { task in
      let (n, k, m) = (task.x.count, task.x[0].count, task.g[0].count)
      let x = Calculation.argument("x", Tensor(task.x.flatMap { $0 }, shape: [n, k, 1]))
      let g = Calculation.argument("g", Tensor(task.g.flatMap { $0 }, shape: [n, 1, m]))
      let weights = sum((x * g).named("x[i][k] * g[i][j]"), axis: 0, over: "examples")
      return .list([weights, sum(g.named("g[i][j]"), axis: 0, over: "examples")])
    }
    comparison.recognize("those are the products of each example on its own; sum over the examples")
    { task in
      task.x.indices.flatMap { i in task.x[i].map { x in task.g[i].map { x * $0 } } }
    }
    return Exercise(
      "layer-gradient", "Back through a layer, to its weights and biases", minutes: 25,
      hints: [
        "Write Yᵢⱼ as a sum over k. Which entries of Y contain Wₖⱼ, and with which factor?",
        "The gradient of Wₖⱼ is Σᵢ Xᵢₖ gᵢⱼ: there is one path for each example i.",
        "b acts like one more row of W, for an input that is always 1.",
      ], comparison)
  }
}

/// What is given in the exercise on a layer.
struct LayerTask {
  var x: [[Double]]
  var g: [[Double]]

  /// Every example with the sums over all of them.
  var summed: LayerTask {
    func sums(_ rows: [[Double]]) -> [[Double]] {
      let sum = transposed(rows).map { $0.reduce(0, +) }
      return rows.map { _ in sum }
    }
    return LayerTask(x: sums(x), g: sums(g))
  }
}

extension Comparison<LayerTask, [[Double]]> {
  fileprivate mutating func askRandom(examples: Int, inputs: Int, outputs: Int, seed: UInt64) {
    let x = (0..<examples).map { roundedNormals(inputs, seed: seed + UInt64($0)) }
    let g = (0..<examples).map { roundedNormals(outputs, seed: seed + 100 + UInt64($0)) }
    ask("X = \(text(x)) and g = \(text(g))", LayerTask(x: x, g: g))
  }
}

/// XᵀG, and below it the sum of the rows of G.
struct LayerRule {
  var examples: (Int) -> Range<Int> = { 0..<$0 }
  var term: (_ x: [Double], _ k: Int, _ g: [Double], _ j: Int) -> Double = { $0[$1] * $2[$3] }
  var weights: (_ sum: Double, _ task: LayerTask) -> Double = { sum, _ in sum }
  /// What the gradient of W is computed from.
  var given: (LayerTask) -> LayerTask = { $0 }
  var bias: (LayerTask, Range<Int>) -> [Double] = { task, examples in
    task.g[0].indices.map { j in examples.reduce(0) { $0 + task.g[$1][j] } }
  }
  var whole: (_ weights: [[Double]], _ bias: [Double]) -> [[Double]] = { $0 + [$1] }

  func gradient(_ task: LayerTask) -> [[Double]] {
    let examples = examples(task.x.count)
    let used = given(task)
    let sums = task.x[0].indices.map { k in
      task.g[0].indices.map { j in
        weights(examples.reduce(0) { $0 + term(used.x[$1], k, used.g[$1], j) }, task)
      }
    }
    return whole(sums, bias(task, examples))
  }

  static var mistakes: [Mistake<LayerRule>] { sums + terms + biases + shapes }

  private static var sums: [Mistake<LayerRule>] {
    [
      Mistake("mean", "that is the mean over the examples; the gradient is the sum") { rule in
        rule.weights = { $0 / Double($1.x.count) }
        rule.bias = { task, _ in task.g[0].indices.map { j in mean(task.g.map { $0[j] }) } }
      },
      Mistake(
        "mean of W", "the gradient of W was averaged over the examples; it should be a sum",
        isCommon: true
      ) { $0.weights = { $0 / Double($1.x.count) } },
      Mistake("first", "only the first example is included; sum over all of them", isCommon: true) {
        $0.examples = { 0..<min($0, 1) }
      },
      Mistake("last", "only the last example is included; add the examples up with +=") {
        $0.examples = { ($0 - 1)..<$0 }
      },
      Mistake("not the last", "the last example is left out; the loop ends too early") {
        $0.examples = { 0..<($0 - 1) }
      },
      Mistake("not the first", "the first example is left out; the loop begins too late") {
        $0.examples = { 1..<$0 }
      },
      Mistake("sign of all", "the sign of everything is flipped; nothing is subtracted here") {
        rule in
        rule.weights = { sum, _ in -sum }
        rule.bias = { task, examples in
          task.g[0].indices.map { j in examples.reduce(0) { $0 - task.g[$1][j] } }
        }
      },
      Mistake("sign", "the sign of W's gradient is flipped", isCommon: true) {
        $0.weights = { sum, _ in -sum }
      },
      Mistake("double", "the gradient of W is twice as large as it should be") {
        $0.weights = { sum, _ in 2 * sum }
      },
    ]
  }

  private static var terms: [Mistake<LayerRule>] {
    [
      Mistake(
        "no x", "the gradient of W lacks X: each entry of W is multiplied by entries of X",
        isCommon: true
      ) { $0.term = { $2[$3] } },
      Mistake("no g", "the gradient of W lacks g: each path to the end goes through an entry of g")
      {
        rule in rule.term = { x, k, _, _ in x[k] }
      },
      Mistake("sum", "X and g were added; the gradient of W is a sum of products") {
        $0.term = { $0[$1] + $2[$3] }
      },
      Mistake("first g", "only the first column of g was used in the gradient of W") {
        rule in rule.term = { x, k, g, _ in x[k] * g[0] }
      },
      Mistake("all of g", "g was summed over the outputs; Wₖⱼ has an effect on output j alone") {
        rule in rule.term = { x, k, g, _ in x[k] * g.reduce(0, +) }
      },
      Mistake("all of x", "X was summed over the inputs; Wₖⱼ multiplies input k alone") {
        rule in rule.term = { x, _, g, j in x.reduce(0, +) * g[j] }
      },
      Mistake("g of the first", "the g of the first example was used for all in the gradient of W")
      {
        $0.given = { task in LayerTask(x: task.x, g: task.g.map { _ in task.g[0] }) }
      },
      Mistake("x of the first", "the x of the first example was used for all in the gradient of W")
      {
        $0.given = { task in LayerTask(x: task.x.map { _ in task.x[0] }, g: task.g) }
      },
      Mistake(
        "= in W", "only the last example is in the gradient of W; add the examples up with +="
      ) {
        $0.given = { task in
          LayerTask(
            x: task.x.enumerated().map { $0 == task.x.count - 1 ? $1 : $1.map { _ in 0 } },
            g: task.g)
        }
      },
      Mistake(
        "first in W", "only the first example is in the gradient of W; sum over all of them"
      ) {
        $0.given = { task in
          LayerTask(x: task.x.enumerated().map { $0 == 0 ? $1 : $1.map { _ in 0 } }, g: task.g)
        }
      },
      Mistake("sums", "the sums of X and of g over the examples were multiplied; sum the products")
      {
        $0.given = \.summed
        $0.weights = { $0 / Double($1.x.count) }
      },
      Mistake("sum and mean", "a mean of X was multiplied by a sum of g; sum the products") {
        $0.given = \.summed
        $0.weights = { $0 / Double($1.x.count * $1.x.count) }
      },
      Mistake("square", "X was multiplied in twice") { $0.term = { $0[$1] * $0[$1] * $2[$3] } },
    ]
  }

  private static var biases: [Mistake<LayerRule>] {
    [
      Mistake(
        "mean of b", "the gradient of b was averaged over the examples; it should be a sum",
        isCommon: true
      ) { rule in
        rule.bias = { task, _ in task.g[0].indices.map { j in mean(task.g.map { $0[j] }) } }
      },
      Mistake("first g", "the gradient of b is that of the first example alone; b is used by all") {
        $0.bias = { task, _ in task.g[0] }
      },
      Mistake(
        "last g", "the gradient of b is that of the last example alone; add the examples up with +="
      ) { $0.bias = { task, _ in task.g[task.g.count - 1] } },
      Mistake("1", "the gradient of b is the sum of g over the examples, not 1") {
        $0.bias = { task, _ in task.g[0].map { _ in 1 } }
      },
      Mistake("n", "the gradient of b is the sum of g, not the number of examples") {
        $0.bias = { task, _ in task.g[0].map { _ in Double(task.g.count) } }
      },
      Mistake("0", "the gradient of b is the sum of g over the examples, not 0", isCommon: true) {
        $0.bias = { task, _ in task.g[0].map { _ in 0 } }
      },
      Mistake("total", "the gradient of b was summed over the outputs as well; each has its own") {
        rule in
        rule.bias = { task, _ in
          let total = task.g.joined().reduce(0, +)
          return task.g[0].map { _ in total }
        }
      },
      Mistake(
        "over outputs", "the gradient of b was summed over the outputs; sum over the examples"
      ) { $0.bias = { task, _ in task.g.map { $0.reduce(0, +) } } },
      Mistake("sign of b", "the sign of b's gradient is flipped", isCommon: true) { rule in
        rule.bias = { task, examples in
          task.g[0].indices.map { j in examples.reduce(0) { $0 - task.g[$1][j] } }
        }
      },
      Mistake(
        "mean over outputs", "the gradient of b was averaged over the outputs; each has its own"
      ) {
        rule in
        rule.bias = { task, _ in
          let sum = task.g.reduce(0) { $0 + mean($1) }
          return task.g[0].map { _ in sum }
        }
      },
      Mistake("first x", "the gradient of b contains the first input; b is added after the product")
      {
        rule in
        rule.bias = { task, examples in
          task.g[0].indices.map { j in
            examples.reduce(0) { $0 + task.x[$1][0] * task.g[$1][j] }
          }
        }
      },
      Mistake("x", "the gradient of b does not contain X: b is added after the product") { rule in
        rule.bias = { task, examples in
          task.g[0].indices.map { j in
            examples.reduce(0) { $0 + task.x[$1].reduce(0, +) * task.g[$1][j] }
          }
        }
      },
    ]
  }

  private static var shapes: [Mistake<LayerRule>] {
    [
      Mistake("no b", "the row of b is missing, below those of W") { $0.whole = { w, _ in w } },
      Mistake("only b", "the rows of W are missing, above that of b") { $0.whole = { [$1] } },
      Mistake("b first", "the row of b stands above those of W; it belongs below them") {
        $0.whole = { [$1] + $0 }
      },
      Mistake(
        "transpose", "that is the transpose; give each input a row, and each output a column"
      ) { $0.whole = { transposed($0 + [$1]) } },
      Mistake(
        "transposed W",
        "the gradient of W is transposed: give each input a row, each output a column"
      ) { $0.whole = { transposed($0) + [$1] } },
    ]
  }
}
