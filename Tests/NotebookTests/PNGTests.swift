import Files
import Foundation
import Testing

@testable import Notebook

/// What a PNG file says of itself, and its pixels.
private struct DecodedPNG {
  var chunks: [String] = []
  var header: [UInt8] = []
  var transparent: [UInt8] = []
  var rows: [[UInt8]] = []

  /// Reads a file of the kind that is written here, and every checksum in it.
  init(_ data: Data) throws {
    var rest = Array(data)[...]
    try #require(rest.prefix(8).elementsEqual([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    rest = rest.dropFirst(8)
    while !rest.isEmpty {
      let count = Int(number(rest.prefix(4)))
      let body = Array(rest.dropFirst(4).prefix(4 + count))
      #expect(number(rest.dropFirst(8 + count).prefix(4)) == crc32(body))
      let name = String(decoding: body.prefix(4), as: UTF8.self)
      chunks.append(name)
      switch name {
      case "IHDR": header = Array(body.dropFirst(4))
      case "tRNS": transparent = Array(body.dropFirst(4))
      case "IDAT":
        let width = Int(number(header.prefix(4)))
        let bytes = try inflated(Array(body.dropFirst(4)))
        rows = stride(from: 0, to: bytes.count, by: width + 1).map {
          Array(bytes[$0..<min($0 + width + 1, bytes.count)])
        }
      default: break
      }
      rest = rest.dropFirst(12 + count)
    }
  }
}

private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.reduce(0) { $0 << 8 | UInt32($1) }
}

/// The bytes of a zlib stream of one block of fixed codes, by the tables of RFC 1951, section 3.2.5.
private func inflated(_ stream: [UInt8]) throws -> [UInt8] {
  var place = 16
  func bits(_ count: Int) -> Int {
    (0..<count).reduce(0) { value, index in
      defer { place += 1 }
      return value | Int(stream[place / 8] >> (place % 8) & 1) << index
    }
  }
  func code(_ count: Int, from start: Int = 0) -> Int {
    (0..<count).reduce(start) { value, _ in value << 1 | bits(1) }
  }
  func symbol() -> Int {
    let seven = code(7)
    if seven < 0b0011000 { return 256 + seven }
    let eight = code(1, from: seven)
    switch eight {
    case 0b00110000...0b10111111: return eight - 0b00110000
    case 0b11000000...0b11000111: return 280 + eight - 0b11000000
    default: return 144 + code(1, from: eight) - 0b110010000
    }
  }
  let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]

  try #require(number(stream[0..<2]) % 31 == 0 && stream[0] == 0x78)
  try #require(bits(3) == 0b011)
  var bytes: [UInt8] = []
  while true {
    let next = symbol()
    if next == 256 { break }
    if next < 256 {
      bytes.append(UInt8(next))
    } else {
      let length = lengths[next - 257] + bits(lengthBits[next - 257])
      let kind = code(5)
      let distance = distances[kind] + bits(distanceBits[kind])
      try #require(distance <= bytes.count)
      for _ in 0..<length { bytes.append(bytes[bytes.count - distance]) }
    }
  }
  #expect(number(stream.suffix(4)) == adler32(bytes))
  return bytes
}

@Test("The checksum of a known text is the published one")
func theChecksumOfAKnownText() {
  // The example text of RFC 1950.
  #expect(adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
}

@Test("A picture of one pixel is a valid PNG file")
func theSmallestPicture() throws {
  let picture = try DecodedPNG(png(width: 1, height: 1, levels: [7]))
  #expect(picture.chunks == ["IHDR", "IDAT", "IEND"])
  #expect(picture.header == [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
  #expect(picture.rows == [[0, 7]])
}

/// Pictures that need every kind of code: even areas (the longest runs), rows that repeat at a great
/// distance, noise without any repetition, and all levels.
@Test(arguments: [(1, 1), (3, 5), (258, 4), (700, 60), (40_000, 2)])
func everyPixelComesBack(_ width: Int, _ height: Int) throws {
  var state: UInt32 = 1
  let noise = (0..<width).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(state >> 24)
  }
  let rows = (0..<height).map { row in
    switch row % 4 {
    case 0: noise
    case 1: Array(repeating: UInt8(255), count: width)
    case 2: (0..<width).map { UInt8($0 / 3 % 256) }
    default: Array(noise.reversed())
    }
  }
  let data = png(width: width, height: height, levels: Array(rows.joined()))
  #expect(try DecodedPNG(data).rows == rows.map { [0] + $0 })
}

@Test("A picture of one colour takes hardly any space")
func evenAreasTakeNextToNothing() {
  let data = png(width: 1000, height: 1000, levels: Array(repeating: 0, count: 1_000_000))
  // 258 bytes take 13 bits: 1,001,000 / 258 · 13 / 8 bytes are 6305.
  #expect(data.count < 7000)
}

@Test("A grid of images becomes one picture with transparent gaps")
func aGridIsOnePictureWithGaps() throws {
  let image = { (level: Float) in GrayImage(width: 2, height: 1, pixels: [level, .nan]) }
  let grid = ImageGrid([.init([image(1), image(0.5)]), .init([image(1.0 / 255)])])
  let picture = try DecodedPNG(try #require(grid.png(scale: 1)))
  #expect(picture.transparent == [0, 1])
  // A gap of two pixels; what would be as transparent as a gap is one level brighter.
  #expect(
    picture.rows == [
      [0, 255, 0, 1, 1, 128, 0], [0, 1, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1, 1],
      [0, 2, 0, 1, 1, 1, 1],
    ])
  let twice = try DecodedPNG(try #require(grid.png(scale: 2)))
  #expect(twice.rows.count == 8)
  #expect(twice.rows[1] == [0, 255, 255, 0, 0, 1, 1, 1, 1, 128, 128, 0, 0])
  #expect(ImageGrid([]).png(scale: 2) == nil)
  #expect(ImageGrid([.init([])]).png(scale: 2) == nil)
}
