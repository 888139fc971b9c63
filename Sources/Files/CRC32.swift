/// The checksum of gzip and PNG (RFC 1952, section 8), which checkpoints use too.
///
/// It detects every change of a single bit, or of any bits within a stretch of 32.
public func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { remainder, byte in
    remainder >> 8 ^ remainders[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
  }
}

/// The remainder of each byte after division by the polynomial.
private let remainders: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(byte) { remainder, _ in
    remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0)
  }
}
