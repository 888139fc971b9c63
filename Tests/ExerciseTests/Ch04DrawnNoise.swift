import Exercises
import Foundation

@testable import Ch04_Reparameterization

extension Ch04Exercises {
  static var standardNormals: [Attempt] {
    func exercise(_ number: @escaping () -> Double) -> Exercise {
      Checks.standardNormals { count in (0..<count).map { _ in number() } }
    }
    let source = FixedNoise()
    func uniform() -> Double { source.uniform() }
    func normal() -> Double { source.normal() }
    func radius() -> Double { sqrt(-2 * log(1 - uniform())) }
    func polar(_ coordinate: () -> Double) -> Double {
      while true {
        let (u, v) = (coordinate(), coordinate())
        let s = u * u + v * v
        if s < 1 { return u * sqrt(-2 * log(s) / s) }
      }
    }
    return [
      .solution(exercise(normal)),
      .solution(
        Checks.standardNormals { count in
          // Both numbers of each pair.
          var numbers: [Double] = []
          while numbers.count < count {
            let r = radius()
            let angle = 2 * Double.pi * uniform()
            numbers.append(r * cos(angle))
            if numbers.count < count { numbers.append(r * sin(angle)) }
          }
          return numbers
        }),
      .solution(
        exercise {
          // Marsaglia's polar method.
          while true {
            let (x, y) = (source.uniform(-1..<1), source.uniform(-1..<1))
            let s = x * x + y * y
            if s > 0, s < 1 { return x * sqrt(-2 * log(s) / s) }
          }
        }),
      .stub(Checks.standardNormals { _ in try todo() }),
      .mistake("uniform", exercise(uniform), says: "uniform on (0, 1)"),
      .mistake("around 0", exercise { source.uniform(-1..<1) }, says: "uniform on (−1, 1)"),
      .mistake("minus ½", exercise { uniform() - 0.5 }, says: "uniform on (−½, ½)"),
      .mistake(
        "uniform of variance 1", exercise { (uniform() - 0.5) * sqrt(12) }, says: "the variance 1"),
      .mistake(
        "two uniforms", exercise { uniform() + uniform() - 1 },
        says: "sum of two uniform numbers"),
      .mistake("radius", exercise(radius), says: "√(−2 log u) alone"),
      .mistake("cosine", exercise { cos(2 * .pi * uniform()) }, says: "the cosine alone"),
      .mistake(
        "no 2", exercise { sqrt(-log(1 - uniform())) * cos(2 * .pi * uniform()) }, says: "½"),
      .mistake(
        "no root", exercise { -2 * log(1 - uniform()) * cos(2 * .pi * uniform()) },
        says: "the root of −2 log u is missing"),
      .mistake(
        "log10", exercise { sqrt(-2 * log10(1 - uniform())) * cos(2 * .pi * uniform()) },
        says: "base 10"),
      .mistake(
        "log2", exercise { sqrt(-2 * log2(1 - uniform())) * cos(2 * .pi * uniform()) },
        says: "base 2"),
      .mistake("no minus", exercise { sqrt(2 * log(1 - uniform())) }, says: "NaN"),
      .mistake("no 2π", exercise { radius() * cos(uniform()) }, says: "the angle is v"),
      .mistake("half a turn", exercise { radius() * sin(.pi * uniform()) }, says: "never negative"),
      .mistake(
        "one for both",
        exercise {
          let u = uniform()
          return sqrt(-2 * log(1 - u)) * cos(2 * .pi * u)
        }, says: "both the radius and the angle"),
      .mistake("abs", exercise { abs(normal()) }, says: "never negative"),
      .mistake("coin", exercise { uniform() < 0.5 ? 1 : -1 }, says: "only two values"),
      .mistake("exponential", exercise { -log(1 - uniform()) }, says: "exponential"),
      .mistake(
        "twelve", exercise { (0..<12).reduce(-6) { sum, _ in sum + uniform() } },
        says: "is it a sum of uniform numbers?"),
      .mistake(
        "one for all",
        Checks.standardNormals { count in
          let number = normal()
          return [Double](repeating: number, count: count)
        }, says: "all numbers are the same"),
      .mistake(
        "each twice",
        Checks.standardNormals { count in
          let half = (0..<(count + 1) / 2).map { _ in normal() }
          return Array(half.flatMap { [$0, $0] }.prefix(count))
        }, says: "occurs more than once"),
      .mistake(
        "a list in a circle",
        Checks.standardNormals { count in
          let list = (0..<1_000).map { _ in normal() }
          return (0..<count).map { list[$0 % list.count] }
        }, says: "occurs more than once"),
      .mistake(
        "a uniform number for two",
        Checks.standardNormals { count in
          var u = 1 - uniform()
          return (0..<count).map { _ in
            let v = 1 - uniform()
            defer { u = v }
            return sqrt(-2 * log(u)) * cos(2 * .pi * v)
          }
        }, says: "is a uniform number used for both?"),
      .mistake(
        "polar form of normal numbers",
        Checks.standardNormals { count in
          (0..<count).map { _ in polar { 2 * normal() - 1 } }
        }, says: "the coordinates of a point are themselves normal"),
      .mistake(
        "polar form of a quarter of the circle",
        Checks.standardNormals { count in
          (0..<count).map { _ in polar { uniform() } }
        }, says: "a coordinate drawn from 0 to 1"),
      .mistake(
        "mirrored",
        Checks.standardNormals { count in
          let half = (0..<(count + 1) / 2).map { _ in normal() }
          return Array(half.flatMap { [$0, -$0] }.prefix(count))
        }, says: "depends on the number before"),
      .mistake(
        "seeded",
        Checks.standardNormals { count in
          var generator = FixedGenerator()
          return (0..<count).map { _ in
            let u = Double.random(in: 0..<1, using: &generator)
            let v = Double.random(in: 0..<1, using: &generator)
            return sqrt(-2 * log(1 - u)) * cos(2 * .pi * v)
          }
        }, says: "called twice, your function returned the same"),
      .mistake(
        "pairs for an odd number",
        Checks.standardNormals { count in
          (0..<count / 2).flatMap { _ in [normal(), normal()] }
        }, says: "expected 3 numbers, got 2"),
      .mistake(
        "return in the loop",
        Checks.standardNormals { count in
          for _ in 0..<count { return [normal()] }
          return []
        }, says: "expected 20,000 numbers, got 1"),
      .mistake(
        "zeros", Checks.standardNormals { [Double](repeating: 0, count: $0) },
        says: "all numbers are the same"),
    ]
  }

  static var drawSamples: [Attempt] {
    let source = FixedNoise()
    func normal() -> Double { source.normal() }
    /// z from a formula for each component, with noise of its own.
    func exercise(
      _ component: @escaping (Double, Double, Double) -> Double = { mean, l, e in
        mean + exp(l / 2) * e
      }, noise: @escaping () -> Double = { normal() }
    ) -> Exercise {
      Checks.drawSamples { mean, logVariance, count in
        (0..<count).map { _ in
          mean.indices.map { component(mean[$0], logVariance[$0], noise()) }
        }
      }
    }
    return [
      .solution(exercise()),
      .solution(exercise { mean, l, e in mean - sqrt(exp(l)) * e }),
      .stub(Checks.drawSamples { _, _, _ in try todo() }),
      .mistake(
        "uniform", exercise(noise: { source.uniform() }), says: "the noise is uniform on (0, 1)"),
      .mistake(
        "uniform ±1", exercise(noise: { source.uniform(-1..<1) }), says: "uniform on (−1, 1)"),
      .mistake(
        "wide", exercise(noise: { 1.7 * normal() }), says: "the standard deviation 1."),
      .mistake("variance", exercise { $0 + exp($1) * $2 }, says: "σ² was used"),
      .mistake("log variance", exercise { $0 + $1 * $2 }, says: "log σ² itself"),
      .mistake("½ outside", exercise { $0 + 0.5 * exp($1) * $2 }, says: "inside the exponential"),
      .mistake(
        "Int", exercise { $0 + exp(Double(1 / 2) * $1) * $2 }, says: "1 was used in place of σ"),
      .mistake("softplus", exercise { $0 + log(1 + exp($1)) * $2 }, says: "softplus"),
      .mistake("no mean", exercise { _, l, e in exp(l / 2) * e }, says: "μ is missing"),
      .mistake("(ε + μ)σ", exercise { ($2 + $0) * exp($1 / 2) }, says: "scales the mean as well"),
      .mistake("abs", exercise { $0 + exp($1 / 2) * abs($2) }, says: "sign"),
      .mistake("clamped", exercise { $0 + exp(max($1, -10) / 2) * $2 }, says: "below −10"),
      .mistake("plus 1e-6", exercise { $0 + (exp($1 / 2) + 1e-6) * $2 }, says: "10⁻⁶ was added"),
      .mistake("root of log", exercise { $0 + sqrt($1) * $2 }, says: "NaN"),
      .mistake("no noise", exercise(noise: { 0 }), says: "every sample is μ"),
      .mistake(
        "one for a sample",
        Checks.drawSamples { mean, logVariance, count in
          (0..<count).map { _ in
            let e = normal()
            return mean.indices.map { mean[$0] + exp(logVariance[$0] / 2) * e }
          }
        }, says: "the components of a sample share one number"),
      .mistake(
        "drawn before the loop",
        Checks.drawSamples { mean, logVariance, count in
          let e = mean.map { _ in normal() }
          return (0..<count).map { _ in
            mean.indices.map { mean[$0] + exp(logVariance[$0] / 2) * e[$0] }
          }
        }, says: "all samples are the same"),
      .mistake(
        "one for all",
        Checks.drawSamples { mean, logVariance, count in
          let e = normal()
          let z = mean.indices.map { mean[$0] + exp(logVariance[$0] / 2) * e }
          return [[Double]](repeating: z, count: count)
        }, says: "one number of noise serves everywhere"),
      .mistake(
        "seeded",
        Checks.drawSamples { mean, logVariance, count in
          var generator = FixedGenerator()
          return (0..<count).map { _ in
            mean.indices.map { k in
              let u = Double.random(in: 0..<1, using: &generator)
              let v = Double.random(in: 0..<1, using: &generator)
              return mean[k] + exp(logVariance[k] / 2) * sqrt(-2 * log(1 - u)) * cos(2 * .pi * v)
            }
          }
        }, says: "called twice, your function returned the same samples"),
      .mistake(
        "list from the index on",
        Checks.drawSamples { mean, logVariance, count in
          let noise = (0..<count + mean.count).map { _ in normal() }
          return (0..<count).map { i in
            mean.indices.map { mean[$0] + exp(logVariance[$0] / 2) * noise[i + $0] }
          }
        }, says: "occurs more than once"),
      .mistake(
        "transposed",
        Checks.drawSamples { mean, logVariance, count in
          mean.indices.map { k in
            (0..<count).map { _ in mean[k] + exp(logVariance[k] / 2) * normal() }
          }
        }, says: "expected 20,000 × 3 numbers, got 3 × 20,000 numbers"),
      .mistake(
        "one sample",
        Checks.drawSamples { mean, logVariance, _ in
          [mean.indices.map { mean[$0] + exp(logVariance[$0] / 2) * normal() }]
        }, says: "got 1 × 3 numbers"),
    ]
  }
}
