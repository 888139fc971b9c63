import Autodiff
import Exercises
import Notebook
import Probability

extension Checks {
  typealias SampledEstimate = (
    _ sampleCount: Int, _ latentSize: Int, _ logLikelihood: ([Double]) -> Double
  ) throws -> Double

  static func sampledEstimate(_ answer: @escaping SampledEstimate) -> Exercise {
    let exercise = Exercise(
      "sampled-estimate", "log P(X) from samples of your own", minutes: 25,
      needs: ["log-mean-exp"],
      hints: [
        "z needs latentSize numbers, and each of them two uniform ones of its own: draw them inside "
          + "the innermost loop.",
        "Double.random(in: 0..<1) may be 0, but never 1. For which of the two does log u exist?",
        "Collect logLikelihood(z) of all samples in an array, and give it to logMeanExp.",
      ])
    return exercise.judgingRun(
      answer, "6 samples of 3 numbers", sampleCount: 6, latentSize: 3, { -squaredNorm($0) },
      complaint: \.complaintAboutCalls
    ).drawing(
      "10,000 samples of 2 numbers: the z that `logLikelihood` got", mean: [0, 0],
      logVariance: [0, 0], count: 10_000
    ) {
      try Recorder.run(answer, 10_000, 2) { -squaredNorm($0) }.z
    }.judgingRun(
      answer, "1,000 samples of 2 numbers and log P(X|z) = −‖z‖²", sampleCount: 1_000,
      latentSize: 2,
      { -squaredNorm($0) }, complaint: \.complaintAboutEstimate
    ).judgingRun(
      answer, "1,000 samples of 3 numbers and log P(X|z) = −2000 − 3 ‖z‖²", sampleCount: 1_000,
      latentSize: 3, { -2000 - 3 * squaredNorm($0) }, complaint: \.complaintAboutEstimate)
  }
}

/// A run of a student's function, with all that it asked for.
private struct Recorder {
  var z: [[Double]] = []
  var logs: [Double] = []
  var estimate = 0.0
  let sampleCount, latentSize: Int

  static func run(
    _ answer: Checks.SampledEstimate, _ sampleCount: Int, _ latentSize: Int,
    _ logLikelihood: @escaping ([Double]) -> Double
  ) throws -> Recorder {
    var recorder = Recorder(sampleCount: sampleCount, latentSize: latentSize)
    let estimate = try answer(sampleCount, latentSize) { z in
      recorder.z.append(z)
      recorder.logs.append(logLikelihood(z))
      return recorder.logs.last ?? 0
    }
    recorder.estimate = estimate
    return recorder
  }

  /// What is wrong with the calls of `logLikelihood`.
  var complaintAboutCalls: String? {
    let calls = "`logLikelihood` was called \(z.count) " + (z.count == 1 ? "time" : "times")
    if z.count != sampleCount {
      return "\(calls); call it once for each of the \(sampleCount) samples"
    }
    return z.first { $0.count != latentSize }.map {
      "`logLikelihood` got a z of \($0.count) " + ($0.count == 1 ? "number" : "numbers")
        + "; `latentSize` is \(latentSize)"
    }
  }

  /// What is wrong with the estimate, given the z.
  var complaintAboutEstimate: String? {
    let expected = LogMeanExp()(logs)
    func isNear(_ other: Double) -> Bool {
      estimate == other || abs(estimate - other) <= 1e-9 * abs(expected)
    }
    guard !isNear(expected) else { return nil }
    let account =
      "with your z, expected \(formatted(expected, digits: 6)), got "
      + formatted(estimate, digits: 6)
    if isNear(LogMeanExp()(zip(logs, z).map { $0 + standardLogDensity($1) })) {
      return account + ": P(z) was multiplied in; z is drawn from it, so the mean accounts for it"
    }
    // The largest may be the first by chance.
    let mistakes = LogMeanExp.mistakes + LogMeanExp.rareMistakes
    let mistake = (mistakes.filter { $0.name == "largest" } + mistakes).first {
      isNear($0.made(in: LogMeanExp())(logs))
    }
    if let mistake { return account + ": " + mistake.message }
    return isNear(-expected) ? account + ": the sign is flipped" : account
  }
}

extension Exercise {
  /// With one more condition: something about a run is as it should be. A run can only be judged by
  /// its own samples.
  fileprivate func judgingRun(
    _ answer: @escaping Checks.SampledEstimate, _ description: String, sampleCount: Int,
    latentSize: Int, _ logLikelihood: @escaping ([Double]) -> Double,
    complaint: @escaping (Recorder) -> String?
  ) -> Exercise {
    var last: Recorder?
    return judged(description) {
      last = nil
      let run = try Recorder.run(answer, sampleCount, latentSize, logLikelihood)
      last = run
      // What is not finite is judged as well.
      return run.estimate.isFinite ? run.estimate : 0
    } complaint: { _ in
      last.flatMap(complaint)
    }
  }
}

private func squaredNorm(_ z: [Double]) -> Double { z.reduce(0) { $0 + $1 * $1 } }
