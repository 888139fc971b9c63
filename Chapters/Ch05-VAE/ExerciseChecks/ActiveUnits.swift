import Autodiff
import Exercises

/// How much the mean of Q(z|X) varies from image to image.
struct LatentActivity: AnswerConvertible {
  /// The variance of each latent variable's mean.
  var variances: [Double]
  /// How many are above 0.01.
  var activeCount: Int

  /// The variances, and then the number.
  var answer: Answer { (variances + [Double(activeCount)]).answer }
}

extension Checks {
  static func latentActivity(
    _ answer: @escaping ([[Double]]) throws -> LatentActivity
  ) -> Exercise {
    func activity(_ variances: [Double]) -> LatentActivity {
      LatentActivity(variances: variances, activeCount: variances.count { $0 > 0.01 })
    }
    func variances(_ means: [[Double]]) -> [Double] {
      let means = matrix(means)
      return (means - means.mean(axis: 0)).squared.mean(axis: 0).scalars
    }
    var comparison = Comparison<[[Double]], LatentActivity>(of: answer) { activity(variances($0)) }
    func ask(_ means: [[Double]]) {
      comparison.ask(
        "the means \(exact(means)), where the answer is the variances and then the active count",
        means)
    }
    ask([[1, 0], [3, 0.1]])
    let drawn = roundedNormals(5, 4, seed: 64)
    // The second varies little around 1, the fourth not at all.
    ask(drawn.map { [$0[0], 1 + (5 * $0[1]).rounded() / 100, $0[2], -0.5] })
    ask(roundedNormals(4, 2, seed: 65))
    comparison.recognize(
      "those are standard deviations; the exercise asks for variances, their squares"
    ) {
      activity(variances($0).map { $0.squareRoot() })
    }
    comparison.recognize(
      "the standard deviations were compared with 0.01; compare the variances with it"
    ) {
      let variances = variances($0)
      return LatentActivity(
        variances: variances, activeCount: variances.count { $0.squareRoot() > 0.01 })
    }
    comparison.recognize(
      "the squared deviations were divided by n − 1; divide by n, the number of images"
    ) {
      means in
      activity(variances(means).map { $0 * Double(means.count) / Double(means.count - 1) })
    }
    comparison.recognize("the squared deviations were summed; take their mean") { means in
      activity(variances(means).map { $0 * Double(means.count) })
    }
    comparison.recognize(
      "those are means of squares; subtract the mean over the images before squaring"
    ) { activity(matrix($0).squared.mean(axis: 0).scalars) }
    comparison.recognize(
      "those are variances over the latent variables of an image; take them over the images, for "
        + "each latent variable"
    ) { activity(variances(transposed($0))) }
    comparison.recognize("that counts the latent variables that are not active") {
      let variances = variances($0)
      return LatentActivity(variances: variances, activeCount: variances.count { $0 <= 0.01 })
    }
    return Exercise(
      "active-units", "Which latent variables are in use", minutes: 10,
      hints: [
        "Take one latent variable, which is a column of the table. How far is each of its numbers "
          + "from the mean of the column?",
        "For a column of n numbers c with the mean m, the variance is Σ(c − m)²/n. Compare it with "
          + "0.01.",
      ], comparison)
  }
}
