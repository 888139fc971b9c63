/// The numbers that tensors are made of: `Float` for training, `Double` for checks.
///
/// The conformances call kernels that are written for the one type; nothing above this module
/// needs to be specialised.
public protocol TensorScalar: ElementaryScalar, Codable {
  /// `result` = `a` · `b`; see `Float.multiply`.
  static func multiply(
    _ a: Buffer<Self>, transposed aIsTransposed: Bool, _ b: Buffer<Self>,
    transposed bIsTransposed: Bool, into result: Buffer<Self>, rows: Int, columns: Int, depth: Int)
  /// `result` = `a` `operation` `b`, element by element; see `Float.combine`.
  static func combine(
    _ operation: BinaryOperation, _ a: Buffer<Self>, _ b: Buffer<Self>, along broadcast: Broadcast?,
    into result: Buffer<Self>)
  /// `result` = √`x`, element by element.
  static func squareRoot(_ x: Buffer<Self>, into result: Buffer<Self>)
  /// Sums or maxima over the middle one of three axes; see `Float.reduce`.
  static func reduce(
    _ reduction: Reduction, _ x: Buffer<Self>, outer: Int, count: Int, inner: Int,
    into result: Buffer<Self>)
  /// One step of Adam, in place; see `AdamStep`.
  static func update(
    _ parameters: Buffer<Self>, along gradient: Buffer<Self>, firstMoment: Buffer<Self>,
    secondMoment: Buffer<Self>, _ step: AdamStep)
}

extension Float: TensorScalar {}
extension Double: TensorScalar {}
