import Testing

@testable import Notebook

private func scale(
  _ numbers: [Double], edges: [Double] = [], kind: Axis.Scale = .linear,
  range: ClosedRange<Double>? = nil
) -> PlotScale {
  PlotScale(Axis("", scale: kind, range: range), covering: numbers, edges: edges)
}

/// A range as it is given, without room.
private func scale(_ range: ClosedRange<Double>, _ kind: Axis.Scale = .linear) -> PlotScale {
  scale([], kind: kind, range: range)
}

private struct Labels: CustomStringConvertible, Sendable {
  let range: ClosedRange<Double>
  var kind = Axis.Scale.linear
  let labels: String

  var description: String { "\(kind) \(range)" }
}

@Test(arguments: [
  Labels(range: 0...1, labels: "0.0 0.2 0.4 0.6 0.8 1.0"),
  Labels(range: -0.04...1.04, labels: "0.0 0.2 0.4 0.6 0.8 1.0"),
  Labels(range: -1.5...1.5, labels: "−1.5 −1.0 −0.5 0.0 0.5 1.0 1.5"),
  Labels(range: 0...7, labels: "0 1 2 3 4 5 6 7"),
  Labels(range: 0...8, labels: "0 2 4 6 8"),
  Labels(range: 0...200, labels: "0 50 100 150 200"),
  Labels(range: 5e5...9e5, labels: "500000 600000 700000 800000 900000"),
  Labels(range: 1e6...3e6, labels: "10⁶ 1.5×10⁶ 2×10⁶ 2.5×10⁶ 3×10⁶"),
  Labels(range: -2e-5...2e-5, labels: "−2×10⁻⁵ −10⁻⁵ 0 10⁻⁵ 2×10⁻⁵"),
  Labels(range: 1...1000, kind: .logarithmic, labels: "1 10 100 1000"),
  Labels(range: 10...1e6, kind: .logarithmic, labels: "10 10² 10³ 10⁴ 10⁵ 10⁶"),
  Labels(range: 1...100, kind: .logarithmic, labels: "1 10 100"),
  Labels(range: 3...300, kind: .logarithmic, labels: "5 10 20 50 100 200"),
  Labels(range: 1e-8...2e-7, kind: .logarithmic, labels: "10⁻⁸ 2×10⁻⁸ 5×10⁻⁸ 10⁻⁷ 2×10⁻⁷"),
  Labels(range: 2...4, kind: .logarithmic, labels: "2.0 2.5 3.0 3.5 4.0"),
  Labels(
    range: 1e-300...1e300, kind: .logarithmic, labels: "10⁻³⁰⁰ 10⁻²⁰⁰ 10⁻¹⁰⁰ 1 10¹⁰⁰ 10²⁰⁰ 10³⁰⁰"),
]) private func labels(of expected: Labels) {
  let ticks = scale(expected.range, expected.kind).ticks()
  #expect(ticks.map(\.label).joined(separator: " ") == expected.labels)
}

@Test func labelsInASCII() {
  #expect(scale(-0.5...0.5).ticks(atMost: 3).map(\.plainLabel) == ["-0.5", "0.0", "0.5"])
  #expect(scale(0...2e6).ticks(atMost: 5).map(\.plainLabel) == ["0", "5e5", "1e6", "1.5e6", "2e6"])
  #expect(
    scale(1e-9...1e3, .logarithmic).ticks(atMost: 4).map(\.plainLabel) == ["1e-5", "1"])
}

/// Ranges of all sizes, from a generator whose quality does not matter.
private let ranges: [ClosedRange<Double>] = {
  var state: UInt64 = 1
  func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
  return (0..<500).map { _ in
    let size = Double("1e\(Int(uniform() * 560) - 280)")!
    let lower = (2 * uniform() - 1) * size
    let span = uniform() * size * Double("1e-\(Int(uniform() * 9))")!
    return lower...(lower + span)
  }
}()

@Test(arguments: ranges) func ticksAreFewRoundAndWithinTheRange(range: ClosedRange<Double>) {
  let scale = scale(range)
  let ticks = scale.ticks()
  #expect(3...8 ~= ticks.count)
  for tick in ticks {
    let position = scale.position(of: tick.value)!
    #expect(-1e-8...(1 + 1e-8) ~= position)
    #expect(!tick.label.contains("-") && tick.plainLabel.utf8.allSatisfy { $0 < 128 })
    // What is written is the number itself, not something near it.
    #expect(Double(tick.plainLabel) == tick.value)
  }
  let steps = zip(ticks, ticks.dropFirst()).map { $1.value - $0.value }
  let digits = Set(steps.map { formatted($0, digits: 1).first { "1"..."9" ~= $0 }! })
  #expect(digits.count == 1 && digits.isSubset(of: ["1", "2", "5"]))
  #expect(Set(ticks.map(\.label)).count == ticks.count)
}
