import Kernels

/// A random number generator whose every number follows from its seed, on any machine and with any
/// number of threads: Threefry-2x32, read from a position that moves forward.
///
/// It is two words, so that a checkpoint can hold it. Bulk sampling moves the position as follows,
/// for n numbers: ⌈n/2⌉ for `Float`s, and n rounded up to an even number for `Double`s.
///
/// The algorithms of the standard library (`shuffled`, `Int.random`) are not promised to stay the
/// same from one version of Swift to the next; where the bits matter, use the ones here.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  /// Names the sequence.
  public var key: UInt64
  /// Where in the sequence the next number is read.
  public var position: UInt64

  /// The sequence of a seed, from its start.
  public init(seed: UInt64) {
    self.init(key: seed, position: 0)
  }

  /// Restores a generator from its state.
  public init(key: UInt64, position: UInt64) {
    self.key = key
    self.position = position
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    defer { advance(by: 1) }
    return Threefry(key: key).bits(at: position)
  }

  /// Skips numbers, in constant time.
  public mutating func advance(by count: UInt64) {
    position &+= count
  }

  /// An independent generator for each number n, whatever this one's position.
  ///
  /// Its key is the bits of this sequence at position 2⁶⁴ − 1 − n, which no sampling reaches.
  public func stream(_ number: UInt64) -> SeededGenerator {
    SeededGenerator(seed: Threefry(key: key).bits(at: .max - number))
  }

  /// An integer in `0..<bound`, each with exactly the same probability.
  ///
  /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019),
  /// algorithm 5.
  public mutating func integer(below bound: Int) -> Int {
    if bound < 1 { fatalError("integer(below: \(bound)): the bound must be positive") }
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let unfair = (0 &- range) % range
      while product.low < unfair { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// The numbers `0..<count` in an order drawn uniformly from all orders.
  ///
  /// Source: Durstenfeld, "Algorithm 235: Random permutation", CACM 7 (1964), known as the
  /// Fisher–Yates shuffle.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }
}
