import Files
import Foundation

/// Grey images of one size, each with its class if the classes are known.
public struct Images: Equatable, Sendable {
  /// The height of every image in pixels.
  public let rows: Int
  /// The width of every image in pixels.
  public let columns: Int
  /// The grey values, 0 black and 255 white: `count` × `rows` × `columns`, row-major.
  public let pixels: [UInt8]
  /// The class of each image, if the classes are known. The classes of digits are 0…9.
  public let labels: [Int]?

  /// The number of images.
  public var count: Int { pixels.count / size }

  /// The number of pixels of an image.
  public var size: Int { rows * columns }

  /// Creates a set of images; `pixels` must hold `rows` × `columns` values for each image, and
  /// `labels` one number.
  public init(rows: Int, columns: Int, pixels: [UInt8], labels: [Int]? = nil) {
    guard rows > 0, columns > 0, pixels.count % (rows * columns) == 0 else {
      fatalError("\(pixels.count) pixels do not make up images of \(rows) × \(columns)")
    }
    self.rows = rows
    self.columns = columns
    self.pixels = pixels
    self.labels = labels
    if let labels, labels.count != count {
      fatalError("\(labels.count) labels for \(count) images")
    }
  }

  /// The images in a range of positions, such as `images[..<100]`. Complexity: O(pixels selected).
  public subscript(positions: some RangeExpression<Int>) -> Images {
    let range = positions.relative(to: 0..<count)
    guard range.lowerBound >= 0, range.upperBound <= count else {
      fatalError("images \(range) of \(count)")
    }
    return Images(
      rows: rows, columns: columns,
      pixels: [UInt8](pixels[range.lowerBound * size..<range.upperBound * size]),
      labels: labels.map { [Int]($0[range]) })
  }

  /// Reads a file of images in IDX format, and the file of their labels if there is one.
  ///
  /// - Throws: `FileError` if one cannot be read or is not IDX, or if their counts differ.
  public init(images imagesPath: String, labels labelsPath: String?) throws(FileError) {
    let images = try IDXFile(contentsOf: imagesPath, rank: 3)
    let count = images.dimensions[0]
    var labels: [Int]?
    if let labelsPath {
      let file = try IDXFile(contentsOf: labelsPath, rank: 1)
      guard file.dimensions[0] == count else {
        throw FileError(
          .read, labelsPath,
          "it has \(file.dimensions[0]) labels for the \(count) images of \(imagesPath)")
      }
      labels = file.bytes.map(Int.init)
    }
    self.init(
      rows: images.dimensions[1], columns: images.dimensions[2], pixels: images.bytes,
      labels: labels)
  }
}

/// Images to learn from, and others of the same size to test what was learnt.
public struct ImageData: Equatable, Sendable {
  /// The images to learn from.
  public let train: Images
  /// The images kept back for testing.
  public let test: Images
  /// What the classes are called, by label, if they have names.
  public let classNames: [String]?
  /// One image in this many, of each class, was drawn at random for testing; nil if the data came
  /// already divided.
  public let testShare: Int?

  /// The images to learn from and to test with.
  public init(
    train: Images, test: Images, classNames: [String]? = nil, testShare: Int? = nil
  ) {
    self.train = train
    self.test = test
    self.classNames = classNames
    self.testShare = testShare
  }

  /// Reads the images of a folder: a data set that comes in the format of MNIST, or pictures as PGM
  /// files.
  ///
  /// The four files of the former have their usual names, `train-images-idx3-ubyte`,
  /// `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`; `images.idx3`
  /// for `images-idx3` is known as well, and each may be compressed and end in `.gz`. The files of
  /// labels may be missing. For the latter see ``PictureFolder``.
  ///
  /// - Parameters:
  ///   - directory: The folder.
  ///   - mostPixels: The largest number of pixels that an image may have.
  ///   - seed: Decides which PGM files are kept back for testing.
  /// - Throws: `FileError` if the folder or a file is missing or wrong, or if the images differ in
  ///   size.
  public static func load(
    directory: String, mostPixels: Int = 1 << 24, seed: UInt64 = 1
  ) throws(FileError) -> ImageData {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder) else {
      throw FileError(.read, directory, "there is no such folder")
    }
    guard isFolder.boolValue else { throw FileError(.read, directory, "it is not a folder") }
    let images = ["train", "t10k"].map { IDXName("\($0)-images", "idx3-ubyte") }
    let labels = ["train", "t10k"].map { IDXName("\($0)-labels", "idx1-ubyte") }
    guard (images + labels).contains(where: { $0.path(in: directory) != nil }) else {
      return try PictureFolder(directory, mostPixels: mostPixels).split(seed: seed)
    }

    func read(_ index: Int) throws(FileError) -> Images {
      guard let path = images[index].path(in: directory) else {
        throw FileError(
          .read, directory, "it has no file named \(images[index].all.joined(separator: " or "))")
      }
      let found = try Images(images: path, labels: labels[index].path(in: directory))
      guard found.size <= mostPixels else {
        throw FileError(
          .read, path, tooManyPixels(rows: found.rows, columns: found.columns, most: mostPixels))
      }
      return found
    }
    let (train, test) = (try read(0), try read(1))
    guard (train.rows, train.columns) == (test.rows, test.columns) else {
      throw FileError(
        .read, directory,
        "its images are \(train.rows) × \(train.columns) pixels for training, "
          + "and \(test.rows) × \(test.columns) for testing")
    }
    return ImageData(train: train, test: test)
  }

  /// The 5,000 digits of MNIST that come with the package, 500 of each class: the first 4,500 for
  /// training, the last 500 for testing, both balanced.
  ///
  /// Their source and licence are in `Sources/Datasets/Resources/README.md`.
  ///
  /// - Throws: `FileError` if the files are missing from the build.
  public static func embeddedDigits() throws(FileError) -> ImageData {
    let folder = Bundle.module.bundlePath + "/Resources/"
    let digits = try Images(
      images: folder + "mnist5k-images-idx3-ubyte", labels: folder + "mnist5k-labels-idx1-ubyte")
    return ImageData(train: digits[..<4500], test: digits[4500...])
  }
}

/// Why images are too large, as a clause.
func tooManyPixels(rows: Int, columns: Int, most: Int) -> String {
  "its images have \(rows) × \(columns) pixels, and at most \(most) are allowed"
}

/// The usual names of one of a data set's files.
private struct IDXName {
  let all: [String]

  init(_ name: String, _ format: String) {
    all = ["\(name)-\(format)", "\(name).\(format)"].flatMap { [$0, $0 + ".gz"] }
  }

  /// The path of the file under whichever of its names it has; nil if there is none.
  func path(in directory: String) -> String? {
    all.map { "\(directory)/\($0)" }.first(where: FileManager.default.fileExists)
  }
}
