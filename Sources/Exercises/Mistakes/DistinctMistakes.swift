extension Array {
  /// The mistakes that show in what a formula returns, without those that return the same as an
  /// earlier one. A formula that contains others has some of their mistakes twice, or where they
  /// make no difference.
  ///
  /// - Parameters:
  ///   - formula: The right formula.
  ///   - values: What it returns for an input, or for several.
  public func distinct<Formula>(
    in formula: Formula, _ values: (Formula) -> [Double]
  ) -> [Mistake<Formula>] where Element == Mistake<Formula> {
    var known = [values(formula)]
    return filter { mistake in
      let new = values(mistake.made(in: formula))
      guard !known.contains(where: { areNear($0, new) }) else { return false }
      known.append(new)
      return true
    }
  }
}

/// Whether a check could not tell the numbers apart.
private func areNear(_ first: [Double], _ second: [Double]) -> Bool {
  let largest = first.lazy.filter(\.isFinite).map(abs).max() ?? 1
  return first.count == second.count
    && zip(first, second).allSatisfy {
      $0 == $1 || abs($0 - $1) <= 1e-9 * largest || ($0.isNaN && $1.isNaN)
    }
}
