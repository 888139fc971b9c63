import Exercises

extension Backpropagation {
  /// Wrong derivatives: those that any operation may get, and those of sums and products.
  static var derivatives: [Mistake<Backpropagation>] {
    sums + products + others + Operation.all.flatMap(factors)
      + Operation.all.filter { $0.operandCount == 2 }.flatMap(operands)
  }

  private static func factors(of operation: Operation) -> [Mistake<Backpropagation>] {
    let each = operation.operandCount == 1 ? "its operand" : "each operand"
    func factor(_ name: String, _ predicate: String, _ factor: Double) -> Mistake<Backpropagation> {
      operation.mistake(name, predicate) {
        $0.derivatives = { right, _ in right.map { factor * $0 } }
      }
    }
    return [
      factor("twice", "passed its gradient on twice to \(each); is a line doubled?", 2),
      factor("half", "passed half of its gradient on to \(each); all of it goes there", 0.5),
      factor("minus", "passed its gradient on with the other sign", -1),
      factor("nothing", "passed nothing on to \(each)", 0),
    ]
  }

  /// One operand gets something else than it should, or two operands that are the same node do.
  private static func operands(of operation: Operation) -> [Mistake<Backpropagation>] {
    typealias Change = (_ first: Double, _ second: Double) -> [Double]
    func change(_ name: String, _ predicate: String, _ change: @escaping Change)
      -> Mistake<Backpropagation>
    {
      operation.mistake(name, predicate) {
        $0.derivatives = { right, _ in change(right[0], right[1]) }
      }
    }
    let ofOne = [
      change("first alone", "passed nothing on to its second operand") { first, _ in [first, 0] },
      change("second alone", "passed nothing on to its first operand") { _, second in [0, second] },
      change("first twice", "passed twice as much on to its first operand as it should") {
        [2 * $0, $1]
      },
      change("second twice", "passed twice as much on to its second operand as it should") {
        [$0, 2 * $1]
      },
      change(
        "all to the first", "passed on to its first operand also what belongs to the second"
      ) { [$0 + $1, 0] },
      change(
        "all to the second", "passed on to its second operand also what belongs to the first"
      ) { [0, $0 + $1] },
      change("minus", "passed its gradient on with the other sign to its second operand") {
        [$0, -$1]
      },
      change("minus first", "passed its gradient on with the other sign to its first operand") {
        [-$0, $1]
      },
    ]
    let overwriting = operation.mistake(
      "= of one node",
      "of a node and itself overwrites the gradient of that node; add to what is there with +="
    ) { $0.updatesOfOneNode = [{ $1 * $2 }, { $0 + $1 * $2 }] }
    let ofTwins: [(String, String, (Double) -> [Double])] = [
      (
        "twins once",
        "of a node and itself passed its gradient on only once; it has two operands, though both "
          + "are one node", { [$0, 0] }
      ),
      (
        "twins four times",
        "of a node and itself passed its gradient on twice for each of its two operands",
        { [2 * $0, 2 * $0] }
      ),
      ("twins nothing", "of a node and itself passed nothing on", { _ in [0, 0] }),
    ]
    return ofOne + [overwriting]
      + ofTwins.map { name, predicate, derivatives in
        operation.mistake(name, predicate) {
          $0.derivatives = { right, use in use.isOfOneNode ? derivatives(right[0]) : right }
        }
      }
  }

  private typealias OfValues = (_ a: Double, _ b: Double) -> [Double]

  private static func mistake(
    _ rule: WritableKeyPath<Backpropagation, Rule>, _ name: String, _ message: String,
    isCommon: Bool = false, _ derivatives: @escaping OfValues
  ) -> Mistake<Backpropagation> {
    Mistake(name, message, isCommon: isCommon) {
      $0[keyPath: rule].derivatives = { _, use in derivatives(use.values[0], use.values[1]) }
    }
  }

  private static var products: [Mistake<Backpropagation>] {
    func mistake(
      _ name: String, _ message: String, isCommon: Bool = false, _ derivatives: @escaping OfValues
    ) -> Mistake<Backpropagation> {
      Self.mistake(\.product, name, message, isCommon: isCommon, derivatives)
    }
    return [
      mistake(
        "own value",
        "each operand of a product got its own value as derivative; ∂(ab)/∂a is the other one, b",
        isCommon: true
      ) { [$0, $1] },
      mistake("result", "the operands of a product got its result as derivative; ∂(ab)/∂a is b") {
        [$0 * $1, $0 * $1]
      },
      mistake("product 1", "a product passed its gradient on as a sum does; ∂(ab)/∂a is b") {
        a, b in
        [1, 1]
      },
      mistake("b of a product", "a product passed b times its gradient on to both operands") {
        a, b in [b, b]
      },
      mistake("a of a product", "a product passed a times its gradient on to both operands") {
        a, b in [a, a]
      },
      mistake("|b|", "a product dropped the sign of the other operand's value") {
        [abs($1), abs($0)]
      },
      mistake("1/b", "a product was divided by the operand; ∂(ab)/∂a is b") { [1 / $1, 1 / $0] },
      mistake("1/a", "a product was divided by each operand itself; ∂(ab)/∂a is b") {
        [1 / $0, 1 / $1]
      },
      mistake("a + b", "the operands of a product got a + b as derivative; ∂(ab)/∂a is b") {
        [$0 + $1, $0 + $1]
      },
      mistake("quotient", "a product was differentiated as the quotient a/b; ∂(ab)/∂b is a") {
        [1 / $1, -$0 / ($1 * $1)]
      },
      mistake("b, 1", "the second operand of a product got its gradient alone; ∂(ab)/∂b is a") {
        a, b in [b, 1]
      },
      mistake("1, a", "the first operand of a product got its gradient alone; ∂(ab)/∂a is b") {
        a, b in [1, a]
      },
      mistake("b, ab", "the second operand of a product got ab as derivative; ∂(ab)/∂b is a") {
        [$1, $0 * $1]
      },
      mistake("ab, a", "the first operand of a product got ab as derivative; ∂(ab)/∂a is b") {
        [$0 * $1, $0]
      },
      mistake("squares", "the value of the other operand of a product was multiplied in twice") {
        [$1 * $1, $0 * $0]
      },
      mistake("2a", "a product was differentiated as the squares of its operands; ∂(ab)/∂a is b") {
        [2 * $0, 2 * $1]
      },
    ]
  }

  private static var others: [Mistake<Backpropagation>] {
    [
      Mistake(
        "other gradient",
        "a product multiplies by the gradient of the other operand; multiply by its value"
      ) { $0.product.derivatives = { _, use in use.gradients.reversed() } },
      Mistake(
        "all twins once",
        "where both operands of a node are the same, that got its gradient only once; add for each"
      ) {
        for rule in [\Backpropagation.sum, \.product] {
          $0[keyPath: rule].derivatives = { right, use in use.isOfOneNode ? [right[0], 0] : right }
        }
      },
    ]
  }

  private static var sums: [Mistake<Backpropagation>] {
    [
      mistake(
        \.sum, "sum's values", "a sum multiplied by the values of its operands; ∂(a + b)/∂a is 1"
      ) { [$0, $1] },
      mistake(\.sum, "sum as product", "a sum was differentiated as a product; ∂(a + b)/∂a is 1") {
        [$1, $0]
      },
      mistake(\.sum, "sum's result", "a sum multiplied by its own value; ∂(a + b)/∂a is 1") {
        [$0 + $1, $0 + $1]
      },
      mistake(
        \.sum, "1, b", "a sum multiplied by the value of its second operand there; ∂(a + b)/∂b is 1"
      ) { _, b in [1, b] },
      mistake(
        \.sum, "a, 1", "a sum multiplied by the value of its first operand there; ∂(a + b)/∂a is 1"
      ) { a, _ in [a, 1] },
      mistake(
        \.sum, "shares",
        "a sum divided its gradient in the ratio of its operands; both get all of it"
      ) { [$0 / ($0 + $1), $1 / ($0 + $1)] },
      mistake(\.sum, "a of a sum", "a sum multiplied by its first operand; ∂(a + b)/∂a is 1") {
        a, b in [a, a]
      },
      mistake(\.sum, "b of a sum", "a sum multiplied by its second operand; ∂(a + b)/∂a is 1") {
        a, b in [b, b]
      },
    ]
  }
}
