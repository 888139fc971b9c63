import Autodiff
import Datasets
import Files
import Notebook
import Probability
import VariationalAutoencoders

/// The examples of `--data`, and what suits them.
struct Source {
  /// What the examples are.
  enum Kind: Equatable {
    /// Images of the embedded handwritten digits.
    case digits
    /// Images from a folder of the reader's.
    case images
    /// Points in the plane.
    case points
  }

  let kind: Kind
  let train: Examples
  let test: Examples
  /// What the small models learn from: enough for them, and no more however large the data.
  let fewTrain: Examples
  /// What the small models are tested on.
  let fewTest: Examples
  let output: OutputDistribution
  /// The height of an image in pixels; nil for points.
  let rows: Int?
  private let classNames: [String]?
  private let testShare: Int?

  /// - Throws: `FileError` for a folder that cannot be read, `UsageError` for a decoder that does
  ///   not fit the data.
  init(_ data: String, decoder: String, seed: UInt64) throws {
    switch data {
    case "ring":
      guard decoder != "bernoulli" else {
        throw UsageError("--decoder bernoulli needs pixels; points on a ring take gaussian")
      }
      var generator = SeededGenerator(seed: 1)
      func points(_ count: Int) -> Examples {
        let values = ring(count: count, using: &generator).converted(to: Float.self)
        return Examples(values, classes: eighths(values))
      }
      kind = .points
      (train, test) = (points(4500), points(500))
      (output, rows, classNames, testShare) = (.gaussian, nil, nil, nil)
    default:
      let images =
        try data == "mnist"
        ? ImageData.embeddedDigits()
        : ImageData.load(directory: data, mostPixels: 1 << 14, seed: seed)
      kind = data == "mnist" ? .digits : .images
      (train, test) = (Examples(images.train), Examples(images.test))
      output = decoder == "gaussian" ? .gaussian : .bernoulli
      (rows, classNames, testShare) = (images.train.rows, images.classNames, images.testShare)
    }
    if kind == .images {
      // A folder's images may be in any order, even sorted by class.
      var generator = SeededGenerator(seed: seed).stream(1 << 32)
      fewTrain = train.sample(4500, using: &generator)
      fewTest = test.sample(500, using: &generator)
    } else {
      (fewTrain, fewTest) = (train.prefix(4500), test.prefix(500))
    }
  }

  /// What the mixtures of 5.11 and the probes of 5.12 learn from: as the small models, but of large
  /// images fewer, so that there are no more pixels than those of 4,500 digits.
  var boundedTrain: Examples { fewTrain.prefix(max(50, 4500 * 784 / train.size)) }

  /// The width of an image in pixels.
  var columns: Int? { rows.map { train.size / $0 } }

  /// What the numbers of an example are called.
  var elements: String { kind == .points ? "coordinates" : "pixels" }

  /// What an example is called.
  var example: String {
    switch kind {
    case .digits: "digit"
    case .images: "image"
    case .points: "point"
    }
  }

  /// The classes of the small models' test examples, each once and in order; none if they are not
  /// known.
  var classes: [Int] { Set(fewTest.classes ?? []).sorted() }

  /// "500 test digits", or "500 of the 10,000 test images, chosen at random".
  var fewTestInWords: String {
    let noun = "\(example)" + (test.count == 1 ? "" : "s")
    return fewTest.count == test.count
      ? "\(formatted(test.count)) test \(noun)"
      : "\(formatted(fewTest.count)) of the \(formatted(test.count)) test \(noun), chosen at random"
  }

  /// What a class is called: short, and free of characters that a terminal would obey.
  func name(ofClass label: Int) -> String {
    guard let name = classNames?[label] else { return "\(label)" }
    let obeyed: [Unicode.GeneralCategory] = [
      .control, .format, .lineSeparator, .paragraphSeparator,
    ]
    let visible = name.prefix(20).map { character in
      character.unicodeScalars.contains { obeyed.contains($0.properties.generalCategory) }
        ? "?" : character
    }
    return String(visible) + (name.count > 20 ? "…" : "")
  }

  /// What a reader has to know of a folder's images; nil of data that the note describes.
  var description: String? {
    guard kind == .images, let rows, let columns else { return nil }
    let share = testShare.map { ", one in \($0)" + (classNames == nil ? "" : " of each class") }
    var sentences = [
      "The data are the \(formatted(train.count + test.count)) images in the folder that --data names, "
        + "\(formatted(columns)) pixels wide and \(formatted(rows)) high: \(formatted(train.count)) to "
        + "learn from, and \(formatted(test.count)) kept back to test with"
        + (share.map { $0 + ", drawn at random with --seed." } ?? ".")
    ]
    let names = Set((train.classes ?? []) + (test.classes ?? [])).sorted().map(name(ofClass:))
    let listed = names.prefix(50).joined(separator: ", ") + (names.count > 50 ? ", …" : "")
    if test.classes == nil {
      sentences.append("The test images have no labels: what needs classes is left out.")
    } else if names.count == 1 {
      sentences.append("All are of one class, \(listed): what needs several is left out.")
    } else {
      sentences.append("They are of \(names.count) classes: \(listed).")
    }
    return sentences.joined(separator: " ")
  }

  /// How much more a sum over pixels may round than one over 28 × 28, of which the tolerances of the
  /// checks were derived.
  var roundingScale: Double { max(1, Double(train.size) / 784) }

  /// Tells these examples from others in a checkpoint.
  var fingerprint: String {
    let hashes = [train, test].map { String($0.fingerprint, radix: 16) }
    return
      "\(train.count) + \(test.count) examples of \(train.size), \(hashes.joined(separator: " "))"
  }

  /// Rows of pixels between 0 and 1 as pictures; of digits without the black border, if asked.
  func pictures(_ values: Tensor<Float>, cropped: Bool = false) -> [GrayImage] {
    guard let rows, let columns else { return [] }
    let margin = cropped && kind == .digits ? 4 : 0
    return (0..<values.shape[0]).map { index in
      let pixels = values.rows([index]).scalars
      let kept = (margin..<rows - margin).flatMap { row in
        pixels[row * columns + margin..<(row + 1) * columns - margin]
      }
      return GrayImage(width: columns - 2 * margin, height: rows - 2 * margin, pixels: kept)
    }
  }

  /// Rows of coordinates as points of a plot.
  func points(
    _ label: String, _ values: Tensor<Float>, meaning: Plot.Meaning? = nil
  ) -> Plot.Layer {
    .points(.init(label, meaning: meaning, x: values.column(0), y: values.column(1)))
  }
}

/// The eighth of the plane that each point lies in.
private func eighths(_ points: Tensor<Float>) -> [Int] {
  (0..<points.shape[0]).map { row in
    let (x, y) = (points[row, 0], points[row, 1])
    return (x < 0 ? 1 : 0) + (y < 0 ? 2 : 0) + (abs(x) < abs(y) ? 4 : 0)
  }
}

extension Tensor<Float> {
  /// A column of a matrix.
  func column(_ index: Int) -> [Double] {
    slice(axis: 1, index..<index + 1).scalars.map(Double.init)
  }
}
