import Autodiff
import Exercises

extension Checks {
  static func layerGradient(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> [[Double]]
  ) -> Exercise {
    var comparison = Comparison<LayerTask, [[Double]]>(of: { try answer($0.x, $0.g) }) {
      $0.gradient
    }
    comparison.ask(
      "X = (1, 2), (3, 4) and g = (1), (10)", LayerTask(x: [[1, 2], [3, 4]], g: [[1], [10]]))
    let x = (71..<74).map { roundedNormals(2, seed: $0) }
    let g = (74..<77).map { roundedNormals(2, seed: $0) }
    comparison.ask("X = \(text(x)) and g = \(text(g))", LayerTask(x: x, g: g))
    comparison.recognize("that is the mean over the examples; the gradient is the sum") { task in
      task.gradient.map { row in row.map { $0 / Double(task.x.count) } }
    }
    comparison.recognize("only the first example is included; sum over all of them") {
      LayerTask(x: [$0.x[0]], g: [$0.g[0]]).gradient
    }
    comparison.recognize("only the last example is included; add the examples up with +=") {
      LayerTask(x: [$0.x.last!], g: [$0.g.last!]).gradient
    }
    comparison.recognize("the gradient of b was averaged over the examples; it should be a sum") {
      task in
      task.weights + [task.bias.map { $0 / Double(task.x.count) }]
    }
    comparison.recognize("the gradient of b is that of the first example alone; b is used by all") {
      task in
      task.weights + [task.g[0]]
    }
    comparison.recognize("the gradient of W lacks X: each entry of W is multiplied by entries of X")
    {
      task in task.weights.map { _ in task.bias } + [task.bias]
    }
    comparison.recognize("the row of b is missing, below those of W") { $0.weights }
    comparison.recognize("the row of b stands above those of W; it belongs below them") { task in
      [task.bias] + task.weights
    }
    comparison.recognize("that is the transpose; give each input a row, and each output a column") {
      task in
      task.bias.indices.map { j in task.gradient.map { $0[j] } }
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
private struct LayerTask {
  let x: [[Double]]
  let g: [[Double]]

  var weights: [[Double]] {
    x[0].indices.map { k in
      g[0].indices.map { j in x.indices.reduce(0) { $0 + x[$1][k] * g[$1][j] } }
    }
  }

  var bias: [Double] { g[0].indices.map { j in g.reduce(0) { $0 + $1[j] } } }

  var gradient: [[Double]] { weights + [bias] }
}
