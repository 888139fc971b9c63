import Foundation
import Testing

@testable import Notebook

private func isEqual(_ left: Double, _ right: Double, tolerance: Double) -> Bool {
  Check("", .equal(Quantity("", left), Quantity("", right), tolerance: tolerance)).holds
}

@Test func equalUpToTheTolerance() {
  #expect(isEqual(1, 1, tolerance: 0))
  #expect(isEqual(1, 1.5, tolerance: 0.5))
  #expect(isEqual(1.5, 1, tolerance: 0.5))
  #expect(!isEqual(1, (1.5).nextUp, tolerance: 0.5))
  #expect(!isEqual(.nan, 1, tolerance: 1))
  #expect(!isEqual(1, .nan, tolerance: .infinity))
  #expect(!isEqual(1, 1, tolerance: .nan))
  #expect(!isEqual(.infinity, .infinity, tolerance: 1))
}

@Test func measuredWithinFourStandardErrors() {
  func holds(_ measured: Double, _ standardError: Double) -> Bool {
    Check(
      "",
      .measured(
        Quantity("", measured), expected: Quantity("", 1), standardError: standardError)
    ).holds
  }
  #expect(holds(1.5, 0.125))
  #expect(holds(0.5, 0.125))
  #expect(!holds((1.5).nextUp, 0.125))
  #expect(holds(1, 0))
  #expect(!holds(.nan, 1))
  #expect(!holds(1, .nan))
}

@Test func aFailureThatMayBeChanceSaysHowOftenItIs() {
  func remark(_ measured: Double, _ standardError: Double) -> String {
    Check(
      "",
      .measured(
        Quantity("", measured), expected: Quantity("", 1), standardError: standardError)
    ).remark
  }
  let words = "; a correct program exceeds this once in 16,000 runs"
  #expect(remark(1.6, 0.125).hasSuffix("(up to 4 of them allowed)" + words))
  #expect(!remark(1.5, 0.125).contains(words))
  for (measured, standardError) in [(1.5, 0), (.infinity, 1), (.nan, 1), (1.5, .nan)] {
    #expect(!remark(measured, standardError).contains(words))
  }
  // P(|z| > 4) of a standard normal z, by Abramowitz and Stegun 26.2.12.
  let tail = 2 * exp(-8.0) / (2 * Double.pi).squareRoot() / 4 * (1 - 1.0 / 16 + 3.0 / 256)
  #expect((1 / tail / 1000).rounded() == 16)
}

@Test func atMost() {
  func holds(_ left: Double, _ right: Double) -> Bool {
    Check("", .atMost(Quantity("", left), Quantity("", right))).holds
  }
  #expect(holds(1, 1))
  #expect(holds(-.infinity, 1))
  #expect(!holds((1.0).nextUp, 1))
  #expect(!holds(.nan, 1))
  #expect(!holds(1, .nan))
}

@Test func sameBits() {
  func holds(_ left: Double, _ right: Double) -> Bool {
    Check("", .sameBits(Quantity("", left), Quantity("", right))).holds
  }
  #expect(holds(0.1 + 0.2, 0.30000000000000004))
  #expect(!holds(0.1 + 0.2, 0.3))
  #expect(!holds(0, -0.0))
  #expect(!holds(.nan, .nan))
}

@Test func sameText() {
  func holds(_ left: String, _ right: String) -> Bool {
    Check("", .sameText(NamedText("", left), NamedText("", right))).holds
  }
  #expect(holds("a", "a"))
  #expect(!holds("a", "b"))
  // Swift's `==` takes the two spellings of "é" for one; bytes are bytes.
  #expect(!holds("\u{E9}", "e\u{301}"))
}

@Test func numbersInSignificantDigits() {
  #expect(formatted(-123.45649) == "-123.456")
  #expect(formatted(1) == "1.00000")
  #expect(formatted(123_456) == "123456")
  #expect(formatted(4.44e-16, digits: 2) == "4.4e-16")
  #expect(formatted(0) == "0.00000")
  #expect(formatted(1e-6, digits: 1) == "1e-06")
  #expect(formatted(0.3, digits: 1) == "0.3")
  #expect(formatted(-0.0) == "0.00000")
  #expect(formatted(.nan) == "nan")
  #expect(formatted(-.infinity) == "-inf")
}

@Test func numbersWithDecimals() {
  #expect(formatted(-123.456, decimals: 2) == "-123.46")
  #expect(formatted(2.5, decimals: 0) == "2")
  #expect(formatted(-0.001, decimals: 2) == "0.00")
  #expect(formatted(1e6, decimals: 1) == "1000000.0")
  #expect(formatted(.infinity, decimals: 2) == "inf")
  #expect(formatted(.nan, decimals: 2) == "nan")
}
