import Autodiff
import Datasets
import Files
import Notebook
import Probability
import VariationalAutoencoder

/// The examples of `--data`, and what suits them.
struct Source {
  let train: Examples
  let test: Examples
  let output: OutputDistribution
  /// The size of an image; nil for points.
  let rows: Int?

  /// - Throws: `FileError` for a folder that cannot be read, `UsageError` for a decoder that does
  ///   not fit the data.
  init(_ data: String, decoder: String) throws {
    switch data {
    case "ring":
      guard decoder != "bernoulli" else {
        throw UsageError("--decoder bernoulli needs pixels; points on a ring take gaussian")
      }
      var generator = SeededGenerator(seed: 1)
      train = Examples(ring(count: 4500, using: &generator).converted(to: Float.self))
      test = Examples(ring(count: 500, using: &generator).converted(to: Float.self))
      (output, rows) = (.gaussian, nil)
    default:
      let digits = try data == "mnist" ? DigitData.embedded() : DigitData.load(directory: data)
      train = Examples(digits.train)
      test = Examples(digits.test)
      output = decoder == "gaussian" ? .gaussian : .bernoulli
      rows = digits.train.rows
    }
    guard train.count > 0, test.count > 0 else {
      throw FileError(.read, data, "it has no examples to train on, or none to test with")
    }
  }

  /// Tells these examples from others in a checkpoint.
  var fingerprint: String {
    "\(train.count) + \(test.count) examples of \(train.size), sum \(train.values.sum().scalar)"
  }

  /// The mean log probability of the test pixels, in nats an image, if each pixel were white with its
  /// own frequency among the training images, whatever the others are; nil for real numbers.
  var independentPixelBound: Double? {
    guard output == .bernoulli else { return nil }
    // A white and a black image more than there are keep a pixel that is always black possible.
    let count = Tensor(Float(train.count))
    let white = (train.values.sum(axis: 0) + 1) / (count + 2)
    let grey = test.values
    return Double((grey * log(white) + (1 - grey) * log(1 - white)).sum(axis: 1).mean().scalar)
  }

  /// Rows of pixels between 0 and 1 as pictures.
  func pictures(_ values: Tensor<Float>) -> [GrayImage] {
    guard let rows else { return [] }
    let columns = values.shape[1] / rows
    return (0..<values.shape[0]).map { index in
      let pixels = values.rows([index]).scalars.map { min(max($0, 0), 1) }
      return GrayImage(width: columns, height: rows, pixels: pixels)
    }
  }
}
