import Autodiff
import Notebook

extension Exercise {
  /// The exercise with one more condition: the function, which draws noise of its own, returns
  /// independent samples from N(μ, diag(σ²)), new ones at each call.
  ///
  /// A right function fails at most once in four million runs, whatever its noise.
  ///
  /// - Parameters:
  ///   - description: What was asked, in words that complete "For …".
  ///   - mean: μ.
  ///   - logVariance: log σ².
  ///   - count: How many samples are asked for: about 20,000 are enough to name a mistake.
  ///   - answer: Calls the student's function.
  public func drawing(
    _ description: String, mean: [Double], logVariance: [Double], count: Int,
    answer: @escaping () throws -> [[Double]]
  ) -> Exercise {
    judged(
      description, shape: [count, mean.count], oddity: DrawnSamples.oddity, answer: answer
    ) { first in
      let samples = DrawnSamples(of: first, mean: mean, logVariance: logVariance)
      return samples.complaint ?? samples.complaint(comparedWith: try? answer().answer)
    }
  }

  /// The exercise with one more condition: the function returns as many independent numbers from
  /// N(0, 1) as it is asked for, new ones at each call.
  ///
  /// A right function fails at most once in two million runs, whatever its noise.
  ///
  /// - Parameters:
  ///   - count: How many are asked for at first: about 20,000 are enough to name a mistake.
  ///   - greatCount: How many are asked for if nothing is wrong with these: 400,000 show that a sum
  ///     of twelve uniform numbers is not normal.
  ///   - answer: Calls the student's function with a count.
  public func drawingNoise(
    count: Int = 20_000, greatCount: Int = 400_000,
    answer: @escaping (_ count: Int) throws -> [Double]
  ) -> Exercise {
    judged(
      "\(formatted(count)) numbers", shape: [count], oddity: DrawnSamples.oddity,
      answer: { try answer(count) }
    ) { first in
      let noise = DrawnSamples(noise: first)
      return noise.complaint ?? noise.complaint(comparedWith: try? answer(count).answer)
        ?? (try? answer(greatCount).answer).flatMap { DrawnSamples(noise: $0).complaint }
    }
  }
}

/// Samples that should be independent and from N(μ, diag(σ²)).
///
/// They differ from run to run, so only statistics of them can be judged. The bounds of all tests
/// hold for any number of samples, not only for many. Each test has an equal share of the risk that
/// a right answer is rejected.
struct DrawnSamples {
  /// How often right samples are rejected, at most.
  static let risk = 2.5e-7

  private let answer: Answer
  let mean: [Double]
  let logVariance: [Double]
  /// (z − μ)/σ, for each component.
  let noise: [[Double]]
  /// Whether the noise itself was asked for, and no samples made from it.
  let isPlain: Bool

  /// Numbers that should be independent and from N(0, 1).
  init(noise: Answer) {
    answer = noise
    mean = [0]
    logVariance = [0]
    self.noise = [noise.values]
    isPlain = true
  }

  init(of answer: Answer, mean: [Double], logVariance: [Double]) {
    self.answer = answer
    self.mean = mean
    self.logVariance = logVariance
    isPlain = false
    noise = mean.indices.map { k in
      let sigma = StandardDeviation()(logVariance[k])
      return stride(from: k, to: answer.values.count, by: mean.count).map {
        (answer.values[$0] - mean[k]) / sigma
      }
    }
  }

  /// What is wrong with numbers that are not all finite, by the share that is not.
  static func oddity(of answer: Answer) -> String? {
    guard let oddity = answer.oddity else { return nil }
    let count = Double(answer.values.count)
    let share = answer.values.reduce(0) { $0 + ($1.isNaN ? 1 : 0) } / count
    func isNear(_ expected: Double) -> Bool { abs(share - expected) < 2 / count.squareRoot() }
    if share == 1, count > 1 { return oddity + ". Is the minus sign of −2 log u missing?" }
    if isNear(0.5), count > 1 {
      return oddity + ". Half of the numbers are NaN; does the cosine stand under the root, or is "
        + "the root of a symmetric number taken?"
    }
    // The part of a square that is outside of its circle.
    if isNear(1 - .pi / 4) {
      return oddity
        + ". A fifth of the numbers is NaN; is a point outside of the circle drawn again?"
    }
    return oddity
  }

  /// What is wrong with the samples.
  var complaint: String? {
    // With fewer, nothing can be said about their distribution.
    guard count >= 100 else { return nil }
    return sharing ?? distribution ?? repetition ?? tail ?? relation
  }

  /// What is wrong if the function returns these samples when it is called again.
  func complaint(comparedWith other: Answer?) -> String? {
    other == answer
      ? "called twice, your function returned the same samples; draw new noise in each call" : nil
  }

  var dimension: Int { mean.count }
  var count: Int { noise[0].count }

  /// log(1/p), where p is the share that each test has of the risk: the distribution and the tail
  /// of each component, and four relations of every two components and of successive samples.
  var logOfTests: Double {
    let pairs = dimension + dimension * (dimension - 1) / 2
    let tests = 2 * dimension + 4 * pairs
    return .log(Double(tests) / Self.risk)
  }

  /// " in component 1", if there are several.
  func place(_ component: Int) -> String {
    dimension == 1 ? "" : " of component \(component)"
  }
}

// MARK: - One number of noise in several places

extension DrawnSamples {
  /// Noise that all samples or all components share. Independent numbers agree to 10⁻⁶ once in
  /// two million comparisons.
  private var sharing: String? {
    let isConstant = noise.allSatisfy { column in column.allSatisfy { isSame($0, column[0]) } }
    if isConstant, isPlain { return "all numbers are the same; draw a new one each time" }
    if isConstant, noise.allSatisfy({ isSame($0[0], 0) }) {
      return "every sample is μ; there is no noise in it"
    }
    let isCoin = noise.allSatisfy { column in column.allSatisfy { isSame(abs($0), abs(column[0])) }
    }
    if isCoin, !isConstant { return "the noise has only two values; it should be from N(0, 1)" }
    let isShared = noise.dropFirst().contains { column in
      share(of: zip(column, noise[0]), where: isSame) > 0.9
    }
    if isConstant {
      return isShared
        ? "one number of noise serves everywhere; each component of each sample needs its own"
        : "all samples are the same; draw new noise for each, inside the loop"
    }
    return isShared
      ? "the components of a sample share one number of noise; each needs its own" : nil
  }

  /// Noise that occurs in more than one place.
  var repetition: String? {
    let sorted = noise.joined().sorted()
    let successive = zip(sorted, sorted.dropFirst())
    // Among N numbers about N² · 0.28 · 10⁻⁹ pairs are as near as this by chance: 1 of 60,000.
    let repeated = share(of: successive) { $1 - $0 <= 1e-9 }
    guard repeated > 0.05, (1 - repeated) * Double(sorted.count) > 100 else { return nil }
    return "the same number of noise occurs more than once; "
      + (isPlain ? "draw a new one each time" : "each component of each sample needs its own")
  }

  private func isSame(_ first: Double, _ second: Double) -> Bool { abs(first - second) <= 1e-6 }

  func share<Elements: Sequence>(
    of elements: Elements, where holds: (Double, Double) -> Bool
  ) -> Double where Elements.Element == (Double, Double) {
    var (holding, all) = (0, 0)
    for (first, second) in elements {
      all += 1
      if holds(first, second) { holding += 1 }
    }
    return Double(holding) / Double(max(all, 1))
  }
}

// MARK: - Tails, and relations between the numbers

extension DrawnSamples {
  /// Too few or too many numbers beyond ±3. By Chernoff's bound, a share at least as far from the
  /// probability p as q is has the probability exp(−n D(q‖p)) at most, on either side.
  private var tail: String? {
    let p = 1 - Double.erf(3 / Double(2).squareRoot())
    for (component, column) in noise.enumerated() {
      let beyond = column.count { abs($0) > 3 }
      let q = Double(beyond) / Double(count)
      let divergence =
        (q > 0 ? q * .log(q / p) : 0) + (q < 1 ? (1 - q) * .log((1 - q) / (1 - p)) : 0)
      guard Double(count) * divergence > logOfTests + .log(2) else { continue }
      return "\(formatted(beyond)) of \(formatted(count)) numbers of noise\(place(component)) are "
        + "beyond ±3, and about \(formatted((p * Double(count)).rounded(), decimals: 0)) should be: "
        + (q < p
          ? "is it a sum of uniform numbers? That is only nearly normal"
          : "large numbers are too frequent")
    }
    return nil
  }

  /// Noise that depends on other noise. The sum S of n products of independent numbers from N(0, 1)
  /// is half the difference of two χ² variables with n degrees of freedom, so by Laurent and
  /// Massart's bounds (Annals of Statistics 28, 2000) P(|S| > 2√(nx) + x) ≤ 4 exp(−x).
  private var relation: String? {
    for (index, column) in noise.enumerated() {
      for other in 0..<index {
        if let correlation = correlation(zip(column, noise[other])) {
          return "components \(other) and \(index) of a sample are correlated (\(correlation)); "
            + "their noise should be independent"
        }
        if isCoupled(zip(noise[other], column)) {
          return "the noise of component \(index) of a sample depends on that of \(other), " + reuse
        }
      }
      let pairs = stride(from: 1, to: count, by: 2).map { (column[$0 - 1], column[$0]) }
      if let correlation = correlation(pairs) {
        return "the noise\(place(index)) depends on the number before (their correlation is "
          + "\(correlation)); all should be independent"
      }
      if isCoupled(pairs) {
        return "the noise\(place(index)) depends on the number before, " + reuse
      }
    }
    return nil
  }

  private var reuse: String {
    "though it is not correlated: is a uniform number used for both? Draw new ones for each"
  }

  /// Whether the sign or the size of one number tells more than chance of the other's size, or the
  /// other way round. The size is compared with its median, so each of the three questions asks
  /// whether two fair coins agree; n answers differ from n/2 by Hoeffding's bound.
  private func isCoupled<Pairs: Sequence>(_ pairs: Pairs) -> Bool
  where Pairs.Element == (Double, Double) {
    let median = Double.normalQuantile(0.75)
    var (agreements, n) = ([0.0, 0, 0], 0.0)
    for (first, second) in pairs {
      let isLarge = (abs(first) > median, abs(second) > median)
      let questions = [
        (first > 0) == isLarge.1, isLarge.0 == (second > 0), isLarge.0 == isLarge.1,
      ]
      for (index, agrees) in questions.enumerated() { agreements[index] += agrees ? 1 : -1 }
      n += 1
    }
    let bound = (2 * n * (logOfTests + .log(2))).squareRoot()
    return agreements.contains { abs($0) > bound }
  }

  /// The correlation, if it is larger than chance allows.
  private func correlation<Pairs: Sequence>(_ pairs: Pairs) -> String?
  where Pairs.Element == (Double, Double) {
    var (sum, n) = (0.0, 0.0)
    for (first, second) in pairs {
      sum += first * second
      n += 1
    }
    let x = logOfTests + .log(4)
    return abs(sum) > 2 * (n * x).squareRoot() + x ? formatted(sum / n, decimals: 2) : nil
  }
}
