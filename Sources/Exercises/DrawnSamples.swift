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
    judged(description, shape: [count, mean.count], answer: answer) { first in
      let samples = DrawnSamples(of: first, mean: mean, logVariance: logVariance)
      return samples.complaint ?? samples.complaint(comparedWith: try? answer().answer)
    }
  }

  /// The exercise with one more condition: the function returns independent numbers from N(0, 1),
  /// new ones at each call.
  ///
  /// A right function fails at most once in four million runs, whatever its noise.
  public func drawingNoise(
    _ description: String, count: Int, answer: @escaping () throws -> [Double]
  ) -> Exercise {
    judged(description, shape: [count], answer: answer) { first in
      let samples = DrawnSamples(of: first, mean: [0], logVariance: [0])
      return samples.complaint ?? samples.complaint(comparedWith: try? answer().answer)
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
  private let mean: [Double]
  private let logVariance: [Double]
  /// (z − μ)/σ, for each component.
  private let noise: [[Double]]

  init(of answer: Answer, mean: [Double], logVariance: [Double]) {
    self.answer = answer
    self.mean = mean
    self.logVariance = logVariance
    noise = mean.indices.map { k in
      let sigma = StandardDeviation()(logVariance[k])
      return stride(from: k, to: answer.values.count, by: mean.count).map {
        (answer.values[$0] - mean[k]) / sigma
      }
    }
  }

  /// What is wrong with the samples.
  var complaint: String? {
    // With fewer, nothing can be said about their distribution.
    guard count >= 100 else { return nil }
    return repetition ?? distribution ?? tail ?? relation
  }

  /// What is wrong if the function returns these samples when it is called again.
  func complaint(comparedWith other: Answer?) -> String? {
    other == answer
      ? "called twice, your function returned the same samples; draw new noise in each call" : nil
  }

  private var dimension: Int { mean.count }
  private var count: Int { noise[0].count }

  /// log(1/p), where p is the share that each test has of the risk: the distribution and the tail
  /// of each component, and the products of every two and of successive samples.
  private var logOfTests: Double {
    let tests = 3 * dimension + dimension * (dimension - 1) / 2
    return .log(Double(tests) / Self.risk)
  }

  /// " in component 1", if there are several.
  private func place(_ component: Int) -> String {
    dimension == 1 ? "" : " of component \(component)"
  }
}

// MARK: - One number of noise in several places

extension DrawnSamples {
  /// Noise that occurs in more than one place. Independent numbers agree to 10⁻⁶ once in two
  /// million comparisons.
  private var repetition: String? {
    let isConstant = noise.allSatisfy { column in column.allSatisfy { isSame($0, column[0]) } }
    if isConstant, noise.allSatisfy({ isSame($0[0], 0) }) {
      return "every sample is μ; there is no noise in it"
    }
    let isShared = noise.dropFirst().contains { column in
      share(of: zip(column, noise[0]), where: isSame) > 0.5
    }
    if isConstant {
      return isShared
        ? "one number of noise serves everywhere; each component of each sample needs its own"
        : "all samples are the same; draw new noise for each, inside the loop"
    }
    if isShared {
      return "the components of a sample share one number of noise; each needs its own"
    }
    let sorted = noise.joined().sorted()
    let successive = zip(sorted, sorted.dropFirst())
    // Among N numbers about N² · 0.28 · 10⁻⁹ pairs are as near as this by chance: 1 of 60,000.
    let repeated = share(of: successive) { $1 - $0 <= 1e-9 }
    guard repeated > 0.05, (1 - repeated) * Double(sorted.count) > 100 else { return nil }
    return "the same number of noise occurs more than once; each component of each sample needs "
      + "its own"
  }

  private func isSame(_ first: Double, _ second: Double) -> Bool { abs(first - second) <= 1e-6 }

  private func share<Elements: Sequence>(
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

// MARK: - The distribution of each component

extension DrawnSamples {
  /// How far the shares of samples may be from the probabilities, by the inequality of Dvoretzky,
  /// Kiefer and Wolfowitz: P(distance > t) ≤ 2 exp(−2nt²), for every n (Massart, Annals of
  /// Probability 18, 1990).
  private var largestDistance: Double {
    ((logOfTests + .log(2)) / (2 * Double(count))).squareRoot()
  }

  /// What is wrong with the distribution: a mistake whose samples are distributed like these, or
  /// else what they are like.
  private var distribution: String? {
    let sorted = noise.map { $0.sorted() }
    let distances = sorted.map(distanceFromNormal)
    guard let worst = distances.indices.max(by: { distances[$0] < distances[$1] }),
      distances[worst] > largestDistance
    else { return nil }
    return knownMistake(sorted) ?? description(of: sorted[worst], worst)
  }

  private func distanceFromNormal(_ sorted: [Double]) -> Double {
    var largest = 0.0
    for (index, number) in sorted.enumerated() {
      let probability = 0.5 + 0.5 * .erf(number / Double(2).squareRoot())
      largest = max(
        largest, probability - Double(index) / Double(sorted.count),
        Double(index + 1) / Double(sorted.count) - probability)
    }
    return largest
  }

  /// The mistake whose samples are nearest, if they are near enough.
  private func knownMistake(_ sorted: [[Double]]) -> String? {
    var best: (distance: Double, message: String)?
    for (message, columns) in mistakenNoise {
      let distance = zip(sorted, columns).map(distanceBetween).max() ?? 1
      // The mistake's own samples are 0.01 off at most.
      guard distance <= largestDistance + 0.01, distance < best?.distance ?? 1,
        columns.contains(where: { distanceFromNormal($0) > 0.02 })
      else { continue }
      best = (distance, message)
    }
    return best?.message
  }

  /// For each mistake, sorted noise that has the distribution of (z − μ)/σ, for each component.
  private var mistakenNoise: [(message: String, columns: [[Double]])] {
    let sources = NoiseSource.wrong.map { source in
      var position: UInt64 = 0
      func uniform() -> Double {
        position += 1
        return (Double(Threefry(key: 4).bits(at: position) >> 12) + 0.5) * 0x1p-52
      }
      let column = (0..<20_000).map { _ in source.number(uniform) }.sorted()
      return (message: source.message, columns: mean.map { _ in column })
    }
    // N(0, 1) by its quantiles.
    let normal = (0..<2_000).map { Double.normalQuantile((Double($0) + 0.5) / 2_000) }
    let formulas = LogVarianceSample.mistakes.map { mistake in
      let sample = mistake.made(in: LogVarianceSample())
      let columns = mean.indices.map { k in
        let sigma = StandardDeviation()(logVariance[k])
        return normal.map {
          let z = sample(mean: [mean[k]], logVariance: [logVariance[k]], noise: [$0])
          return (z[0] - mean[k]) / sigma
        }.sorted()
      }
      return (message: mistake.message, columns: columns)
    }
    return sources + formulas.filter { $0.columns.allSatisfy { $0.allSatisfy(\.isFinite) } }
  }

  /// The largest distance between the shares of two sorted samples.
  private func distanceBetween(_ first: [Double], _ second: [Double]) -> Double {
    var (i, j, largest) = (0, 0, 0.0)
    while i < first.count, j < second.count {
      let next = min(first[i], second[j])
      while i < first.count, first[i] <= next { i += 1 }
      while j < second.count, second[j] <= next { j += 1 }
      largest = max(
        largest, abs(Double(i) / Double(first.count) - Double(j) / Double(second.count)))
    }
    return largest
  }

  /// What noise is like that is not from N(0, 1).
  private func description(of noise: [Double], _ component: Int) -> String {
    let average = noise.reduce(0, +) / Double(noise.count)
    let variance = noise.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(noise.count)
    let within = share(of: zip(noise, noise)) { number, _ in abs(number) < 1 }
    let moments =
      "the noise\(place(component)), (z − μ)/σ, has the mean \(formatted(average, decimals: 2)) and "
      + "the standard deviation \(formatted(variance.squareRoot(), decimals: 2)); "
    guard abs(average) < 0.05, abs(variance - 1) < 0.1 else {
      return moments + "they should be 0 and 1"
    }
    return moments
      + "both are right, but it is not normal: \(formatted(100 * within, decimals: 0)) % "
      + "lies within ±1, and 68 % should"
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
      }
      let pairs = stride(from: 1, to: count, by: 2).map { (column[$0 - 1], column[$0]) }
      if let correlation = correlation(pairs) {
        return "the noise\(place(index)) in a sample and in the next one are correlated "
          + "(\(correlation)); they should be independent"
      }
    }
    return nil
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
