/// How two shapes are stretched to a common one, by NumPy's rule: axes are aligned from the last,
/// and an axis of extent 1, or a missing one, is repeated.
public struct Broadcast: Sendable {
  /// The common shape.
  public let shape: [Int]
  /// The common shape with neighbouring axes merged where both operands step through them evenly.
  let extents: SIMD4<Int>
  /// How far one step of each index moves in each operand; 0 along an axis that is repeated.
  let leftStrides: SIMD4<Int>
  let rightStrides: SIMD4<Int>

  /// If the two shapes do not fit, or differ in a way that needs more than four merged axes, the
  /// program stops with the name of the `operation`.
  public init(_ operation: String, _ left: [Int], _ right: [Int]) {
    func fail(_ reason: String) -> Never {
      fatalError("\(operation): shapes \(left) and \(right) \(reason)")
    }
    let rank = max(left.count, right.count)
    var shape = [Int](repeating: 1, count: rank)
    var extents = SIMD4<Int>(repeating: 1)
    var leftStrides = SIMD4<Int>.zero
    var rightStrides = SIMD4<Int>.zero
    var axis = 4
    var (leftSize, rightSize) = (1, 1)
    for i in 1...max(rank, 1) where i <= rank {
      let l = i <= left.count ? left[left.count - i] : 1
      let r = i <= right.count ? right[right.count - i] : 1
      guard l == r || l == 1 || r == 1 else { fail("do not broadcast") }
      let extent = l == 1 ? r : l
      shape[rank - i] = extent
      if extent == 1 { continue }
      let leftStride = l == 1 ? 0 : leftSize
      let rightStride = r == 1 ? 0 : rightSize
      leftSize *= l
      rightSize *= r
      if axis < 4, leftStrides[axis] * extents[axis] == leftStride,
        rightStrides[axis] * extents[axis] == rightStride
      {
        extents[axis] *= extent
      } else {
        guard axis > 0 else { fail("need more than four axes to broadcast") }
        axis -= 1
        extents[axis] = extent
        leftStrides[axis] = leftStride
        rightStrides[axis] = rightStride
      }
    }
    // The axes were filled from the last: unused ones in front have extent 1.
    self.shape = shape
    self.extents = extents
    self.leftStrides = leftStrides
    self.rightStrides = rightStrides
  }

  /// Whether an operand of `count` scalars, with its strides, and a result have the sizes that this
  /// broadcast was made for.
  func fits(_ count: Int, _ strides: SIMD4<Int>, _ resultCount: Int) -> Bool {
    let size = extents[0] * extents[1] * extents[2] * extents[3]
    return resultCount == size && (size == 0 || ((extents &- 1) &* strides).wrappedSum() < count)
  }

  /// Where an operand's part in the i-th run along the last axis begins.
  @inline(__always)
  func offset(ofRun i: Int, _ strides: SIMD4<Int>) -> Int {
    let (j, k) = i.quotientAndRemainder(dividingBy: extents[2])
    let (l, m) = j.quotientAndRemainder(dividingBy: extents[1])
    return l * strides[0] + m * strides[1] + k * strides[2]
  }
}
