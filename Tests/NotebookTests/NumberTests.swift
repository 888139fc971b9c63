import Testing

@testable import Notebook

@Test func numbersInSignificantDigits() {
  #expect(formatted(-123.45649) == "−123.456")
  #expect(formatted(1.0) == "1.00000")
  #expect(formatted(123_456) == "123,456")
  #expect(formatted(0.3, digits: 1) == "0.3")
  #expect(formatted(1234.4, digits: 2) == "1,200")
  #expect(formatted(0.00012345, digits: 2) == "0.00012")
}

@Test func numbersFarFromOneHaveAPowerOfTen() {
  #expect(formatted(4.44e-16, digits: 2) == "4.4 × 10⁻¹⁶")
  #expect(formatted(7.9e7, digits: 2) == "7.9 × 10⁷")
  #expect(formatted(-2.5e-5, digits: 3) == "−2.50 × 10⁻⁵")
  #expect(formatted(.greatestFiniteMagnitude, digits: 3) == "1.80 × 10³⁰⁸")
  #expect(formatted(.leastNonzeroMagnitude, digits: 2) == "4.9 × 10⁻³²⁴")
  #expect(formatted(1e-4, digits: 2) == "0.00010")
  #expect(formatted(1e6, digits: 2) == "1,000,000")
}

@Test func anExactPowerOfTenNeedsNoFactor() {
  #expect(formatted(1e-10, digits: 2) == "10⁻¹⁰")
  #expect(formatted(-1e-10, digits: 2) == "−10⁻¹⁰")
  #expect(formatted(1e7) == "10⁷")
  #expect(formatted((1e-10).nextUp, digits: 2) == "1.0 × 10⁻¹⁰")
}

@Test func roundingMayReachTheNextPowerOfTen() {
  #expect(formatted(999_999.5) == "1,000,000")
  #expect(formatted(9_999_999.6) == "1.00000 × 10⁷")
  #expect(formatted(9.996, digits: 3) == "10.0")
  #expect(formatted(0.00009999, digits: 2) == "0.00010")
}

@Test func whatIsNoNumberOrZero() {
  #expect(formatted(0.0) == "0")
  #expect(formatted(-0.0) == "0")
  #expect(formatted(.nan) == "NaN")
  #expect(formatted(.infinity) == "∞")
  #expect(formatted(-.infinity) == "−∞")
  #expect(formatted(-.infinity, decimals: 2) == "−∞")
  #expect(formatted(.nan, decimals: 2) == "NaN")
}

@Test func numbersWithDecimals() {
  #expect(formatted(-123.456, decimals: 2) == "−123.46")
  #expect(formatted(2.5, decimals: 0) == "2")
  #expect(formatted(0, decimals: 3) == "0.000")
  #expect(formatted(1e6, decimals: 1) == "1,000,000.0")
  #expect(formatted(-1234.5, decimals: 1) == "−1,234.5")
  #expect(formatted(999.96, decimals: 1) == "1,000.0")
}

@Test("What rounds to zero has no sign") func noNegativeZero() {
  #expect(formatted(-0.001, decimals: 2) == "0.00")
  #expect(formatted(-0.0, decimals: 1) == "0.0")
  #expect(formatted(-0.4, decimals: 0) == "0")
  #expect(formatted(-0.006, decimals: 2) == "−0.01")
}

@Test func countsHaveTheirThousandsSeparated() {
  #expect(formatted(0) == "0")
  #expect(
    [999, 1000, 12_345, 1_000_000].map { formatted($0) } == ["999", "1,000", "12,345", "1,000,000"])
  #expect(formatted(-1000) == "−1,000")
  #expect(formatted(Int.min) == "−9,223,372,036,854,775,808")
}

/// log₁₀ e = 0.4342944819…, so that e⁻¹²⁶¹ = 10^−547.6453… = 10^0.3546… · 10⁻⁵⁴⁸.
@Test func exponentialsOfAnySize() {
  #expect(formatted(exponentialOf: -1261) == "2.26 × 10⁻⁵⁴⁸")
  #expect(formatted(exponentialOf: 1261) == "4.42 × 10⁵⁴⁷")
  #expect(formatted(exponentialOf: 0) == "1.00")
  #expect(formatted(exponentialOf: -2, digits: 2) == "0.14")
  #expect(formatted(exponentialOf: -.infinity) == "0")
  #expect(formatted(exponentialOf: .infinity) == "∞")
  #expect(formatted(exponentialOf: .nan) == "NaN")
}

@Test func aMantissaThatRoundsToTenIsOneOfTheNextPower() {
  // 10⁻⁴⁰⁰ times 1 − 4 · 10⁻⁴.
  #expect(formatted(exponentialOf: -921.03404 - 0.0004) == "1.00 × 10⁻⁴⁰⁰")
}

@Test func smallAndLargeExponentialsMeetWithoutAGap() {
  // On both sides of the logarithm beyond which the exponential is not computed.
  #expect(formatted(exponentialOf: -700) == "9.86 × 10⁻³⁰⁵")
  #expect(formatted(exponentialOf: (-700.0).nextDown) == "9.86 × 10⁻³⁰⁵")
}
