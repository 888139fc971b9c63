/// The sum of only some of the terms, as a loop gives it that begins or ends in the wrong place.
struct PartialSum {
  /// What it is called in the code.
  let name: String
  /// What is wrong, as a clause.
  let message: String
  /// The sum.
  let sum: ([Double]) -> Double

  /// Those of one term and of all but one.
  ///
  /// - Parameter components: What the terms belong to: "pixels".
  static func all(of components: String) -> [PartialSum] {
    [
      PartialSum(
        name: "first only",
        message: "only the first of the \(components) counts; does the loop return too early?"
      ) { $0.first ?? 0 },
      PartialSum(
        name: "last only",
        message: "only the last of the \(components) counts; is there an = in place of +=?"
      ) { $0.last ?? 0 },
      PartialSum(
        name: "not the first",
        message: "the first of the \(components) is left out; does a range begin at 1?"
      ) { $0.dropFirst().reduce(0, +) },
      PartialSum(
        name: "not the last",
        message: "the last of the \(components) is left out; does a range end too early?"
      ) { $0.dropLast().reduce(0, +) },
    ]
  }
}
