/// The bytes in the format of zlib (RFC 1950), compressed by one block of fixed codes (RFC 1951).
///
/// Takes time in proportion to the number of bytes. A match is looked for only where three bytes
/// with the same hash last occurred. That is enough for pictures with uniform areas and repeated
/// rows.
func zlibStream(of bytes: [UInt8]) -> [UInt8] {
  var stream = BitStream(bytes: [0x78, 0x01])
  // The last block (1), with fixed codes (01).
  stream.append(0b011, count: 3)
  var lastPlaces = Array(repeating: -1, count: 1 << 15)
  var index = 0
  while index < bytes.count {
    var length = 0
    var distance = 0
    if index + 3 <= bytes.count {
      let place = lastPlace(of: bytes, at: index, &lastPlaces)
      distance = index - place
      if place >= 0, distance <= 1 << 15 {
        let longest = min(258, bytes.count - index)
        while length < longest, bytes[place + length] == bytes[index + length] { length += 1 }
      }
    }
    if length < 3 {
      stream.appendSymbol(Int(bytes[index]))
      index += 1
    } else {
      stream.appendReference(length: length, distance: distance)
      for passed in (index + 1)..<(index + length) where passed + 3 <= bytes.count {
        _ = lastPlace(of: bytes, at: passed, &lastPlaces)
      }
      index += length
    }
  }
  stream.appendSymbol(256)
  return stream.bytes + bigEndian(adler32(bytes))
}

/// Where three bytes with the same hash last occurred, or −1. It then records the current position.
private func lastPlace(of bytes: [UInt8], at index: Int, _ lastPlaces: inout [Int]) -> Int {
  let three = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
  let hash = Int((three &* 0x9E37_79B1) >> 17)
  defer { lastPlaces[hash] = index }
  return lastPlaces[hash]
}

func adler32(_ bytes: [UInt8]) -> UInt32 {
  var (first, second): (UInt32, UInt32) = (1, 0)
  for byte in bytes {
    first = (first + UInt32(byte)) % 65521
    second = (second + first) % 65521
  }
  return second << 16 | first
}

/// Bytes that are filled from their lowest bit up.
private struct BitStream {
  var bytes: [UInt8]
  private var room = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Appends the lowest bits of a number, the lowest first.
  mutating func append(_ bits: Int, count: Int) {
    for place in 0..<count {
      if room == 0 {
        bytes.append(0)
        room = 8
      }
      bytes[bytes.count - 1] |= UInt8(bits >> place & 1) << (8 - room)
      room -= 1
    }
  }

  /// Appends a code, whose highest bit comes first.
  private mutating func appendCode(_ code: Int, count: Int) {
    for place in (0..<count).reversed() { append(code >> place, count: 1) }
  }

  /// A byte, the end (256) or a kind of length, in the fixed code of RFC 1951, section 3.2.6.
  mutating func appendSymbol(_ symbol: Int) {
    switch symbol {
    case ..<144: appendCode(0x30 + symbol, count: 8)
    case ..<256: appendCode(0x190 + symbol - 144, count: 9)
    case ..<280: appendCode(symbol - 256, count: 7)
    default: appendCode(0xC0 + symbol - 280, count: 8)
    }
  }

  /// "The `length` bytes that came `distance` bytes ago", by the tables of section 3.2.5: above the
  /// first few, each power of two is divided into four kinds of length and two of distance.
  mutating func appendReference(length: Int, distance: Int) {
    let (length, distance) = (length - 3, distance - 1)
    if length == 255 {
      appendSymbol(285)
    } else {
      let extra = max(0, length.highestBit - 2)
      appendSymbol(257 + (extra == 0 ? length : 4 * (extra + 1) + (length >> extra & 3)))
      append(length, count: extra)
    }
    let extra = max(0, distance.highestBit - 1)
    appendCode(extra == 0 ? distance : 2 * (extra + 1) + (distance >> extra & 1), count: 5)
    append(distance, count: extra)
  }
}

extension Int {
  /// The place of the highest bit that is set; −1 if there is none.
  fileprivate var highestBit: Int { Int.bitWidth - 1 - leadingZeroBitCount }
}
