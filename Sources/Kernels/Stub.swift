import Foundation
public protocol ElementaryScalar: BinaryFloatingPoint & SIMDScalar & Sendable & Codable {
  static func map(
    _ function: ElementaryFunction, _ source: UnsafePointer<Self>,
    into destination: UnsafeMutablePointer<Self>, count: Int)
}
func one(_ f: ElementaryFunction, _ x: Double) -> Double {
  switch f {
  case .exp: return exp(x)
  case .log: return log(x)
  case .log1p: return log1p(x)
  case .tanh: return tanh(x)
  case .sigmoid: return 1 / (1 + exp(-x))
  case .softplus: return max(x, 0) + log1p(exp(-abs(x)))
  case .sin: return sin(x)
  case .cos: return cos(x)
  case .erf: return erf(x)
  default: return x
  }
}
extension Float: ElementaryScalar {
  public static func map(
    _ function: ElementaryFunction, _ source: UnsafePointer<Self>,
    into destination: UnsafeMutablePointer<Self>, count: Int
  ) { for i in 0..<count { destination[i] = Float(one(function, Double(source[i]))) } }
}
extension Double: ElementaryScalar {
  public static func map(
    _ function: ElementaryFunction, _ source: UnsafePointer<Self>,
    into destination: UnsafeMutablePointer<Self>, count: Int
  ) { for i in 0..<count { destination[i] = one(function, source[i]) } }
}
