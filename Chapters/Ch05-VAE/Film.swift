import Autodiff
import Datasets
import Foundation
import Notebook
import Probability
import VariationalAutoencoders

/// What a decoder makes of the same z at some epochs of its training.
struct Film {
  /// The pictures after one epoch, or before the first.
  struct Frame {
    let epoch: Int
    /// The expected pixels, a picture for each z.
    let pictures: [GrayImage]
  }

  /// The z, as many as the film has pictures across, times those down.
  let z: Tensor<Float>
  let across: Int
  private let epochs: Set<Int>
  private(set) var frames: [Frame] = []
  private let source: Source

  /// A film with seven frames, most of them early, where the pictures change fast; nil where there are no pictures, or
  /// pictures too large for a page.
  init?(_ z: Tensor<Float>, across: Int, epochs: Int, _ lesson: Lesson) {
    guard lesson.source.rows != nil, lesson.source.train.size <= 1100 else { return nil }
    (self.z, self.across, source) = (z, across, lesson.source)
    self.epochs = Set((0...6).map { Int((Double(epochs * $0 * $0) / 36).rounded()) })
  }

  /// Keeps a frame, if the training is at one of the film's epochs.
  mutating func watch(_ training: Training) {
    let epoch = training.history.count
    guard epochs.contains(epoch) else { return }
    let pixels = training.model.decoder.mean(of: z)
    frames.append(Frame(epoch: epoch, pictures: source.pictures(pixels, cropped: true)))
  }
}

/// What the figure of 5.3 needs in a browser: films with 16 grey levels, and the bound of each epoch.
struct TouchableTraining: Encodable {
  /// The pictures of one epoch.
  struct Frame: Encodable {
    let epoch: Int
    /// Two pixels in a byte, in base64.
    let pictures: String
    /// The mean of the rounded pixels, from 0 to 1.
    let meanGrey: Double
  }

  /// A film as a page has it.
  struct Film: Encodable {
    let title: String
    let across: Int
    let down: Int
    let frames: [Frame]
  }

  let width: Int
  let height: Int
  let films: [Film]
  /// The epochs and the bounds of the test examples after them.
  let bounds: [[Double]]
  /// From where to where the bound is drawn.
  let range: [Double]

  /// - Parameter films: Each with its title. Films without frames are left out.
  init?(
    _ films: [(title: String, film: Ch05_VAE.Film?)], _ history: [EpochSummary], _ lesson: Lesson
  ) {
    self.films = films.compactMap { title, film in
      guard let film, film.frames.count > 1 else { return nil }
      return Film(
        title: title, across: film.across, down: film.z.shape[0] / film.across,
        frames: film.frames.map(Frame.init))
    }
    guard history.count > 1, !self.films.isEmpty,
      let picture = films.compactMap(\.film).first?.frames.first?.pictures.first
    else { return nil }
    (width, height) = (picture.width, picture.height)
    let every = max(1, history.count / 200)
    bounds = history.indices.filter { $0 % every == 0 || $0 == history.count - 1 }
      .map { [Double($0 + 1), (100 * history[$0].testBound).rounded() / 100] }
    // The first epochs of a long run are far below all others.
    let shown = bounds.dropFirst(bounds.count / 20).map { $0[1] }
    let (low, high) = (shown.min()!, shown.max()!)
    range = [low - 0.05 * (high - low) - 1, high + 0.05 * (high - low) + 1]
  }
}

extension TouchableTraining.Frame {
  fileprivate init(_ frame: Film.Frame) {
    let levels = frame.pictures.flatMap(\.pixels).map { UInt8((15 * min(max($0, 0), 1)).rounded()) }
    let padded = levels + (levels.count % 2 == 0 ? [] : [0])
    let bytes = stride(from: 0, to: padded.count, by: 2).map { padded[$0] << 4 | padded[$0 + 1] }
    let sum = levels.reduce(0) { $0 + Int($1) }
    self.init(
      epoch: frame.epoch, pictures: Data(bytes).base64EncodedString(),
      meanGrey: Double(sum) / Double(15 * levels.count))
  }
}
