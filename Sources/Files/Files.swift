/// Why a file could not be read or written, in words for the person who named it.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was attempted.
  public enum Operation: Sendable { case read, write }

  /// What was attempted.
  public var operation: Operation
  /// The file, as the user named it.
  public var path: String
  /// What is wrong with it, as a clause: "it ends after 12 of 16 header bytes".
  public var reason: String

  /// Creates the error for one file.
  public init(_ operation: Operation, _ path: String, _ reason: String) {
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  /// One sentence: "cannot read FILE: reason".
  public var description: String { "cannot \(operation) \(path): \(reason)" }
}
