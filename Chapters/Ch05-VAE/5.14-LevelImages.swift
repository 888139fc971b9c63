import Autodiff
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// Images in sixteen grey levels, and what a pixel costs under a model of them.
struct LevelImages {
  let course: Course
  let train: Tensor<Float>
  let test: Tensor<Float>

  init(_ course: Course) {
    self.course = course
    (train, test) = (Self.levels(of: course.train), Self.levels(of: course.test))
  }

  /// The values (k + ½)/16 of the levels k that grey values lie in; beyond 0 and 1, of the first and
  /// the last.
  static func levels(of x: Tensor<Float>) -> Tensor<Float> {
    Tensor(
      x.scalars.map { (max(0, min(15, (16 * $0).rounded(.down))) + 0.5) / 16 }, shape: x.shape)
  }

  func trainedCategorical() -> SmallModel<LevelDecoder> {
    course.trained(on: train, for: "with sixteen grey levels") {
      LevelDecoder(course.configuration, using: &$0)
    }
  }

  func trainedGaussian() -> SmallModel<GaussianLevelDecoder> {
    course.trained(on: train, for: "a Gaussian for grey levels") {
      GaussianLevelDecoder(
        gaussian: DeviationDecoder(
          course.configuration, spreads: course.configuration.inputSize,
          floor: GaussianModels.floors.last!, using: &$0))
    }
  }

  /// Nats an image as bits a pixel.
  func bits(ofNats nats: Double) -> Double { nats / .log(2) / Double(train.shape[1]) }

  /// The bits of a model. Its encoder sees what it was trained on: the bound holds for any Q.
  func contender<D>(
    _ name: String, _ model: SmallModel<D>, isTrainedForLevels: Bool = false,
    _ logLikelihood: (_ x: Tensor<Float>, _ z: Tensor<Float>) -> Tensor<Float>
  ) -> GreyLevels.Contender {
    func bits(_ x: Tensor<Float>, grey: Tensor<Float>) -> [Double] {
      let encoded = isTrainedForLevels ? x : grey
      return model.evaluate(on: encoded, using: course.testNoise) { rows, Q, z in
        Q.klDivergenceToStandardNormal() - logLikelihood(x.rows(rows), z)
      }.map(self.bits(ofNats:))
    }
    return GreyLevels.Contender(
      name: name, isTrainedForLevels: isTrainedForLevels, bits: bits(test, grey: course.test),
      trainBits: MonteCarloEstimate(bits(train, grey: course.train)).mean)
  }

  /// The best model without latent variables: each pixel has its own frequencies of the levels.
  func frequencies() -> GreyLevels.Contender {
    var sum = Tensor<Float>(zeros: [16, train.shape[1]])
    // By pieces, as sixteen numbers a pixel take much memory.
    let length = Course.pieceLength(size: train.shape[1])
    for rows in Examples(train).chunks(of: length) {
      sum = sum + isLevel(train.rows(rows)).sum(axis: 0)
    }
    // cell: frequencies
    // One image more, a sixteenth of it of each level, keeps every frequency away from 0.
    let logP = log((sum + 1 / 16) / Float(train.shape[0] + 1))  // of each level and pixel
    // end
    func bits(_ x: Tensor<Float>) -> [Double] {
      Examples(x).chunks(of: length).flatMap { rows in
        (isLevel(x.rows(rows)) * logP).sum(axis: 2).sum(axis: 1).scalars.map {
          self.bits(ofNats: -Double($0))
        }
      }
    }
    return GreyLevels.Contender(
      name: "each pixel by itself", isTrainedForLevels: true, bits: bits(test),
      trainBits: MonteCarloEstimate(bits(train)).mean)
  }

  static func show(on page: Page) { page.code("frequencies") }
}
