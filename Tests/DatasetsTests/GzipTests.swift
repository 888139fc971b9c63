import Files
import Foundation
import Probability
import Testing

@testable import Datasets

/// Compresses bytes with the system's gzip.
private func compressed(_ bytes: [UInt8], _ options: String...) throws -> [UInt8] {
  let name = NSTemporaryDirectory() + "gzip-tests-" + UUID().uuidString
  try Data(bytes).write(to: URL(filePath: name))
  defer { unsafe unlink(name) }
  let process = Process()
  let output = Pipe()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["gzip", "-c"] + options + [name]
  process.standardOutput = output
  try process.run()
  let result = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
  return [UInt8](result)
}

/// Bytes of every kind: noise, words that return at all distances, long runs.
private func mixture(_ count: Int) -> [UInt8] {
  var generator = SeededGenerator(seed: 5)
  var bytes: [UInt8] = []
  while bytes.count < count {
    let size = Int.random(in: 1...700, using: &generator)
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: bytes += (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
    case 1: bytes += [UInt8](repeating: UInt8.random(in: 0...255, using: &generator), count: size)
    default:
      let start = Int.random(in: 0...bytes.count, using: &generator)
      bytes += bytes[start..<min(start + size, bytes.count)]
    }
  }
  return [UInt8](bytes.prefix(count))
}

private func little(_ number: UInt32) -> [UInt8] {
  [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
}

/// A file with the given compressed data.
private func file(_ compressed: [UInt8], of bytes: [UInt8]) -> [UInt8] {
  [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + compressed + little(crc32(bytes))
    + little(UInt32(bytes.count))
}

@Suite struct GzipTests {
  @Test("What gzip compresses comes back", arguments: ["-1", "-6", "-9"])
  func roundTrip(level: String) throws {
    for count in [0, 1, 5, 300, 70_000, 1_000_000] {
      let bytes = mixture(count)
      #expect(try gunzip(compressed(bytes, level), limit: .max) == bytes)
    }
  }

  @Test("Blocks that are not compressed, and files without a name")
  func storedBlocks() throws {
    let bytes: [UInt8] = [1, 2, 3]
    #expect(try gunzip(file([1, 3, 0, 0xFC, 0xFF, 1, 2, 3], of: bytes), limit: .max) == bytes)
    let complement = file([1, 3, 0, 0xFC, 0xFE, 1, 2, 3], of: bytes)
    #expect(throws: GzipError.damaged) { try gunzip(complement, limit: .max) }
    var generator = SeededGenerator(seed: 6)
    let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    #expect(try gunzip(compressed(noise, "-n"), limit: .max) == noise)
  }

  @Test("A gzip header may have every optional part")
  func headersMayHaveEveryOptionalPart() throws {
    let stored: [UInt8] = [1, 1, 0, 0xFE, 0xFF, 7]
    var whole = file(stored, of: [7])
    whole[3] = 0b11111
    // Two extra bytes, a name, a comment, and the header's checksum.
    whole.insert(contentsOf: [2, 0, 9, 9, 65, 0, 66, 67, 0, 1, 2], at: 10)
    #expect(try gunzip(whole, limit: .max) == [7])
    for flags: UInt8 in [32, 255] {
      whole[3] = flags
      #expect(throws: GzipError.self) { try gunzip(whole, limit: .max) }
    }
  }

  @Test("Several gzip files one after another decompress to one")
  func filesOneAfterTheOtherAreOne() throws {
    let (first, second) = (mixture(1000), [UInt8](0..<100))
    let both = try compressed(first) + compressed(second)
    #expect(try gunzip(both, limit: .max) == first + second)
    #expect(try gunzip(both, limit: 1050) == first + second[..<50])
    let reason = "something else follows its compressed data"
    #expect(throws: GzipError(reason: reason)) { try gunzip(both + [0, 0, 0], limit: .max) }
  }

  @Test("No more bytes are made than are wanted", arguments: [0, 1, 2, 257, 258, 259, 99_999])
  func limits(limit: Int) throws {
    let zeros = [UInt8](repeating: 0, count: 100_000)
    #expect(try gunzip(compressed(zeros), limit: limit).count == limit)
    let bytes = mixture(100_000)
    #expect(try gunzip(compressed(bytes), limit: limit) == [UInt8](bytes[..<limit]))
  }

  @Test func wrongChecksumsAndLengthsAreRefused() throws {
    let whole = try compressed(mixture(1000))
    for index in whole.count - 8..<whole.count {
      var damaged = whole
      damaged[index] ^= 1
      let reason = "its compressed data do not have the checksum and length they should"
      #expect(throws: GzipError(reason: reason)) { try gunzip(damaged, limit: .max) }
    }
  }

  @Test(
    "Data that no compressor writes",
    arguments: [
      // A kind of block that is not there; a reference to what came before the first byte.
      [0b111], [0b011, 0b10, 0, 0],
      // Codes of lengths in which too many words are short, or which have none.
      [0b101, 0, 0b1001_0010, 0b100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0b101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]])
  func damagedData(bytes: [UInt8]) {
    #expect(throws: GzipError.damaged) { try gunzip(file(bytes, of: []), limit: .max) }
  }

  @Test("Two thousand damaged files are refused, or give the bytes that were compressed")
  func damage() throws {
    let bytes = mixture(3000)
    let whole = try compressed(bytes, "-n")
    var generator = SeededGenerator(seed: 7)
    for length in whole.indices {
      #expect(throws: GzipError.self) { try gunzip([UInt8](whole[..<length]), limit: .max) }
    }
    for _ in 0..<2000 {
      var damaged = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        damaged[Int.random(in: damaged.indices, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      }
      // Three bits in 2 kB are more than a checksum of 32 bits misses by chance.
      if let found = try? gunzip(damaged, limit: 100_000) { #expect(found == bytes) }
    }
  }
}
