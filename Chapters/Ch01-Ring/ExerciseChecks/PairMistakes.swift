import Exercises

extension MeanDistance {
  /// Which pairs count, and by how many the sum is divided.
  static func pairs(of sets: Sets) -> [Mistake<MeanDistance>] {
    typealias Pairs = (_ i: Int, _ j: Int, _ n: Int, _ m: Int) -> Bool
    let pairs: [(String, Pairs)] = [
      (
        sets.n == sets.m
          ? "the pairs of a point with itself were left out; here they count, with distance 0"
          : "the pairs with the same index were left out; here they count",
        { i, j, _, _ in i != j }
      ),
      (
        "only the first point of \(sets.first) was paired; each point counts",
        { i, _, _, _ in i == 0 }
      ),
      (
        "only the first point of \(sets.second) was paired; each point counts",
        { _, j, _, _ in j == 0 }
      ),
      (
        "only the last point of \(sets.first) was paired (is there an = in place of +=?)",
        { i, _, n, _ in i == n - 1 }
      ),
      (
        "only the last point of \(sets.second) was paired (is there an = in place of +=?)",
        { _, j, _, m in j == m - 1 }
      ),
      (
        "only the first pair counts; does a loop return too early?",
        { i, j, _, _ in i == 0 && j == 0 }
      ),
      (
        "only the last pair counts; add the distances up with +=",
        { i, j, n, m in i == n - 1 && j == m - 1 }
      ),
      ("the first point of \(sets.first) is left out", { i, _, _, _ in i > 0 }),
      ("the first point of \(sets.second) is left out", { _, j, _, _ in j > 0 }),
      ("the first point of both is left out", { i, j, _, _ in i > 0 && j > 0 }),
      ("the last point of \(sets.first) is left out", { i, _, n, _ in i < n - 1 }),
      ("the last point of \(sets.second) is left out", { _, j, _, m in j < m - 1 }),
      ("the last point of both is left out", { i, j, n, m in i < n - 1 && j < m - 1 }),
      (
        "only points with the same index were paired; pair each point with each",
        { i, j, _, _ in i == j }
      ),
      ("only the pairs i < j were summed; here all count", { i, j, _, _ in i < j }),
      ("only the pairs i ≤ j were summed; here all count", { i, j, _, _ in i <= j }),
      ("only the pairs j < i were summed; here all count", { i, j, _, _ in j < i }),
      ("only the pairs j ≤ i were summed; here all count", { i, j, _, _ in j <= i }),
      ("only neighbours were paired; pair all points", { i, j, _, _ in j == i + 1 }),
    ]
    return pairs.flatMap { message, isPair in
      [
        Mistake(message, message) { $0.isPair = isPair },
        Mistake("\(message), mean of those", message) { formula in
          formula.isPair = isPair
          formula.divisor = { first, second, _ in
            let (n, m) = (Int(first), Int(second))
            return Double(
              (0..<n).reduce(0) { count, i in count + (0..<m).count { isPair(i, $0, n, m) } })
          }
        },
      ]
    }
  }

  static var sums: [Mistake<MeanDistance>] {
    let sums: [(String, ([Double]) -> Double)] = [
      ("the first distance is added twice", { $0.reduce($0.first ?? 0, +) }),
      ("the last distance is added twice", { $0.reduce($0.last ?? 0, +) }),
      ("the sum of the distances begins at 1; begin it at 0", { $0.reduce(1, +) }),
      ("the first of the distances is left out of the sum", { $0.dropFirst().reduce(0, +) }),
      ("the last of the distances is left out of the sum", { $0.dropLast().reduce(0, +) }),
      (
        "the root was taken of the sum over all pairs; each distance has its own root",
        { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      ),
    ]
    let single: [(String, ([Double]) -> Double)] = [
      ("the largest distance was taken, not the mean", { $0.max() ?? 0 }),
      ("the smallest distance was taken, not the mean", { $0.min() ?? 0 }),
      (
        "pairs with the distance 0 were left out of the mean, which is 0/0 = NaN if there is no "
          + "other; they count",
        { distances in
          distances.reduce(0, +) / Double(distances.count { $0 > 0 })
        }
      ),
      (
        "pairs with the distance 0 were left out of the mean; they count",
        { distances in
          distances.reduce(0, +) / Double(max(distances.count { $0 > 0 }, 1))
        }
      ),
      ("the median of the distances was taken, not the mean", median),
      (
        "the root of the mean of the squared distances was taken, not the mean distance",
        { ($0.reduce(0) { $0 + $1 * $1 } / Double($0.count)).squareRoot() }
      ),
      (
        "the root of the sum of all squares was taken, over all pairs at once; each has its own root",
        { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      ),
    ]
    return sums.map { message, sum in Mistake(message, message) { $0.sumOfDistances = sum } }
      + single.map { message, value in
        Mistake(message, message) {
          $0.sumOfDistances = value
          $0.divisor = { _, _, _ in 1 }
        }
      }
  }

  static func divisors(of sets: Sets) -> [Mistake<MeanDistance>] {
    let (n, m) = (sets.n, sets.m)
    let right = "; there are \(n) · \(m) pairs"
    typealias Divisor = (_ first: Double, _ second: Double, Sizes) -> Double
    let divisors: [(String, Divisor)] = [
      ("those are sums over the pairs; take the mean", { _, _, _ in 1 }),
      (
        "the sum was divided by \(n)\(right)",
        { n, _, _ in n }
      ),
      (
        "the sum was divided by \(m)\(right)",
        { _, m, _ in m }
      ),
      ("the sum was divided by \(n) + \(m)\(right)", { n, m, _ in n + m }),
      ("the sum was divided by \(n) · \(n)\(right)", { n, _, _ in n * n }),
      ("the sum was divided by \(m) · \(m)\(right)", { _, m, _ in m * m }),
      (
        "the sum was divided by (\(n) − 1)(\(m) − 1)\(right)",
        { n, m, _ in (n - 1) * (m - 1) }
      ),
      ("the sum was divided by \(n)(\(m) − 1)\(right)", { n, m, _ in n * (m - 1) }),
      ("the sum was divided by \(n) · \(m) − 1\(right)", { n, m, _ in n * m - 1 }),
      ("the sum was divided by 2 · \(n) · \(m)\(right)", { n, m, _ in 2 * n * m }),
      ("the sum was divided by half of \(n) · \(m)\(right)", { n, m, _ in n * m / 2 }),
      (
        "the sum was divided by √(\(n) · \(m))\(right)",
        { n, m, _ in (n * m).squareRoot() }
      ),
      ("the sum was divided by (\(n) · \(m))²\(right)", { n, m, _ in n * m * n * m }),
      ("the sum was multiplied by \(n) · \(m); divide by it", { n, m, _ in 1 / (n * m) }),
      (
        "/ \(n) * \(m) divides by \(n) and multiplies by \(m); write / (\(n) * \(m))",
        { n, m, _ in n / m }
      ),
      ("the sum was divided by n · n\(right)", { _, _, sizes in sizes.n * sizes.n }),
      ("the sum was divided by m · m\(right)", { _, _, sizes in sizes.m * sizes.m }),
      ("the sum was divided by n · m\(right)", { _, _, sizes in sizes.n * sizes.m }),
    ]
    return divisors.map { message, divisor in Mistake(message, message) { $0.divisor = divisor } }
  }
}

private func median(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  guard !sorted.isEmpty else { return 0 }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
