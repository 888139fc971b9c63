import Foundation

// Every statistical test here has a fixed seed and so gives the same answer each time. Were the
// generator ideal and the seed drawn anew, one check would fail once in a million runs.

/// The number of standard errors that a normal variable passes once in a million, in size.
public let millionthDeviation = 4.892

/// The value that a χ² variable passes once in a million (Wilson and Hilferty's approximation).
public func chiSquareLimit(degreesOfFreedom: Int) -> Double {
  let share = 2 / (9 * Double(degreesOfFreedom))
  return Double(degreesOfFreedom) * pow(1 - share + 4.753 * share.squareRoot(), 3)
}

/// χ² of counts that are expected to be equal.
public func chiSquare(_ counts: [Int]) -> Double {
  let expected = Double(counts.reduce(0, +)) / Double(counts.count)
  return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
}

/// How many standard errors the mean of independent numbers is from what it should be.
public func deviation(
  of values: some Collection<Double>, from mean: Double, variance: Double
) -> Double {
  let count = Double(values.count)
  return abs(values.reduce(0, +) / count - mean) / (variance / count).squareRoot()
}

/// Whether numbers are within a relative tolerance of each other, or equal.
public func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  a == b || abs(a - b) <= tolerance * max(abs(a), abs(b))
}
