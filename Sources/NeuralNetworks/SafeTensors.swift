import Files
import Foundation

/// Named arrays of numbers as bytes, in the safetensors format, which Python reads and writes too.
///
/// The format (<https://huggingface.co/docs/safetensors>): the length of the header as a 64-bit
/// integer, the header in JSON, then the bytes of the arrays without gaps between them. All numbers
/// are little-endian, and arrays are row-major.
///
/// The same contents are always written in the same way, and a file that is written in any other
/// way is refused. JSON alone would leave open what a repeated name means, and whether 1.0 is an
/// integer.
public struct SafeTensors: Equatable, Sendable {
  /// The types of elements that are read and written.
  public enum ElementType: String, CaseIterable, Sendable {
    /// A 32-bit floating-point number.
    case f32 = "F32"
    /// A 64-bit floating-point number.
    case f64 = "F64"
    /// A 64-bit unsigned integer.
    case u64 = "U64"
    /// A byte.
    case u8 = "U8"

    /// The size of an element in bytes.
    public var size: Int {
      switch self {
      case .f32: 4
      case .f64, .u64: 8
      case .u8: 1
      }
    }
  }

  /// One array.
  public struct Entry: Equatable, Sendable {
    /// The name, unique in the file.
    public var name: String
    /// The type of every element.
    public var type: ElementType
    /// The sizes, slowest first; none at all for a single number.
    public var shape: [Int]
    /// The elements, little-endian and row-major.
    public var bytes: Data

    /// Creates an array from the bytes of its elements.
    public init(name: String, type: ElementType, shape: [Int], bytes: Data) {
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// Why bytes are not a safetensors file.
  public struct FormatError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, as a clause: "it ends after 5 of the 8 bytes of its header's length".
    public var reason: String
    /// The reason.
    public var description: String { reason }
  }

  /// The arrays, in the order of their bytes.
  public var entries: [Entry]
  /// Notes on the file as a whole.
  public var metadata: [String: String]

  /// The longest header that the format allows, in bytes.
  static let headerLimit = 100_000_000

  /// Creates the contents of a file.
  public init(entries: [Entry], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// Takes the bytes of a file apart.
  ///
  /// - Throws: `FormatError` if the header is not what the format asks for, names a type that is
  ///   not an `ElementType`, does not account for every byte of the file exactly once, or is not
  ///   written exactly as ``encoded()`` writes it.
  public init(decoding file: Data) throws(FormatError) {
    guard file.count >= 8 else {
      throw FormatError(
        reason: "it is not a SafeTensors file: it ends after \(file.count) of the 8 bytes of its "
          + "header's length")
    }
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    // The first bytes of a text file, for example, would be an enormous length.
    guard length <= Self.headerLimit else {
      throw FormatError(
        reason: "it is not a SafeTensors file: its header would be \(length) bytes long, "
          + "and \(Self.headerLimit) are allowed")
    }
    let afterLength = file.dropFirst(8)
    guard length <= afterLength.count else {
      throw FormatError(
        reason: "it ends after \(afterLength.count) of the \(length) bytes of its header")
    }
    let header = try Header(parsing: afterLength.prefix(Int(length)))
    let data = afterLength.dropFirst(Int(length))

    // If two entries have the same name, decoding the JSON keeps only one. The bytes of the other
    // then belong to no array, which shows as a gap. Empty arrays at the same offset are ordered by
    // name.
    let layouts = header.layouts.sorted {
      ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key)
    }
    var position = 0
    entries = []
    for (name, layout) in layouts {
      func failure(_ what: String) -> FormatError {
        FormatError(reason: "its array \(String(reflecting: name)) \(what)")
      }
      let dtype = String(reflecting: layout.dtype)
      guard let type = ElementType(rawValue: layout.dtype) else {
        let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        throw failure("has elements of type \(dtype); known are \(known)")
      }
      guard layout.begin == position else {
        let mistake = layout.begin < position ? "overlaps the one before" : "leaves a gap before it"
        throw failure("\(mistake): it begins at byte \(layout.begin), not at \(position)")
      }
      guard layout.end <= data.count else {
        throw failure("ends at byte \(layout.end) of \(data.count)")
      }
      let count = layout.end - layout.begin
      guard byteCount(layout.shape, type) == count else {
        throw failure("of shape \(layout.shape) and type \(dtype) cannot have \(count) bytes")
      }
      let bytes = Data(data.dropFirst(layout.begin).prefix(count))
      entries.append(Entry(name: name, type: type, shape: layout.shape, bytes: bytes))
      position = layout.end
    }
    guard position == data.count else {
      throw FormatError(
        reason: "its arrays have \(position) bytes, but \(data.count) follow the header")
    }
    metadata = header.metadata
    guard file.starts(with: encodedHeader) else {
      throw FormatError(reason: "its header is not written as these chapters write it")
    }
  }

  /// The bytes of the file; the same contents always give the same bytes.
  ///
  /// The arrays are laid out in their order, the first at a multiple of 8 bytes. Names must differ
  /// from each other and from `__metadata__`, and the bytes of an array must fit its shape.
  public func encoded() -> Data {
    entries.reduce(into: encodedHeader) { $0 += $1.bytes }
  }

  /// The length of the header, and the header.
  private var encodedHeader: Data {
    var fields: [String] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      fields.append("\(quoted(Header.metadataKey)):{\(notes.joined(separator: ","))}")
    }
    var names: Set = [Header.metadataKey]
    var position = 0
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        fatalError("SafeTensors: the name \(entry.name) is taken")
      }
      guard byteCount(entry.shape, entry.type) == entry.bytes.count else {
        fatalError(
          "SafeTensors: \(entry.name) of shape \(entry.shape) has \(entry.bytes.count) bytes")
      }
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(position),\(position + entry.bytes.count)]}")
      position += entry.bytes.count
    }
    var header = Data("{\(fields.joined(separator: ","))}".utf8)
    header += Data(repeating: UInt8(ascii: " "), count: -header.count & 7)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return Data(length) + header
  }
}

// MARK: - Checksum

extension SafeTensors {
  private static let checksumKey = "checksum"

  /// The checksum that the metadata hold, if they hold one.
  public var checksum: String? { metadata[Self.checksumKey] }

  /// The checksum that the metadata should hold: the CRC-32 of the whole file, in which zeros take
  /// the place of the checksum itself, as eight hexadecimal digits.
  public var expectedChecksum: String {
    var blank = self
    blank.metadata[Self.checksumKey] = String(repeating: "0", count: 8)
    let digits = String(crc32([UInt8](blank.encoded())), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The same contents with the checksum that they should have.
  public func sealed() -> SafeTensors {
    var sealed = self
    sealed.metadata[Self.checksumKey] = expectedChecksum
    return sealed
  }
}

/// The header of a file before it is compared with the data.
private struct Header: Decodable {
  static let metadataKey = "__metadata__"
  static let notAnObject = SafeTensors.FormatError(
    reason: "it is not a SafeTensors file: its header is not a JSON object in UTF-8")

  /// An array's type, shape and offsets.
  struct Layout: Decodable {
    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case offsets = "data_offsets"
    }
    var dtype: String
    var shape: [Int]
    var offsets: [Int]

    var begin: Int { offsets[0] }
    var end: Int { offsets[1] }

    var isProper: Bool {
      offsets.count == 2 && 0 <= begin && begin <= end && shape.allSatisfy { $0 >= 0 }
    }
  }

  struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  var metadata: [String: String] = [:]
  /// The valid layouts, by name.
  var layouts: [String: Layout] = [:]

  init(parsing json: Data) throws(SafeTensors.FormatError) {
    // JSON in UTF-8 has no zero bytes, but Foundation would take one as a sign of UTF-16.
    guard json.first == UInt8(ascii: "{"), !json.contains(0),
      String(validating: json, as: UTF8.self) != nil
    else { throw Self.notAnObject }
    do {
      self = try JSONDecoder().decode(Header.self, from: json)
    } catch let error as SafeTensors.FormatError {
      throw error
    } catch {
      throw Self.notAnObject
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for key in container.allKeys {
      let name = key.stringValue
      if name == Self.metadataKey {
        guard let notes = try? container.decode([String: String].self, forKey: key) else {
          throw SafeTensors.FormatError(reason: "its \(name) does not map strings to strings")
        }
        metadata = notes
      } else {
        guard let layout = try? container.decode(Layout.self, forKey: key), layout.isProper else {
          throw SafeTensors.FormatError(
            reason:
              "its array \(String(reflecting: name)) lacks a proper dtype, shape or data_offsets")
        }
        layouts[name] = layout
      }
    }
  }
}

/// The size of an array in bytes; nil if that is more than an `Int` holds.
private func byteCount(_ shape: [Int], _ type: SafeTensors.ElementType) -> Int? {
  var count = type.size
  for size in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    if overflow { return nil }
    count = product
  }
  return count
}

/// The string as JSON.
private func quoted(_ string: String) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .withoutEscapingSlashes
  // Encoding a string cannot fail.
  return String(decoding: try! encoder.encode(string), as: UTF8.self)
}
