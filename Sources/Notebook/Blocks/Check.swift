/// A claim of the notes with the evidence for or against it.
public struct Check: Equatable, Sendable {
  /// What is compared, and how.
  public enum Evidence: Equatable, Sendable {
    /// |left − right| ≤ tolerance.
    case equal(Quantity, Quantity, tolerance: Double)
    /// |measured − expected| ≤ ``Check/allowedStandardErrors`` · standard error.
    case measured(Quantity, expected: Quantity, standardError: Double)
    /// |difference| ≤ tolerance, for a difference that should be zero.
    case small(Quantity, tolerance: Double)
    /// left ≤ right; where either was measured, by up to ``Check/allowedStandardErrors`` · standard
    /// error more.
    case atMost(Quantity, Quantity, standardError: Double = 0)
    /// left > right, by at least ``Check/allowedStandardErrors`` · standard error.
    case greater(Quantity, than: Quantity, standardError: Double)
    /// The same number to the last bit.
    case sameBits(Quantity, Quantity)
    /// The same text to the last byte.
    case sameText(NamedText, NamedText)
  }

  /// How many standard errors a measured mean may be off. A correct one is off by more once in
  /// 16,000 times.
  public static let allowedStandardErrors = 4.0

  /// The sentence that is checked.
  public var claim: String
  /// The evidence for it or against it.
  public var evidence: Evidence

  /// Creates the check of one claim.
  public init(_ claim: String, _ evidence: Evidence) {
    self.claim = claim
    self.evidence = evidence
  }

  /// Whether the evidence bears the claim out. A NaN never does, nor do equal infinities.
  public var holds: Bool {
    switch evidence {
    case .equal(let left, let right, let tolerance):
      abs(left.value - right.value) <= tolerance
    case .measured(let measured, let expected, let standardError):
      abs(measured.value - expected.value) <= Self.allowedStandardErrors * standardError
    case .small(let difference, let tolerance):
      abs(difference.value) <= tolerance
    case .atMost(let left, let right, let standardError):
      left.value <= right.value + Self.allowedStandardErrors * standardError
    case .greater(let left, let right, let standardError):
      left.value > right.value
        && left.value - right.value >= Self.allowedStandardErrors * standardError
    case .sameBits(let left, let right):
      left.value.bitPattern == right.value.bitPattern && left.value.isFinite
    case .sameText(let left, let right):
      left.text.utf8.elementsEqual(right.text.utf8)
    }
  }
}

/// A number and what it stands for.
public struct Quantity: Equatable, Sendable {
  /// What the number is, such as "log P(X)".
  public var label: String
  /// The number.
  public var value: Double

  /// Names a number.
  public init(_ label: String, _ value: Double) {
    self.label = label
    self.value = value
  }
}

/// A text and what it stands for.
public struct NamedText: Equatable, Sendable {
  /// What the text is, such as "one thread".
  public var label: String
  /// The text.
  public var text: String

  /// Names a text.
  public init(_ label: String, _ text: String) {
    self.label = label
    self.text = text
  }
}
