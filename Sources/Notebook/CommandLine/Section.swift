import Kernels

/// A numbered part of a chapter, which first computes and then shows the results.
///
/// ```swift
/// Section("2.2", "The estimator") { Estimator(example, using: generator.stream(2)) }
/// ```
public struct Section {
  /// The number in the note, such as "2.2".
  public let number: String
  /// What the section is about.
  public let title: String
  private let compute: () throws -> any SectionContent

  /// Declares a section; `compute` runs only if a reader asks for it.
  public init(
    _ number: String, _ title: String, _ compute: @escaping () throws -> any SectionContent
  ) {
    self.number = number
    self.title = title
    self.compute = compute
  }

  /// Writes the section. The heading comes first, so that a reader knows what is being computed.
  func write(on page: Page) throws {
    page.section(number, title)
    // What the section before left idle has other sizes.
    MemoryPool.shared.releaseIdle()
    let content = try compute()
    content.show(on: page)
  }
}

/// The result of a section's computations, and how a reader sees it.
public protocol SectionContent {
  /// Shows what was computed: cells, tables, figures and checks. It computes nothing itself.
  func show(on page: Page)
}

/// A value that several sections need: computed when the first of them asks for it, and kept.
public final class Lazy<Value> {
  private let compute: () throws -> Value
  private var value: Value?

  /// Declares a value.
  public init(_ compute: @escaping () throws -> Value) { self.compute = compute }

  /// The value, computed now if it has not been before.
  public func callAsFunction() throws -> Value {
    if let value { return value }
    let value = try compute()
    self.value = value
    return value
  }
}
