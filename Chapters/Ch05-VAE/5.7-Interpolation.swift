import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.7 Between two examples: on the straight line between their codes, and on that between their pixels.
struct Interpolation: SectionContent {
  /// Five places on each of the two lines from one test example to another.
  struct Path {
    let throughCodes: Tensor<Float>
    let throughPixels: Tensor<Float>
    /// Whether the two ends are of different classes.
    let joinsClasses: Bool
  }

  /// L₁₀ under a second model, on the lines from each test image to the next.
  struct Judgement {
    /// How far along the line, from 0 to 1.
    let places: [Float]
    let betweenCodes: [MonteCarloEstimate]
    let betweenPixels: [MonteCarloEstimate]
    /// By how much the line between codes is better, half way.
    let gainHalfWay: MonteCarloEstimate
  }

  let lesson: Lesson
  /// The sizes of the judge's layers, from pixels to pixels.
  let judgeInWords: String
  /// Nil if there is no other example to go to.
  let path: Path?
  /// Nil for points, and if there is no other example to go to.
  let judgement: Judgement?

  init(
    _ model: VariationalAutoencoder<Float>, judge: VariationalAutoencoder<Float>, _ lesson: Lesson
  ) {
    self.lesson = lesson
    let size = formatted(lesson.source.train.size)
    judgeInWords = "\(size)–128–10–128–\(size)"
    var generator = lesson.generator(section: 7)
    let x = model.observed(lesson.source.fewTest.values, using: &generator)
    guard x.shape[0] > 1 else {
      (path, judgement) = (nil, nil)
      return
    }
    // The first example and the first of another class, or, for want of classes, the second.
    let otherClass = lesson.source.fewTest.classes.flatMap { classes in
      classes.firstIndex { $0 != classes[0] }
    }
    path = Self.path(model, x, to: otherClass ?? 1, joinsClasses: otherClass != nil)
    judgement =
      lesson.source.kind == .points ? nil : Self.judgement(model, x, judge, using: &generator)
  }

  private static let places: [Float] = [0, 0.25, 0.5, 0.75, 1]

  // cell: line
  /// The point at t on the straight line from a to b, row by row.
  static func line(_ a: Tensor<Float>, _ b: Tensor<Float>, _ t: Float) -> Tensor<Float> {
    a * Tensor(1 - t) + b * Tensor(t)
  }
  // end

  private static func path(
    _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>, to other: Int, joinsClasses: Bool
  ) -> Path {
    // cell: path
    let μ = model.encoder(x).mean
    let codes = places.map { t in line(μ.rows([0]), μ.rows([other]), t) }
    let throughCodes = model.decoder.mean(of: .concatenated(codes))
    let throughPixels = places.map { t in line(x.rows([0]), x.rows([other]), t) }
    // end
    return Path(
      throughCodes: throughCodes, throughPixels: .concatenated(throughPixels),
      joinsClasses: joinsClasses)
  }

  private static func judgement(
    _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>,
    _ judge: VariationalAutoencoder<Float>, using generator: inout SeededGenerator
  ) -> Judgement {
    let codes = model.encoder(x).mean
    // cell: judge
    // Both paths are scored by a second model, which generated neither, in black and white.
    func score(_ grey: Tensor<Float>) -> [Double] {
      let x = judge.observed(grey, using: &generator)
      return judge.importanceWeightedBound(of: x, sampleCount: 10, using: &generator)
    }
    let betweenCodes = places.map { t in
      score(model.decoder.mean(of: line(codes, codes.rotated(), t)))
    }
    let betweenPixels = places.map { t in score(line(x, x.rotated(), t)) }
    // end
    return Judgement(
      places: places, betweenCodes: betweenCodes.map { MonteCarloEstimate($0) },
      betweenPixels: betweenPixels.map { MonteCarloEstimate($0) },
      gainHalfWay: MonteCarloEstimate(zip(betweenCodes[2], betweenPixels[2]).map { $0 - $1 }))
  }

  func show(on page: Page) {
    guard let path else {
      page.note("Left out", "There is only one test image, so there is no other to go to.")
      return
    }
    guard lesson.source.kind != .points else {
      showPoints(path, on: page)
      return
    }
    page.lead(
      """
      From one test image to another\(path.joinsClasses ? " of another class" : ""), along a straight \
      line between their codes and along one between their pixels. On which line are there images?
      """)
    page.code("line")
    page.code("path")
    page.images(
      [
        ImageGrid.Row(
          lesson.source.pictures(path.throughCodes), label: "decoded from (1 − t) μ(X) + t μ(X′)"),
        ImageGrid.Row(lesson.source.pictures(path.throughPixels), label: "(1 − t) X + t X′"),
      ],
      caption: """
        From left to right t = 0, 0.25, 0.5, 0.75 and 1. Between codes one image changes into the other; \
        between pixels it fades into it.
        """)
    guard let judgement else { return }
    page.lead("How probable are the images on the way? A second model is the judge.")
    page.code("judge")
    show(judgement, on: page)
  }

  private func show(_ judgement: Judgement, on page: Page) {
    let t = judgement.places.map(Double.init)
    func line(
      _ label: String, _ meaning: Plot.Meaning, _ estimates: [MonteCarloEstimate]
    ) -> Plot.Layer {
      .line(
        .init(
          label, meaning: meaning, x: t, y: estimates.map(\.mean),
          errors: estimates.map(\.standardError)))
    }
    page.figure(
      "How probable are the pictures on the way?",
      description: """
        The mean of L₁₀ on the lines from each of \(lesson.source.fewTestInWords) to the next, with its \
        standard error. The judge is a second VAE, \(judgeInWords), which generated none of the \
        pictures.\(lesson.source.kind == .digits ? " Two faded digits, one on top of the other, are not a digit." : "")
        """,
      Plot(
        x: Axis("t"), y: Axis("nats per image"),
        layers: [
          line("between codes", .q, judgement.betweenCodes),
          line("between pixels", .series(5), judgement.betweenPixels),
        ]))
    lesson.claim(
      "Half way, a picture between codes has a higher L₁₀ than one between pixels.",
      .positive("mean gain", judgement.gainHalfWay), on: page)
  }

  private func showPoints(_ path: Path, on page: Page) {
    page.lead(
      """
      From one point to another: a straight line between their codes, decoded, and a straight line in the \
      plane. Both may cut across the ring: nothing keeps a straight line between codes on it.
      """)
    page.code("line")
    page.code("path")
    page.figure(
      "Two lines", description: "Five places on each line, among the test points.",
      Plot(
        x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
        layers: [
          lesson.source.points("test points", lesson.source.fewTest.values),
          lesson.source.points("line between codes", path.throughCodes),
          lesson.source.points("line between points", path.throughPixels),
        ]))
  }
}
