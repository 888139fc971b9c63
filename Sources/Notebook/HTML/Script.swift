import Files
import Foundation

/// A script of a page, without its tags.
struct Script: Equatable {
  /// The script itself, in a form that is well-formed XML too.
  let text: String

  /// The names of the scripts that all figures share, in the order in which a page runs them.
  static let sharedNames = ["numbers", "stage", "plot", "drawing", "controls", "page"]

  /// What all figures share.
  static var shared: [Script] { sharedNames.compactMap { Script($0) } }

  /// A script of that name, read where Resources was when this was compiled; nil if it is not there.
  init?(_ name: String) {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    let path = (folder + ["Resources", "\(name).js"]).joined(separator: "/")
    guard let bytes = try? readFile(path) else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// One script after the other.
  init(joining scripts: [Script]) {
    let text = scripts.map(\.text).joined(separator: "\n")
    self.text = "//<![CDATA[\n\(text)\n//]]>"
  }

  /// What a Content-Security-Policy calls the script, so that a browser runs it and no other.
  var integrity: String { "sha256-" + SHA256.hash(of: Array(text.utf8)).base64EncodedString() }
}

/// The hash function of FIPS 180-4, section 6.2.
enum SHA256 {
  /// The hash of some bytes, 32 bytes long.
  static func hash(of message: [UInt8]) -> Data {
    var bytes = message + [0x80]
    bytes += [UInt8](repeating: 0, count: (120 - bytes.count % 64) % 64)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: (8 * message.count) >> (56 - 8 * $0)) }
    var state = rootFractions(of: primes.prefix(8), cube: false)
    for start in stride(from: 0, to: bytes.count, by: 64) {
      compress(Array(bytes[start..<start + 64]), into: &state)
    }
    return Data(
      state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } })
  }

  private static func compress(_ block: [UInt8], into state: inout [UInt32]) {
    func turned(_ x: UInt32, _ bits: UInt32) -> UInt32 { x >> bits | x << (32 - bits) }
    var w = (0..<16).map { i in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(block[4 * i + $1]) } }
    for t in 16..<64 {
      let s0 = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ w[t - 15] >> 3
      let s1 = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ w[t - 2] >> 10
      w.append(w[t - 16] &+ s0 &+ w[t - 7] &+ s1)
    }
    var s = state
    for t in 0..<64 {
      let (a, b, c, e, f, g) = (s[0], s[1], s[2], s[4], s[5], s[6])
      let s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
      let t1 = s[7] &+ s1 &+ (e & f ^ ~e & g) &+ constants[t] &+ w[t]
      let s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
      let t2 = s0 &+ (a & b ^ a & c ^ b & c)
      s = [t1 &+ t2, a, b, c, s[3] &+ t1, e, f, g]
    }
    for i in 0..<8 { state[i] &+= s[i] }
  }

  private static let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
  private static let constants = rootFractions(of: primes.prefix(64), cube: true)

  /// The first 32 bits of the fractions of square or cube roots, computed with integers.
  private static func rootFractions(of numbers: ArraySlice<Int>, cube: Bool) -> [UInt32] {
    numbers.map { n in
      // The largest r with r² or r³ at most n · 2⁶⁴ or n · 2⁹⁶: the root, times 2³².
      var root: UInt64 = 0
      for bit in (0..<37).reversed() {
        let next = root | 1 << UInt64(bit)
        let (limit, power) =
          cube
          ? (UInt128(n) << 96, UInt128(next) * UInt128(next) * UInt128(next))
          : (UInt128(n) << 64, UInt128(next) * UInt128(next))
        if power <= limit { root = next }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }
}
