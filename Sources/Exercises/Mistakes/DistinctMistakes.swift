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
    distinct(in: formula, tolerance: 1e-9) { [values($0)] }
  }

  /// The mistakes that show in one of several cases, without those that return the same as an
  /// earlier one in all of them.
  ///
  /// - Parameters:
  ///   - formula: The right formula.
  ///   - tolerance: By how much of its largest number the answers to a case may differ.
  ///   - cases: What it returns for each case.
  public func distinct<Formula>(
    in formula: Formula, tolerance: Double, cases: (Formula) -> [[Double]]
  ) -> [Mistake<Formula>] where Element == Mistake<Formula> {
    let right = cases(formula)
    let largest = right.map { $0.lazy.filter(\.isFinite).map(abs).max() ?? 1 }
    var known = [right]
    return filter { mistake in
      let new = cases(mistake.made(in: formula))
      let isKnown = known.contains { old in
        zip(zip(old, new), largest).allSatisfy { pair, largest in
          areNear(pair.0, pair.1, tolerance: tolerance, largest: largest)
        }
      }
      guard !isKnown else { return false }
      known.append(new)
      return true
    }
  }
}

/// Whether a check could not tell the numbers apart, where the largest right one is given.
private func areNear(
  _ first: [Double], _ second: [Double], tolerance: Double, largest: Double
) -> Bool {
  first.count == second.count
    && zip(first, second).allSatisfy {
      $0 == $1 || ($0.isNaN && $1.isNaN)
        || abs($0 - $1) <= tolerance * ($1.isFinite ? max(largest, abs($1)) : largest)
    }
}
