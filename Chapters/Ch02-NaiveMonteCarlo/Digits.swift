import Autodiff
import Datasets

/// The digits, with the one that is X.
struct Digits {
  let train, test: Examples
  /// The first test image of the chosen digit, grey, of shape [1, 784].
  let x: Tensor<Float>

  init(_ digit: Int) throws {
    let data = try ImageData.embeddedDigits()
    (train, test) = (Examples(data.train), Examples(data.test))
    x = test[[test.classes!.firstIndex(of: digit)!]]
  }
}
