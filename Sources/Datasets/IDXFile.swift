import Files
import Foundation

/// An array of unsigned bytes from a file in IDX format, in which MNIST and its relatives come.
///
/// The format (Y. LeCun, "The MNIST database of handwritten digits"): a magic number, 0x0800 plus
/// the number of dimensions, then the dimensions, each a big-endian 32-bit integer, then the bytes
/// in row-major order. 2051 is a file of images, 2049 a file of labels.
public struct IDXFile: Equatable, Sendable {
  /// The sizes, slowest first: count, rows and columns of images; count of labels. All positive.
  public let dimensions: [Int]
  /// The values in row-major order, as many as the product of `dimensions`.
  public let bytes: [UInt8]

  /// The most bytes that are read, compressed or not.
  static let limit = 1 << 30

  /// Reads an IDX file; one whose name ends in `.gz` is decompressed.
  ///
  /// What the header announces is believed only as far as the file bears it out: nothing is
  /// allocated for bytes that are not there.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - rank: The number of dimensions that the file must have: 3 for images, 1 for labels.
  /// - Throws: `FileError` if the file cannot be read, is not what was expected, or does not have
  ///   exactly the bytes that its header announces.
  public init(contentsOf path: String, rank: Int) throws(FileError) {
    if path.hasSuffix(".gz") {
      let compressed = [UInt8](try readFile(path, limit: Self.limit))
      func start(limit: Int) throws(FileError) -> [UInt8] {
        do {
          return try gunzip(compressed, limit: limit)
        } catch {
          throw FileError(.read, path, error.reason)
        }
      }
      let headerSize = Header.size(rank: rank)
      let header = try Header(parsing: start(limit: headerSize), path: path, rank: rank)
      guard header.dataSize <= Self.limit else {
        throw FileError(
          .read, path, "it announces \(header.shape) bytes of data, more than 1 GiB")
      }
      // One byte more than announced shows whether there are any.
      let file = try start(limit: headerSize + header.dataSize + 1)
      try self.init(parsing: file, path: path, rank: rank)
    } else {
      try self.init(parsing: [UInt8](readFile(path, limit: Self.limit)), path: path, rank: rank)
    }
  }

  /// Takes the bytes of a whole file apart; `path` is for the errors.
  init(parsing file: [UInt8], path: String, rank: Int) throws(FileError) {
    let header = try Header(parsing: file, path: path, rank: rank)
    let data = file.dropFirst(Header.size(rank: rank))
    guard data.count >= header.dataSize else {
      throw FileError(
        .read, path, "it ends after \(data.count) of the announced \(header.shape) bytes of data")
    }
    guard data.count == header.dataSize else {
      throw FileError(.read, path, "it goes on after the announced \(header.shape) bytes of data")
    }
    dimensions = header.dimensions
    bytes = [UInt8](data)
  }
}

extension IDXFile {
  /// The header before the data.
  private struct Header {
    var dimensions: [Int]

    static func size(rank: Int) -> Int { 4 + 4 * rank }

    /// The product of the dimensions, `Int.max` if that is exceeded.
    var dataSize: Int {
      dimensions.reduce(1) { product, dimension in
        let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
        return overflow ? .max : next
      }
    }

    /// The dimensions for people: "60000 × 28 × 28".
    var shape: String { dimensions.map(String.init).joined(separator: " × ") }

    init(parsing file: [UInt8], path: String, rank: Int) throws(FileError) {
      if let reason = Self.complaint(aboutMagicNumberOf: file, rank: rank) {
        throw FileError(.read, path, reason)
      }
      let size = Self.size(rank: rank)
      guard file.count >= size else {
        throw FileError(.read, path, "it ends after \(file.count) of \(size) header bytes")
      }
      dimensions = (1...rank).map { integer(in: file, at: 4 * $0) }
      guard dimensions.allSatisfy({ 1...Int(Int32.max) ~= $0 }) else {
        throw FileError(
          .read, path, "its dimensions \(shape) are not all between 1 and \(Int32.max)")
      }
    }

    /// What is wrong with the first four bytes, if they are there; nil if nothing is.
    private static func complaint(aboutMagicNumberOf file: [UInt8], rank: Int) -> String? {
      if file.starts(with: [0x1F, 0x8B]) {
        return "it is compressed with gzip: give it a name that ends in .gz"
      }
      guard file.count >= 4 else { return nil }
      let magic = integer(in: file, at: 0)
      let expected = 0x0800 + rank
      if magic == expected { return nil }
      let (zero, type, dimensions) = (magic >> 16, magic >> 8 & 0xFF, magic & 0xFF)
      if zero == 0, type == 0x08 {
        return "its magic number \(magic) stands for \(kind(dimensions)); "
          + "expected \(expected), \(kind(rank))"
      }
      if zero == 0, let name = otherTypes[type] {
        return "its magic number \(magic) stands for \(name); expected \(expected), unsigned bytes"
      }
      if magic.byteSwapped >> 32 == expected {
        return "its magic number is byte-swapped; the integers of IDX are big-endian"
      }
      return "it starts with \(magic), not with \(expected), the magic number of \(kind(rank))"
    }

    private static func kind(_ rank: Int) -> String {
      switch rank {
      case 1: "labels (1 dimension)"
      case 3: "images (3 dimensions)"
      default: "an array of \(rank) dimensions"
      }
    }

    /// The element types of IDX that no image data set uses, by code.
    private static let otherTypes = [
      0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers",
      0x0D: "32-bit floats", 0x0E: "64-bit floats",
    ]
  }
}

/// The big-endian 32-bit unsigned integer at an offset.
private func integer(in bytes: [UInt8], at offset: Int) -> Int {
  bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
}
