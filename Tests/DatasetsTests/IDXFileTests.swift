import Files
import Foundation
import Probability
import Testing

@testable import Datasets

/// Runs `body` with an empty folder, which is gone afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = try newFolder()
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

private func withFolder(_ body: (String) async throws -> Void) async throws {
  let folder = try newFolder()
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(folder)
}

private func newFolder() throws -> String {
  let folder = NSTemporaryDirectory() + "datasets-tests-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  return folder
}

/// The bytes of an IDX file, right or wrong.
func idx(magic: UInt32? = nil, _ dimensions: [UInt32], _ data: [UInt8]) -> [UInt8] {
  let integers = [magic ?? 0x0800 + UInt32(dimensions.count)] + dimensions
  return integers.flatMap { integer in (0..<4).map { UInt8(integer >> (24 - 8 * $0) & 0xFF) } }
    + data
}

/// Compresses a file with the system's gzip, which appends `.gz` to its name.
func gzip(_ path: String) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["gzip", path]
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
}

/// Three images of 2 × 2 pixels.
private let images = idx([3, 2, 2], [UInt8](100..<112))

struct Lie: Sendable, CustomTestStringConvertible {
  var file: [UInt8]
  var rank = 3
  var reason: String
  var testDescription: String { reason }
}

@Suite struct IDXFiles {
  @Test("Every rank", arguments: [[5], [2, 3], [3, 2, 2], [2, 1, 3, 2]] as [[UInt32]])
  func readsWhatIsThere(dimensions: [UInt32]) throws {
    let size = Int(dimensions.reduce(1, *))
    let data = [UInt8](0..<UInt8(size))
    let file = try IDXFile(
      parsing: idx(dimensions, data), path: "file", rank: dimensions.count)
    #expect(file.dimensions == dimensions.map(Int.init))
    #expect(file.bytes == data)
  }

  @Test(
    "What a file claims and does not keep",
    arguments: [
      Lie(file: [], reason: "it ends after 0 of 16 header bytes"),
      Lie(file: [0, 0, 8], reason: "it ends after 3 of 16 header bytes"),
      Lie(file: Array(images.prefix(15)), reason: "it ends after 15 of 16 header bytes"),
      Lie(
        file: Array(images.prefix(16)),
        reason: "it ends after 0 of the announced 3 × 2 × 2 bytes of data"),
      // One image short, and one byte too many.
      Lie(
        file: images.dropLast(4),
        reason: "it ends after 8 of the announced 3 × 2 × 2 bytes of data"),
      Lie(file: images + [0], reason: "it goes on after the announced 3 × 2 × 2 bytes of data"),
      // 3 TB announced in 4,112 bytes.
      Lie(
        file: idx([3_826_530, 1000, 784], [UInt8](repeating: 0, count: 4096)),
        reason: "it ends after 4096 of the announced 3826530 × 1000 × 784 bytes of data"),
      // The product is 2⁹³ or so, and 2⁶⁴ exactly, which is 0 if it wraps around.
      Lie(
        file: idx([.max >> 1, .max >> 1, .max >> 1], [0]),
        reason: "it ends after 1 of the announced "
          + "2147483647 × 2147483647 × 2147483647 bytes of data"),
      Lie(
        file: idx([1 << 30, 1 << 30, 1 << 4], []),
        reason: "it ends after 0 of the announced 1073741824 × 1073741824 × 16 bytes of data"),
      Lie(
        file: idx([3, 0, 2], []),
        reason: "its dimensions 3 × 0 × 2 are not all between 1 and 2147483647"),
      // −1, and the least integer that is negative with a sign.
      Lie(
        file: idx([.max, 2, 2], [0]),
        reason: "its dimensions 4294967295 × 2 × 2 are not all between 1 and 2147483647"),
      Lie(
        file: idx([3, 2, 1 << 31], [0]),
        reason: "its dimensions 3 × 2 × 2147483648 are not all between 1 and 2147483647"),
      Lie(
        file: idx([2], [1, 2]),
        reason: "its magic number 2049 stands for labels (1 dimension); "
          + "expected 2051, images (3 dimensions)"),
      Lie(
        file: images, rank: 1,
        reason: "its magic number 2051 stands for images (3 dimensions); "
          + "expected 2049, labels (1 dimension)"),
      Lie(
        file: idx([2, 2], [1, 2, 3, 4]),
        reason: "its magic number 2050 stands for an array of 2 dimensions; "
          + "expected 2051, images (3 dimensions)"),
      Lie(
        file: idx(magic: 0x0D03, [1, 1, 1], [0, 0, 0, 0]),
        reason: "its magic number 3331 stands for 32-bit floats; expected 2051, unsigned bytes"),
      Lie(
        file: idx(magic: 0x0803_0000, [1, 1, 1], [0]),
        reason: "it starts with 134414336, not with 2051, "
          + "the magic number of images (3 dimensions)"),
      Lie(
        file: idx(magic: 0x0308_0000, [1, 1, 1], [0]),
        reason: "its magic number is byte-swapped; the integers of IDX are big-endian"),
      Lie(
        file: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0],
        reason: "it is compressed with gzip: give it a name that ends in .gz"),
    ])
  func liesAreFound(lie: Lie) throws {
    let error = FileError(.read, "a path", lie.reason)
    #expect(throws: error) { try IDXFile(parsing: lie.file, path: "a path", rank: lie.rank) }
    try withFolder { folder in
      let path = folder + "/file"
      try replaceFile(path, with: Data(lie.file))
      #expect(throws: FileError(.read, path, lie.reason)) {
        try IDXFile(contentsOf: path, rank: lie.rank)
      }
    }
  }

  @Test func whatCannotBeReadIsReported() {
    for path in ["/nowhere/file", "/nowhere/file.gz"] {
      #expect(throws: FileError(.read, path, "no such file or directory")) {
        try IDXFile(contentsOf: path, rank: 3)
      }
    }
  }

  @Test("Every truncation is refused")
  func truncations() {
    for length in images.indices {
      #expect(throws: FileError.self) {
        try IDXFile(parsing: Array(images.prefix(length)), path: "file", rank: 3)
      }
    }
  }

  @Test("10,000 damaged files: refused, or read as what they say")
  func damage() throws {
    var generator = SeededGenerator(seed: 1)
    var accepted = 0
    for _ in 0..<10_000 {
      var file = images
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        file[Int.random(in: file.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      let decoded = try? IDXFile(parsing: file, path: "file", rank: 3)
      if let decoded {
        #expect(idx(decoded.dimensions.map { UInt32($0) }, decoded.bytes) == file)
        accepted += 1
      }
      // Any byte is a pixel: with the header intact there is nothing to refuse.
      #expect(decoded != nil || file.prefix(16) != images.prefix(16))
    }
    // Two fifths of single mistakes hit a pixel, so that both outcomes occur.
    #expect(1000...9000 ~= accepted)
  }
}

@Suite struct CompressedIDXFiles {
  /// Writes bytes to `folder/file.gz`, compressed, and returns the path.
  private func compress(_ bytes: [UInt8], in folder: String) throws -> String {
    try replaceFile(folder + "/file", with: Data(bytes))
    try gzip(folder + "/file")
    return folder + "/file.gz"
  }

  @Test("Small files and large ones, of noise and of pictures", arguments: [1, 100, 3000])
  func readsWhatIsThere(count: Int) throws {
    var generator = SeededGenerator(seed: 2)
    let picture = (0..<784).map { UInt8($0 / 28) }
    let data = (0..<count).flatMap { index in
      index % 2 == 0
        ? (0..<784).map { _ in UInt8.random(in: 0...255, using: &generator) } : picture
    }
    try withFolder { folder in
      let path = try compress(idx([UInt32(count), 28, 28], data), in: folder)
      let file = try IDXFile(contentsOf: path, rank: 3)
      #expect(file.dimensions == [count, 28, 28])
      #expect(file.bytes == data)
    }
  }

  @Test(
    "What a file claims and does not keep",
    arguments: [
      Lie(file: Array(images.prefix(15)), reason: "it ends after 15 of 16 header bytes"),
      Lie(
        file: images.dropLast(4),
        reason: "it ends after 8 of the announced 3 × 2 × 2 bytes of data"),
      Lie(file: images + [0], reason: "it goes on after the announced 3 × 2 × 2 bytes of data"),
      Lie(
        file: idx([3_826_530, 1000, 784], [0]),
        reason: "it announces 3826530 × 1000 × 784 bytes of data, more than 1 GiB"),
      Lie(
        file: idx([1 << 30, 1 << 30, 1 << 4], []),
        reason: "it announces 1073741824 × 1073741824 × 16 bytes of data, more than 1 GiB"),
      Lie(
        file: idx([2], [1, 2]),
        reason: "its magic number 2049 stands for labels (1 dimension); "
          + "expected 2051, images (3 dimensions)"),
      // Decompresses to a thousand times its size.
      Lie(
        file: idx([3, 2, 2], [UInt8](repeating: 0, count: 1 << 24)),
        reason: "it goes on after the announced 3 × 2 × 2 bytes of data"),
    ])
  func liesAreFound(lie: Lie) throws {
    try withFolder { folder in
      let path = try compress(lie.file, in: folder)
      #expect(throws: FileError(.read, path, lie.reason)) {
        try IDXFile(contentsOf: path, rank: lie.rank)
      }
    }
  }

  @Test func whatIsNotCompressedIsReported() throws {
    try withFolder { folder in
      let path = folder + "/file.gz"
      try replaceFile(path, with: Data(images))
      #expect(throws: FileError(.read, path, "it is not compressed with gzip")) {
        try IDXFile(contentsOf: path, rank: 3)
      }
    }
  }

  @Test("No program is needed, and no free descriptor below 3")
  func closedStreams() async throws {
    try await withFolder { folder in
      let path = try compress(images, in: folder)
      await #expect(processExitsWith: .success) { [path = path as String] in
        for descriptor in Int32(0)...2 { close(descriptor) }
        unsafe setenv("PATH", "", 1)
        let file = try IDXFile(contentsOf: path, rank: 3)
        guard file.dimensions == [3, 2, 2] else { exit(1) }
      }
    }
  }

  @Test("Every truncation is refused, and damage is refused or does no harm")
  func damage() throws {
    try withFolder { folder in
      let path = try compress(images, in: folder)
      let original = try IDXFile(contentsOf: path, rank: 3)
      let file = try readFile(path)
      for length in file.indices {
        try replaceFile(path, with: file.prefix(length))
        #expect(throws: FileError.self) { try IDXFile(contentsOf: path, rank: 3) }
      }
      for bit in 0..<8 * file.count {
        var damaged = file
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        try Data(damaged).write(to: URL(filePath: path))
        // The file's name and date may be wrong; the checksum guards everything else.
        let decoded = try? IDXFile(contentsOf: path, rank: 3)
        #expect(decoded == nil || decoded == original)
      }
    }
  }
}
