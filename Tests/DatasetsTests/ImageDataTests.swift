import Files
import Foundation
import Testing

@testable import Datasets

/// Writes a data set of 2 × 3 pixels, six images to learn from and two to test with.
private func writeDataSet(in folder: String) throws {
  for (name, count) in [("train", 6), ("t10k", 2)] as [(String, UInt8)] {
    let pixels = [UInt8](0..<count * 6)
    let labels = (0..<count).map { $0 * 51 }
    try replaceFile(
      "\(folder)/\(name)-images-idx3-ubyte", with: Data(idx([UInt32(count), 2, 3], pixels)))
    try replaceFile(
      "\(folder)/\(name)-labels-idx1-ubyte", with: Data(idx([UInt32(count)], labels)))
  }
}

private let expected = ImageData(
  train: Images(
    rows: 2, columns: 3, pixels: [UInt8](0..<36), labels: [0, 51, 102, 153, 204, 255]),
  test: Images(rows: 2, columns: 3, pixels: [UInt8](0..<12), labels: [0, 51]))

@Suite struct ImagesTests {
  @Test func rangesSelectImagesWithTheirLabels() {
    let images = expected.train
    #expect(images.count == 6)
    #expect(
      images[1..<3]
        == Images(rows: 2, columns: 3, pixels: [UInt8](6..<18), labels: [51, 102]))
    #expect(images[4...] == images[4..<6])
    #expect(images[6...].count == 0)
  }

  @Test func imagesWithoutLabelsAreCountedByTheirPixels() {
    let images = Images(rows: 2, columns: 3, pixels: [UInt8](0..<18))
    #expect(images.count == 3 && images.size == 6 && images[1...].labels == nil)
    #expect(images[1...].pixels == [UInt8](6..<18))
  }
}

@Suite struct DataSetFolders {
  @Test func readsTheUsualNames() throws {
    try withFolder { folder in
      try writeDataSet(in: folder)
      #expect(try ImageData.load(directory: folder) == expected)
      #expect(try ImageData.load(directory: folder + "/") == expected)
    }
  }

  @Test func readsNamesWithADotAndCompressedFiles() throws {
    try withFolder { folder in
      try writeDataSet(in: folder)
      try FileManager.default.moveItem(
        atPath: folder + "/train-images-idx3-ubyte", toPath: folder + "/train-images.idx3-ubyte")
      try gzip(folder + "/train-images.idx3-ubyte")
      try gzip(folder + "/t10k-labels-idx1-ubyte")
      #expect(try ImageData.load(directory: folder) == expected)
    }
  }

  @Test func missingFoldersAndFilesAreReported() throws {
    try withFolder { folder in
      #expect(throws: FileError(.read, folder + "/none", "there is no such folder")) {
        try ImageData.load(directory: folder + "/none")
      }
      try writeDataSet(in: folder)
      let file = folder + "/train-images-idx3-ubyte"
      #expect(throws: FileError(.read, file, "it is not a folder")) {
        try ImageData.load(directory: file)
      }
      try FileManager.default.removeItem(atPath: folder + "/t10k-images-idx3-ubyte")
      let names =
        "t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz "
        + "or t10k-images.idx3-ubyte or t10k-images.idx3-ubyte.gz"
      #expect(throws: FileError(.read, folder, "it has no file named \(names)")) {
        try ImageData.load(directory: folder)
      }
    }
  }

  @Test(
    "The files of labels may be missing, both or either",
    arguments: [["train"], ["t10k"], ["train", "t10k"]])
  func missingLabels(parts: [String]) throws {
    try withFolder { folder in
      try writeDataSet(in: folder)
      for part in parts {
        try FileManager.default.removeItem(atPath: "\(folder)/\(part)-labels-idx1-ubyte")
      }
      let data = try ImageData.load(directory: folder)
      #expect(data.train.labels == (parts.contains("train") ? nil : expected.train.labels))
      #expect(data.test.labels == (parts.contains("t10k") ? nil : expected.test.labels))
      #expect(data.train.pixels == expected.train.pixels && data.test.count == 2)
    }
  }

  @Test func imagesBeyondTheLimitAreRefused() throws {
    try withFolder { folder in
      try writeDataSet(in: folder)
      #expect(try ImageData.load(directory: folder, mostPixels: 6) == expected)
      let reason = "its images have 2 × 3 pixels, and at most 5 are allowed"
      #expect(throws: FileError(.read, folder + "/train-images-idx3-ubyte", reason)) {
        try ImageData.load(directory: folder, mostPixels: 5)
      }
    }
  }

  @Test func aLabelMustGoWithEachImage() throws {
    try withFolder { folder in
      try writeDataSet(in: folder)
      let labels = folder + "/train-labels-idx1-ubyte"
      try replaceFile(labels, with: Data(idx([5], [1, 2, 3, 4, 5])))
      let reason = "it has 5 labels for the 6 images of \(folder)/train-images-idx3-ubyte"
      #expect(throws: FileError(.read, labels, reason)) { try ImageData.load(directory: folder) }
    }
  }

  @Test func imagesMustHaveOneSize() throws {
    try withFolder { folder in
      try writeDataSet(in: folder)
      try replaceFile(
        folder + "/t10k-images-idx3-ubyte", with: Data(idx([2, 3, 2], [UInt8](0..<12))))
      let reason = "its images are 2 × 3 pixels for training, and 3 × 2 for testing"
      #expect(throws: FileError(.read, folder, reason)) { try ImageData.load(directory: folder) }
    }
  }

  @Test("A label file in the place of an image file is reported")
  func filesInEachOthersPlaceAreReported() throws {
    try withFolder { folder in
      try writeDataSet(in: folder)
      let images = folder + "/train-images-idx3-ubyte"
      try replaceFile(images, with: readFile(folder + "/train-labels-idx1-ubyte"))
      let reason =
        "its magic number 2049 stands for labels (1 dimension); "
        + "expected 2051, images (3 dimensions)"
      #expect(throws: FileError(.read, images, reason)) { try ImageData.load(directory: folder) }
    }
  }
}

@Suite struct EmbeddedDigits {
  @Test("Every ten in a row hold each class once, so that any whole tens are balanced")
  func theyAreBalanced() throws {
    let digits = try ImageData.embeddedDigits()
    for (images, count) in [(digits.train, 4500), (digits.test, 500)] {
      #expect((images.count, images.rows, images.columns) == (count, 28, 28))
      for start in stride(from: 0, to: count, by: 10) {
        #expect(images.labels?[start..<start + 10].sorted() == [Int](0...9))
      }
    }
  }

  @Test("The pixels are neither inverted nor shifted against the header")
  func theyLookLikeDigits() throws {
    let digits = try ImageData.embeddedDigits()
    for images in [digits.train, digits.test] {
      // MNIST fits each digit into 20 × 20 pixels and centres its mass in 28 × 28: every image has
      // ink, and the outermost rows almost none.
      var inkInFirstRows = 0
      for start in stride(from: 0, to: images.pixels.count, by: 784) {
        #expect(images.pixels[start..<start + 784].contains { $0 > 200 })
        inkInFirstRows += images.pixels[start..<start + 28].reduce(0) { $0 + Int($1) }
      }
      #expect(inkInFirstRows < images.count * 28)
    }
  }
}
