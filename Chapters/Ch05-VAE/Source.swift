import Autodiff
import Datasets
import Files
import Notebook
import Probability
import VariationalAutoencoders

/// The examples of `--data`, and what suits them.
struct Source {
  let train: Examples
  let test: Examples
  /// The class of each test example: of a digit which it is, of a point the eighth of the ring.
  let testClasses: [Int]
  let output: OutputDistribution
  /// The height of an image; nil for points.
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
      let points = test.values
      testClasses = (0..<test.count).map { row in
        let (x, y) = (points[row, 0], points[row, 1])
        return (x < 0 ? 1 : 0) + (y < 0 ? 2 : 0) + (abs(x) < abs(y) ? 4 : 0)
      }
      (output, rows) = (.gaussian, nil)
    default:
      let digits = try data == "mnist" ? DigitData.embedded() : DigitData.load(directory: data)
      train = Examples(digits.train)
      test = Examples(digits.test)
      testClasses = digits.test.labels.map(Int.init)
      output = decoder == "gaussian" ? .gaussian : .bernoulli
      rows = digits.train.rows
    }
    guard train.count > 0, test.count > 0 else {
      throw FileError(.read, data, "it has no examples to train on, or none to test with")
    }
    guard train.size <= 1 << 14 else {
      throw FileError(
        .read, data, "its images have \(train.size) pixels, and this chapter takes at most 16384")
    }
  }

  /// What the small models learn from: enough for them, and no more however large the data.
  var fewTrain: Examples { train.prefix(4500) }

  /// What the small models are tested on.
  var fewTest: Examples { test.prefix(500) }

  /// What the numbers of an example are called.
  var elements: String { rows == nil ? "coordinates" : "pixels" }

  /// What an example is called.
  var example: String { rows == nil ? "point" : "image" }

  /// Tells these examples from others in a checkpoint.
  var fingerprint: String {
    let hashes = [train, test].map { String($0.fingerprint, radix: 16) }
    return
      "\(train.count) + \(test.count) examples of \(train.size), \(hashes.joined(separator: " "))"
  }

  /// log P(x) of black and white images, in nats, if each pixel were a coin: white with its own
  /// frequency among the training images, whatever the others are.
  func coinLogProbability(of x: Tensor<Float>) -> Tensor<Float> {
    // A white and a black image more than there are keep a pixel that is always black possible.
    let white = (train.values.sum(axis: 0) + 1) / Tensor(Float(train.count + 2))
    return Bernoulli(logits: log(white) - log(1 - white)).logProbability(of: x)
  }

  /// Rows of pixels between 0 and 1 as pictures, without `margin` pixels on each side.
  func pictures(_ values: Tensor<Float>, margin: Int = 0) -> [GrayImage] {
    guard let rows else { return [] }
    let columns = values.shape[1] / rows
    return (0..<values.shape[0]).map { index in
      let pixels = values.rows([index]).scalars
      let kept = (margin..<rows - margin).flatMap { row in
        pixels[row * columns + margin..<(row + 1) * columns - margin]
      }
      return GrayImage(width: columns - 2 * margin, height: rows - 2 * margin, pixels: kept)
    }
  }

  /// Rows of coordinates as points of a plot.
  func points(_ label: String, _ values: Tensor<Float>) -> Plot.Layer {
    .points(.init(label, x: values.column(0), y: values.column(1)))
  }
}

extension Tensor<Float> {
  /// A column of a matrix.
  func column(_ index: Int) -> [Double] {
    slice(axis: 1, index..<index + 1).scalars.map(Double.init)
  }
}
