import Autodiff

/// One slip in a calculation: at a step, or at one of the places where it is used, something else
/// stands.
package struct Slip {
  package enum Place: Hashable {
    /// Wherever the step is used.
    case step(Int)
    /// Only where one other step uses it.
    case use(by: Int, operand: Int)

    /// The step whose calculation is not the right one.
    var step: Int {
      switch self {
      case .step(let index), .use(by: let index, operand: _): index
      }
    }
  }

  enum Change {
    /// Another operation on the same operands.
    case alternative(Int)
    /// Something made of the step's value, in the list of ``Adjustment/all``.
    case adjustment(Int)
    /// Another value of the calculation in its place.
    case replaced(Int)
    /// Multiplied with another value, divided by it, added to it or less it.
    case combined(Int, with: Int)
    /// An expression of other values in its place.
    case substituted(Expression)
  }

  package let place: Place
  let change: Change
}

/// What may be made of a value by a slip.
struct Adjustment: Sendable {
  let clause: @Sendable (_ step: Calculation) -> String
  let apply: @Sendable (Tensor<Double>) -> Tensor<Double>

  init(
    _ clause: @escaping @Sendable (Calculation) -> String,
    _ apply: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>
  ) {
    self.clause = clause
    self.apply = apply
  }

  private init(
    each text: @escaping @Sendable (String) -> String,
    _ value: @escaping @Sendable (Double) -> Double
  ) {
    self.init({ "`\(text($0.text))` stands where `\($0.text)` belongs" }) { x in
      Tensor(x.scalars.map(value), shape: x.shape)
    }
  }

  private init(everywhere what: String, _ value: @escaping @Sendable ([Double]) -> Double) {
    self.init({ "\(what) of `\($0.text)` stands for all of its numbers" }) { x in
      Tensor(repeating: value(x.scalars), shape: x.shape)
    }
  }

  /// Those that are common enough to be looked for together with another slip.
  static let usual = [
    Adjustment({ "`\($0.text)` has the wrong sign" }) { -$0 },
    Adjustment({ step in
      "0 stands where `\(step.text)` belongs"
        + (step.isFraction ? " (does one Int divide another, as in 1 / 2?)" : "")
    }) { $0 * 0 },
    Adjustment(
      { step in
        step.times(2).map { "`\($0)` stands where `\(step.text)` belongs" }
          ?? "`\(step.text)` counts twice"
      }, { $0 * 2 }),
    Adjustment(
      { step in
        step.times(0.5).map { "`\($0)` stands where `\(step.text)` belongs" }
          ?? "`\(step.text)` counts only half"
      }, { $0 * 0.5 }),
    Adjustment({ "`\($0.text)` is squared" }) { $0 * $0 },
    Adjustment({ "the root of `\($0.text)` is taken" }, { NumberFunction.sqrt($0) }),
  ]

  /// Which of the usual ones multiply by a number, and which do not.
  static let (multiples, powers) = (0..<4, 4..<6)

  static let rareMultiples = [("4 times", 4), ("only a quarter", 0.25), ("3 times", 3)].map {
    words, factor in
    Adjustment({ "`\($0.text)` counts \(words)" }) { $0 * factor }
  }

  static let functions = NumberFunction.all.map { function in
    Adjustment({ "`\(function.text($0))` stands where `\($0.text)` belongs" }) { function($0) }
  }

  static let arrangements = [
    Adjustment({ "`\($0.text)` is sorted" }) { Tensor($0.scalars.sorted(), shape: $0.shape) },
    Adjustment({ "`\($0.text)` is in reverse order" }) {
      Tensor($0.scalars.reversed(), shape: $0.shape)
    },
    Adjustment(everywhere: "the first number") { $0.first ?? 0 },
    Adjustment(everywhere: "the last number") { $0.last ?? 0 },
    Adjustment(everywhere: "the mean") { $0.reduce(0, +) / Double($0.count) },
    Adjustment(everywhere: "the sum") { $0.reduce(0, +) },
    Adjustment(everywhere: "the largest") { $0.max() ?? 0 },
    Adjustment({ "`\($0.text)` is divided by its sum" }) { $0 / $0.sum() },
    Adjustment({ "`\($0.text)` is divided by its largest number" }) { x in
      x / (x.scalars.max() ?? 1)
    },
    Adjustment({ "the mean is subtracted from `\($0.text)`" }) { $0 - $0.mean() },
    Adjustment({ "`\($0.text)` is added up from number to number, not set back to 0" }) { x in
      var sum = 0.0
      return Tensor(
        x.scalars.map { number in
          sum += number
          return sum
        }, shape: x.shape)
    },
  ]

  /// One row or column in place of each.
  static let tables = [
    inTable("first row") { _, column, _ in (0, column) },
    inTable("last row") { _, column, shape in (shape[0] - 1, column) },
    inTable("first column") { row, _, _ in (row, 0) },
    inTable("last column") { row, _, shape in (row, shape[1] - 1) },
  ]

  private static func inTable(
    _ what: String, _ source: @escaping @Sendable (Int, Int, [Int]) -> (row: Int, column: Int)
  ) -> Adjustment {
    let question =
      what.hasPrefix("first")
      ? "is its place 0 used for all, or does a loop return too early?"
      : "is there an = in place of +=?"
    return Adjustment({ "only the \(what) of `\($0.text)` counts (\(question))" }) { x in
      let columns = x.shape[1]
      let numbers = x.scalars
      return Tensor(
        numbers.indices.map { index in
          let place = source(index / columns, index % columns, x.shape)
          return numbers[place.row * columns + place.column]
        }, shape: x.shape)
    }
  }

  static let squareMatrices = [
    Adjustment({ "`\($0.bracketed)ᵀ` stands where `\($0.text)` belongs" }) { $0.transposed() },
    Adjustment({
      "`\($0.bracketed) · \($0.bracketed)ᵀ` stands where `\($0.text)` belongs"
    }) { matmul($0, $0.transposed()) },
  ]

  private static let natural = [
    Adjustment(each: { "min(\($0), 0)" }) { min($0, 0) },
    Adjustment(each: { "min(max(\($0), 0), 1)" }) { min(max($0, 0), 1) },
  ]

  private static let small = [
    1e-300, 1e-45, 1e-38, 1e-30, 1e-20, 1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5,
    1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.25, 0.5,
  ]

  static let limits =
    small.flatMap { limit in
      let number = limit
      let both = Adjustment(each: { "min(max(\($0), \(number)), 1 - \(number))" }) {
        min(max($0, limit), 1 - limit)
      }
      return [
        Adjustment(each: { "max(\($0), \(number))" }) { max($0, limit) },
        Adjustment(each: { "\($0) + \(number)" }) { $0 + limit },
        // Between ½ and ½ there is one number only.
      ] + (limit < 0.5 ? [both] : [])
    }
    + [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50, 80, 88, 100, 500, 700, 709].flatMap {
      limit in
      [
        Adjustment(each: { "min(max(\($0), -\(limit)), \(limit))" }) {
          min(max($0, -limit), limit)
        },
        Adjustment(each: { "max(\($0), -\(limit))" }) { max($0, -limit) },
        Adjustment(each: { "min(\($0), \(limit))" }) { min($0, limit) },
      ]
    } + [
      Adjustment(each: { "\($0), rounded to a whole number," }) { $0.rounded() },
      Adjustment(each: { "\($0), cut to a whole number as by an Int," }) {
        $0.rounded(.towardZero)
      },
      Adjustment(each: { "\($0) in Float" }) { Double(Float($0)) },
    ]

  private static let groups = [
    usual + rareMultiples + functions, arrangements, tables, squareMatrices, natural + limits,
  ]

  /// All of them.
  static let all = groups.flatMap { $0 }

  /// The places in the list of limits.
  static let limitIndices = Array(all.indices.suffix(groups.last!.count))

  /// The group of each.
  private static let owners = groups.enumerated().flatMap { group, all in all.map { _ in group } }

  /// The places in the list of those that can be made of a step's value.
  static func indices(for step: Calculation) -> [Int] {
    let shape = step.shape
    let applies = [
      true, step.value.count > 1, shape.count == 2, shape.count == 2 && shape[0] == shape[1],
      !step.isNumber,
    ]
    return all.indices.filter { applies[owners[$0]] }
  }
}

extension Slip {
  /// What a value and another may be combined to.
  struct Combination: Sendable {
    let clause: @Sendable (_ step: String, _ other: String) -> String
    let apply: @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>

    static let all = [
      Combination(clause: { "`\($0)` is multiplied by `\($1)`" }) { $0 * $1 },
      Combination(clause: { "`\($0)` is divided by `\($1)`" }) { $0 / $1 },
      Combination(clause: { "`\($1)` is added to `\($0)`" }) { $0 + $1 },
      Combination(clause: { "`\($1)` is subtracted from `\($0)`" }) { $0 - $1 },
    ]
  }
}
