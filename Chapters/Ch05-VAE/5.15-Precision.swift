import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// What images cost with bins of probability 2⁻ᵇ, with bits back and without.
struct Precision {
  /// b.
  let bits: Int
  /// The bits of each image with bits back, and without, at the bin of the mean of Q(z|X).
  let withBitsBack: [Double]
  let without: [Double]
}

extension Precision {
  init(
    _ b: Int, _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>, _ images: [Tensor<Float>],
    _ initial: BitStack
  ) {
    var stack = initial
    let codec = Codec(model: model, bins: LatentBins(bits: b))
    let coded = codec.encode(images, onto: &stack)
    // cell: without
    // Without bits back: z is the middle of the bin that μ(X) is in, and costs b bits a variable.
    let μ = model.encoder(x).mean
    let bins = μ.scalars.map { μ in codec.bins.last { edge in edge <= Double(μ) } }
    let z = Tensor(bins.map { codec.bins.middles[$0] }, shape: μ.shape)
    let nats = -model.decoder.logProbability(of: x, given: z)  // log 1/P(X|z)
    let without = nats.scalars.map { Double($0) / .log(2) + Double(b * μ.shape[1]) }
    // end
    self.init(bits: b, withBitsBack: coded.map(\.bits), without: without)
  }

  static func show(_ result: BitsBack.Result, _ lesson: Lesson, on page: Page) {
    page.code("without")
    let precisions = result.precisions
    let (with, without) = (
      precisions.map { MonteCarloEstimate($0.withBitsBack) },
      precisions.map { MonteCarloEstimate($0.without) }
    )
    let x = precisions.map { Double($0.bits) }
    let bound = MonteCarloEstimate(result.bounds).mean
    page.figure(
      "How fine must the bins be?",
      description: """
        Mean bits per image. Without bits back, coarse bins spoil X and fine ones cost more for z; \
        with bits back, fine bins cost nothing.
        """,
      Plot(
        x: Axis("b, bits of a latent variable"), y: Axis("bits per image"),
        layers: [
          .line(.init("the negative bound", meaning: .bound, x: x, y: x.map { _ in bound })),
          .line(.init("without bits back", meaning: .series(5), x: x, y: without.map(\.mean))),
          .line(.init("with bits back", meaning: .q, x: x, y: with.map(\.mean))),
        ]))
    let best = precisions.indices.min { without[$0].mean < without[$1].mean }!
    page.table(
      [.right("b"), .right("with bits back"), .right("without")],
      rows: precisions.indices.map {
        [
          formatted(precisions[$0].bits), formatted(with[$0].mean, decimals: 2),
          formatted(without[$0].mean, decimals: 2),
        ]
      }, caption: "Mean bits per image.")
    guard result.coded.count >= 30 else { return }
    lesson.claim(
      "Bits back with b = \(BitsBack.latentBits) takes fewer bits than the best choice without, b = \(precisions[best].bits).",
      .positive(
        "bits saved",
        MonteCarloEstimate(
          zip(precisions[best].without, result.coded).map { $0 - $1.bits })), on: page)
  }
}
