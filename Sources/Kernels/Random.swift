/// The counter-based random bits of Threefry-2x32 with 20 rounds: for every key a bijection of
/// 64-bit positions, so that a number is a pure function of key and position, and none depends on
/// how the work was cut into pieces or threads.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11,
/// section 4.2; it reproduces the published test vectors of Random123. JAX uses the same generator.
public struct Threefry: Hashable, Sendable {
  /// Names one of 2⁶⁴ independent sequences; its low word is the cipher's first key word.
  public var key: UInt64

  /// Creates the sequence that `key` names.
  public init(key: UInt64) {
    self.key = key
  }

  /// The 64 random bits at a position; the low word is the cipher's first output word.
  public func bits(at position: UInt64) -> UInt64 {
    let (low, high) = block(at: position)
    return UInt64(high[0]) << 32 | UInt64(low[0])
  }

  /// The two output words at sixteen successive positions, wrapping after 2⁶⁴ − 1.
  @inline(__always)
  fileprivate func block(at position: UInt64) -> (low: Words, high: Words) {
    let keys = (
      UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32),
      0x1BD1_1BDA ^ UInt32(truncatingIfNeeded: key) ^ UInt32(truncatingIfNeeded: key >> 32)
    )
    let first = UInt32(truncatingIfNeeded: position)
    var low = Words(repeating: first) &+ Words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    var high = Words(repeating: UInt32(truncatingIfNeeded: position >> 32))
    if first > .max - 15 {
      high.replace(with: high &+ 1, where: low .< Words(repeating: first))
    }

    low &+= Words(repeating: keys.0)
    high &+= Words(repeating: keys.1)
    fourRounds(&low, &high, rotations: (13, 15, 26, 6), thenAdd: keys.1, keys.2 &+ 1)
    fourRounds(&low, &high, rotations: (17, 29, 16, 24), thenAdd: keys.2, keys.0 &+ 2)
    fourRounds(&low, &high, rotations: (13, 15, 26, 6), thenAdd: keys.0, keys.1 &+ 3)
    fourRounds(&low, &high, rotations: (17, 29, 16, 24), thenAdd: keys.1, keys.2 &+ 4)
    fourRounds(&low, &high, rotations: (13, 15, 26, 6), thenAdd: keys.2, keys.0 &+ 5)
    return (low, high)
  }
}

/// One cipher word at sixteen positions: two chains of AVX2 instructions, which hide each other's
/// latency.
private typealias Words = SIMD16<UInt32>

@inline(__always)
private func fourRounds(
  _ low: inout Words, _ high: inout Words, rotations: (UInt32, UInt32, UInt32, UInt32),
  thenAdd lowKey: UInt32, _ highKey: UInt32
) {
  oneRound(&low, &high, rotations.0)
  oneRound(&low, &high, rotations.1)
  oneRound(&low, &high, rotations.2)
  oneRound(&low, &high, rotations.3)
  low &+= Words(repeating: lowKey)
  high &+= Words(repeating: highKey)
}

@inline(__always)
private func oneRound(_ low: inout Words, _ high: inout Words, _ rotation: UInt32) {
  low &+= high
  let left = high &<< Words(repeating: rotation)
  let right = high &>> Words(repeating: 32 - rotation)
  high = (left | right) ^ low
}

extension Threefry {
  /// Fills a buffer with numbers uniform on [0, 1), from a position on: multiples of 2⁻²⁴ for
  /// `Float`, 2⁻⁵³ for `Double`.
  ///
  /// Two `Float`s or one `Double` use one position, here and in the other fills.
  public func fillUniform<Scalar: TensorScalar>(
    _ buffer: borrowing MutableBuffer<Scalar>, from position: UInt64
  ) {
    let base = unsafe buffer.base
    parallel(buffer.count, grain: grain) {
      unsafe Scalar.fillUniform(base, $0, self, from: position)
    }
  }

  /// Fills a buffer with standard normals, by Box and Muller's method. The last `Double` of an odd
  /// number uses two positions.
  public func fillNormal<Scalar: TensorScalar>(
    _ buffer: borrowing MutableBuffer<Scalar>, from position: UInt64
  ) {
    let base = unsafe buffer.base
    parallel(buffer.count, grain: grain) {
      unsafe Scalar.fillNormal(base, $0, self, from: position)
    }
  }

  /// Sets each element to one with the probability that it holds, and else to zero. The
  /// probability is met to within 2⁻²⁴ (`Float`) or 2⁻⁵³ (`Double`); 0 and 1 are exact.
  public func fillBernoulli<Scalar: TensorScalar>(
    probabilities buffer: borrowing MutableBuffer<Scalar>, from position: UInt64
  ) {
    let base = unsafe buffer.base
    parallel(buffer.count, grain: grain) {
      unsafe Scalar.fillBernoulli(base, $0, self, from: position)
    }
  }

  /// Sets each element to one with probability pixel/255, to within 2⁻³², and else to zero; 0 and
  /// 255 are exact.
  public func fillBernoulli(
    _ buffer: borrowing MutableBuffer<Float>, pixels: [UInt8], from position: UInt64
  ) {
    check(pixels.count == buffer.count, "\(pixels.count) pixels into \(buffer.count) scalars")
    let base = unsafe buffer.base
    unsafe pixels.withUnsafeBufferPointer { pixels in
      guard let first = pixels.baseAddress else { return }
      parallel(pixels.count, grain: grain) {
        unsafe fillBernoulli(base, $0, from: position, pixels: first)
      }
    }
  }
}

/// The fewest elements for which another thread is worth waking: about 10 µs of work.
private let grain = 8192

// The fills. Each writes elements `range` of an endless row that begins at `position`, so element i
// depends on the key, the position and i alone, and threads may take any pieces of the row. A row
// of Floats uses one position for two elements (low word, high word), a row of Doubles one for each.

extension Float {
  /// Uniform on [0, 1): multiples of 2⁻²⁴.
  public static func fillUniform(
    _ destination: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64
  ) {
    unsafe fill(destination, range) { (start) -> SIMD32<Float> in
      let (low, high) = bits.block(at: position &+ start / 2)
      return interleave(unitFloats(low), unitFloats(high))
    }
  }

  /// Standard normals by Box and Muller (Ann. Math. Stat. 29, 1958): each position gives the pair
  /// r cos 2πt, r sin 2πt with r = √(−2 log(1 − u)), u its low and t its high word over 2³². None
  /// exceeds 6.7 in absolute value.
  public static func fillNormal(
    _ destination: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64
  ) {
    unsafe fill(destination, range) { (start) -> SIMD32<Float> in
      let (low, high) = bits.block(at: position &+ start / 2)
      let (cosines, sines) = boxMuller(doubles(low) * 0x1p-32, turns: doubles(high) * 0x1p-32)
      return interleave(SIMD16<Float>(cosines), SIMD16<Float>(sines))
    }
  }

  /// One with the probability at the same index, else zero, to within 2⁻²⁴; 0 and 1 are exact.
  public static func fillBernoulli(
    _ probabilities: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64
  ) {
    unsafe fill(probabilities, range, reading: probabilities) { (start, values: SIMD32<Float>) in
      let (low, high) = bits.block(at: position &+ start / 2)
      return interleave(
        SIMD16<Float>().replacing(with: 1, where: unitFloats(low) .< values.evenHalf),
        SIMD16<Float>().replacing(with: 1, where: unitFloats(high) .< values.oddHalf))
    }
  }
}

extension Double {
  /// Uniform on [0, 1): multiples of 2⁻⁵³.
  public static func fillUniform(
    _ destination: UnsafeMutablePointer<Double>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64
  ) {
    unsafe fill(destination, range) { start in unitDoubles(bits.block(at: position &+ start)) }
  }

  /// Standard normals in the same way, where two positions, for u and t, give a pair. None exceeds
  /// 8.6 in absolute value.
  public static func fillNormal(
    _ destination: UnsafeMutablePointer<Double>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64
  ) {
    unsafe fill(destination, range) { start in
      let uniform = unitDoubles(bits.block(at: position &+ start))
      let (cosines, sines) = boxMuller(uniform.evenHalf, turns: uniform.oddHalf)
      var normals = SIMD16<Double>()
      normals.evenHalf = cosines
      normals.oddHalf = sines
      return normals
    }
  }

  /// One with the probability at the same index, else zero, to within 2⁻⁵³; 0 and 1 are exact.
  public static func fillBernoulli(
    _ probabilities: UnsafeMutablePointer<Double>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64
  ) {
    unsafe fill(probabilities, range, reading: probabilities) { (start, values: SIMD16<Double>) in
      let isOne = unitDoubles(bits.block(at: position &+ start)) .< values
      return SIMD16<Double>().replacing(with: 1, where: isOne)
    }
  }
}

extension Threefry {
  /// One with probability pixel/255, else zero, to within 2⁻³²; 0 and 255 are exact.
  fileprivate func fillBernoulli(
    _ destination: UnsafeMutablePointer<Float>, _ range: Range<Int>, from position: UInt64,
    pixels: UnsafePointer<UInt8>
  ) {
    unsafe fill(destination, range, reading: pixels) { (start, pixels: SIMD32<UInt8>) in
      let (low, high) = block(at: position &+ start / 2)
      return interleave(
        bernoulli(words: low, pixels: pixels.evenHalf),
        bernoulli(words: high, pixels: pixels.oddHalf))
    }
  }
}

/// The upper 24 bits of each word over 2²⁴.
@inline(__always)
private func unitFloats(_ words: Words) -> SIMD16<Float> {
  SIMD16<Float>(SIMD16<Int32>(truncatingIfNeeded: words &>> 8)) * 0x1p-24
}

/// The upper 53 bits of each pair of words over 2⁵³.
@inline(__always)
private func unitDoubles(_ words: (low: Words, high: Words)) -> SIMD16<Double> {
  (doubles(words.low &>> 11) * 0x1p-53).addingProduct(doubles(words.high), 0x1p-32)
}

/// One where word/(2³² − 1) is below pixel/255, which is (pixel · 0x01010101)/(2³² − 1).
@inline(__always)
func bernoulli(words: SIMD16<UInt32>, pixels: SIMD16<UInt8>) -> SIMD16<Float> {
  // The largest word is replaced by the one before it, so that pixel 255 always gives 1.
  let words = pointwiseMin(words, Words(repeating: .max - 1))
  let thresholds = Words(truncatingIfNeeded: pixels) &* Words(repeating: 0x0101_0101)
  return SIMD16<Float>().replacing(with: 1, where: words .< thresholds)
}

@inline(__always)
private func boxMuller(
  _ uniform: SIMD16<Double>, turns: SIMD16<Double>
) -> (cosines: SIMD16<Double>, sines: SIMD16<Double>) {
  let first = boxMuller(uniform.lowHalf, turns: turns.lowHalf)
  let second = boxMuller(uniform.highHalf, turns: turns.highHalf)
  return (
    SIMD16(lowHalf: first.cosines, highHalf: second.cosines),
    SIMD16(lowHalf: first.sines, highHalf: second.sines)
  )
}

@inline(__always)
private func boxMuller(
  _ uniform: SIMD8<Double>, turns: SIMD8<Double>
) -> (cosines: SIMD8<Double>, sines: SIMD8<Double>) {
  // 1 − u is exact and never 0, so that the logarithm is finite.
  var logarithm = 1 - uniform
  formLogarithm(&logarithm)
  let radius = squareRoot(logarithm * -2)
  var (sine, cosine) = (SIMD8<Double>(), SIMD8<Double>())
  formSineAndCosine(ofTurns: turns, sine: &sine, cosine: &cosine)
  return (radius * cosine, radius * sine)
}

/// √x for 0 ≤ x < 2⁵⁰⁰ to within an ulp. The method of the same name takes the lanes one by one,
/// which cost a third of a fill.
@inline(__always)
func squareRoot(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // 1/√x, to 4 % by halving the exponent (Lomont, "Fast inverse square root", 2003), then to 10⁻⁴
  // and 10⁻¹² by two steps of third order, and its product with x by one of second order.
  let halved = unsafe unsafeBitCast(x, to: SIMD8<UInt64>.self) &>> 1
  var inverse = unsafe unsafeBitCast(0x5fe6_eb50_c7b5_37a9 &- halved, to: SIMD8<Double>.self)
  for _ in 0..<2 {
    let rest = SIMD8(repeating: 1).addingProduct(-x * inverse, inverse)
    let series = SIMD8(repeating: 0.5).addingProduct(rest, SIMD8(repeating: 0.375))
    inverse = inverse.addingProduct(inverse * rest, series)
  }
  let root = x * inverse
  return root.addingProduct(inverse * 0.5, x.addingProduct(-root, root))
}

/// Words as Doubles: the bits of 2⁵² + word are those of 2⁵² with the word in the mantissa.
@inline(__always)
private func doubles(_ words: Words) -> SIMD16<Double> {
  let bits = interleave(words, Words(repeating: 0x4330_0000))
  return unsafe unsafeBitCast(bits, to: SIMD16<Double>.self) - 0x1p52
}

@inline(__always)
private func interleave<Scalar>(_ even: SIMD16<Scalar>, _ odd: SIMD16<Scalar>) -> SIMD32<Scalar> {
  var result = SIMD32<Scalar>()
  result.evenHalf = even
  result.oddHalf = odd
  return result
}

/// Writes elements `range` of a row. For any `start` that is a multiple of the vector's length,
/// `vector(start)` gives the elements from there on.
@inline(__always)
private func fill<Vector: SIMD>(
  _ destination: UnsafeMutablePointer<Vector.Scalar>, _ range: Range<Int>,
  _ vector: (_ start: UInt64) -> Vector
) {
  var index = range.lowerBound
  while index < range.upperBound {
    let start = index & -Vector.scalarCount
    let end = min(start + Vector.scalarCount, range.upperBound)
    let values = vector(UInt64(truncatingIfNeeded: start))
    if end - index == Vector.scalarCount {
      unsafe UnsafeMutableRawPointer(destination + start).storeBytes(of: values, as: Vector.self)
    } else {
      for i in index..<end { unsafe destination[i] = values[i - start] }
    }
    index = end
  }
}

/// The same, where element i also depends on `source[i]`.
@inline(__always)
private func fill<Vector: SIMD, Source: SIMD>(
  _ destination: UnsafeMutablePointer<Vector.Scalar>, _ range: Range<Int>,
  reading source: UnsafePointer<Source.Scalar>,
  _ vector: (_ start: UInt64, Source) -> Vector
) {
  unsafe fill(destination, range) { start in
    let lanes = Int(start)..<Int(start) + Source.scalarCount
    var values = Source()
    if range.clamped(to: lanes) == lanes {
      values = unsafe UnsafeRawPointer(source + lanes.lowerBound).loadUnaligned(as: Source.self)
    } else {
      for i in range.clamped(to: lanes) { values[i - lanes.lowerBound] = unsafe source[i] }
    }
    return vector(start, values)
  }
}
