import Autodiff

// Numbers that are made of others need brackets, and without them the computer reads something
// else: `a / 2 * h` in place of `a / (2 * h)`, or `a + b * c` in place of `(a + b) * c`.

extension Arithmetic {
  fileprivate var isProduct: Bool { self == .product || self == .quotient }

  fileprivate var sign: String {
    switch self {
    case .sum: "+"
    case .difference: "-"
    case .product: "*"
    default: "/"
    }
  }
}

private func missingBrackets(
  _ written: String, _ right: String, _ value: @escaping () -> Tensor<Double>
) -> Calculation.Alternative {
  Calculation.Alternative(
    clause: "brackets are missing, so that `\(written)` stands where `\(right)` belongs"
  ) { _ in value() }
}

/// A product that falls into two terms if the brackets in it are not written.
private struct Split {
  let head: Calculation
  let sign: Arithmetic
  let tail: (text: String, value: Tensor<Double>)

  static func all(_ operation: Arithmetic, _ a: Calculation, _ b: Calculation) -> [Split] {
    guard operation.isProduct else { return [] }
    var splits: [Split] = []
    if let sign = a.arithmetic, !sign.isProduct {
      let last = a.operands[1]
      splits.append(
        Split(
          head: a.operands[0], sign: sign,
          tail: (operation.text(last, b), operation(last.value, b.value))))
    }
    if let sign = b.arithmetic, !sign.isProduct {
      splits.append(
        Split(
          head: combined(operation, a, b.operands[0]), sign: sign,
          tail: (b.operands[1].text, b.operands[1].value)))
    }
    guard let inner = a.arithmetic, inner.isProduct else { return splits }
    // The whole product takes part from the sum on: `a - b * c * d` for `(a - b) * c * d`.
    return splits
      + all(inner, a.operands[0], a.operands[1]).map { split in
        Split(
          head: split.head, sign: split.sign,
          tail: (
            "\(split.tail.text) \(operation.sign) \(b.bracketed)",
            operation(split.tail.value, b.value)
          ))
      }
  }
}

/// What comes out of two numbers if either is written without the brackets that it needs, or both
/// with brackets that do not belong there.
func misplacedBrackets(
  _ operation: Arithmetic, _ a: Calculation, _ b: Calculation
) -> [Calculation.Alternative] {
  let right = operation.text(a, b)
  var alternatives = Split.all(operation, a, b).map { split in
    missingBrackets("\(split.head.text) \(split.sign.sign) \(split.tail.text)", right) {
      split.sign(split.head.value, split.tail.value)
    }
  }
  guard let inner = b.arithmetic else { return alternatives }
  let (first, second) = (b.operands[0], b.operands[1])
  if inner.isProduct ? operation == .quotient : operation == .difference {
    let written = "\(operation.text(a, first)) \(inner.sign) \(second.bracketed)"
    alternatives.append(
      missingBrackets(written, right) { inner(operation(a.value, first.value), second.value) })
  } else if inner.isProduct, !operation.isProduct {
    let written = "(\(operation.text(a, first))) \(inner.sign) \(second.bracketed)"
    alternatives.append(
      Calculation.Alternative(clause: "`\(written)` stands where `\(right)` belongs") { _ in
        inner(operation(a.value, first.value), second.value)
      })
  }
  return alternatives
}

/// What comes out if the minus sign is only before the first of two numbers.
func missingBrackets(negated x: Calculation) -> [Calculation.Alternative] {
  guard let inner = x.arithmetic, !inner.isProduct else { return [] }
  let (first, second) = (x.operands[0], x.operands[1])
  return [
    missingBrackets("-\(first.bracketed) \(inner.sign) \(second.bracketed)", "-\(x.bracketed)") {
      inner(first.value * -1, second.value)
    }
  ]
}
