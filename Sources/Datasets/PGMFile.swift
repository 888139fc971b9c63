import Files

/// A grey picture from a file in netpbm's format PGM, raw (P5) or plain (P2).
///
/// The format (the manual page pgm(5) of netpbm): `P5` or `P2`, then the width, the height and the
/// largest grey value as decimal numbers with white space between them, and the grey values row by
/// row. In a raw file one white-space character follows the header, and each value is a byte, or two
/// with the larger one first if the largest value exceeds 255; in a plain file values are decimal
/// numbers. A comment runs from `#` to the end of the line.
public struct PGMFile: Equatable, Sendable {
  /// The height in pixels.
  public let rows: Int
  /// The width in pixels.
  public let columns: Int
  /// The grey values, 0 black and 255 white, whatever the file's own largest value: row-major.
  public let pixels: [UInt8]

  /// Reads a PGM file.
  ///
  /// What the header announces is believed only as far as the file bears it out: nothing is
  /// allocated for pixels that are not there.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - mostPixels: The largest number of pixels that the picture may have.
  /// - Throws: `FileError` if the file cannot be read, is not PGM, is damaged, or has more pixels.
  public init(contentsOf path: String, mostPixels: Int = 1 << 24) throws(FileError) {
    let file = [UInt8](try readFile(path, limit: 1 << 28))
    do { try self.init(parsing: file, mostPixels: mostPixels) } catch {
      throw FileError(.read, path, error.reason)
    }
  }

  /// What is wrong with a file, as a clause.
  struct Defect: Error, Equatable { let reason: String }

  /// Takes the bytes of a whole file apart.
  init(parsing file: [UInt8], mostPixels: Int = 1 << 24) throws(Defect) {
    let isPlain = try Self.isPlain(file)
    var scanner = Scanner(file, from: 2)
    guard scanner.isAtSpace else {
      throw Defect(reason: "after its first two characters there is no white space")
    }
    func header(_ name: String, _ allowed: ClosedRange<Int>) throws(Defect) -> Int {
      guard let number = scanner.number() else {
        throw Defect(
          reason: scanner.isAtEnd
            ? "it ends before its \(name)" : "where its \(name) should be, there is no number")
      }
      guard allowed.contains(number) else {
        let found = number == .max ? "too large" : "\(number)"
        throw Defect(
          reason: "its \(name) is \(found); it must be from \(allowed.lowerBound) "
            + "to \(allowed.upperBound)")
      }
      return number
    }
    columns = try header("width", 1...Int(Int32.max))
    rows = try header("height", 1...Int(Int32.max))
    let largest = try header("largest grey value", 1...65535)
    let count = rows * columns
    guard count <= mostPixels else {
      throw Defect(reason: tooManyPixels(rows: rows, columns: columns, most: mostPixels))
    }

    let bytesPerPixel = largest > 255 ? 2 : 1
    if !isPlain {
      guard scanner.isAtEnd || scanner.isAtSpace else {
        throw Defect(reason: "after its largest grey value there is no white space")
      }
      scanner.skipOneSpace()
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(min(count, file.count))
    while pixels.count < count {
      guard let value = isPlain ? scanner.number() : scanner.binary(bytes: bytesPerPixel) else {
        throw Defect(
          reason: scanner.isAtEnd
            ? "it ends after \(pixels.count) of \(count) pixels"
            : "pixel \(pixels.count + 1) is not a number")
      }
      guard value <= largest else {
        let found = value == .max ? "too large" : "\(value)"
        throw Defect(
          reason: "pixel \(pixels.count + 1) is \(found), and its largest grey value is \(largest)")
      }
      pixels.append(UInt8((value * 255 + largest / 2) / largest))
    }
    self.pixels = pixels
    scanner.skipSpace()
    guard scanner.isAtEnd else {
      throw Defect(reason: "it goes on after its last pixel; only one picture a file is read")
    }
  }

  private static func isPlain(_ file: [UInt8]) throws(Defect) -> Bool {
    switch String(decoding: file.prefix(2), as: UTF8.self) {
    case "P2": return true
    case "P5": return false
    case "P1", "P4":
      throw Defect(reason: "it is a black-and-white PBM file, not a grey PGM file")
    case "P3", "P6": throw Defect(reason: "it is a colour PPM file, not a grey PGM file")
    case "P7": throw Defect(reason: "it is a PAM file, not a PGM file")
    default: throw Defect(reason: "it does not begin with P5 or P2, as PGM files do")
    }
  }
}

/// Reads numbers from bytes, one after another.
private struct Scanner {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], from position: Int) { (self.bytes, self.position) = (bytes, position) }

  var isAtEnd: Bool { position >= bytes.count }

  var isAtSpace: Bool { !isAtEnd && (Self.isSpace(bytes[position]) || bytes[position] == hash) }

  /// Skips a white-space character, or a comment with the line break that ends it.
  mutating func skipOneSpace() {
    if !isAtEnd, bytes[position] == hash {
      while !isAtEnd, bytes[position] != newline { position += 1 }
    }
    position += 1
  }

  mutating func skipSpace() {
    while isAtSpace { skipOneSpace() }
  }

  /// The next decimal number, `Int.max` if it is far too large; nil where there is none.
  mutating func number() -> Int? {
    skipSpace()
    let start = position
    var number = 0
    while !isAtEnd, digits.contains(bytes[position]) {
      number = number > 1 << 32 ? .max : 10 * number + Int(bytes[position] - digits.lowerBound)
      position += 1
    }
    // A number ends at white space, at a comment, or with the file.
    return position > start && (isAtEnd || isAtSpace) ? number : nil
  }

  /// The next one or two bytes as a number, the larger one first; nil if they are not all there.
  mutating func binary(bytes count: Int) -> Int? {
    guard position + count <= bytes.count else {
      position = bytes.count
      return nil
    }
    defer { position += count }
    return bytes[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}

private let hash = UInt8(ascii: "#")
private let newline = UInt8(ascii: "\n")
private let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
