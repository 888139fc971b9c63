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

  /// Whether what stands behind the sign needs brackets.
  fileprivate func needsBrackets(before inner: Arithmetic) -> Bool {
    self == .quotient || (self != .sum && !inner.isProduct)
  }
}

private func missingBrackets(
  _ written: String, _ right: String, _ value: @escaping () -> Tensor<Double>
) -> Calculation.Alternative {
  Calculation.Alternative(
    clause: "brackets are missing, so that `\(written)` stands where `\(right)` belongs"
  ) { _ in value() }
}

/// What comes out of two numbers if either is written without the brackets that it needs.
func missingBrackets(
  _ operation: Arithmetic, _ a: Calculation, _ b: Calculation
) -> [Calculation.Alternative] {
  let right = operation.text(a, b)
  var alternatives: [Calculation.Alternative] = []
  if let inner = b.arithmetic, operation.needsBrackets(before: inner) {
    let (first, second) = (b.operands[0], b.operands[1])
    let written = "\(operation.text(a, first)) \(inner.sign) \(second.bracketed)"
    alternatives.append(
      missingBrackets(written, right) { inner(operation(a.value, first.value), second.value) })
  }
  if let inner = a.arithmetic, operation.isProduct, !inner.isProduct {
    let (first, second) = (a.operands[0], a.operands[1])
    let written = "\(first.text) \(inner.sign) \(operation.text(second, b))"
    alternatives.append(
      missingBrackets(written, right) { inner(first.value, operation(second.value, b.value)) })
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
