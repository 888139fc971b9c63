import Exercises

extension RadiusFormula {
  /// The loop over the radii.
  static var loops: [Mistake<RadiusFormula>] {
    func loop(
      _ message: String,
      _ list:
        @escaping (_ radii: [Double], _ density: (Double) -> Double)
        -> [Double]
    ) -> Mistake<RadiusFormula> {
      Mistake(message, message) { $0.list = list }
    }
    return [
      loop("the loop ends at the first r below 1 (break for continue); go on with the next") {
        radii, density in
        let count = radii.firstIndex { $0 < 1 } ?? radii.count
        return radii.enumerated().map { $0 < count ? density($1) : 0 }
      },
      loop("all densities are 0 as soon as one r is below 1; look at each by itself") {
        radii, density in radii.contains { $0 < 1 } ? radii.map { _ in 0 } : radii.map(density)
      },
      loop("an r below 1 was given the density of the one before it; set it to 0") {
        radii, density in
        var last = 0.0
        return radii.map { r in
          if r >= 1 { last = density(r) }
          return last
        }
      },
      loop("the densities were added up from one radius to the next") { radii, density in
        var sum = 0.0
        return radii.map { r in
          sum += density(r)
          return sum
        }
      },
      loop("the radii were sorted; keep the order of the argument") { radii, density in
        radii.sorted().map(density)
      },
      loop("the densities are sorted; keep the order of the argument") { radii, density in
        radii.map(density).sorted()
      },
      loop("the densities are in reverse order") { radii, density in
        radii.map(density).reversed()
      },
      loop("the density of the first radius was returned for all") { radii, density in
        radii.map { _ in density(radii[0]) }
      },
      loop("the density of the last radius was returned for all") { radii, density in
        radii.map { _ in density(radii[radii.count - 1]) }
      },
      loop("the first radius was left out, and its density is 0; does the loop begin at 1?") {
        radii, density in radii.enumerated().map { $0 == 0 ? 0 : density($1) }
      },
      loop("the last radius was left out, and its density is 0; does the loop end too early?") {
        radii, density in radii.enumerated().map { $0 == radii.count - 1 ? 0 : density($1) }
      },
      loop("only the first radius got a density; does the loop end after it?") {
        radii, density in radii.enumerated().map { $0 == 0 ? density($1) : 0 }
      },
      loop("the numbers were divided by their sum; it is the integral of a density that is 1") {
        radii, density in
        let sum = radii.map(density).reduce(0, +)
        return radii.map { density($0) / sum }
      },
      loop("the densities were divided by the largest of them") { radii, density in
        let largest = radii.map(density).max() ?? 1
        return radii.map { density($0) / largest }
      },
      loop("the densities were divided by the number of radii; each is one by itself") {
        radii, density in radii.map { density($0) / Double(radii.count) }
      },
      loop("the densities below 1 were left out; return one for each radius, 0 for these") {
        radii, density in radii.filter { $0 >= 1 }.map(density)
      },
      loop("the radii up to 1 were left out; return one density for each, 0 for these") {
        radii, density in radii.filter { $0 > 1 }.map(density)
      },
      loop("a density may be larger than 1; do not limit it") { radii, density in
        radii.map { min(density($0), 1) }
      },
    ]
      + [1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-6, 1e-4, 1e-3].flatMap { small in
        [
          loop(
            "a density may be as small as it is, and is 0 for r < 1; do not limit it to \(small)"
          ) { radii, density in radii.map { max(density($0), small) } },
          loop("\(small) was added to the density; nothing is divided by it") { radii, density in
            radii.map { density($0) + small }
          },
        ]
      }
  }
}
