import Autodiff
import Calculations
import Exercises
import Kernels

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
struct SampleTask {
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
      // The first sample is one of the examples; the second is far from all.
      SampleTask(
        samples: [[1, 0, 1, 1, 0, 0, 1], [0, 1, 0, 0, 1, 0, 0], [1, 1, 0, 1, 0, 0, 1]],
        examples: [[1, 0, 1, 1, 0, 0, 1], [1, 1, 1, 0, 0, 0, 1], [1, 1, 1, 1, 1, 1, 1]]),
    ]
  }
}

/// The distances, with the places where people go wrong.
struct NearestDistances {
  /// What a pixel adds.
  var pixel: (_ sample: Double, _ example: Double) -> Double = { abs($0 - $1) }
  /// What is made of the sum over the pixels.
  var distance: (_ sum: Double, _ pixels: Int) -> Double = { sum, _ in sum }
  /// What is made of the distances from all examples.
  var combined: ([Double]) -> Double = { $0.min()! }
  /// What is made of them, if it depends on the number of the sample.
  var combinedAt: ((_ distances: [Double], _ sample: Int) -> Double)?
  /// What is made of a distance, from the two images.
  var scaled: (_ distance: Double, _ sample: [Double], _ example: [Double]) -> Double = {
    distance, _, _ in distance
  }
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
      task.samples.enumerated().map { index, sample in
        chosen(
          examples(task.examples).map { example in
            scaled(
              distance(zip(sample, example).reduce(0) { $0 + pixel($1.0, $1.1) }, sample.count),
              sample, example)
          }, index)
      })
  }

  private func chosen(_ distances: [Double], _ sample: Int) -> Double {
    combinedAt.map { $0(distances, sample) } ?? combined(distances)
  }
}
