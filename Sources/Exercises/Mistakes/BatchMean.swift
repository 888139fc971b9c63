import Autodiff

/// The mean over the examples of a batch of a number for each of them, which is itself a sum: of
/// log P(X|z) over the pixels, or of a divergence over the latent variables.
public struct BatchMean {
  /// What is made of the numbers of the examples, each a sum of `elementCount` terms.
  public var mean: (_ values: [Double], _ elementCount: Int) -> Double = { values, _ in
    sum(values) / Double(values.count)
  }

  /// The right formula.
  public init() {}

  /// The mean.
  public func callAsFunction(_ values: [Double], elementCount: Int) -> Double {
    mean(values, elementCount)
  }

  /// The mistakes that can be made in it, apart from a mean in place of an example's sum.
  ///
  /// - Parameters:
  ///   - elements: What is summed over: "pixels".
  ///   - examples: What is averaged over: "images".
  public static func mistakes(
    over elements: String = "pixels", and examples: String = "images"
  ) -> [Mistake<BatchMean>] {
    func mistake(
      _ name: String, _ message: String, isCommon: Bool = false,
      _ mean: @escaping (_ values: [Double], _ elementCount: Int) -> Double
    ) -> Mistake<BatchMean> {
      Mistake(name, message, isCommon: isCommon) { $0.mean = mean }
    }
    return [
      mistake(
        "sum", "that is the sum over the \(examples); the exercise asks for the mean over them",
        isCommon: true
      ) { values, _ in sum(values) },
      // A mean over the elements with a sum over the examples comes to the same.
      mistake(
        "wrong number",
        "the sum of all is divided by the number of \(elements); divide it by that of the "
          + "\(examples)"
      ) { sum($0) / Double($1) },
      mistake("twice", "the sum is divided by the number of \(examples) twice") { values, _ in
        sum(values) / Double(values.count * values.count)
      },
      mistake("n − 1", "the sum is divided by n − 1; divide it by n, the number of \(examples)") {
        values, _ in sum(values) / Double(values.count - 1)
      },
      mistake(
        "log of the number",
        "the log of the number of \(examples) is subtracted from the sum; divide the sum by the "
          + "number"
      ) { values, _ in sum(values) - .log(Double(values.count)) },
      mistake(
        "not reset",
        "the sum over the \(elements) is not set back to 0 before each of the \(examples)"
      ) { values, _ in
        sum(values.indices.map { sum(values[...$0]) }) / Double(values.count)
      },
    ]
  }
}

private func sum(_ numbers: some Sequence<Double>) -> Double { numbers.reduce(0, +) }
