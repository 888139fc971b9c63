import Files

/// Why bytes are not a gzip file.
struct GzipError: Error, Equatable {
  /// What is wrong, as a clause.
  let reason: String

  static let endsEarly = GzipError(reason: "its compressed data end before they are complete")
  static let damaged = GzipError(reason: "its compressed data are damaged")
}

/// Decompresses a gzip file (RFC 1952), as far as the caller wants it.
///
/// Foundation has no decompressor, and a program such as `gzip` is not on every machine that a
/// chapter runs on. No more memory is taken than `limit` asks for, so that a small file that claims
/// to be a large one does no harm.
///
/// - Returns: All the bytes, or the first `limit` of them if there are more. Lengths and checksums
///   are compared as far as the file is read.
func gunzip(_ file: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
  var bits = BitReader(file)
  var bytes: [UInt8] = []
  // A gzip file can consist of several, one after the other.
  repeat {
    guard try bits.take(16) == 0x8B1F else {
      throw GzipError(
        reason: bytes.isEmpty
          ? "it is not compressed with gzip" : "something else follows its compressed data")
    }
    try bits.skipHeader()
    let start = bytes.count
    guard try bits.inflate(into: &bytes, limit: limit) else { return bytes }
    bits.dropRestOfByte()
    let checksum = try UInt32(bits.take(16) | bits.take(16) << 16)
    let count = try UInt32(bits.take(16) | bits.take(16) << 16)
    let member = start == 0 ? bytes : [UInt8](bytes[start...])
    guard crc32(member) == checksum, UInt32(truncatingIfNeeded: member.count) == count else {
      throw GzipError(reason: "its compressed data do not have the checksum and length they should")
    }
  } while !bits.isAtEnd
  return bytes
}

/// A file as a sequence of bits, the lowest of each byte first.
private struct BitReader {
  private let file: [UInt8]
  private var position = 0
  /// Bits that have been read ahead, the next one lowest.
  private var buffer: UInt64 = 0
  private var count = 0

  init(_ file: [UInt8]) { self.file = file }

  var isAtEnd: Bool { count == 0 && position == file.count }

  /// The next bits, at most 16, without taking them; zeros follow the end of the file.
  mutating func peek(_ size: Int) -> Int {
    while count < size, position < file.count {
      buffer |= UInt64(file[position]) << UInt64(count)
      position += 1
      count += 8
    }
    return Int(buffer & (1 << UInt64(size) - 1))
  }

  mutating func drop(_ size: Int) throws(GzipError) {
    guard size <= count else { throw .endsEarly }
    buffer >>= UInt64(size)
    count -= size
  }

  /// An integer of this many bits, at most 16.
  mutating func take(_ size: Int) throws(GzipError) -> Int {
    let value = peek(size)
    try drop(size)
    return value
  }

  mutating func dropRestOfByte() {
    buffer >>= UInt64(count % 8)
    count -= count % 8
  }

  mutating func takeSymbol(of code: PrefixCode) throws(GzipError) -> Int {
    let entry = code.table[peek(code.longest)]
    guard entry.length > 0 else { throw .damaged }
    try drop(Int(entry.length))
    return Int(entry.symbol)
  }
}

// MARK: - The header of gzip

extension BitReader {
  /// Everything between the magic number and the compressed data: a fixed part, and what its
  /// flags announce.
  mutating func skipHeader() throws(GzipError) {
    let (method, flags) = (try take(8), try take(8))
    guard method == 8, flags < 32 else {
      throw GzipError(reason: "its compressed data begin with a header that is not one of gzip")
    }
    // The date, and hints about the program.
    for _ in 0..<3 { _ = try take(16) }
    if flags & 4 != 0 {
      for _ in 0..<(try take(16)) { _ = try take(8) }
    }
    // A name and a comment, each of which ends in a zero.
    for flag in [8, 16] where flags & flag != 0 {
      while try take(8) != 0 {}
    }
    // The header's own checksum.
    if flags & 2 != 0 { _ = try take(16) }
  }
}

// MARK: - Deflate

extension BitReader {
  /// Decompresses the blocks of RFC 1951.
  ///
  /// - Returns: Whether the last block came to its end; otherwise there are `limit` bytes.
  mutating func inflate(into bytes: inout [UInt8], limit: Int) throws(GzipError) -> Bool {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      let isComplete =
        switch try take(2) {
        case 0: try copyStored(into: &bytes, limit: limit)
        case 1: try inflateBlock(.fixedLiterals, .fixedDistances, into: &bytes, limit: limit)
        case 2: try inflateBlockWithCodes(into: &bytes, limit: limit)
        default: throw .damaged
        }
      if !isComplete { return false }
    }
    return true
  }

  /// A block that is not compressed (section 3.2.4).
  private mutating func copyStored(
    into bytes: inout [UInt8], limit: Int
  ) throws(GzipError) -> Bool {
    dropRestOfByte()
    let size = try take(16)
    guard try take(16) == ~size & 0xFFFF else { throw .damaged }
    for _ in 0..<size {
      guard bytes.count < limit else { return false }
      bytes.append(UInt8(try take(8)))
    }
    return true
  }

  /// A block that begins with the lengths of its codes, which are compressed themselves (3.2.7).
  private mutating func inflateBlockWithCodes(
    into bytes: inout [UInt8], limit: Int
  ) throws(GzipError) -> Bool {
    let (literals, distances) = (257 + (try take(5)), 1 + (try take(5)))
    var lengthsOfLengths = [UInt8](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for index in order.prefix(4 + (try take(4))) { lengthsOfLengths[index] = UInt8(try take(3)) }
    let code = try PrefixCode(lengths: lengthsOfLengths)
    var lengths: [UInt8] = []
    while lengths.count < literals + distances {
      let symbol = try takeSymbol(of: code)
      let (length, count): (UInt8, Int) =
        switch symbol {
        case ..<16: (UInt8(symbol), 1)
        case 16:
          if let last = lengths.last { (last, 3 + (try take(2))) } else { throw .damaged }
        case 17: (0, 3 + (try take(3)))
        default: (0, 11 + (try take(7)))
        }
      lengths += [UInt8](repeating: length, count: count)
    }
    guard lengths.count == literals + distances else { throw .damaged }
    return try inflateBlock(
      PrefixCode(lengths: [UInt8](lengths[..<literals])),
      PrefixCode(lengths: [UInt8](lengths[literals...])), into: &bytes, limit: limit)
  }

  /// The symbols of a block: bytes, and references to bytes that came before (3.2.5).
  private mutating func inflateBlock(
    _ literals: PrefixCode, _ distances: PrefixCode, into bytes: inout [UInt8], limit: Int
  ) throws(GzipError) -> Bool {
    while true {
      let symbol = try takeSymbol(of: literals)
      if symbol == 256 { return true }
      guard bytes.count < limit else { return false }
      if symbol < 256 {
        bytes.append(UInt8(symbol))
        continue
      }
      let length = 3 + (try takeExtent(symbol - 257, of: .lengths))
      let distance = 1 + (try takeExtent(takeSymbol(of: distances), of: .distances))
      guard distance <= bytes.count else { throw .damaged }
      for _ in 0..<length {
        guard bytes.count < limit else { return false }
        bytes.append(bytes[bytes.count - distance])
      }
    }
  }

  private mutating func takeExtent(_ kind: Int, of extents: Extents) throws(GzipError) -> Int {
    guard kind < extents.bases.count else { throw .damaged }
    return extents.bases[kind] + (try take(extents.extraBits[kind]))
  }
}

/// How kinds of lengths and distances, with some extra bits, represent the numbers from 0 on.
private struct Extents {
  let extraBits: [Int]
  /// The least number of each kind.
  let bases: [Int]

  /// Each kind begins where the one before ends.
  init(extraBits: [Int]) {
    self.extraBits = extraBits
    var next = 0
    bases = extraBits.map { bits in
      defer { next += 1 << bits }
      return next
    }
  }

  /// The last kind is an exception to the rule: it represents only 255.
  static let lengths = {
    let regular = Extents(
      extraBits: [0, 0, 0, 0] + (0..<6).flatMap { [Int](repeating: $0, count: 4) })
    return Extents(
      extraBits: regular.extraBits + [0], bases: regular.bases + [255])
  }()

  static let distances = Extents(extraBits: [0, 0] + (0..<14).flatMap { [$0, $0] })

  private init(extraBits: [Int], bases: [Int]) {
    self.extraBits = extraBits
    self.bases = bases
  }
}

/// A prefix code, given by the length of each symbol's word (section 3.2.2).
private struct PrefixCode {
  struct Entry {
    var symbol: UInt16 = 0
    /// 0 for bits that no word begins with.
    var length: UInt8 = 0
  }

  /// The length of the longest word.
  let longest: Int
  /// The word that begins each pattern of `longest` bits, the first bit lowest.
  let table: [Entry]

  init(lengths: [UInt8]) throws(GzipError) {
    longest = Int(lengths.max() ?? 0)
    var table = [Entry](repeating: Entry(), count: 1 << longest)
    // Words of one length are consecutive numbers, in the order of their symbols.
    var word = 0
    for length in 1..<(longest + 1) {
      word <<= 1
      for (symbol, _) in lengths.enumerated().filter({ $0.element == length }) {
        guard word < 1 << length else { throw .damaged }
        let reversed = (0..<length).reduce(0) { $0 << 1 | word >> $1 & 1 }
        for index in stride(from: reversed, to: table.count, by: 1 << length) {
          table[index] = Entry(symbol: UInt16(symbol), length: UInt8(length))
        }
        word += 1
      }
    }
    self.table = table
  }

  private init(fixed lengths: [UInt8]) {
    // The lengths that the format itself fixes form a valid code.
    self = try! PrefixCode(lengths: lengths)
  }

  static let fixedLiterals = PrefixCode(
    fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = PrefixCode(fixed: [UInt8](repeating: 5, count: 30))
}
