import Files
import Foundation
import Probability

/// The PGM files of a folder, as images to learn from and to test with.
///
/// If the folder has subfolders with PGM files, each of them is a class, in the order of their names;
/// if it has none, its own files are images without classes. All files must have one size. Files
/// whose names do not end in `.pgm`, and hidden ones, are passed over.
struct PictureFolder {
  /// One image in this many is kept back for testing.
  static let testShare = 10

  private let folder: String
  private let rows, columns: Int
  /// The pixels of the images of each class, and of all images if there are no classes.
  private let groups: [[[UInt8]]]
  private let classNames: [String]?

  /// - Throws: `FileError` if there are no PGM files, or if one is wrong.
  init(_ folder: String, mostPixels: Int) throws(FileError) {
    let contents = try Contents(of: folder)
    var classes: [(name: String, pictures: [String])] = []
    for name in contents.subfolders {
      let pictures = try Contents(of: "\(folder)/\(name)").pictures
      if !pictures.isEmpty { classes.append((name, pictures.map { "\(folder)/\(name)/\($0)" })) }
    }
    guard classes.isEmpty || contents.pictures.isEmpty else {
      throw FileError(
        .read, folder,
        "it has PGM files in its subfolders, which are the classes, and others such as "
          + "\(contents.pictures[0]) beside them, which are in no class")
    }
    let paths =
      classes.isEmpty
      ? [contents.pictures.map { "\(folder)/\($0)" }] : classes.map(\.pictures)
    guard let first = paths[0].first else {
      throw FileError(
        .read, folder,
        "it has neither the files of a data set in the format of MNIST, such as "
          + "train-images-idx3-ubyte.gz, nor pictures whose names end in .pgm")
    }

    let model = try PGMFile(contentsOf: first, mostPixels: mostPixels)
    var groups: [[[UInt8]]] = []
    var total = 0
    for group in paths {
      var images: [[UInt8]] = []
      for path in group {
        let file = try PGMFile(contentsOf: path, mostPixels: mostPixels)
        guard (file.rows, file.columns) == (model.rows, model.columns) else {
          throw FileError(
            .read, path,
            "its width and height are \(file.columns) and \(file.rows), those of \(first) are "
              + "\(model.columns) and \(model.rows); all pictures must have one size")
        }
        total += file.pixels.count
        guard total <= IDXFile.limit else {
          throw FileError(.read, folder, "its pictures have more than \(IDXFile.limit) pixels")
        }
        images.append(file.pixels)
      }
      groups.append(images)
    }
    self.folder = folder
    (rows, columns) = (model.rows, model.columns)
    self.groups = groups
    classNames = classes.isEmpty ? nil : classes.map(\.name)
  }

  /// Keeps one image in ten of each class back for testing, at least one of any class that has two,
  /// and shuffles both parts, so that the first images of either are a fair sample of all.
  ///
  /// - Throws: `FileError` if no class has two images.
  func split(seed: UInt64) throws(FileError) -> ImageData {
    var generator = SeededGenerator(seed: seed)
    var (train, test): ([Picture], [Picture]) = ([], [])
    for (label, group) in groups.enumerated() {
      let order = generator.permutation(of: group.count).map { Picture(label: label, index: $0) }
      let kept = group.count < 2 ? 0 : max(1, group.count / Self.testShare)
      test += order[..<kept]
      train += order[kept...]
    }
    guard !test.isEmpty else {
      throw FileError(
        .read, folder,
        groups.count == 1
          ? "it has a single picture; one to learn from and one to test with are needed"
          : "each class has a single picture; one to learn from and one to test with are needed")
    }
    return ImageData(
      train: images(train, using: &generator), test: images(test, using: &generator),
      classNames: classNames, testShare: Self.testShare)
  }

  /// A place among the groups.
  private struct Picture {
    let label, index: Int
  }

  private func images(_ pictures: [Picture], using generator: inout SeededGenerator) -> Images {
    let shuffled = generator.permutation(of: pictures.count).map { pictures[$0] }
    return Images(
      rows: rows, columns: columns, pixels: shuffled.flatMap { groups[$0.label][$0.index] },
      labels: classNames == nil ? nil : shuffled.map(\.label))
  }
}

/// What is in a folder, in the order of the names.
private struct Contents {
  var pictures: [String] = []
  var subfolders: [String] = []

  init(of folder: String) throws(FileError) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw FileError(.read, folder, "its contents cannot be listed")
    }
    for name in names where !name.hasPrefix(".") {
      var isFolder: ObjCBool = false
      guard
        unsafe FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      else { continue }
      if isFolder.boolValue {
        subfolders.append(name)
      } else if name.lowercased().hasSuffix(".pgm") {
        pictures.append(name)
      }
    }
  }
}
