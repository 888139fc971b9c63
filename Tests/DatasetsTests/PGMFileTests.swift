import Files
import Foundation
import Probability
import Testing

@testable import Datasets

/// The bytes of a PGM file: a header as text, and what follows it.
private func pgm(_ header: String, _ data: [UInt8] = []) -> [UInt8] { [UInt8](header.utf8) + data }

/// A header that is right or wrong, and the picture that it begins, or why there is none.
struct Header: Sendable, CustomTestStringConvertible {
  var file: [UInt8]
  var reason: String
  var testDescription: String { reason }

  init(_ header: String, _ reason: String) { self.init(header, [], reason) }

  init(_ header: String, _ data: [UInt8], _ reason: String) {
    file = pgm(header, data)
    self.reason = reason
  }
}

@Suite struct PGMFiles {
  @Test(
    "A picture is the same whichever way its file is written",
    arguments: [
      pgm("P5\n3 2\n255\n", [0, 51, 102, 153, 204, 255]),
      pgm("P5 3 2 255 ", [0, 51, 102, 153, 204, 255]),
      pgm("P5 # made by hand\n# 9 9\n3# wide\n 2\t255\n", [0, 51, 102, 153, 204, 255]),
      pgm("P5#\n3 2 255# ink\n", [0, 51, 102, 153, 204, 255]),
      pgm("P5\n3 2\n5\n", [0, 1, 2, 3, 4, 5]),
      pgm("P5\n3 2\n255\n", [0, 51, 102, 153, 204, 255, 10, 32]),
      pgm("P5\n3 2\n65535\n", [0, 0, 51, 51, 102, 102, 153, 153, 204, 204, 255, 255]),
      pgm("P5\n3 2\n1275\n", [0, 0, 0, 255, 1, 254, 2, 253, 3, 252, 4, 251]),
      pgm("P2\n3 2\n255\n0 51 102\n153 204 255\n"),
      pgm("P2 3 2 5 0 1 2 3 4 5"),
      pgm("P2\r\n3 2\r\n65535\r\n0 13107 # a\n26214\r\n39321 52428\r\n65535 # b"),
      pgm("P2 0003 2 00255 0 051 102 153 204 255 \n# the end\n"),
    ])
  func picturesAreRead(file: [UInt8]) throws {
    let picture = try PGMFile(parsing: file)
    #expect((picture.rows, picture.columns) == (2, 3))
    #expect(picture.pixels == [0, 51, 102, 153, 204, 255])
  }

  @Test("Grey values are rounded to the nearest of 256")
  func rounding() throws {
    let picture = try PGMFile(parsing: pgm("P2 5 1 1000 0 1 2 500 1000"))
    #expect(picture.pixels == [0, 0, 1, 128, 255])
  }

  @Test(
    "A file that is no PGM picture is refused with the reason",
    arguments: [
      Header("", "it does not begin with P5 or P2, as PGM files do"),
      Header("P", "it does not begin with P5 or P2, as PGM files do"),
      Header("\u{89}PNG", "it does not begin with P5 or P2, as PGM files do"),
      Header("P6 1 1 255 ", [1, 2, 3], "it is a colour PPM file, not a grey PGM file"),
      Header("P4 8 1 ", [1], "it is a black-and-white PBM file, not a grey PGM file"),
      Header("P7\n", "it is a PAM file, not a PGM file"),
      Header("P53 2 255 ", "after its first two characters there is no white space"),
      Header("P5", "after its first two characters there is no white space"),
      Header("P5 ", "it ends before its width"),
      Header("P5 # 3 2 255 ", "it ends before its width"),
      Header("P5 3", "it ends before its height"),
      Header("P5 3 2\n", "it ends before its largest grey value"),
      Header("P5 3x 2 255 ", "where its width should be, there is no number"),
      Header("P5 3 -2 255 ", "where its height should be, there is no number"),
      Header("P5 0 2 255 ", "its width is 0; it must be from 1 to 2147483647"),
      Header("P5 3 0 255 ", "its height is 0; it must be from 1 to 2147483647"),
      Header("P5 3 2 0 ", "its largest grey value is 0; it must be from 1 to 65535"),
      Header("P5 3 2 65536 ", "its largest grey value is 65536; it must be from 1 to 65535"),
      Header(
        "P5 99999999999999999999999 2 255 ",
        "its width is too large; it must be from 1 to 2147483647"),
      Header(
        "P5 2147483647 2147483647 255 ",
        "its images have 2147483647 × 2147483647 pixels, and at most 16777216 are allowed"),
      Header("P5 3 2 255", "it ends after 0 of 6 pixels"),
      Header("P5 3 2 255 ", [1, 2, 3, 4, 5], "it ends after 5 of 6 pixels"),
      Header("P5 3 2 256 ", [0, 1, 0, 2, 0], "it ends after 2 of 6 pixels"),
      Header("P5 4096 4096 255 ", [1, 2], "it ends after 2 of 16777216 pixels"),
      Header("P2 3 2 255 1 2 3 4 5", "it ends after 5 of 6 pixels"),
      Header("P2 3 2 255 1 2 3 4 5.5 6", "pixel 5 is not a number"),
      Header("P2 3 2 255 1 2 3 four 5 6", "pixel 4 is not a number"),
      Header("P2 3 2 255 1 2 256 4 5 6", "pixel 3 is 256, and its largest grey value is 255"),
      Header(
        "P2 1 1 255 99999999999999999999999",
        "pixel 1 is too large, and its largest grey value is 255"),
      Header("P5 3 2 5 ", [0, 1, 2, 3, 4, 6], "pixel 6 is 6, and its largest grey value is 5"),
      Header(
        "P5 3 2 255 ", [1, 2, 3, 4, 5, 6, 7],
        "it goes on after its last pixel; only one picture a file is read"),
      Header(
        "P2 1 1 255 7 8", "it goes on after its last pixel; only one picture a file is read"),
    ])
  func otherFilesAreRefused(header: Header) {
    #expect(throws: PGMFile.Defect(reason: header.reason)) { try PGMFile(parsing: header.file) }
  }

  @Test("The error names the file")
  func errorsNameTheFile() throws {
    try withFolder { folder in
      let path = folder + "/cat.pgm"
      try replaceFile(path, with: Data(pgm("P5 3 2 255 ", [1])))
      #expect(throws: FileError(.read, path, "it ends after 1 of 6 pixels")) {
        try PGMFile(contentsOf: path)
      }
    }
  }

  @Test("A file that is cut off anywhere is refused")
  func truncations() throws {
    let files = [
      pgm("P5\n# a\n3 2\n255\n", [1, 2, 3, 4, 5, 6]),
      pgm("P5 3 2 300 ", [0, 1, 0, 2, 0, 3, 0, 4, 1, 5, 1, 6]),
      pgm("P2\n# a\n3 2\n255\n1 2 3 4 5 66"),
    ]
    for file in files {
      _ = try PGMFile(parsing: file)
      // Of a plain file's last number the first digit would do.
      for length in 0..<file.count - 1 {
        #expect(throws: PGMFile.Defect.self) { try PGMFile(parsing: Array(file.prefix(length))) }
      }
    }
  }

  @Test("Random damage gives a picture or a reason, and never stops the program")
  func randomDamage() {
    var generator = SeededGenerator(seed: 1)
    let files = [
      pgm("P5\n# a\n3 2\n255\n", [1, 2, 3, 4, 5, 6]), pgm("P2\n3 2\n255\n1 2 3 4 5 66\n"),
      pgm("P5 2 2 65535 ", [1, 2, 3, 4, 5, 6, 7, 8]),
    ]
    let texts = [UInt8]("P25 \n#0123456789-+.eE\0\u{7F}".utf8)
    var (pictures, reasons) = (0, 0)
    for round in 0..<20_000 {
      var file = files[round % files.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<file.count, using: &generator)
        let byte =
          Bool.random(using: &generator)
          ? texts.randomElement(using: &generator)!
          : UInt8.random(in: 0...255, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: file[position] = byte
        case 1: file.insert(byte, at: position)
        default: file.remove(at: position)
        }
      }
      do throws(PGMFile.Defect) {
        let picture = try PGMFile(parsing: file)
        #expect(picture.pixels.count == picture.rows * picture.columns)
        pictures += 1
      } catch {
        #expect(!error.reason.isEmpty)
        reasons += 1
      }
    }
    // Both happen often: the damage is neither too small nor too large to test anything.
    #expect(pictures > 1000 && reasons > 1000)
  }
}

@Suite struct PictureFolders {
  /// Writes pictures of one row with two pixels, whose first is the given number.
  private func write(_ numbers: Range<Int>, in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for number in numbers {
      try replaceFile("\(folder)/\(number).pgm", with: Data(pgm("P2 2 1 255 \(number) 9")))
    }
  }

  /// The first pixels of images, which tell them apart.
  private func numbers(_ images: Images) -> [Int] {
    stride(from: 0, to: images.pixels.count, by: 2).map { Int(images.pixels[$0]) }
  }

  @Test("Pictures without subfolders have no classes, and one in ten is kept back")
  func withoutClasses() throws {
    try withFolder { folder in
      try write(0..<35, in: folder)
      // Other files, hidden ones, and folders without pictures are passed over.
      try replaceFile(folder + "/notes.txt", with: Data("a".utf8))
      try replaceFile(folder + "/.hidden.pgm", with: Data("a".utf8))
      try FileManager.default.createDirectory(
        atPath: folder + "/originals", withIntermediateDirectories: false)
      let data = try ImageData.load(directory: folder)
      #expect((data.train.count, data.test.count) == (32, 3))
      #expect((data.train.rows, data.train.columns) == (1, 2))
      #expect((numbers(data.train) + numbers(data.test)).sorted() == Array(0..<35))
      #expect(data.train.labels == nil && data.test.labels == nil && data.classNames == nil)
      #expect(data.testShare == 10)
      #expect(try ImageData.load(directory: folder) == data)
      let other = try ImageData.load(directory: folder, seed: 2)
      #expect(numbers(other.test) != numbers(data.test))
      // In no order that prefixes would inherit.
      #expect(numbers(data.train) != numbers(data.train).sorted())
    }
  }

  @Test("Subfolders are classes in the order of their names, and each is split by itself")
  func classes() throws {
    try withFolder { folder in
      try write(0..<40, in: folder + "/zebra")
      try write(40..<42, in: folder + "/ant")
      try write(42..<43, in: folder + "/Cat")
      let data = try ImageData.load(directory: folder)
      #expect(data.classNames == ["Cat", "ant", "zebra"])
      #expect(data.test.labels?.sorted() == [1, 2, 2, 2, 2])
      #expect(data.train.labels?.count { $0 == 0 } == 1)
      for images in [data.train, data.test] {
        for (number, label) in zip(numbers(images), images.labels ?? []) {
          #expect(label == (number < 40 ? 2 : number < 42 ? 1 : 0))
        }
      }
    }
  }

  @Test func allPicturesMustHaveOneSize() throws {
    try withFolder { folder in
      try write(0..<3, in: folder + "/a")
      let path = folder + "/a/9.pgm"
      try replaceFile(path, with: Data(pgm("P2 1 2 255 3 4")))
      let reason =
        "its width and height are 1 and 2, those of \(folder)/a/0.pgm are 2 and 1; "
        + "all pictures must have one size"
      #expect(throws: FileError(.read, path, reason)) { try ImageData.load(directory: folder) }
      let large = "its images have 1 × 2 pixels, and at most 1 are allowed"
      #expect(throws: FileError(.read, folder + "/a/0.pgm", large)) {
        try ImageData.load(directory: folder, mostPixels: 1)
      }
    }
  }

  @Test func picturesOutsideOfAllClassesAreRefused() throws {
    try withFolder { folder in
      try write(0..<3, in: folder + "/a")
      try write(4..<5, in: folder)
      let reason =
        "it has PGM files in its subfolders, which are the classes, and others such as 4.pgm "
        + "beside them, which are in no class"
      #expect(throws: FileError(.read, folder, reason)) { try ImageData.load(directory: folder) }
    }
  }

  @Test func thereMustBePicturesToLearnFromAndToTestWith() throws {
    try withFolder { folder in
      let nothing =
        "it has neither the files of a data set in the format of MNIST, such as "
        + "train-images-idx3-ubyte.gz, nor pictures whose names end in .pgm"
      #expect(throws: FileError(.read, folder, nothing)) { try ImageData.load(directory: folder) }
      try write(0..<1, in: folder)
      let one = "it has a single picture; one to learn from and one to test with are needed"
      #expect(throws: FileError(.read, folder, one)) { try ImageData.load(directory: folder) }
      try write(1..<2, in: folder)
      let two = try ImageData.load(directory: folder)
      #expect((two.train.count, two.test.count) == (1, 1))
    }
    try withFolder { folder in
      try write(0..<1, in: folder + "/a")
      try write(1..<2, in: folder + "/b")
      let reason =
        "each class has a single picture; one to learn from and one to test with are needed"
      #expect(throws: FileError(.read, folder, reason)) { try ImageData.load(directory: folder) }
    }
  }
}
