import Autodiff
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// The units of a decoder's last hidden layer: each adds its activation, times a picture of its own, to
/// the logits of the pixels.
struct DecoderUnits {
  /// How many units there are.
  let count: Int
  /// The weights of those that change the output most, from the most on, one unit a row.
  let weights: Tensor<Float>
  /// How alike the weights of neighbouring pixels are, from −1 to 1, over all units; nil where no pixel has
  /// a neighbour.
  let likeness: MonteCarloEstimate?

  init(_ decoder: Decoder<Float>, at z: Tensor<Float>, columns: Int) {
    // cell: units
    let W = decoder.output.weight  // a row of weights for each hidden unit: a picture
    let h = decoder.hidden(z)  // the units' activations, for z ∼ P(z)
    let variance = (h - h.mean(axis: 0)).squared.mean(axis: 0)
    let effect = (variance * W.squared.sum(axis: 1)).scalars  // Var[h] ‖w‖²
    let order = effect.indices.sorted { (-effect[$0], $0) < (-effect[$1], $1) }
    // end
    count = order.count
    weights = W.rows(Array(order.prefix(10)))
    guard columns > 1 else {
      likeness = nil
      return
    }
    // Some units at a time, as the products are as large as the weights.
    let pieces = stride(from: 0, to: count, by: 20).map { Array($0..<min($0 + 20, order.count)) }
    likeness = MonteCarloEstimate(
      pieces.flatMap { Self.likeness(of: W.rows($0), columns: columns) })
  }

  /// How alike the weights of neighbouring pixels are, for each unit.
  private static func likeness(of W: Tensor<Float>, columns: Int) -> [Double] {
    // cell: likeness
    // For each unit ∑ w w′ / ½∑ (w² + w′²) over all pixels and their neighbours to the right.
    let rows = W.reshaped([W.count / columns, columns])
    let (left, right) = (rows.slice(axis: 1, 0..<columns - 1), rows.slice(axis: 1, 1..<columns))
    func total(_ x: Tensor<Float>) -> Tensor<Float> {
      x.reshaped([W.shape[0], x.count / W.shape[0]]).sum(axis: 1)
    }
    let likeness = total(left * right) / (0.5 * total(left.squared + right.squared))
    // end
    return likeness.scalars.map(Double.init)
  }

  /// Pictures of the weights, each from its own largest on: white for positive, grey for 0.
  var pictures: Tensor<Float> {
    let largest = weights.squared.maximum(axis: 1, keepingAxis: true)
    return 0.5 + 0.5 * weights / sqrt(largest + .leastNormalMagnitude)
  }

  /// Shows how the units are ranked.
  static func showCode(on page: Page) { page.code("units") }

  /// Shows how neighbouring weights are compared.
  static func showLikenessCode(on page: Page) { page.code("likeness") }
}
