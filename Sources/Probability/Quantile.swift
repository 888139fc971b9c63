/// The smallest number in a range up to which a law has at least the given probability, by halving
/// the range: the quantile function of any law whose P(X ≤ x) can be computed, with jumps or without.
///
/// The error is the range's length over 2⁶⁴, or a rounding. Complexity: 64 probabilities.
public func quantile(
  _ probability: Double, in range: ClosedRange<Double>, cumulativeProbability: (Double) -> Double
) -> Double {
  var (below, above) = (range.lowerBound, range.upperBound)
  for _ in 0..<64 {
    let middle = below + (above - below) / 2
    if cumulativeProbability(middle) >= probability { above = middle } else { below = middle }
  }
  return above
}
