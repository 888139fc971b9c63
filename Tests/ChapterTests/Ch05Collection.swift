import Foundation
import Probability
import Testing

/// A data set for the chapter, of images that follow no pattern.
struct Collection: Sendable, CustomTestStringConvertible {
  var name = ""
  var train = 40
  var test = 35
  var rows = 6
  var columns = 5
  var classes = 10
  var firstLabel = 0
  var hasLabels = true
  var isSorted = false
  /// The brightest grey value.
  var brightest = 255
  var isReversed = false
  /// Whether the images of a class have a bright row or column of their own, as if by a pattern.
  var isPatterned = false

  var testDescription: String { name }

  /// Runs `body` with a folder of these images in the format of MNIST, which is gone afterwards.
  func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "chapter-5-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ name: String, _ sizes: [Int], _ bytes: [UInt8]) throws {
      let extents = sizes.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] as [UInt8] }
      let file = Data([0, 0, 8, UInt8(sizes.count)] + extents + bytes)
      try file.write(to: URL(filePath: "\(folder)/\(name)-ubyte"))
    }
    var generator = SeededGenerator(seed: 1)
    for (name, count) in [("train", train), ("t10k", test)] {
      var pixels = (0..<count * rows * columns).map { _ in
        UInt8(generator.integer(below: brightest + 1))
      }
      if isReversed { pixels.reverse() }
      let labels = (0..<count).map { isSorted ? $0 * classes / count : $0 % classes }
      if isPatterned { pixels = pixels.enumerated().map { patterned($1, at: $0, labels) } }
      try write("\(name)-images-idx3", [count, rows, columns], pixels)
      guard hasLabels else { continue }
      try write("\(name)-labels-idx1", [count], labels.map { UInt8(firstLabel + $0) })
    }
    try body(folder)
  }

  /// A pixel that is mostly white in the row or column of its image's class, and mostly black elsewhere.
  private func patterned(_ pixel: UInt8, at index: Int, _ labels: [Int]) -> UInt8 {
    let (image, place) = index.quotientAndRemainder(dividingBy: rows * columns)
    let (row, column) = place.quotientAndRemainder(dividingBy: columns)
    let isOn = labels[image] < rows ? row == labels[image] : column == labels[image] - rows
    return isOn ? 255 - pixel / 8 : pixel / 8
  }
}
