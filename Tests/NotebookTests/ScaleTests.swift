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
  Labels(range: 5e5...9e5, labels: "500,000 600,000 700,000 800,000 900,000"),
  Labels(range: 1e6...3e6, labels: "10⁶ 1.5×10⁶ 2×10⁶ 2.5×10⁶ 3×10⁶"),
  Labels(range: -2e-5...2e-5, labels: "−2×10⁻⁵ −10⁻⁵ 0 10⁻⁵ 2×10⁻⁵"),
  Labels(range: 1...1000, kind: .logarithmic, labels: "1 10 100 1,000"),
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

@Test(arguments: ranges) func logarithmicTicksAreFewAndWithinTheRange(range: ClosedRange<Double>) {
  guard range.lowerBound > 0 else { return }
  let scale = scale(range, .logarithmic)
  let ticks = scale.ticks()
  #expect(3...8 ~= ticks.count)
  for tick in ticks {
    #expect(-1e-8...(1 + 1e-8) ~= scale.position(of: tick.value)!)
    #expect(Double(tick.plainLabel) == tick.value)
  }
}

@Test(arguments: 1...8) func ticksAreNotMoreThanAllowed(count: Int) {
  for range in ranges { #expect(scale(range).ticks(atMost: count).count <= count) }
  #expect(scale(3...300, .logarithmic).ticks(atMost: count).count <= count)
  #expect(scale(2...4, .logarithmic).ticks(atMost: count).count <= count)
}

@Test func axesCoverTheirData() {
  let line = scale([2, .nan, 4, .infinity, -.infinity, 1e301])
  #expect(line.lower < 2 && line.lower > 1.9 && line.upper > 4 && line.upper < 4.1)
  // There is no room below the foot of a bar.
  #expect(scale([1, 2], edges: [0]).lower == 0)
  #expect(scale([-1, 2], edges: [0]).lower < -1)
  #expect(scale([], edges: [-3, 3]).lower == -3)
  #expect(scale([1, 5], range: 2...3).lower == 2)
  // What is not positive has no place on a logarithmic axis, be it data or a range.
  let decades = scale([0, -1, 10, 1000], kind: .logarithmic)
  #expect(decades.lower < 1 && decades.lower > 0.9 && decades.upper > 3 && decades.upper < 3.1)
  #expect(scale([10, 1000], kind: .logarithmic, range: 0...5) == decades)
}

@Test(arguments: [
  [], [.nan], [0], [7], [-1e300], [.leastNonzeroMagnitude], [1, 1 + 0x1p-52], [5, 5, 5],
])
func axesHaveALength(numbers: [Double]) {
  for kind in [Axis.Scale.linear, .logarithmic] {
    let scale = scale(numbers, kind: kind)
    #expect(scale.upper > scale.lower)
    #expect(scale.ticks().count >= 3)
    for number in numbers where number.isFinite && (kind == .linear || number > 1e-300) {
      #expect(0...1 ~= scale.position(of: number)!)
    }
  }
}

@Test func positions() {
  let line = scale(-1...3)
  #expect([-1, 0, 3, 7].map { line.position(of: $0) } == [0, 0.25, 1, 2])
  #expect([Double.nan, .infinity, -.infinity].allSatisfy { line.position(of: $0) == nil })
  #expect(line.number(at: 0.25) == 0)
  // Nothing overflows: an extreme number stands far outside.
  #expect(scale(0...1e-280).position(of: 1e300) == 1e6)
  let decades = scale(1...10000, .logarithmic)
  #expect(abs(decades.position(of: 100)! - 0.5) < 1e-15)
  // exp amplifies the rounding of its argument, log 100 < 5, by that argument.
  #expect(abs(decades.number(at: 0.5) - 100) < 100 * 5 * 0x1p-52)
  #expect(decades.position(of: 0) == nil)
}

@Test func layersAreCovered() {
  let errors = Plot.Layer.points(.init(x: [1, 2], y: [1, 2], errors: [3, 0.5]))
  let bars = Plot.Layer.bars(.init(categories: ["a", "b"], heights: [5, 6]))
  let histogram = Plot.Layer.histogram(.init(edges: [-9, 0, 4], heights: [1, 2]))
  let map = Plot.Layer.heatMap(.init("", x: 0...1, y: 20...21, rows: [[1]]))
  func scales(_ layers: Plot.Layer...) -> PlotScales {
    PlotScales(Plot(x: Axis(""), y: Axis(""), layers: layers))
  }
  #expect(scales(errors).y.lower < -2 && scales(errors).y.upper > 4)
  #expect(scales(bars).x.lower == -0.5 && scales(bars).x.upper == 1.5)
  #expect(scales(bars).y.lower == 0 && scales(bars).y.upper > 6)
  #expect(scales(histogram).x.lower == -9 && scales(histogram).y.lower == 0)
  #expect(scales(map).y.lower == 20 && scales(map).y.upper == 21)
  #expect(scales(errors, histogram, map).x.lower == -9)
}

@Test func equalAspectStretchesTheShorterAxis() {
  let plot = Plot(x: Axis("", range: 0...2), y: Axis("", range: 0...1), layers: [])
  let scales = PlotScales(plot)
  #expect(scales.aspect == 2)
  #expect(scales.withEqualAspect(width: 20, height: 10) == scales)
  let square = scales.withEqualAspect(width: 10, height: 10)
  #expect(square.x == scales.x && square.y.lower == -0.5 && square.y.upper == 1.5)
  let wide = scales.withEqualAspect(width: 40, height: 10)
  #expect(wide.y == scales.y && wide.x.lower == -1 && wide.x.upper == 3)
}

@Test func stylesTellLayersApart() {
  let series = Plot.Series("s", x: [], y: [])
  let map = Plot.HeatMap("map", x: 0...1, y: 0...1, rows: [[0]])
  let plot = Plot(
    x: Axis(""), y: Axis(""),
    layers: [
      .heatMap(map), .points(series), .line(series), .line(.init(x: [], y: [])), .points(series),
    ])
  #expect(plot.styles.dropFirst().map(\.color) == [0, 1, 2, 3])
  #expect(plot.styles.dropFirst().map(\.pattern) == [0, 0, 1, 1])
  #expect(plot.legend.map(\.layer) == [1, 2, 4])
}
