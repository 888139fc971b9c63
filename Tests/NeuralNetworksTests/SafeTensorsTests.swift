import Foundation
import Probability
import Testing

@testable import NeuralNetworks

/// A file with the given header, right or wrong, padded to a multiple of 8 bytes.
private func file(_ header: String, data: [UInt8] = []) -> Data {
  var json = Data(header.utf8)
  while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
  let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
  return Data(length) + json + data
}

/// Every type, an array of no dimensions, an empty one, and characters that JSON escapes or not.
private let contents = SafeTensors(
  entries: [
    .init(name: "step", type: .u64, shape: [], bytes: Data([7, 0, 0, 0, 0, 0, 0, 0])),
    .init(name: "b", type: .f64, shape: [1], bytes: Data([0, 0, 0, 0, 0, 0, 0xF8, 0x3F])),
    .init(
      name: "w", type: .f32, shape: [2, 2],
      bytes: Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x90, 0x40])),
    .init(name: "u", type: .u8, shape: [3], bytes: Data([1, 2, 3])),
    .init(name: "é/\"q\\\n", type: .u8, shape: [0, 3], bytes: Data()),
  ],
  metadata: ["k": "v/é"])

/// What `safetensors.numpy.save` 0.8.0 of Python makes of the same arrays.
private let fromPython = file(
  #"{"__metadata__":{"k":"v/é"},"#
    + #""step":{"dtype":"U64","shape":[],"data_offsets":[0,8]},"#
    + #""b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"#
    + #""w":{"dtype":"F32","shape":[2,2],"data_offsets":[16,32]},"#
    + #""u":{"dtype":"U8","shape":[3],"data_offsets":[32,35]},"#
    + #""é/\"q\\\n":{"dtype":"U8","shape":[0,3],"data_offsets":[35,35]}}"#,
  data: [
    7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40,
    0, 0, 0x40, 0x40, 0, 0, 0x90, 0x40, 1, 2, 3,
  ])

private struct Refusal: Sendable, CustomTestStringConvertible {
  var file: Data
  var reason: String
  var testDescription: String { reason }
}

/// A file of one array `a` whose fields are given in JSON.
private func oneArray(_ fields: String, data: [UInt8] = []) -> Data {
  file(#"{"a":{\#(fields)}}"#, data: data)
}

private let improper = #"its array "a" lacks a proper dtype, shape or data_offsets"#
private let noFile = "it is not a SafeTensors file: "
private let noObject = noFile + "its header is not a JSON object in UTF-8"

@Suite struct SafeTensorsTests {
  @Test("Tensors are encoded to the bytes that Python's library writes")
  func encodesLikePython() {
    #expect(contents.encoded() == fromPython)
  }

  @Test("A file that Python's library wrote is decoded")
  func decodesWhatPythonWrote() throws {
    #expect(try SafeTensors(decoding: fromPython) == contents)
  }

  @Test("A slice of data is decoded from its own first byte")
  func aSliceIsDecodedFromItsOwnStart() throws {
    let padded = Data([1, 2, 3]) + fromPython + Data([4])
    let decoded = try SafeTensors(decoding: padded[3..<3 + fromPython.count])
    #expect(decoded == contents)
    #expect(decoded.entries.allSatisfy { $0.bytes.startIndex == 0 })
  }

  @Test("A file may hold no tensors at all")
  func nothingAtAllIsAFileToo() throws {
    let empty = SafeTensors(entries: [])
    #expect(empty.encoded() == file("{}"))
    #expect(try SafeTensors(decoding: empty.encoded()) == empty)
  }

  @Test("The same notes give the same bytes, however the dictionary is ordered")
  func encodingIsDeterministic() throws {
    let keys = (0..<50).map { "key \($0)" }
    func encoded(_ keys: some Sequence<String>) -> Data {
      var metadata: [String: String] = [:]
      for key in keys { metadata[key] = key }
      return SafeTensors(entries: [], metadata: metadata).encoded()
    }
    #expect(encoded(keys) == encoded(keys.reversed()))
    #expect(try SafeTensors(decoding: encoded(keys)).metadata.count == 50)
  }

  @Test(
    "What could be read in two ways is refused",
    arguments: [
      // A field or a note that stands there twice, of which Python takes the last.
      #"{"a":{"dtype":"U8","shape":[1],"shape":[1,1],"data_offsets":[0,1]}}"#,
      #"{"a":{"dtype":"U8","dtype":"F64","shape":[1],"data_offsets":[0,1]}}"#,
      #"{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      #"{"__metadata__":{"k":"1"},"__metadata__":{"k":"2"},"#
        + #""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      // The same name, composed and decomposed.
      #"{"__metadata__":{"\u00e9":"1","e\u0301":"2"},"#
        + #""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      // Fractions, and fields that say nothing.
      #"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#,
      #"{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}"#,
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"unknown":null}}"#,
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[-0,1]}}"#,
      #"{"a": {"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    ])
  func otherSpellings(header: String) {
    let reason = "its header is not written as these chapters write it"
    #expect(throws: SafeTensors.FormatError(reason: reason)) {
      try SafeTensors(decoding: file(header, data: [1]))
    }
  }

  @Test("Every bit that changes is noticed by the checksum or by the format")
  func checksum() throws {
    let sealed = contents.sealed()
    #expect(sealed.checksum == sealed.expectedChecksum)
    #expect(sealed.sealed() == sealed)
    #expect(contents.checksum == nil && contents.expectedChecksum == sealed.checksum)
    let whole = sealed.encoded()
    for bit in 0..<8 * whole.count {
      var damaged = whole
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let found = try? SafeTensors(decoding: damaged) else { continue }
      #expect(found.checksum != found.expectedChecksum, "bit \(bit)")
    }
  }

  @Test(
    "What is no such file",
    arguments: [
      Refusal(
        file: Data(), reason: noFile + "it ends after 0 of the 8 bytes of its header's length"),
      Refusal(
        file: Data([2, 0, 0, 0, 0, 0, 0]),
        reason: noFile + "it ends after 7 of the 8 bytes of its header's length"),
      Refusal(
        file: Data([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]),
        reason: "it ends after 2 of the 3 bytes of its header"),
      Refusal(
        file: Data([1, 0xE1, 0xF5, 5, 0, 0, 0, 0]) + Data("{}".utf8),
        reason: noFile + "its header would be 100000001 bytes long, and 100000000 are allowed"),
      Refusal(
        file: Data(repeating: 0xFF, count: 16),
        reason: noFile
          + "its header would be 18446744073709551615 bytes long, and 100000000 are allowed"),
      Refusal(file: Data(count: 8), reason: noObject),
      Refusal(file: file("[1, 2]"), reason: noObject),
      Refusal(file: file(" {}"), reason: noObject),
      Refusal(file: file(#"{"a": "#), reason: noObject),
      Refusal(file: file("{} {}"), reason: noObject),
      Refusal(file: file(#"{"a\#u{0}": 1}"#), reason: noObject),
      // Not UTF-8, and UTF-16, which begins with the same byte.
      Refusal(
        file: Data([8, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D, 0x20]),
        reason: noObject),
      Refusal(
        file: Data([4, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0, 0x7D, 0]), reason: noObject),
      // Nested deeply enough to exhaust the stack of a recursive parser.
      Refusal(
        file: file("{\"a\":" + String(repeating: "[", count: 1_000_000)), reason: noObject),
      Refusal(
        file: file(
          String(repeating: "{\"a\":", count: 100_000) + "1"
            + String(repeating: "}", count: 100_000)), reason: noObject),
      Refusal(
        file: file(#"{"__metadata__":{"a":1}}"#),
        reason: "its __metadata__ does not map strings to strings"),
      Refusal(file: file(#"{"a":7}"#), reason: improper),
      Refusal(file: oneArray(#""shape":[],"data_offsets":[0,1]"#, data: [1]), reason: improper),
      Refusal(
        file: oneArray(#""dtype":8,"shape":[],"data_offsets":[0,1]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[1.5],"data_offsets":[0,1]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[true],"data_offsets":[0,1]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":["1"],"data_offsets":[0,1]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[-1],"data_offsets":[0,1]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[1e400],"data_offsets":[0,1]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[],"data_offsets":[0,18446744073709551616]"#),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[],"data_offsets":[-1,0]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[1],"data_offsets":[1,0]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[1],"data_offsets":[0]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[1],"data_offsets":[0,1,2]"#, data: [1]),
        reason: improper),
      Refusal(
        file: oneArray(#""dtype":"BF16","shape":[1],"data_offsets":[0,2]"#, data: [1, 2]),
        reason: #"its array "a" has elements of type "BF16"; known are F32, F64, U64, U8"#),
      Refusal(
        file: oneArray(#""dtype":"F32","shape":[2],"data_offsets":[0,4]"#, data: [1, 2, 3, 4]),
        reason: #"its array "a" of shape [2] and type "F32" cannot have 4 bytes"#),
      // The product is 2⁶⁴, which is 0 if it wraps around.
      Refusal(
        file: oneArray(
          #""dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]"#),
        reason:
          #"its array "a" of shape [4294967296, 4294967296] and type "U8" cannot have 0 bytes"#),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[2],"data_offsets":[0,2]"#, data: [1]),
        reason: #"its array "a" ends at byte 2 of 1"#),
      Refusal(
        file: oneArray(
          #""dtype":"U8","shape":[9223372036854775807],"#
            + #""data_offsets":[0,9223372036854775807]"#, data: [1]),
        reason: #"its array "a" ends at byte 9223372036854775807 of 1"#),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[1],"data_offsets":[1,2]"#, data: [1, 2]),
        reason: #"its array "a" leaves a gap before it: it begins at byte 1, not at 0"#),
      Refusal(
        file: file(
          #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
            + #""b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, data: [1, 2, 3]),
        reason: #"its array "b" overlaps the one before: it begins at byte 1, not at 2"#),
      Refusal(
        file: oneArray(#""dtype":"U8","shape":[1],"data_offsets":[0,1]"#, data: [1, 2]),
        reason: "its arrays have 1 bytes, but 2 follow the header"),
      Refusal(
        file: file("{}", data: [0]), reason: "its arrays have 0 bytes, but 1 follow the header"),
    ])
  private func refuses(refusal: Refusal) {
    #expect(throws: SafeTensors.FormatError(reason: refusal.reason)) {
      try SafeTensors(decoding: refusal.file)
    }
  }

  @Test func aNameGivenTwiceIsRefused() {
    #expect(throws: SafeTensors.FormatError.self) {
      try SafeTensors(
        decoding: file(
          #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
            + #""a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, data: [1, 2]))
    }
  }

  @Test func everyTruncationIsRefused() {
    for length in fromPython.indices {
      #expect(throws: SafeTensors.FormatError.self) {
        try SafeTensors(decoding: fromPython.prefix(length))
      }
    }
  }

  @Test("10,000 damaged files: refused, or read as what they say")
  func damage() throws {
    var generator = SeededGenerator(seed: 1)
    let dataStart = fromPython.count - 35
    var accepted = 0
    for _ in 0..<10_000 {
      var damaged = fromPython
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      let decoded = try? SafeTensors(decoding: damaged)
      if let decoded {
        accepted += 1
        // Names may have changed, but every byte of data belongs to one array, in order.
        #expect(decoded.entries.reduce(Data()) { $0 + $1.bytes } == damaged.suffix(35))
        #expect(try SafeTensors(decoding: decoded.encoded()) == decoded)
      }
      // Any bytes are data: with the header intact there is nothing to refuse.
      #expect(decoded != nil || damaged.prefix(dataStart) != fromPython.prefix(dataStart))
    }
    // A file damaged once, as every third is, is damaged in its data, 35 of 363 bytes, in one case
    // of ten: some 320 files must have been accepted, with a standard deviation of 18.
    #expect(200...9000 ~= accepted)
  }
}
