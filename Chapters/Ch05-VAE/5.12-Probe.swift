import Autodiff
import Datasets
import NeuralNetworks
import Notebook
import Probability

/// The classes of training and test examples, for probes.
struct ProbeClasses {
  private let labels: [Int]
  /// One 1 in each row, in the column of the example's class.
  private let Y: Tensor<Float>
  private let test: [Int]

  init(train: [Int], test: [Int]) {
    labels = Set(train).sorted()
    let columns = Dictionary(uniqueKeysWithValues: zip(labels, 0...))
    Y = Tensor<Float>.identity(labels.count).rows(train.map { columns[$0]! })
    self.test = test
  }

  // cell: probe
  /// One linear layer that learns to name the class; the features stay as they are.
  func probe(
    _ features: Tensor<Float>, using generator: inout SeededGenerator
  ) -> Dense<Float> {
    var probe = Dense<Float>(
      inputSize: features.shape[1], outputSize: labels.count, using: &generator)
    var adam = Adam(for: probe, learningRate: 0.01)
    for _ in 0..<10 {
      for batch in shuffledBatches(of: features.shape[0], size: 100, using: &generator) {
        let (f, y) = (features.rows(batch), Y.rows(batch))
        let loss = valueWithGradient(at: probe) { probe in
          let scores = probe(f)  // P(class|f) is exp(score) over the sum of all of them
          return (scores.logSumExp(axis: 1) - (scores * y).sum(axis: 1)).mean()
        }
        adam.update(&probe, along: loss.gradient)
      }
    }
    return probe
  }
  // end

  /// 1 for each test example whose class the probe names, 0 for the others.
  func rightAnswers(of probe: Dense<Float>, _ features: Tensor<Float>) -> [Double] {
    let (scores, count) = (probe(features).scalars, labels.count)
    return test.indices.map { row in
      let best = (0..<count).max { scores[row * count + $0] < scores[row * count + $1] }!
      return labels[best] == test[row] ? 1 : 0
    }
  }

  /// Shows how a probe learns.
  static func showCode(on page: Page) { page.code("probe") }
}
