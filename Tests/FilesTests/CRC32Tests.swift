import Files
import Testing

@Suite struct Checksums {
  @Test("CRC-32 checksums are those of the standard")
  func theyAreThoseOfTheStandard() {
    // The check value of the catalogue of CRC algorithms.
    #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(crc32([]) == 0)
  }

  @Test("Flipping one bit changes the checksum")
  func oneBitMakesAnother() {
    let bytes = [UInt8](0..<200)
    for bit in 0..<8 * bytes.count {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(crc32(damaged) != crc32(bytes))
    }
  }
}
