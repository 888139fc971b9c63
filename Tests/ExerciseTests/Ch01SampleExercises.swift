import Exercises
import Foundation
import Testing

@testable import Ch01_Ring

extension Ch01Exercises {
  // MARK: - Sections 1.4 and 1.5

  static var exponential: [Attempt] {
    /// x from a formula in Φ(z) and λ.
    func exercise(_ function: @escaping (_ u: Double, _ rate: Double) -> Double) -> Exercise {
      Checks.exponential { z, rate, phi in z.map { function(phi($0), rate) } }
    }
    return [
      .solution(exercise { u, rate in -log(1 - u) / rate }),
      .stub(Checks.exponential { _, _, _ in try todo() }),
      .mistake("falling", exercise { u, rate in -log(u) / rate }, says: "falls as z grows"),
      .mistake("F", exercise { u, rate in 1 - exp(-rate * u) }, says: "that is F(Φ(z))"),
      .mistake("uniform", exercise { u, _ in u }, says: "still uniform"),
      .mistake("times λ", exercise { u, rate in -log(1 - u) * rate }, says: "multiplied by λ"),
      .mistake("sign", exercise { u, rate in log(1 - u) / rate }, says: "the sign is missing"),
      .mistake(
        "z for u", Checks.exponential { z, rate, _ in z.map { -log(1 - $0) / rate } },
        says: "to z itself"),
      .mistake("infinite", exercise { _, _ in .infinity }, says: "got ∞"),
      .mistake(
        "1 − z", Checks.exponential { z, rate, phi in z.map { -log(phi(1 - $0)) / rate } },
        says: "not Φ(1 − z)"),
      .mistake(
        "λ inside Φ", Checks.exponential { z, rate, phi in z.map { -log(1 - phi($0 * rate)) } },
        says: "inside Φ"),
      .mistake("no λ", exercise { u, _ in -log(1 - u) }, says: "division by λ is missing"),
      .mistake("1 + u", exercise { u, rate in -log(1 + u) / rate }, says: "log of 1 + u"),
      .mistake("log10", exercise { u, rate in -log10(1 - u) / rate }, says: "base 10"),
      .mistake("density", exercise { u, rate in rate * exp(-rate * u) }, says: "the density"),
      .mistake("inside", exercise { u, rate in -log(1 - u / rate) }, says: "inside the logarithm"),
      .mistake(
        "clamp", exercise { u, rate in -log(max(1 - u, 1e-12)) / rate }, says: "was cut to at least"
      ),
      .mistake(
        "epsilon", exercise { u, rate in -log(1 - u + 1e-10) / rate }, says: "was added inside"),
      .mistake(
        "falling, times λ", exercise { u, rate in -log(u) * rate }, says: "two mistakes"),
      .mistake(
        "first one",
        Checks.exponential { z, rate, phi in [-log(1 - phi(z[0])) / rate] },
        says: "return too early"),
      .mistake("as it came", Checks.exponential { z, _, _ in z }, says: "as it came"),
    ]
  }

  static var energyDistance: [Attempt] {
    func sum(
      _ a: [[Double]], _ b: [[Double]], of function: (Double) -> Double = { $0 }
    ) -> Double {
      var sum = 0.0
      for p in a {
        for q in b { sum += function(length(zip(p, q).map { $0 - $1 })) }
      }
      return sum
    }
    /// a E‖X − Y‖ + b (E‖X − X′‖ + E‖Y − Y′‖).
    func exercise(
      _ a: Double, _ b: Double, of function: @escaping (Double) -> Double = { $0 },
      then last: @escaping (Double) -> Double = { $0 }
    ) -> Exercise {
      Checks.energyDistance { x, y in
        let (n, m) = (Double(x.count), Double(y.count))
        let within = sum(x, x, of: function) / (n * n) + sum(y, y, of: function) / (m * m)
        return last(a * sum(x, y, of: function) / (n * m) + b * within)
      }
    }
    return [
      .solution(exercise(2, -1)),
      .stub(Checks.energyDistance { _, _ in try todo() }),
      .mistake("once", exercise(1, -1), says: "counts twice"),
      .mistake("added", exercise(2, 1), says: "subtracted, not added"),
      .mistake("half", exercise(2, -0.5), says: "half of the pairs"),
      .mistake(
        "no pair with itself",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          let within = sum(x, x) / (n * (n - 1)) + sum(y, y) / (m * (m - 1))
          return 2 * sum(x, y) / (n * m) - within
        }, says: "were left out"),
      .mistake("squares", exercise(2, -1, of: { $0 * $0 }), says: "were squared"),
      .mistake(
        "sums", Checks.energyDistance { x, y in 2 * sum(x, y) - sum(x, x) - sum(y, y) },
        says: "sums over the pairs"),
      .mistake("root", exercise(2, -1, then: { sqrt(max($0, 0)) }), says: "square root"),
      .mistake("NaN", exercise(2, -1, then: { _ in .nan }), says: "got NaN"),
      .mistake(
        "no yy",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          return 2 * sum(x, y) / (n * m) - sum(x, x) / (n * n)
        }, says: "E‖Y − Y′‖, the mean within the second sample"),
      .mistake("xy alone", exercise(2, 0), says: "the means within the samples are missing"),
      .mistake(
        "squared n",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          return 2 * sum(x, y) / (n * n) - sum(x, x) / (n * n) - sum(y, y) / (m * m)
        }, says: "divided by n · n"),
      .mistake(
        "n",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          return 2 * sum(x, y) / (n * m) - sum(x, x) / n - sum(y, y) / m
        }, says: "divided by n; there are n · n"),
      .mistake(
        "same index",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          let paired = zip(x, y).map { p, q in length(zip(p, q).map { $0 - $1 }) }
          return 2 * paired.reduce(0, +) / Double(paired.count) - sum(x, x) / (n * n)
            - sum(y, y) / (m * m)
        }, says: "same index"),
      .mistake(
        "coordinate",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          let (a, b) = (x.map { [$0[0]] }, y.map { [$0[0]] })
          return 2 * sum(a, b) / (n * m) - sum(a, a) / (n * n) - sum(b, b) / (m * m)
        }, says: "only the first coordinate"),
      .mistake(
        "two coordinates",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          let (a, b) = (x.map { Array($0.prefix(2)) }, y.map { Array($0.prefix(2)) })
          return 2 * sum(a, b) / (n * m) - sum(a, a) / (n * n) - sum(b, b) / (m * m)
        }, says: "first two coordinates"),
      .mistake(
        "no sum",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          var last = 0.0
          for p in x { for q in y { last = length(zip(p, q).map { $0 - $1 }) } }
          return 2 * last / (n * m) - sum(x, x) / (n * n) - sum(y, y) / (m * m)
        }, says: "only the last pair"),
      .mistake("four times", exercise(4, -1), says: "2 E‖X − Y‖ counts twice"),
      .mistake("flipped", exercise(-2, 1), says: "sign is flipped"),
      .mistake(
        "once, n − 1",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          return sum(x, y) / (n * m) - sum(x, x) / (n * (n - 1)) - sum(y, y) / (m * (m - 1))
        }, says: "two mistakes"),
    ]
  }

  static var slope: [Attempt] {
    /// A function of p, q and r in JJᵀ = (p, r; r, q).
    func exercise(_ formula: @escaping (_ p: Double, _ q: Double, _ r: Double) -> Double)
      -> Exercise
    {
      Checks.slope { j in
        formula(
          j[0][0] * j[0][0] + j[0][1] * j[0][1], j[1][0] * j[1][0] + j[1][1] * j[1][1],
          j[0][0] * j[1][0] + j[0][1] * j[1][1])
      }
    }
    return [
      .solution(exercise { p, q, r in sqrt((p + q) / 2 + sqrt((p - q) * (p - q) / 4 + r * r)) }),
      .solution(
        Checks.slope { j in
          // By the columns, and by trace and determinant.
          let trace = j.joined().map { $0 * $0 }.reduce(0, +)
          let determinant = j[0][0] * j[1][1] - j[0][1] * j[1][0]
          return sqrt((trace + sqrt(trace * trace - 4 * determinant * determinant)) / 2)
        }),
      .stub(Checks.slope { _ in try todo() }),
      .mistake(
        "no root", exercise { p, q, r in (p + q) / 2 + sqrt((p - q) * (p - q) / 4 + r * r) },
        says: "take its root"),
      .mistake(
        "smallest",
        exercise { p, q, r in sqrt(max((p + q) / 2 - sqrt((p - q) * (p - q) / 4 + r * r), 0)) },
        says: "the smallest stretch"),
      .mistake(
        "no quarter", exercise { p, q, r in sqrt((p + q) / 2 + sqrt((p - q) * (p - q) + r * r)) },
        says: "divided by 4"),
      .mistake(
        "rounding",
        exercise { p, q, r in sqrt((p + q + sqrt((p + q) * (p + q) - 4 * (p * q - r * r))) / 2) },
        says: "became negative by rounding"),
      .mistake(
        "product for trace",
        exercise { p, q, r in
          let trace = p * q
          return sqrt(trace / 2 + sqrt(max(0, trace * trace / 4 - (p * q - r * r))))
        }, says: "which is p + q"),
      .mistake("no r", exercise { p, q, _ in sqrt(max(p, q)) }, says: "r, the product"),
      .mistake(
        "norm", Checks.slope { sqrt($0.joined().map { $0 * $0 }.reduce(0, +)) },
        says: "sum of all squares"),
      .mistake(
        "determinant", Checks.slope { abs($0[0][0] * $0[1][1] - $0[0][1] * $0[1][0]) },
        says: "by which areas grow"),
      .mistake(
        "entry", Checks.slope { $0.joined().map { abs($0) }.max()! }, says: "the largest entry"),
      .mistake(
        "eigenvalue of J",
        Checks.slope { j in
          let (trace, d) = (j[0][0] + j[1][1], j[0][0] * j[1][1] - j[0][1] * j[1][0])
          return abs((trace + sqrt(max(trace * trace - 4 * d, 0))) / 2)
        }, says: "eigenvalue of J"),
      .mistake(
        "complex eigenvalue of J",
        Checks.slope { j in
          let (trace, d) = (j[0][0] + j[1][1], j[0][0] * j[1][1] - j[0][1] * j[1][0])
          let inside = trace * trace - 4 * d
          return inside < 0 ? sqrt(d) : (abs(trace) + sqrt(inside)) / 2
        }, says: "real or complex"),
      .mistake(
        "symmetric part",
        Checks.slope { j in
          let (a, b, d) = (j[0][0], (j[0][1] + j[1][0]) / 2, j[1][1])
          return (a + d + sqrt((a - d) * (a - d) + 4 * b * b)) / 2
        }, says: "(J + Jᵀ)/2"),
      .mistake(
        "column",
        Checks.slope { j in max(length([j[0][0], j[1][0]]), length([j[0][1], j[1][1]])) },
        says: "the longer column"),
      .mistake("NaN", exercise { _, _, _ in .nan }, says: "got NaN"),
    ]
  }

  // MARK: - Knothe's construction

  static var knothe: [Attempt] {
    typealias Density = (Double, Double) -> Double
    let count = 100
    let midpoints = (0..<count).map { (Double($0) + 0.5) / Double(count) }

    /// The x up to which the densities in the cells have the share u.
    func quantile(_ u: Double, _ cells: [Double]) -> Double {
      var rest = u * cells.reduce(0, +)
      for (index, cell) in cells.enumerated() {
        if rest <= cell { return (Double(index) + rest / cell) / Double(cells.count) }
        rest -= cell
      }
      return 1
    }
    func firstMarginal(_ density: Density) -> [Double] {
      midpoints.map { first in midpoints.reduce(0) { $0 + density(first, $1) } }
    }
    func secondMarginal(_ density: Density) -> [Double] {
      midpoints.map { second in midpoints.reduce(0) { $0 + density($1, second) } }
    }
    func exercise(
      _ image: @escaping (_ u: Double, _ v: Double, _ density: Density) -> [Double]
    ) -> Exercise {
      Checks.knothe { z, density, phi in z.map { image(phi($0[0]), phi($0[1]), density) } }
    }
    /// The construction with some number of cells and a rule for the place in a cell.
    func coarse(_ count: Int, _ place: @escaping (_ cell: Double, _ part: Double) -> Double)
      -> Exercise
    {
      let grid = (0..<count).map { (Double($0) + 0.5) / Double(count) }
      func find(_ u: Double, _ cells: [Double]) -> Double {
        let total = cells.reduce(0, +)
        var sum = 0.0
        for (index, cell) in cells.enumerated() {
          if sum + cell >= u * total { return place(Double(index), (u * total - sum) / cell) }
          sum += cell
        }
        return 1
      }
      return exercise { u, v, density in
        let first = find(u, grid.map { a in grid.map { density(a, $0) }.reduce(0, +) })
        return [first, find(v, grid.map { density(first, $0) })]
      }
    }
    /// The construction with a cumulative sum that ends before its last interval.
    func shortened(firstOnly: Bool = false) -> Exercise {
      let count = 50
      func find(_ u: Double, upTo end: Int, _ p: (Double) -> Double) -> Double {
        let width = 1 / Double(count)
        var sums = [0.0]
        for cell in 0..<end {
          let left = Double(cell) * width
          sums.append(sums[cell] + p(left + width / 4) + p(left + 3 * width / 4))
        }
        for cell in 0..<end where sums[cell + 1] >= u * sums[end] {
          let part = (u * sums[end] - sums[cell]) / (sums[cell + 1] - sums[cell])
          return (Double(cell) + part) * width
        }
        return 1
      }
      return exercise { u, v, density in
        let first = find(u, upTo: count - 1) { a in
          (0..<200).reduce(0.0) { $0 + density(a, (Double($1) + 0.5) / 200) }
        }
        return [first, find(v, upTo: firstOnly ? count : count - 1) { density(first, $0) }]
      }
    }
    /// The construction on trapezia, with the cumulative sum of a student.
    func trapezia(_ sums: @escaping (_ areas: [Double]) -> [Double]) -> Exercise {
      func find(_ u: Double, _ p: (Double) -> Double) -> Double {
        let heights = (0...count).map { p(Double($0) / Double(count)) }
        let sums = sums(zip(heights, heights.dropFirst()).map { ($0 + $1) / 2 })
        guard let next = sums.firstIndex(where: { $0 > u * sums[count] }) else { return 1 }
        guard next > 0 else { return 0 }
        let part = (u * sums[count] - sums[next - 1]) / (sums[next] - sums[next - 1])
        return (Double(next - 1) + part) / Double(count)
      }
      return exercise { u, v, density in
        let first = find(u) { a in
          (0..<count).reduce(0) { $0 + density(a, (Double($1) + 0.5) / Double(count)) }
        }
        return [first, find(v) { density(first, $0) }]
      }
    }
    return [
      .solution(
        exercise { u, v, density in
          let first = quantile(u, firstMarginal(density))
          return [first, quantile(v, midpoints.map { density(first, $0) })]
        }),
      .stub(Checks.knothe { _, _, _ in try todo() }),
      .mistake("uniform", exercise { u, v, _ in [u, v] }, says: "that is Φ(z)"),
      .mistake(
        "independent",
        exercise { u, v, density in
          [quantile(u, firstMarginal(density)), quantile(v, secondMarginal(density))]
        }, says: "whatever x₁ is"),
      .mistake(
        "given u",
        exercise { u, v, density in
          [quantile(u, firstMarginal(density)), quantile(v, midpoints.map { density(u, $0) })]
        }, says: "given Φ(z₁)"),
      .mistake(
        "other order",
        exercise { u, v, density in
          let second = quantile(v, secondMarginal(density))
          return [quantile(u, midpoints.map { density($0, second) }), second]
        }, says: "x₂ was computed first"),
      .mistake(
        "along the edge",
        exercise { u, v, density in
          let first = quantile(u, midpoints.map { density($0, 0) })
          return [first, quantile(v, midpoints.map { density(first, $0) })]
        }, says: "along the edge"),
      .mistake("no last interval", shortened(), says: "the last cells below 1 are left out"),
      .mistake(
        "no last interval of x₁", shortened(firstOnly: true), says: "the last cells of x₁ below 1"),
      .mistake("ten cells", coarse(10) { ($0 + $1) / 10 }, says: "too few cells"),
      .mistake("right end", coarse(100) { cell, _ in (cell + 1) / 100 }, says: "the right end"),
      .mistake("left end", coarse(50) { cell, _ in cell / 50 }, says: "the left end"),
      .mistake(
        "middle", coarse(100) { cell, _ in (cell + 0.5) / 100 }, says: "the middle of the cell"),
      .mistake(
        "half a cell", coarse(200) { ($0 - 0.5 + $1) / 200 }, says: "half a cell too small"),
      .mistake(
        "one u",
        exercise { u, _, density in
          let first = quantile(u, firstMarginal(density))
          return [first, quantile(u, midpoints.map { density(first, $0) })]
        }, says: "for both coordinates"),
      .mistake(
        "arguments",
        exercise { u, v, density in
          let first = quantile(u, firstMarginal(density))
          return [first, quantile(v, midpoints.map { density($0, first) })]
        }, says: "arguments of the density are exchanged"),
      .mistake(
        "other marginal",
        exercise { u, v, density in
          let first = quantile(u, secondMarginal(density))
          return [first, quantile(v, midpoints.map { density(first, $0) })]
        }, says: "the distribution of x₂"),
      .mistake(
        "exchanged",
        exercise { u, v, density in
          let first = quantile(u, firstMarginal(density))
          return [quantile(v, midpoints.map { density(first, $0) }), first]
        }, says: "wrong order"),
      .mistake(
        "no Φ",
        Checks.knothe { z, density, _ in
          z.map { z in
            let first = quantile(z[0], firstMarginal(density))
            return [first, quantile(z[1], midpoints.map { density(first, $0) })]
          }
        }, says: "z itself"),
      .mistake(
        "no total",
        exercise { u, v, density in
          func find(_ u: Double, _ cells: [Double]) -> Double {
            var sum = 0.0
            for (index, cell) in cells.enumerated() {
              let mass = cell / Double(count)
              if sum + mass >= u { return (Double(index) + (u - sum) / mass) / Double(count) }
              sum += mass
            }
            return 1
          }
          let first = find(u, firstMarginal(density).map { $0 / Double(count) })
          return [first, find(v, midpoints.map { density(first, $0) })]
        }, says: "not divided by its total"),
      .mistake(
        "given less",
        exercise { u, v, density in
          let first = quantile(u, firstMarginal(density))
          let below = midpoints.map { second in
            (0..<500).reduce(0) { $0 + density(first * Double($1) / 499, second) }
          }
          return [first, quantile(v, below)]
        }, says: "at most x₁"),
      .mistake(
        "first area twice",
        trapezia { areas in areas.reduce(into: [areas[0]]) { $0.append($0.last! + $1) } },
        says: "the first cell counts twice"),
      .mistake(
        "no first area",
        trapezia { areas in areas.dropFirst().reduce(into: [0, 0]) { $0.append($0.last! + $1) } },
        says: "the first cell is left out"),
      .mistake("first alone", exercise { u, _, _ in [u] }, says: "expected 1 × 2 numbers"),
    ]
  }
}
