import Calculations
import Exercises
import Kernels
import Probability

/// How much the mean of Q(z|X) varies from image to image.
struct LatentActivity: AnswerConvertible {
  /// The variance of each latent variable's mean.
  var variances: [Double]
  /// How many are above 0.01.
  var activeCount: Int

  /// The two with their names.
  var answer: Answer {
    Answer(parts: [("variances", variances), ("activeCount", Double(activeCount))])
  }
}

extension Checks {
  static func activeUnits(
    _ answer: @escaping ([[Double]]) throws -> LatentActivity
  ) -> Exercise {
    var comparison = Comparison<[[Double]], LatentActivity>(of: answer) { Activity()($0) }
    func ask(_ means: [[Double]]) { comparison.ask("the means \(exact(means))", means) }
    ask([[1, 0], [3, 0.1]])
    // The variances are 2s²: on both sides of each number that may be taken for 0.01.
    let deviations: [Double] = [-1, 1, 0, 2, -2]
    let spreads = [1, 0.5, 0.19, 0.12, 0.09, 0.06, 0.015, 0.005, 0]
    ask(
      deviations.indices.map { i in
        spreads.enumerated().map { k, s in
          let center = k.isMultiple(of: 2) ? 0.5 : -0.5
          return ((center + s * deviations[(i + k) % 5]) * 1000).rounded() / 1000
        }
      })
    ask(roundedNormals(4, 2, seed: 65))
    comparison.argument("means", \.self)
    comparison.recognize(Activity.mistakes, in: Activity()) { $1($0) }
    comparison.calculation { means in
      let means = Calculation.argument("means", means)
      let center = mean(means, axis: 0, over: "images").named("the mean over the images")
      let variances = mean(square(means - center), axis: 0, over: "images").named("variances")
      return .list([variances, sum(above(variances, 0.01))])
    }
    comparison.calculation { means in
      let means = Calculation.argument("means", means)
      let variances =
        mean(square(means), axis: 0, over: "images") - square(mean(means, axis: 0, over: "images"))
      return .list([variances, sum(above(variances.named("variances"), 0.01))])
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

/// The variances and the count, with the places where people go wrong.
private struct Activity {
  var variance = SampleVariance.population
  /// The numbers of each latent variable.
  var columns: ([[Double]]) -> [[Double]] = transposed
  var isActive: (_ variance: Double, _ column: [Double]) -> Bool = { variance, _ in
    variance > 0.01
  }

  /// The variance in place of the right one, from a column and all numbers.
  var other: ((_ column: [Double], _ all: [Double]) -> Double)?

  func callAsFunction(_ means: [[Double]]) -> LatentActivity {
    let columns = columns(means)
    let all = means.flatMap { $0 }
    let variances = columns.map { other?($0, all) ?? variance($0) }
    return LatentActivity(
      variances: variances, activeCount: zip(variances, columns).count(where: isActive))
  }

  static var mistakes: [Mistake<Activity>] {
    SampleVariance.mistakes(in: .population).within(\.variance) + [
      Mistake(
        "rows",
        "those are variances over the latent variables of an image; take them over the images, for "
          + "each latent variable", isCommon: true
      ) { $0.columns = { $0 } },
      Mistake(
        "mean of all", "the mean of all numbers was subtracted; each latent variable has its own"
      ) {
        $0.other = { column, all in mean(column.map { ($0 - mean(all)) * ($0 - mean(all)) }) }
      },
      Mistake(
        "number of latents",
        "the sums are divided by the number of latent variables; divide them "
          + "by the number of images"
      ) {
        $0.other = { column, all in
          let count = Double(all.count / column.count)
          let center = column.reduce(0, +) / count
          return column.reduce(0) { $0 + ($1 - center) * ($1 - center) } / count
        }
      },
      Mistake(
        "squares by latents",
        "the squared deviations are divided by the number of latent "
          + "variables; divide them by the number of images"
      ) {
        $0.other = { column, all in
          column.reduce(0) { $0 + ($1 - mean(column)) * ($1 - mean(column)) }
            / Double(all.count / column.count)
        }
      },
      Mistake("mean not squared", "that is the mean square less the mean; square the mean") {
        $0.other = { column, _ in mean(column.map { $0 * $0 }) - mean(column) }
      },
      Mistake("range", "those are the largest deviations; the variance is the mean of the squares")
      {
        $0.other = { column, _ in column.map { abs($0 - mean(column)) }.max() ?? 0 }
      },
      Mistake("no last", "the last image is left out; does a loop end too early?") {
        $0.columns = { transposed(Array($0.dropLast())) }
      },
      Mistake("no first", "the first image is left out; does a loop begin too late?") {
        $0.columns = { transposed(Array($0.dropFirst())) }
      },
      active(
        "deviations",
        "the standard deviations were compared with 0.01; compare the variances with it"
      ) { variance, _ in variance.squareRoot() > 0.01 },
      active("inactive", "those are the latent variables that are not active") { variance, _ in
        variance <= 0.01
      },
      active("means", "the means over the images were compared with 0.01; compare the variances") {
        _, column in mean(column) > 0.01
      },
      active("n", "all latent variables were counted, whatever their variance is") { _, _ in
        true
      },
      active("none", "no latent variable was found to be active") {
        _, _ in false
      },
    ]
      + [1, 0.1, 0.05, 0.02, 0.001, 0].map { threshold in
        active(
          "\(threshold)",
          "the variances were compared with another number, such as \(exact(threshold)); "
            + "compare them with 0.01"
        ) { variance, _ in variance > threshold }
      }
  }

  private static func active(
    _ name: String, _ message: String,
    _ isActive: @escaping (_ variance: Double, _ column: [Double]) -> Bool
  ) -> Mistake<Activity> {
    Mistake(name, "in the count, " + message) { $0.isActive = isActive }
  }
}
