import Autodiff
import Calculations
import Exercises
import Kernels
import Probability

extension Checks {
  static func nearestDistances(
    _ answer: @escaping (_ samples: [[Double]], _ examples: [[Double]]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<SampleTask, [Double]>(of: { try answer($0.samples, $0.examples) }) {
      NearestDistances()($0)
    }
    for task in SampleTask.all {
      comparison.ask(
        "the samples \(exact(task.samples)) and the examples \(exact(task.examples))", task)
    }
    comparison.argument("samples", \.samples) { 1 - $0 }
    comparison.argument("examples", \.examples) { 1 - $0 }
    comparison.recognize(NearestDistances.mistakes, in: NearestDistances()) { $1($0) }
    comparison.calculation { task in
      let difference = task.samplesAsArgument - task.examplesAsArgument
      return smallest(
        sum(abs(difference), axis: 2, over: "pixels"), axis: 1, over: "examples")
    }
    comparison.calculation { task in
      let (sample, example) = (task.samplesAsArgument, task.examplesAsArgument)
      let isDifferent = sample * (1 - example) + (1 - sample) * example
      return smallest(sum(isDifferent, axis: 2, over: "pixels"), axis: 1, over: "examples")
    }
    return Exercise(
      "nearest-distances", "How far samples are from the nearest example", minutes: 10,
      hints: [
        "For one sample and one example, count the pixels in which they differ. Which of the counts "
          + "for all examples is asked for?",
        "It takes three loops, over samples, examples and pixels. The smallest count so far starts "
          + "anew for each sample.",
      ], comparison)
  }
}

/// The input of the exercise on samples.
private struct SampleTask {
  var samples: [[Double]]
  var examples: [[Double]]

  /// The samples, with the axes samples, examples and pixels.
  var samplesAsArgument: Calculation {
    .argument(
      "sample",
      Tensor(Array(samples.joined()), shape: [samples.count, 1, samples[0].count]),
      counts: [
        ("samples.count", Double(samples.count)), ("samples[0].count", Double(samples[0].count)),
      ])
  }

  /// The examples, with the same axes.
  var examplesAsArgument: Calculation {
    .argument(
      "example",
      Tensor(Array(examples.joined()), shape: [1, examples.count, examples[0].count]),
      counts: [("examples.count", Double(examples.count))])
  }

  static var all: [SampleTask] {
    [
      SampleTask(samples: [[1, 0, 1], [0, 0, 0]], examples: [[1, 1, 1], [0, 0, 1]]),
      SampleTask(
        samples: [[1, 1, 0, 0, 1], [1, 0, 0, 1, 0], [0, 0, 1, 0, 0], [1, 0, 1, 1, 0]],
        examples: [[0, 1, 1, 0, 0], [1, 1, 0, 1, 1], [0, 0, 0, 0, 1]]),
      SampleTask(
        samples: [[0, 0, 0, 1], [1, 1, 1, 1]],
        examples: [[1, 0, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0]]),
      SampleTask(
        samples: [[1, 0, 0, 0, 1, 1]], examples: [[0, 1, 1, 1, 0, 0], [1, 0, 1, 1, 1, 1]]),
    ]
  }
}

/// The distances, with the places where people go wrong.
private struct NearestDistances {
  /// What a pixel adds.
  var pixel: (_ sample: Double, _ example: Double) -> Double = { abs($0 - $1) }
  /// What is made of the sum over the pixels.
  var distance: (_ sum: Double, _ pixels: Int) -> Double = { sum, _ in sum }
  /// What is made of the distances from all examples.
  var combined: ([Double]) -> Double = { $0.min()! }
  /// Which examples count.
  var examples: ([[Double]]) -> [[Double]] = { $0 }
  /// What is made of the distances of all samples.
  var finish: ([Double]) -> [Double] = { $0 }

  /// Whether it looks for the nearest sample.
  var isReversed = false

  func callAsFunction(_ task: SampleTask) -> [Double] {
    let task =
      isReversed ? SampleTask(samples: task.examples, examples: task.samples) : task
    return finish(
      task.samples.map { sample in
        combined(
          examples(task.examples).map { example in
            distance(zip(sample, example).reduce(0) { $0 + pixel($1.0, $1.1) }, sample.count)
          })
      })
  }

  static var mistakes: [Mistake<NearestDistances>] {
    ofDistances + [
      combined("farthest", "those are the distances from the farthest example; take the nearest") {
        $0.max()!
      },
      combined("mean", "those are the mean distances from all examples; take the smallest") {
        mean($0)
      },
      combined("sum", "those are the sums over all examples; take the smallest") {
        $0.reduce(0, +)
      },
      combined(
        "first",
        "those are the distances from the first example; look at all, and set the count back to 0 "
          + "for each"
      ) { $0[0] },
      combined("last", "those are the distances from the last example; look at all") { $0.last! },
      combined("index", "those are the numbers of the nearest examples; return the distances") {
        Double($0.firstIndex(of: $0.min()!)!)
      },
      combined("from 0", "the smallest starts at 0, so nothing is smaller; start at the first or ∞")
      {
        min(0, $0.min()!)
      },
      combined("second", "those are the second smallest distances; none is to be left out") {
        $0.sorted()[1]
      },
      Mistake("no first", "the first example is left out; does a loop begin too late?") {
        $0.examples = { Array($0.dropFirst()) }
      },
      Mistake("no last", "the last example is left out; does a loop end too early?") {
        $0.examples = { Array($0.dropLast()) }
      },
      Mistake("smallest so far", "the smallest goes on from sample to sample; start anew for each")
      {
        $0.finish = { all in all.indices.map { all[...$0].min()! } }
      },
      Mistake("smallest of all", "that is the smallest distance of all samples; give each its own")
      {
        $0.finish = { all in all.map { _ in all.min()! } }
      },
      Mistake(
        "for each example",
        "those are the distances of each example from the nearest sample; it is the other way round"
      ) { $0.isReversed = true },
      Mistake("running sum", "the count is not set back to 0 for each sample") {
        $0.finish = { all in all.indices.map { all[...$0].reduce(0, +) } }
      },
    ]
  }

  private static func combined(
    _ name: String, _ message: String, _ combined: @escaping ([Double]) -> Double
  ) -> Mistake<NearestDistances> {
    Mistake(name, message) { $0.combined = combined }
  }

  private static var ofDistances: [Mistake<NearestDistances>] {
    [
      Mistake("same pixels", "those count the pixels that are the same; count those that differ") {
        $0.pixel = { 1 - abs($0 - $1) }
      },
      Mistake("most same pixels", "those count the same pixels; count those that differ") {
        $0.pixel = { 1 - abs($0 - $1) }
        $0.combined = { $0.max()! }
      },
      Mistake("differences", "the differences were added with their signs, and cancel") {
        $0.pixel = { $0 - $1 }
      },
      Mistake("absolute sum", "the differences cancel before their absolute value is taken") {
        $0.pixel = { $0 - $1 }
        $0.distance = { sum, _ in abs(sum) }
      },
      Mistake("root", "that is the root of the number of pixels that differ; return the number") {
        $0.distance = { sum, _ in sum.squareRoot() }
      },
      Mistake("share", "that is the share of the pixels that differ; return their number") {
        $0.distance = { $0 / Double($1) }
      },
      Mistake(
        "new white", "pixels that are white in the example alone do not count; they differ, too"
      ) {
        $0.pixel = { max($0 - $1, 0) }
      },
      Mistake(
        "new black", "pixels that are white in the sample alone do not count; they differ, too"
      ) {
        $0.pixel = { max($1 - $0, 0) }
      },
      Mistake(
        "either", "those count the pixels that are white in one or both; count those that differ"
      ) {
        $0.pixel = { max($0, $1) }
      },
      Mistake("not both white", "pixels that are black in both count, and do not differ") {
        $0.pixel = { 1 - $0 * $1 }
      },
      Mistake("product", "the pixels were multiplied, which counts those that are white in both") {
        $0.pixel = { $0 * $1 }
      },
    ]
  }
}
