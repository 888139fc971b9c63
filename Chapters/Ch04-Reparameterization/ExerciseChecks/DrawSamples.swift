import Exercises
import Notebook

extension Checks {
  static func drawSamples(
    _ answer: @escaping ([Double], [Double], Int) throws -> [[Double]]
  ) -> Exercise {
    var exercise = Exercise(
      "draw-samples", "Samples from N(μ, diag(σ²)), with noise of your own", minutes: 10,
      needs: ["standard-normals"],
      hints: [
        "How many numbers of noise do n samples of d components need? How many does your function "
          + "draw?",
        "The function is called twice with the same arguments. What must be different?",
        "Every component of every sample is μₖ + σₖε with an ε of its own, which is drawn inside "
          + "both loops.",
      ])
    // The last case shows a limit on the log variance, and a small number that is added to σ.
    for (mean, logVariance, count) in [
      ([0.5, -2, 1], [-3, 1.2, 0], 20_000), ([0.25], [-32], 10_000), ([-1], [24], 10_000),
    ] {
      exercise = exercise.drawing(
        "\(formatted(count)) samples with the mean \(exact(mean)) and the log variance "
          + exact(logVariance),
        mean: mean, logVariance: logVariance, count: count
      ) { try answer(mean, logVariance, count) }
    }
    return exercise
  }
}
