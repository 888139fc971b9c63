import Autodiff

/// The divergence of two normal distributions with independent components, in nats:
/// D[Q‖P] = ½ Σ (σ₀²/σ₁² + (μ₀ − μ₁)²/σ₁² − 1 − log σ₀² + log σ₁²), with 0 for Q and 1 for P.
///
/// The places where people go wrong are its fields.
public struct NormalDivergence {
  /// σ² from log σ².
  public var variance: (_ logVariance: Double) -> Double = Double.exp
  /// log σ² from log σ².
  public var logVariance: (_ logVariance: Double) -> Double = { $0 }
  /// From σ₀² and σ₁².
  public var ratio: (Double, Double) -> Double = { $0 / $1 }
  /// From μ₀, μ₁, σ₀² and σ₁².
  public var shift: (Double, Double, Double, Double) -> Double = { q, p, _, variance in
    (q - p) * (q - p) / variance
  }
  /// What is made of the sum of the squares of the means.
  public var squares: (Double) -> Double = { $0 }
  /// How often the 1 is subtracted for so many components.
  public var ones: (Int) -> Double = { Double($0) }
  /// What each of the four terms is multiplied by.
  public var ratioFactor = 0.5, shiftFactor = 0.5, oneFactor = 0.5, logFactor = 0.5
  /// What is made of the divergence of each component from N(0, I) before they are added up, if
  /// anything is.
  public var ofComponent: ((Double) -> Double)?
  /// What is made of the four sums for so many components.
  public var result: (_ sum: Double, _ count: Int) -> Double = { sum, _ in sum }
  /// Whether it is D[P‖Q].
  public var isReversed = false
  /// The variance of N(0, I) and its log, which most people do not compute from one another.
  public var standardVariance = 1.0, standardLogVariance = 0.0

  /// The right formula.
  public init() {}

  private struct Component {
    let mean, variance, logVariance: Double
  }

  /// D[Q‖N(0, I)].
  public func callAsFunction(means: [Double], logVariances: [Double]) -> Double {
    let standard = Component(
      mean: 0, variance: standardVariance, logVariance: standardLogVariance)
    let q = components(means, logVariances)
    guard let ofComponent else { return divergence(q, q.map { _ in standard }) }
    return q.reduce(0) { $0 + ofComponent(divergence([$1], [standard])) }
  }

  /// D[Q‖P].
  public func callAsFunction(
    means: [Double], logVariances: [Double], fromMeans: [Double], fromLogVariances: [Double]
  ) -> Double {
    divergence(components(means, logVariances), components(fromMeans, fromLogVariances))
  }

  private func components(_ means: [Double], _ logVariances: [Double]) -> [Component] {
    zip(means, logVariances).map {
      Component(mean: $0, variance: variance($1), logVariance: logVariance($1))
    }
  }

  private func divergence(_ q: [Component], _ p: [Component]) -> Double {
    var (sum, squares) = (-oneFactor * ones(q.count), 0.0)
    for (q, p) in isReversed ? zip(p, q) : zip(q, p) {
      sum += ratioFactor * ratio(q.variance, p.variance)
      squares += shift(q.mean, p.mean, q.variance, p.variance)
      sum -= logFactor * (q.logVariance - p.logVariance)
    }
    return result(sum + shiftFactor * self.squares(squares), q.count)
  }

  mutating func setFactors(
    _ ratio: Double, _ shift: Double, _ one: Double, _ log: Double
  ) {
    (ratioFactor, shiftFactor, oneFactor, logFactor) = (ratio, shift, one, log)
  }
}

extension NormalDivergence {
  /// What is wrong with a divergence that contains a very large or small log variance, such as 25 or
  /// −40, if anything is: the log variance was perhaps limited.
  ///
  /// - Parameters:
  ///   - answer: The student's divergence.
  ///   - divergence: The divergence by a formula.
  public static func complaint(
    about answer: Double, _ divergence: (NormalDivergence) -> Double
  ) -> String? {
    let right = divergence(NormalDivergence())
    func isNear(_ other: Double) -> Bool {
      abs(answer - other) <= 1e-9 * max(abs(other), abs(right))
    }
    guard !isNear(right) else { return nil }
    let named = limits.first { isNear(divergence($0.made(in: NormalDivergence()))) }
    let numbers = distinguished([right, answer])
    return "expected \(numbers[0]), got \(numbers[1]): "
      + (named?.message ?? "was the log variance limited, or something added to σ²?")
  }

  /// Mistakes that show only where a log variance is very large or small.
  public static var limits: [Mistake<Self>] {
    let ranges: [(Double, Double)] = [
      (-5, 5), (-6, 2), (-8, 8), (-10, 2), (-10, 10), (-20, 2), (-20, 20), (-30, 20), (-4, 4),
      (-7, 7), (-15, 15), (-12, 12), (-3, 3), (-30, 30), (-10, 5), (-20, 10),
    ]
    let ofLogs = ranges.flatMap { least, most in
      let message = "the log variance was limited to a range; it may be any number"
      let limited = { (l: Double) in min(max(l, least), most) }
      return [
        Mistake<Self>("\(least) to \(most)", message) {
          ($0.variance, $0.logVariance) = ({ .exp(limited($0)) }, limited)
        },
        Mistake<Self>("\(least) to \(most) in σ²", message) {
          $0.variance = { .exp(limited($0)) }
        },
      ]
    }
    return ofLogs + addends((1...16).compactMap { Double("1e-\($0)") })
  }

  /// Small numbers added to σ², or put in its place where it is smaller.
  static func addends(_ small: [Double]) -> [Mistake<Self>] {
    small.flatMap { small in
      let message = "a small number was added to σ², or put in its place; log σ² is what is given"
      let changes: [(name: String, change: (Double) -> Double)] = [
        ("plus", { $0 + small }), ("at least", { max($0, small) }),
      ]
      return changes.flatMap { name, change in
        [
          Mistake<Self>("\(name) \(small) in the log", message) {
            $0.logVariance = { .log(change(.exp($0))) }
          },
          Mistake<Self>("\(name) \(small)", message) {
            $0.variance = { change(.exp($0)) }
            $0.logVariance = { .log(change(.exp($0))) }
          },
        ]
      }
    }
  }
}
