/// An option of the command line whose value has a type.
///
/// A chapter declares its knobs once, hands them to its ``Chapter`` and reads them from the
/// ``Options``:
///
/// ```swift
/// let epochs = Knob.integer(
///   "epochs", default: 20, in: 0...10_000, unit: "passes", help: "How long to train.")
/// …
/// for epoch in 0..<options[epochs] { … }
/// ```
public struct Knob<Value: Sendable>: KnobDeclaration {
  /// The value if the option is not given.
  public let defaultValue: Value
  /// What the command line has to know.
  public let option: OptionDeclaration

  /// The option's name without the dashes.
  public var name: String { option.name }

  init(
    _ name: String, default defaultValue: Value, placeholder: String?, details: String,
    requirement: String = "", choices: [String] = [], isOutputFile: Bool = false, help: String,
    parse: @escaping @Sendable (String) -> Value?
  ) {
    self.defaultValue = defaultValue
    option = OptionDeclaration(
      name: name, placeholder: placeholder, help: help, details: details,
      requirement: requirement, choices: choices, isOutputFile: isOutputFile,
      defaultText: "\(defaultValue)",
      parse: { text in parse(text).map { $0 } })
  }
}

/// A ``Knob`` of any type.
public protocol KnobDeclaration: Sendable {
  /// What the command line has to know.
  var option: OptionDeclaration { get }
}

/// What the command line has to know about a ``Knob``, whatever its type.
public struct OptionDeclaration: Sendable {
  /// The option's name without the dashes.
  let name: String
  /// The placeholder for the value in `--help`, such as "N"; nil for a flag, which takes no value.
  let placeholder: String?
  /// The sentence about the option in `--help`.
  let help: String
  /// What `--help` says about the allowed values and the default.
  let details: String
  /// What a value must be: "an integer from 0 to 10000".
  package let requirement: String
  /// The words that a misspelt value may have meant.
  let choices: [String]
  /// Whether the value is a file that the run writes.
  let isOutputFile: Bool
  /// The default value as Swift writes it.
  let defaultText: String
  /// The value that a text represents, or nil if it is not allowed.
  package let parse: @Sendable (String) -> (any Sendable)?
}

extension Knob where Value: FixedWidthInteger {
  /// A whole number in a range.
  public static func integer(
    _ name: String, default defaultValue: Value, in range: ClosedRange<Value>, unit: String = "",
    help: String
  ) -> Knob {
    Knob(
      name, default: defaultValue, placeholder: "N",
      details: details(range.words, unit, default: "\(defaultValue)"),
      requirement: "an integer from \(range.words)", help: help
    ) { Value($0).flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension Knob where Value == [Int] {
  /// Whole numbers in a range, separated by commas: `--hidden 400,200`.
  public static func integers(
    _ name: String, default defaultValue: [Int], in range: ClosedRange<Int>,
    count: ClosedRange<Int>, unit: String = "", help: String
  ) -> Knob {
    let words = "\(count.words) integers from \(range.words)"
    return Knob(
      name, default: defaultValue, placeholder: "N,N,...",
      details: details(
        words, unit, default: defaultValue.map(String.init).joined(separator: ",")),
      requirement: "\(words), separated by commas", help: help
    ) { text in
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      let allowed = numbers.compactMap { $0 }.filter(range.contains)
      return allowed.count == numbers.count && count.contains(allowed.count) ? allowed : nil
    }
  }
}

extension Knob where Value == Double {
  /// A finite decimal number in a range.
  public static func real(
    _ name: String, default defaultValue: Double, in range: ClosedRange<Double>, unit: String = "",
    help: String
  ) -> Knob {
    Knob(
      name, default: defaultValue, placeholder: "X",
      details: details(range.words, unit, default: "\(defaultValue)"),
      requirement: "a number from \(range.words)", help: help
    ) { text in
      // `Double` would also read hexadecimal, "inf" and "nan".
      guard text.utf8.allSatisfy("0123456789+-.eE".utf8.contains) else { return nil }
      return Double(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension Knob where Value == String {
  /// One of a few words.
  public static func choice(
    _ name: String, default defaultValue: String, of choices: [String], help: String
  ) -> Knob {
    Knob(
      name, default: defaultValue, placeholder: choices.joined(separator: "|"),
      details: details(default: defaultValue),
      requirement: "one of \(choices.joined(separator: ", "))", choices: choices, help: help
    ) { choices.contains($0) ? $0 : nil }
  }

  /// Any text that is not empty, such as a file or one of a few words.
  public static func text(
    _ name: String, default defaultValue: String, placeholder: String, help: String
  ) -> Knob {
    Knob(
      name, default: defaultValue, placeholder: placeholder,
      details: details(default: defaultValue), requirement: "a non-empty text",
      help: help
    ) { $0.isEmpty ? nil : $0 }
  }
}

extension Knob where Value == String? {
  /// The path of a file that the run writes, or nothing when the option is not given. Whether it can
  /// be written is found out before the chapter begins.
  public static func file(_ name: String, placeholder: String = "FILE", help: String) -> Knob {
    Knob(
      name, default: nil, placeholder: placeholder, details: "", requirement: "the path of a file",
      isOutputFile: true, help: help
    ) { $0.isEmpty ? nil : .some($0) }
  }

  /// A path that is only read or looked for, or nothing when the option is not given.
  public static func path(
    _ name: String, placeholder: String, details: String = "", requirement: String, help: String
  ) -> Knob {
    Knob(
      name, default: nil, placeholder: placeholder, details: details, requirement: requirement,
      help: help
    ) { $0.isEmpty ? nil : .some($0) }
  }
}

extension Knob where Value == Bool {
  /// Something that is off unless the option is there.
  public static func flag(_ name: String, help: String) -> Knob {
    Knob(name, default: false, placeholder: nil, details: "", help: help) { _ in true }
  }
}

/// "0 to 10000 passes; default 20".
private func details(_ values: String..., default defaultValue: String) -> String {
  let values = values.filter { !$0.isEmpty }.joined(separator: " ")
  return (values.isEmpty ? "" : values + "; ") + "default \(defaultValue)"
}

extension ClosedRange {
  /// "0 to 10000".
  fileprivate var words: String {
    lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)"
  }
}
