import Autodiff
import Notebook

extension DrawnSamples {
  /// How far the shares of samples may be from the probabilities, by the inequality of Dvoretzky,
  /// Kiefer and Wolfowitz: P(distance > t) ≤ 2 exp(−2nt²), for every n (Massart, Annals of
  /// Probability 18, 1990).
  private var largestDistance: Double {
    ((logOfTests + .log(2)) / (2 * Double(count))).squareRoot()
  }

  /// What is wrong with the distribution: a mistake whose samples are distributed like these, or
  /// else what they are like.
  var distribution: String? {
    let sorted = noise.map { $0.sorted() }
    let distances = sorted.map(distanceFromNormal)
    guard let worst = distances.indices.max(by: { distances[$0] < distances[$1] }),
      distances[worst] > largestDistance
    else { return nil }
    return knownMistake(sorted) ?? repetition ?? description(of: sorted[worst], worst)
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

  /// How near samples are to the distribution that they are from, but for one time in 10,000: by
  /// the same inequality, and 0.006 for the finite samples that stand for the distribution.
  private var nearness: Double {
    (.log(20_000 * Double(dimension)) / (2 * Double(count))).squareRoot() + 0.006
  }

  /// The mistake whose samples are nearest, if they are near enough.
  private func knownMistake(_ sorted: [[Double]]) -> String? {
    var best: (distance: Double, message: String)?
    // 2,000 of the numbers say as much as all of them, to 0.0005.
    let thinned = sorted.map { column in
      stride(from: 0, to: column.count, by: max(1, column.count / 2_000)).map { column[$0] }
    }
    for (message, columns) in mistakenNoise {
      let distance = zip(thinned, columns).map(distanceBetween).max() ?? 1
      guard distance <= nearness, distance < best?.distance ?? 1,
        columns.contains(where: { distanceFromNormal($0) > 0.02 })
      else { continue }
      best = (distance, message)
    }
    return best?.message
  }

  /// For each mistake, sorted noise that has the distribution of (z − μ)/σ, for each component. A
  /// formula with μ and σ is only used where they are not those of N(0, I).
  private var mistakenNoise: [(message: String, columns: [[Double]])] {
    let isStandard = (mean + logVariance).allSatisfy { $0 == 0 }
    return isStandard ? mistakenSources : mistakenSources + mistakenFormulas
  }

  private var mistakenSources: [(message: String, columns: [[Double]])] {
    NoiseSource.wrong.map { source in
      var position: UInt64 = 0
      func uniform() -> Double {
        position += 1
        return (Double(Threefry(key: 4).bits(at: position) >> 12) + 0.5) * 0x1p-52
      }
      // The first number of each call is spread evenly, so that less is left to chance.
      let column = (0..<20_000).map { (index: Int) -> Double in
        var first: Double? = (Double(index) + 0.5) / 20_000
        return source.number {
          defer { first = nil }
          return first ?? uniform()
        }
      }.sorted()
      return (message: source.message, columns: mean.map { _ in column })
    }
  }

  private var mistakenFormulas: [(message: String, columns: [[Double]])] {
    // N(0, 1) by its quantiles.
    let normal = (0..<500).map { Double.normalQuantile((Double($0) + 0.5) / 500) }
    let all = LogVarianceSample.mistakes.map { mistake in
      let sample = mistake.made(in: LogVarianceSample())
      let columns = mean.indices.map { k in
        let sigma = StandardDeviation()(logVariance[k])
        let wrong = sample.standardDeviation(logVariance[k])
        return normal.map {
          (sample.component(mean[k], wrong, $0) - mean[k]) / sigma
        }.sorted()
      }
      return (message: mistake.message, columns: columns)
    }
    return all.filter { $0.columns.allSatisfy { $0.allSatisfy(\.isFinite) } }
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
      "the noise\(place(component))\(isPlain ? "" : ", (z − μ)/σ,") has the mean "
      + "\(formatted(average, decimals: 2)) and the standard deviation \(formatted(variance.squareRoot(), decimals: 2)); "
    guard abs(average) < 0.05, abs(variance - 1) < 0.1 else {
      return moments + "they should be 0 and 1"
    }
    return moments + "both are right, but it is not normal: "
      + "\(formatted(100 * within, decimals: 0)) % lies within ±1, and 68 % should"
  }
}
