import Files
import Foundation

/// Grey images of one size, each with a label.
public struct LabelledImages: Equatable, Sendable {
  /// The height of every image in pixels.
  public let rows: Int
  /// The width of every image in pixels.
  public let columns: Int
  /// The grey values, 0 the background and 255 full ink: `count` × `rows` × `columns`, row-major.
  public let pixels: [UInt8]
  /// The class of each image. Digits are 0…9; other data sets of this format go up to 255.
  public let labels: [UInt8]

  /// The number of images.
  public var count: Int { labels.count }

  /// Creates a set of images; `pixels` must hold `rows` × `columns` values for each label.
  public init(rows: Int, columns: Int, pixels: [UInt8], labels: [UInt8]) {
    guard rows > 0, columns > 0, pixels.count == labels.count * rows * columns else {
      fatalError(
        "\(labels.count) images of \(rows) × \(columns) pixels do not have \(pixels.count) pixels")
    }
    self.rows = rows
    self.columns = columns
    self.pixels = pixels
    self.labels = labels
  }

  /// The images in a range of positions, such as `images[..<100]`. Complexity: O(pixels selected).
  public subscript(positions: some RangeExpression<Int>) -> LabelledImages {
    let range = positions.relative(to: labels)
    guard range.lowerBound >= 0, range.upperBound <= count else {
      fatalError("images \(range) of \(count)")
    }
    let size = rows * columns
    return LabelledImages(
      rows: rows, columns: columns,
      pixels: [UInt8](pixels[range.lowerBound * size..<range.upperBound * size]),
      labels: [UInt8](labels[range]))
  }

  /// The first images, at most `maximum` of them.
  public func prefix(_ maximum: Int) -> LabelledImages { self[..<min(maximum, count)] }

  /// Reads a file of images and the file of their labels.
  ///
  /// - Throws: `FileError` if one cannot be read or is not IDX, or if their counts differ.
  public init(images imagesPath: String, labels labelsPath: String) throws(FileError) {
    let images = try IDXFile(contentsOf: imagesPath, rank: 3)
    let labels = try IDXFile(contentsOf: labelsPath, rank: 1)
    let (imageCount, labelCount) = (images.dimensions[0], labels.dimensions[0])
    guard labelCount == imageCount else {
      throw FileError(
        .read, labelsPath,
        "it has \(labelCount) labels for the \(imageCount) images of \(imagesPath)"
      )
    }
    self.init(
      rows: images.dimensions[1], columns: images.dimensions[2], pixels: images.bytes,
      labels: labels.bytes)
  }
}

/// Images to learn from, and others of the same size to test what was learnt.
public struct DigitData: Equatable, Sendable {
  /// The images to learn from.
  public let train: LabelledImages
  /// The images kept back for testing.
  public let test: LabelledImages

  /// Reads MNIST, or a data set that comes in its format, from a folder.
  ///
  /// The four files have their usual names, `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
  /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`; `images.idx3` for `images-idx3` is
  /// known as well, and each may be compressed and end in `.gz`.
  ///
  /// - Throws: `FileError` if the folder or a file is missing or wrong, or if the images to learn
  ///   from and those to test with differ in size.
  public static func load(directory: String) throws(FileError) -> DigitData {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder) else {
      throw FileError(.read, directory, "there is no such folder")
    }
    guard isFolder.boolValue else { throw FileError(.read, directory, "it is not a folder") }

    func images(_ name: String) throws(FileError) -> LabelledImages {
      try LabelledImages(
        images: find("\(name)-images", "idx3-ubyte", in: directory),
        labels: find("\(name)-labels", "idx1-ubyte", in: directory))
    }
    let (train, test) = (try images("train"), try images("t10k"))
    guard (train.rows, train.columns) == (test.rows, test.columns) else {
      throw FileError(
        .read, directory,
        "its images are \(train.rows) × \(train.columns) pixels for training, "
          + "and \(test.rows) × \(test.columns) for testing")
    }
    return DigitData(train: train, test: test)
  }

  /// The 5,000 digits of MNIST that come with the package, 500 of each class: the first 4,500 for
  /// training, the last 500 for testing, both balanced.
  ///
  /// Their source and licence are in `Sources/Datasets/Resources/README.md`.
  ///
  /// - Throws: `FileError` if the files are missing from the build.
  public static func embedded() throws(FileError) -> DigitData {
    let folder = Bundle.module.bundlePath + "/Resources/"
    let digits = try LabelledImages(
      images: folder + "mnist5k-images-idx3-ubyte", labels: folder + "mnist5k-labels-idx1-ubyte")
    return DigitData(train: digits[..<4500], test: digits[4500...])
  }
}

/// The path of a data set's file under whichever of its usual names it has.
private func find(
  _ name: String, _ format: String, in directory: String
) throws(FileError) -> String {
  let names = ["\(name)-\(format)", "\(name).\(format)"].flatMap { [$0, $0 + ".gz"] }
  let paths = names.map { "\(directory)/\($0)" }
  guard let path = paths.first(where: FileManager.default.fileExists) else {
    throw FileError(
      .read, directory, "it has no file named \(names.joined(separator: " or "))")
  }
  return path
}
