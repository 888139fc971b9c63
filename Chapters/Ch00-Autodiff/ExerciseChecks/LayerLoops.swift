import Exercises
import Probability

extension Comparison<LayerTask, [[Double]]> {
  /// Slips of the loops over examples, inputs and outputs.
  mutating func recognizeLoops() {
    func recognizeTerm(
      _ message: String,
      _ term: @escaping (_ task: LayerTask, _ i: Int, _ k: Int, _ j: Int) -> Double
    ) {
      recognize(message) { task in
        task.x[0].indices.map { k in
          task.g[0].indices.map { j in
            task.x.indices.reduce(0) { $0 + term(task, $1, k, j) }
          }
        } + [LayerRule().gradient(task)[task.x[0].count]]
      }
    }
    recognizeTerm(
      "the last output is left out of W’s gradient; the loop over outputs ends too early"
    ) { $3 < $0.g[0].count - 1 ? $0.x[$1][$2] * $0.g[$1][$3] : 0 }
    for (name, shift) in [("next", 1), ("previous", -1)] {
      recognizeTerm("X is paired with the g of the \(name) example; take that of the same one") {
        let count = $0.x.count
        return $0.x[$1][$2] * $0.g[($1 + shift + count) % count][$3]
      }
    }
    recognizeTerm("X and g are paired in opposite orders; multiply those of the same example") {
      $0.x[$1][$2] * $0.g[$0.x.count - 1 - $1][$3]
    }
    recognizeTerm("the mean was subtracted from X, or from g; multiply them as they are") {
      task, i, k, j in
      (task.x[i][k] - mean(task.x.map { $0[k] })) * task.g[i][j]
    }
    recognizeTerm("g is taken by the input’s index; take the g of the same example as X") {
      $0.x[$1][$2] * $0.g[min($2, $0.x.count - 1)][$3]
    }
    recognizeTerm("each example was divided by the number of examples so far; just add them up") {
      $0.x[$1][$2] * $0.g[$1][$3] / Double($1 + 1)
    }
    recognizeTerm("the sum was not set back to 0 for the next output; each entry has its own sum") {
      task, i, k, j in task.g[i][...j].reduce(0) { $0 + task.x[i][k] * $1 }
    }
    recognizeTerm("the sum was not set back to 0 for the next input; each entry has its own sum") {
      task, i, k, j in task.x[i][...k].reduce(0) { $0 + $1 * task.g[i][j] }
    }
    recognize("the gradient of b is the mean of W’s over the inputs; it is the sum of g") { task in
      let rows = LayerRule().gradient(task).dropLast()
      return rows + [task.g[0].indices.map { j in mean(rows.map { $0[j] }) }]
    }
  }
}
