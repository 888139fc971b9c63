/// One way to get a formula wrong, for all exercises that contain the formula.
///
/// A formula is a struct whose fields are the places where people go wrong, with the right values
/// to begin with:
///
/// ```swift
/// struct Mean {
///   var divisor: (Int) -> Double = { Double($0) }
///   func callAsFunction(_ x: [Double]) -> Double { x.reduce(0, +) / divisor(x.count) }
///   static var mistakes: [Mistake<Mean>] {
///     [
///       Mistake("sum", "that is the sum; divide it by n", isCommon: true) {
///         $0.divisor = { _ in 1 }
///       },
///       Mistake("n − 1", "that is divided by n − 1") { $0.divisor = { Double($0 - 1) } },
///     ]
///   }
/// }
/// comparison.recognize(Mean.mistakes, in: Mean()) { input, mean in mean(input) }
/// ```
public struct Mistake<Formula> {
  /// What it is called in the code, such as "no half".
  public let name: String
  /// What is wrong, as a clause that follows the numbers.
  public let message: String
  /// Whether it is made so often that it is also looked for together with another.
  public let isCommon: Bool
  private let change: (inout Formula) -> Void

  /// A mistake that changes a formula.
  public init(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ change: @escaping (inout Formula) -> Void
  ) {
    self.name = name
    self.message = message
    self.isCommon = isCommon
    self.change = change
  }

  /// The formula with the mistake in it.
  public func made(in formula: Formula) -> Formula {
    var wrong = formula
    change(&wrong)
    return wrong
  }

  /// The same mistake in a formula that contains this one.
  ///
  /// - Parameters:
  ///   - path: Where this formula is in the other.
  ///   - place: What is put in front of the message: "in D, ".
  public func within<Whole>(
    _ path: WritableKeyPath<Whole, Formula>, _ place: String = ""
  ) -> Mistake<Whole> {
    Mistake<Whole>(name, place + message, isCommon: isCommon) {
      $0[keyPath: path] = made(in: $0[keyPath: path])
    }
  }
}

extension Array {
  /// The mistakes in a formula that contains this one.
  public func within<Whole, Part>(
    _ path: WritableKeyPath<Whole, Part>, _ place: String = ""
  ) -> [Mistake<Whole>] where Element == Mistake<Part> {
    map { $0.within(path, place) }
  }

  /// The mistakes without some, which cannot be made in an exercise, or cannot be seen there.
  public func without<Formula>(_ names: String...) -> [Mistake<Formula>]
  where Element == Mistake<Formula> {
    for name in names where !contains(where: { $0.name == name }) {
      fatalError("there is no mistake called \(name)")
    }
    return filter { !names.contains($0.name) }
  }
}
