import Calculations
import Exercises
import Kernels
import Probability

extension Checks {
  static func reconstruction(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<BatchOfImages, Double>(of: { try answer($0.x, $0.logits) }) {
      meanLogProbability(of: $0.x, logits: $0.logits)
    }
    for batch in BatchOfImages.all { comparison.ask(batch.description, batch) }
    comparison.argument("x", \.x) { 1 - $0 }
    comparison.argument("logits", \.logits)
    comparison.recognize(ReconstructionTerm.mistakes, in: ReconstructionTerm()) {
      $1(of: $0.x, logits: $0.logits)
    }
    comparison.terms(["the term Σ xl", "the term −Σ log(1 + e^l)"]) { batch in
      func mean(_ term: (_ x: Double, _ logit: Double) -> Double) -> Double {
        meanOfSums(zip(batch.x, batch.logits).map { zip($0, $1).map(term) })
      }
      return [mean { $0 * $1 }, mean { _, logit in -.softplus(logit) }]
    }
    for logLikelihood in LogLikelihoodCalculation.allCases {
      comparison.calculation { batch in
        let x = Calculation.argument("x", batch.x)
        let logits = Calculation.argument("logits", batch.logits)
        return mean(logLikelihood(of: x, logits: logits), over: "images")
      }
    }
    return Exercise(
      "reconstruction", "log P(X|z) of a batch of images, from logits", minutes: 10,
      hints: [
        "You need two loops: one adds over the pixels of an image, and one averages over the "
          + "images.",
        "log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|)) for every l.",
      ], comparison)
  }
}

/// The input of the exercise on log P(X|z).
private struct BatchOfImages {
  var x: [[Double]]
  var logits: [[Double]]

  /// The logits in words, if they are not decimals.
  var words: String?

  var description: String {
    "the images \(exact(x)) with the logits \(words ?? exact(logits))"
  }

  static var all: [BatchOfImages] {
    [
      BatchOfImages(
        x: [[1, 0], [1, 1]], logits: [[0, .log(3)], [0, 0]], words: "(0, log 3), (0, 0)"),
      BatchOfImages(
        x: [[1, 0, 0, 1], [0, 0, 1, 1], [1, 0, 1, 0]], logits: roundedNormals(3, 4, seed: 51)),
      BatchOfImages(x: [[0, 1, 1], [1, 1, 0]], logits: roundedNormals(2, 3, seed: 71)),
      BatchOfImages(x: [[1, 0]], logits: [[0.3, 0.6]]),
      // Where p is 0, where e^l is infinite, where 1 − p is 0, and where a product of probabilities
      // is 0.
      BatchOfImages(x: [[1, 0]], logits: [[-800, 2]]),
      BatchOfImages(x: [[0, 1]], logits: [[900, 0.5]]),
      BatchOfImages(x: [[0, 1]], logits: [[40, 0.5]]),
      BatchOfImages(x: [[1, 1]], logits: [[-400, -500]]),
    ]
  }
}

/// The mean of log P(X|z) over a batch, with the places where people go wrong.
private struct ReconstructionTerm {
  var image = BernoulliLogProbability()
  var batch = BatchMean()
  /// What is done to the logits, a row for each image.
  var rows: ([[Double]]) -> [[Double]] = { $0 }

  func callAsFunction(of x: [[Double]], logits: [[Double]]) -> Double {
    batch(zip(x, rows(logits)).map { image($0, logits: $1) }, elementCount: x[0].count)
  }

  static var mistakes: [Mistake<ReconstructionTerm>] {
    ((BernoulliLogProbability.mistakes + BernoulliLogProbability.batchMistakes).within(\.image)
      + BatchMean.mistakes().within(\.batch) + [
        Mistake("first logits", "the logits of the first image are used for every image") {
          $0.rows = { rows in rows.map { _ in rows[0] } }
        },
        Mistake(
          "log of the mean",
          "that is the log of the mean of P(X|z); the exercise asks for the mean of the logs"
        ) {
          $0.batch.mean = { values, _ in .log(mean(values.map(Double.exp))) }
        },
      ])
      // All numbers of one size, so that each counts.
      .distinct(in: ReconstructionTerm()) { formula in
        BatchOfImages.all.map { batch in
          formula(of: batch.x, logits: batch.logits)
            / meanLogProbability(of: batch.x, logits: batch.logits)
        }
      }
  }
}
