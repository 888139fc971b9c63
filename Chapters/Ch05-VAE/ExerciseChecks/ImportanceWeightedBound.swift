import Calculations
import Exercises
import Kernels
import Probability

extension Checks {
  static func importanceWeightedBound(
    _ answer: @escaping ([[Double]]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<[[Double]], Double>(of: answer) { mean($0.map { logMeanExp($0) }) }
    let first: [[Double]] = [[0, .log(3)], [-1, -1]]
    comparison.ask("the log weights (0, log 3), (-1, -1)", first)
    for logWeights in WeightedBound.inputs {
      comparison.ask("the log weights \(exact(logWeights))", logWeights)
    }
    comparison.argument("logWeights", \.self)
    let mistakes = WeightedBound.mistakes.distinct(in: WeightedBound()) { bound in
      ([first] + WeightedBound.inputs).map { bound($0) }
    }
    comparison.recognize(mistakes, in: WeightedBound()) { $1($0) }
    comparison.calculation { logWeights in
      let logs = Calculation.argument("logWeights", logWeights)
      let largest = largest(logs, axis: 1, over: "samples").named("largest")
      return mean(
        largest + log(mean(exp(logs - largest), axis: 1, over: "samples")), over: "images")
    }
    comparison.calculation { logWeights in
      let logs = Calculation.argument("logWeights", logWeights)
      let largest = largest(logs, axis: 1, over: "samples").named("largest")
      let count = Calculation.argument("K", Double(logWeights[0].count))
      return mean(
        largest + log(sum(exp(logs - largest), axis: 1, over: "samples")) - log(count),
        over: "images")
    }
    comparison.calculation { logWeights in
      let logs = Calculation.argument("logWeights", logWeights)
      return mean(log(mean(exp(logs), axis: 1, over: "samples")), over: "images")
    }
    return Exercise(
      "importance-weighted-bound", "L_K, from the log weights of a test set", minutes: 10,
      hints: [
        "One mean is inside the logarithm and one is outside. Which of them is over the K samples?",
        "It is the mean over the images of the logMeanExp of chapter 2.",
      ], comparison)
  }
}

/// The bound, with the places where people go wrong.
private struct WeightedBound {
  var image = LogMeanExp()
  var batch = BatchMean()
  /// What is done to the log weights, a row for each image.
  var rows: ([[Double]]) -> [[Double]] = { $0 }
  /// What is subtracted from all log weights of an image, if it does not depend on these alone.
  var shift: ((_ rows: [[Double]], _ image: Int) -> Double)?

  /// K, and what is used in its place.
  var sizes: ([[Double]]) -> (right: Int, wrong: Int) = { _ in (1, 1) }

  func callAsFunction(_ logWeights: [[Double]]) -> Double {
    let rows = rows(logWeights)
    let bounds = rows.indices.map { i in
      var image = image
      if let shift { image.sum.shift = { _ in shift(rows, i) } }
      return image(rows[i])
    }
    let (right, wrong) = sizes(rows)
    return batch(bounds, elementCount: rows[0].count) + .log(Double(right) / Double(wrong))
  }

  static var inputs: [[[Double]]] {
    [
      roundedNormals(3, 4, seed: 66), roundedNormals(2, 5, seed: 75),
      [[-2000, -2001, -2003], [-1500, -1502.5, -1500]],
      // Images that are far apart.
      [[-1200, -1201], [-2100, -2099.5], [-3000.5, -3000]],
      [[-3000.5, -3000], [-2100, -2099.5], [-1200, -1201]],
      // Weights of an image that are, with the largest in each place.
      [[-3000, -900, -902]], [[-900, -3000, -3001]], [[-2000, -1999, -950]], [[-100, -1000]],
      [[900, 100], [-1, 2]],
    ]
  }

  static var mistakes: [Mistake<WeightedBound>] {
    arrangements + shifts
      + LogMeanExp.mistakes.without("finite only", "mean of logs").within(\.image)
      + BatchMean.mistakes(over: "samples").within(\.batch)
  }

  private static var arrangements: [Mistake<WeightedBound>] {
    [
      Mistake(
        "L₁", "that is the mean of the log weights, the bound L₁; L_K is the log of their mean"
      ) { $0.rows = { $0.map { [mean($0)] } } },
      Mistake(
        "all weights",
        "that is the log of the mean of all weights; take the log for each image, and then the mean"
      ) { $0.rows = { [$0.flatMap { $0 }] } },
      Mistake(
        "wrong axis",
        "that is the log of a mean over the images, averaged over the K samples; it should be the "
          + "other way round"
      ) { $0.rows = transposed },
      Mistake("loss", "that is −L_K, as in a loss; the exercise asks for the bound itself") {
        $0.batch.mean = { values, _ in -mean(values) }
      },
      Mistake(
        "images for K", "the sum of the weights is divided by the number of images; divide it by K"
      ) {
        $0.sizes = { rows in (rows[0].count, rows.count) }
      },
      Mistake(
        "inverse weights",
        "the mean is taken of the inverse weights, e^−l, and the sign is changed back at the end; "
          + "take the mean of the weights e^l"
      ) {
        $0.rows = { $0.map { $0.map { -$0 } } }
        $0.batch.mean = { values, _ in -mean(values) }
      },
      Mistake("minus the logs", "the mean is taken of e^−l; take the mean of the weights e^l") {
        $0.rows = { $0.map { $0.map { -$0 } } }
      },
      Mistake("sum of logs", "that is the sum of the log weights; take the log of their mean") {
        $0.rows = { $0.map { [$0.reduce(0, +)] } }
      },
      Mistake("bits", "that is in bits; with the natural logarithm it is in nats") {
        $0.batch.mean = { values, _ in mean(values) / .log(2) }
      },
      Mistake(
        "normalised weights",
        "that is the mean of the log weights under the normalised weights, as in a gradient; L_K "
          + "is the log of the mean weight"
      ) {
        $0.rows = { rows in
          rows.map { row in
            let sum = logSumExp(row)
            return [row.reduce(0) { $0 + .exp($1 - sum) * $1 }]
          }
        }
      },
      Mistake(
        "sum over images first",
        "the log weights were added up over the images first; take log of the mean weight for each "
          + "image, and then the mean over the images"
      ) { $0.rows = { [transposed($0).map { $0.reduce(0, +) }] } },
      Mistake(
        "mean over images first",
        "the log weights were averaged over the images first; take log of the mean weight for each "
          + "image, and then the mean over the images"
      ) { $0.rows = { [transposed($0).map(mean)] } },
    ]
  }

  private static var shifts: [Mistake<WeightedBound>] {
    let each = "; each image needs its own largest log weight"
    return [
      Mistake("one largest", "the largest log weight of all images was subtracted" + each) {
        $0.shift = { rows, _ in rows.joined().max()! }
      },
      Mistake("first image's", "the largest log weight of the first image was subtracted" + each) {
        $0.shift = { rows, _ in rows[0].max()! }
      },
      Mistake(
        "largest so far",
        "the largest log weight was not searched anew for each image" + each
      ) { $0.shift = { rows, i in rows[...i].joined().max()! } },
      Mistake("smallest of all", "the smallest log weight of all images was subtracted" + each) {
        $0.shift = { rows, _ in rows.joined().min()! }
      },
    ]
  }
}
