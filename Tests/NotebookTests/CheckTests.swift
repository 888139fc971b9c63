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

@Test("A failure that may be chance says how rarely chance causes it")
func aFailureThatMayBeChanceSaysHowOftenItIs() {
  func remark(_ measured: Double, _ standardError: Double) -> String {
    Check(
      "",
      .measured(
        Quantity("", measured), expected: Quantity("", 1), standardError: standardError)
    ).remark
  }
  let words = "; a correct program exceeds 4 once in 16,000 runs"
  #expect(remark(1.6, 0.125).hasSuffix(": 4.8 standard errors apart" + words))
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

@Test(
  "The evidence is what a person would say",
  arguments: [
    (
      .equal(Quantity("a", 1), Quantity("b", 1.25), tolerance: 0.5), "difference 0.25, at most 0.50"
    ),
    (
      .equal(Quantity("a", 1), Quantity("b", 2), tolerance: 1e-10),
      "difference 1.0; at most 10⁻¹⁰ is allowed"
    ),
    (
      .equal(Quantity("a", .nan), Quantity("b", 2), tolerance: 1e-10),
      "difference NaN; at most 10⁻¹⁰ is allowed"
    ),
    (
      .small(Quantity("largest residual", 2.2e-16), tolerance: 1e-10),
      "largest residual 2.2 × 10⁻¹⁶, at most 10⁻¹⁰"
    ),
    (
      .small(Quantity("largest residual", -2), tolerance: 1),
      "largest residual −2.0; at most 1.0 is allowed"
    ),
    (.small(Quantity("residual", 0), tolerance: 1e-10), "residual 0, at most 10⁻¹⁰"),
    (.equal(Quantity("a", 2), Quantity("b", 2), tolerance: 0), "difference 0"),
    (.sameBits(Quantity("a", 0.1), Quantity("b", 0.1)), "the same to the last bit"),
    (.sameBits(Quantity("a", 0.1), Quantity("b", 0.2)), "not the same bits"),
    (.sameText(NamedText("a", "x"), NamedText("b", "x")), "the same to the last byte"),
    (.sameText(NamedText("a", "x"), NamedText("b", "y")), "not the same text"),
  ] as [(Check.Evidence, String)])
func evidenceInWords(_ evidence: Check.Evidence, _ words: String) {
  #expect(Check("", evidence).remark == words)
}

@Test(
  "A mean has as many decimals as show two digits of its standard error",
  arguments: [
    (0.88, 0.0047, 0.875, "0.8800 ± 0.0047, expected 0.8750: 1.1 standard errors apart"),
    (-138.64, 0.02, -138.65, "−138.640 ± 0.020, expected −138.650: 0.5 standard errors apart"),
    (1, 0.00996, 1, "1.000 ± 0.010, expected 1.000: 0.0 standard errors apart"),
    (12_345, 678, 12_000, "12,345 ± 678, expected 12,000: 0.5 standard errors apart"),
    (1e-12, 1e-12, 0, "10⁻¹² ± 10⁻¹², expected 0: 1.0 standard errors apart"),
    (0.875, 0, 0.875, "0.8750 ± 0, expected 0.8750"),
  ] as [(Double, Double, Double, String)])
func measurementsInWords(
  _ mean: Double, _ standardError: Double, _ expected: Double, _ words: String
) {
  let evidence = Check.Evidence.measured(
    Quantity("mean", mean), expected: Quantity("exact", expected), standardError: standardError)
  #expect(Check("", evidence).remark == words)
}

@Test(
  "A comparison says which is greater, in digits that tell the two apart",
  arguments: [
    (.atMost(Quantity("a", 1), Quantity("b", 2)), "a 1.000 is at most b 2.000"),
    (.atMost(Quantity("a", 1), Quantity("b", 1)), "a 1.000 is at most b 1.000"),
    (.atMost(Quantity("zero", 0), Quantity("b", 1)), "b 1.000 is greater than 0"),
    (.atMost(Quantity("zero", 0), Quantity("b", -1)), "b −1.000 is less than 0"),
    (.atMost(Quantity("a", 2), Quantity("b", 1)), "a 2.000 is greater than b 1.000"),
    (.atMost(Quantity("a", 1), Quantity("b", 1.00001)), "a 1.000000 is at most b 1.000010"),
    (
      .atMost(Quantity("after", 0.01), Quantity("a tenth of before", 0.03)),
      "after, 0.01000, is at most a tenth of before, 0.03000"
    ),
    (
      .atMost(Quantity("a", 2), Quantity("b", 1), standardError: 0.5),
      "a 2.000 is greater than b 1.000, by 2.0 standard errors"
    ),
    (
      .atMost(Quantity("a", -.infinity), Quantity("b", 1), standardError: 0.5),
      "a −∞ is at most b 1.000"
    ),
    (
      .greater(Quantity("gain", 0.5), than: Quantity("zero", 0), standardError: 0.03125),
      "gain 0.5000 is greater than 0, by 16 standard errors"
    ),
    (
      .greater(Quantity("a", 1), than: Quantity("b", 3), standardError: 1),
      "a 1.000 is less than b 3.000, by 2.0 standard errors"
    ),
    (
      .greater(Quantity("a", 1), than: Quantity("b", 1), standardError: 0),
      "a 1.000 is no greater than b 1.000"
    ),
  ] as [(Check.Evidence, String)])
func comparisonsInWords(_ evidence: Check.Evidence, _ words: String) {
  #expect(Check("", evidence).remark == words)
}

@Test func greaterOnlyBeyondFourStandardErrors() {
  func holds(_ left: Double, _ right: Double, _ standardError: Double) -> Bool {
    Check(
      "",
      .greater(Quantity("", left), than: Quantity("", right), standardError: standardError)
    ).holds
  }
  #expect(holds(1.5, 1, 0.125))
  #expect(!holds((1.5).nextDown, 1, 0.125))
  #expect(holds((1.0).nextUp, 1, 0))
  #expect(!holds(1, 1, 0))
  #expect(!holds(.nan, 1, 0))
  #expect(!holds(1, .nan, 0))
  #expect(!holds(2, 1, .nan))
}

@Test func aNumberThatIsNoneIsNeitherGreaterNorSmaller() {
  for (left, right) in [(0, Double.nan), (.nan, 1), (.nan, 0)] {
    for evidence: Check.Evidence in [
      .atMost(Quantity("a", left), Quantity("b", right)),
      .greater(Quantity("a", left), than: Quantity("b", right), standardError: 0),
    ] {
      let check = Check("", evidence)
      #expect(!check.holds && check.remark.contains("cannot be compared"))
    }
  }
}
