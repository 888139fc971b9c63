import Exercises

@testable import Ch05_VAE

extension Ch05Exercises {
  static var nearestDistances: [Attempt] {
    let check = Checks.nearestDistances
    func difference(_ a: [Double], _ b: [Double]) -> Double {
      Double(a.indices.filter { a[$0] != b[$0] }.count)
    }
    /// Something else than the smallest of the distances, or other distances.
    func variant(
      _ distance: @escaping ([Double], [Double]) -> Double = { difference($0, $1) },
      of choice: @escaping ([Double]) -> Double = { $0.min()! }
    ) -> Exercise {
      check { samples, examples in
        samples.map { sample in choice(examples.map { distance(sample, $0) }) }
      }
    }
    return [
      .solution(variant()),
      .stub(check { _, _ in try todo() }),
      .mistake("farthest", variant(of: { $0.max()! }), says: "the farthest example"),
      .mistake("mean", variant(of: mean), says: "the mean distances"),
      .mistake("first", variant(of: { $0[0] }), says: "from the first example"),
      .mistake(
        "index", variant(of: { Double($0.firstIndex(of: $0.min()!)!) }),
        says: "the numbers of the nearest examples"),
      .mistake("root", variant { difference($0, $1).squareRoot() }, says: "that is the root"),
      .mistake(
        "share", variant { difference($0, $1) / Double($0.count) }, says: "the share of the pixels"),
      .mistake(
        "cancelled", variant { abs(sum($0) - sum($1)) }, says: "the differences cancel before"),
      .mistake(
        "the smallest is kept",
        check { samples, examples in
          var smallest = Double.infinity
          return samples.map { sample in
            for example in examples { smallest = min(smallest, difference(sample, example)) }
            return smallest
          }
        }, says: "goes on from sample to sample"),
      .mistake(
        "the smallest starts at 0",
        check { samples, examples in
          samples.map { sample in
            var smallest = 0.0
            for example in examples where difference(sample, example) < smallest {
              smallest = difference(sample, example)
            }
            return smallest
          }
        }, says: "starts at 0"),
      .mistake(
        "last example left out",
        check { samples, examples in
          samples.map { sample in
            (0..<examples.count - 1).map { difference(sample, examples[$0]) }.min()!
          }
        }, says: "the last example is left out"),
      .mistake(
        "one number", check { samples, _ in [difference(samples[0], samples[0])] },
        says: "expected 2 numbers"),
    ]
  }
}
