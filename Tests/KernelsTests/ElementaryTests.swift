import Foundation
import Kernels
import Testing

/// The elementary functions against reference numbers, their special values, and what they promise
/// about arrays.
@Suite struct ElementaryTests {
  /// The errors that the documentation states, in units in the last place.
  struct Bound: Sendable {
    var function: ElementaryFunction
    var double: Double
    var float: Double
  }

  static let bounds = [
    Bound(function: .exp, double: 0.80, float: 0.56),
    Bound(function: .log, double: 0.91, float: 0.54),
    Bound(function: .log1p, double: 1.43, float: 0.54),
    Bound(function: .tanh, double: 1.42, float: 0.52),
    Bound(function: .sigmoid, double: 1.46, float: 0.51),
    Bound(function: .softplus, double: 1.70, float: 0.62),
    Bound(function: .sin, double: 0.82, float: 0.51),
    Bound(function: .cos, double: 0.82, float: 0.51),
    Bound(function: .erf, double: 1.50, float: 0.51),
    Bound(function: .normalQuantile, double: 1.78, float: 0.51),
  ]

  @Test("Doubles are as close to the reference as the documentation says", arguments: bounds)
  func doublesAreCloseToTheReference(_ bound: Bound) throws {
    let references = try Reference.read("\(bound.function)")
    #expect(references.count > 900)
    let values = bound.function(references.map(\.argument))
    for (value, reference) in zip(values, references) {
      let error = unitsInTheLastPlace(
        from: reference.nearest, to: value, correction: reference.correction)
      #expect(error <= bound.double, "\(bound.function) of \(reference.argument) is \(value)")
    }
  }

  /// Every 4,093rd bit pattern, whatever number it stands for.
  static let floats = stride(from: UInt32.min, to: .max, by: 4093).map(Float.init(bitPattern:))
  static let doubles = floats.map(Double.init)

  @Test("Floats are as close to the Doubles as the documentation says", arguments: bounds)
  func floatsAreCloseToTheDoubles(_ bound: Bound) {
    let values = bound.function(Self.floats)
    let references = bound.function(Self.doubles)
    for i in values.indices {
      let nearest = Float(references[i])
      if values[i] == nearest || values[i].isNaN && nearest.isNaN { continue }
      let correction = (references[i] - Double(nearest)) / Double(nearest.ulp)
      let error = unitsInTheLastPlace(from: nearest, to: values[i], correction: correction)
      // Not a number, and so a failure, if one of the two is infinite or not a number.
      #expect(error <= bound.float, "\(bound.function) of \(Self.floats[i]) is \(values[i])")
    }
  }

  @Test("Zeros, infinities, NaN and the ends of the domain give what mathematics says")
  func specialValues() {
    let huge = Double.greatestFiniteMagnitude
    let tiny = Double.leastNonzeroMagnitude
    let table: [(ElementaryFunction, [(argument: Double, value: Double)])] = [
      (
        .exp,
        [
          (0, 1), (-0.0, 1), (tiny, 1), (.infinity, .infinity), (-.infinity, 0), (huge, .infinity),
          (-huge, 0), (709.8, .infinity), (-745.2, 0), (-745, tiny),
        ]
      ),
      (
        .log,
        [
          (1, 0), (0, -.infinity), (-0.0, -.infinity), (.infinity, .infinity), (-1, .nan),
          (-tiny, .nan), (-.infinity, .nan),
        ]
      ),
      (
        .log1p,
        [
          (0, 0), (-0.0, -0.0), (tiny, tiny), (-tiny, -tiny), (-1, -.infinity), (-1.5, .nan),
          (.infinity, .infinity), (-.infinity, .nan),
        ]
      ),
      (
        .tanh,
        [
          (0, 0), (-0.0, -0.0), (tiny, tiny), (-tiny, -tiny), (20, 1), (-20, -1), (huge, 1),
          (.infinity, 1), (-.infinity, -1),
        ]
      ),
      (
        .sigmoid,
        [
          (0, 0.5), (-0.0, 0.5), (tiny, 0.5), (40, 1), (-745, tiny), (-huge, 0), (.infinity, 1),
          (-.infinity, 0),
        ]
      ),
      (
        .softplus,
        [
          (40, 40), (huge, huge), (-745, tiny), (-huge, 0), (.infinity, .infinity), (-.infinity, 0),
        ]
      ),
      (
        .sin,
        [
          (0, 0), (-0.0, -0.0), (tiny, tiny), (-tiny, -tiny), (.infinity, .nan),
          (-.infinity, .nan),
        ]
      ),
      (.cos, [(0, 1), (-0.0, 1), (tiny, 1), (.infinity, .nan), (-.infinity, .nan)]),
      (
        .erf,
        [
          (0, 0), (-0.0, -0.0), (tiny, tiny), (6, 1), (-6, -1), (huge, 1), (.infinity, 1),
          (-.infinity, -1),
        ]
      ),
      (
        .normalQuantile,
        [
          (0.5, 0), (0, -.infinity), (-0.0, -.infinity), (1, .infinity), (-tiny, .nan),
          (1.0.nextUp, .nan), (.infinity, .nan), (-.infinity, .nan),
        ]
      ),
    ]
    for (function, cases) in table {
      for (argument, value) in cases + [(.nan, .nan), (-.nan, .nan)] {
        let result = function([argument])[0]
        let isSame = value.isNaN ? result.isNaN : result.bitPattern == value.bitPattern
        #expect(isSame, "\(function) of \(argument) is \(result)")
      }
    }
  }

  /// Neither its neighbours nor its place in a vector may change a result, nor the room it is
  /// written to.
  @Test(
    "A result depends on its argument alone, wherever it stands",
    arguments: ElementaryFunction.allCases)
  func resultsDependOnTheArgumentAlone(_ function: ElementaryFunction) {
    check(Float.self)
    check(Double.self)

    func check<Scalar: ElementaryScalar>(_: Scalar.Type) {
      // Ordinary numbers, and some from every slow path among them.
      let rare: [Scalar] = [1e30, -1e30, 0.001, 0.999, 710, -740, .nan, .infinity, 0, 1e-40]
      var arguments = (0..<48).map { Scalar($0 * 37 % 48) / 16 - 1 }
      for (i, x) in rare.enumerated() { arguments[4 * i + 3] = x }
      let single = arguments.map { function([$0])[0] }
      for offset in 0..<8 {
        for count in 0...40 {
          let range = offset..<(offset + count)
          let results = function(Array(arguments[range]))
          var inPlace = arguments
          unsafe inPlace.withUnsafeMutableBufferPointer {
            let base = unsafe $0.baseAddress! + offset
            unsafe Scalar.map(function, base, into: base, count: count)
          }
          let isSame =
            zip(results, single[range]).allSatisfy(isIdentical)
            && zip(inPlace[range], single[range]).allSatisfy(isIdentical)
          let isUntouched =
            zip(inPlace[..<offset], arguments).allSatisfy(isIdentical)
            && zip(inPlace[range.upperBound...], arguments[range.upperBound...])
              .allSatisfy(isIdentical)
          #expect(isSame && isUntouched, "\(Scalar.self), \(range)")
        }
      }
    }
  }

  @Test("Each function of one number is the function of arrays that has its name")
  func functionsOfOneNumber() {
    func check<Scalar: ElementaryScalar>(_ x: Scalar) {
      let values: [(ElementaryFunction, Scalar)] = [
        (.exp, .exp(x)), (.log, .log(x)), (.log1p, .log1p(x)), (.tanh, .tanh(x)),
        (.sigmoid, .sigmoid(x)), (.softplus, .softplus(x)), (.sin, .sin(x)), (.cos, .cos(x)),
        (.erf, .erf(x)), (.normalQuantile, .normalQuantile(x)),
      ]
      #expect(values.map(\.0) == ElementaryFunction.allCases)
      for (function, value) in values {
        #expect(value == function([x])[0], "\(function)")
      }
    }
    check(Float(0.3))
    check(0.3)
  }
}

extension ElementaryFunction {
  fileprivate func callAsFunction<Scalar: ElementaryScalar>(_ arguments: [Scalar]) -> [Scalar] {
    unsafe [Scalar](unsafeUninitializedCapacity: arguments.count) { buffer, count in
      unsafe arguments.withUnsafeBufferPointer {
        guard let source = $0.baseAddress, let destination = buffer.baseAddress else { return }
        unsafe Scalar.map(self, source, into: destination, count: arguments.count)
      }
      count = arguments.count
    }
  }
}

/// A line of a file in `Reference`.
private struct Reference {
  var argument: Double
  /// The `Double` nearest to the true value.
  var nearest: Double
  /// What is missing to the true value, in units in the last place of `nearest`.
  var correction: Double

  static func read(_ name: String) throws -> [Reference] {
    let file = try #require(
      Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Reference"))
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let fields = line.split(separator: " ")
        return Reference(
          argument: Double(bitPattern: try #require(UInt64(fields[0], radix: 16))),
          nearest: Double(bitPattern: try #require(UInt64(fields[1], radix: 16))),
          correction: try #require(Double(fields[2])))
      }
  }
}

/// The distance of `value` from `nearest` + `correction` units in its last place, in these units.
private func unitsInTheLastPlace<Scalar: BinaryFloatingPoint>(
  from nearest: Scalar, to value: Scalar, correction: Double
) -> Double {
  abs(Double((value - nearest) / nearest.ulp) - correction)
}

private func isIdentical<Scalar: BinaryFloatingPoint>(_ a: Scalar, _ b: Scalar) -> Bool {
  a == b ? a.sign == b.sign : a.isNaN && b.isNaN
}
