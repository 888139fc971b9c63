import Autodiff
import Kernels

/// Random bits that are the same in every run.
struct TestGenerator: RandomNumberGenerator {
  private let bits: Threefry
  private var position: UInt64 = 0

  init(seed: UInt64) { bits = Threefry(key: seed) }

  mutating func next() -> UInt64 {
    defer { position += 1 }
    return bits.bits(at: position)
  }
}

/// Numbers from `domain`, uniform but for a gap of ±0.1 around 0, where a ReLU has its kink. All are
/// `Float`s, so that a `Double` tensor holds the same numbers.
func random<Scalar: TensorScalar>(
  _ shape: [Int], in domain: ClosedRange<Float> = -2...2, seed: UInt64
) -> Tensor<Scalar> {
  let uniform = Tensor<Float>(shape: shape) { Threefry(key: seed).fillUniform($0, from: 0) }
  let (start, length) = (domain.lowerBound, domain.upperBound - domain.lowerBound)
  let numbers = uniform.scalars.map { u in
    let x = start + length * u
    return abs(x) < 0.1 ? x + 0.2 : x
  }
  return Tensor(numbers, shape: shape).converted(to: Scalar.self)
}

/// One random tensor for each of the shapes.
func random<Scalar: TensorScalar>(
  _ shapes: [[Int]], in domain: ClosedRange<Float> = -2...2
) -> [Tensor<Scalar>] {
  shapes.enumerated().map { random($1, in: domain, seed: UInt64($0)) }
}

extension Tensor {
  /// A number that depends on every element, on each in another way.
  var weightedSum: Tensor { (self * random(shape, seed: 99)).sum() }

  /// The bits of all elements.
  var bits: [UInt8] { buffer.bytes }
}

/// An array as the definitions see it: a shape and numbers, and nothing clever.
struct Plain: Equatable {
  let shape: [Int]
  private(set) var scalars: [Double] = []

  /// An array of the elements that a function gives for their indices.
  init(_ shape: [Int], _ element: ([Int]) -> Double) {
    self.shape = shape
    var index = shape.map { _ in 0 }
    for _ in 0..<shape.reduce(1, *) {
      scalars.append(element(index))
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
  }

  init<Scalar>(_ tensor: Tensor<Scalar>) {
    shape = tensor.shape
    scalars = tensor.scalars.map(Double.init)
  }

  /// The element at an index, which may be that of a larger array that this one is stretched to: its
  /// leading axes are then left out, and axes of extent 1 stay at 0.
  subscript(index: [Int]) -> Double {
    let own = index.suffix(shape.count)
    return scalars[zip(own, shape).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }]
  }

  /// A function of each element.
  func map(_ function: (Double) -> Double) -> Plain { Plain(shape) { function(self[$0]) } }

  /// A function of each pair of elements, with broadcasting.
  func combined(_ other: Plain, _ function: (Double, Double) -> Double) -> Plain {
    let rank = max(shape.count, other.shape.count)
    let shapes = [shape, other.shape].map { Array(repeating: 1, count: rank - $0.count) + $0 }
    let common = zip(shapes[0], shapes[1]).map { $0 == 1 ? $1 : $0 }
    return Plain(common) { function(self[$0], other[$0]) }
  }

  /// The array without an axis, each element made of those along it.
  func reduced(axis: Int, _ function: ([Double]) -> Double) -> Plain {
    let axis = axis < 0 ? axis + shape.count : axis
    var rest = shape
    rest.remove(at: axis)
    return Plain(rest) { index in
      function(
        (0..<shape[axis]).map {
          var whole = index
          whole.insert($0, at: axis)
          return self[whole]
        })
    }
  }
}

/// The sum, one term after another.
func total(_ terms: [Double]) -> Double { terms.reduce(0, +) }

/// A product of matrices, by its definition.
func product(_ x: Plain, _ y: Plain) -> Plain {
  Plain([x.shape[0], y.shape[1]]) { index in
    total((0..<x.shape[1]).map { x[[index[0], $0]] * y[[$0, index[1]]] })
  }
}
