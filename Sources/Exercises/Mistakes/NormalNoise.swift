import Autodiff

/// Noise that is drawn in place of numbers from N(0, 1).
struct NoiseSource {
  /// What is wrong, as a clause.
  let message: String
  /// A number, from as many calls of a source of uniform numbers on (0, 1) as it takes.
  let number: (() -> Double) -> Double

  static var wrong: [NoiseSource] {
    uniform + otherDistributions + boxMuller + polar
  }

  private static var uniform: [NoiseSource] {
    [
      NoiseSource(message: "the noise is uniform on (0, 1); it should be from N(0, 1)") { $0() },
      NoiseSource(message: "the noise is uniform on (−1, 1); it should be from N(0, 1)") {
        2 * $0() - 1
      },
      NoiseSource(message: "the noise is uniform on (−½, ½); it should be from N(0, 1)") {
        $0() - 0.5
      },
      NoiseSource(
        message: "the noise is uniform. It has the variance 1, but it should be from N(0, 1)"
      ) { Double(12).squareRoot() * ($0() - 0.5) },
    ]
  }

  private static var otherDistributions: [NoiseSource] {
    [
      NoiseSource(
        message:
          "the noise is never negative: is a sign lost, an angle too small, or (in the polar "
          + "form) a coordinate drawn from 0 to 1, not from −1 to 1?"
      ) {
        abs(.normalQuantile($0()))
      },
      NoiseSource(message: "the noise is exponential, −log u; it should be from N(0, 1)") {
        -.log($0())
      },
      NoiseSource(message: "that is a sum of uniform numbers whose mean, 6, is not subtracted") {
        u in
        (0..<12).reduce(0) { sum, _ in sum + u() }
      },
      NoiseSource(message: "that is a sum of two uniform numbers, which is not from N(0, 1)") { u in
        u() + u() - 1
      },
      NoiseSource(message: "the noise is exponential with a sign by chance, and not from N(0, 1)") {
        u in
        let sign: Double = u() < 0.5 ? -1 : 1
        return -sign * .log(u())
      },
    ]
  }

  /// Slips in the polar form, u √(−2 log s/s) with s = u² + v², for a point (u, v) of the circle.
  private static var polar: [NoiseSource] {
    func number(_ coordinate: () -> Double) -> Double {
      while true {
        let (u, v) = (coordinate(), coordinate())
        let s = u * u + v * v
        if s < 1 { return u * (-2 * .log(s) / s).squareRoot() }
      }
    }
    return [
      NoiseSource(
        message: "in the polar form, the coordinates of a point are themselves normal; draw both "
          + "evenly from −1 to 1"
      ) { uniform in number { .normalQuantile(uniform()) } },
      NoiseSource(
        message: "in the polar form, the coordinates of a point are themselves normal; draw both "
          + "evenly from −1 to 1"
      ) { uniform in number { 2 * .normalQuantile(uniform()) - 1 } },
    ]
  }

  /// Slips in √(−2 log u₁) cos(2πu₂).
  private static var boxMuller: [NoiseSource] {
    func radius(_ u: Double) -> Double { (-2 * Double.log(u)).squareRoot() }
    func cosine(_ u: Double) -> Double { .cos(2 * .pi * u) }
    return [
      NoiseSource(message: "that is √(−2 log u) alone; it is to be multiplied by cos(2πv)") {
        radius($0())
      },
      NoiseSource(message: "that is the cosine alone; it is to be multiplied by √(−2 log u)") {
        cosine($0())
      },
      NoiseSource(message: "the 2 in √(−2 log u) is missing, so the variance is ½") {
        radius($0()) * cosine($0()) / Double(2).squareRoot()
      },
      NoiseSource(message: "the root of −2 log u is missing") {
        let r = radius($0())
        return r * r * cosine($0())
      },
      NoiseSource(message: "the logarithm in √(−2 log u) has base 10; take the natural one") {
        radius($0()) * cosine($0()) / Double.log(10).squareRoot()
      },
      NoiseSource(message: "the logarithm in √(−2 log u) has base 2; take the natural one") {
        radius($0()) * cosine($0()) / Double.log(2).squareRoot()
      },
      NoiseSource(message: "the radius is u itself; it should be √(−2 log u)") { u in
        u() * cosine(u())
      },
      NoiseSource(message: "√(−2 log u) cos(2πv) is multiplied by u once more") {
        let u = $0()
        return u * radius(u) * cosine($0())
      },
      NoiseSource(message: "the root is of u in place of −2 log u") {
        $0().squareRoot() * cosine($0())
      },
      NoiseSource(message: "the cosine is squared, so no number is negative") {
        let (r, c) = (radius($0()), cosine($0()))
        return r * c * c
      },
      NoiseSource(message: "√(−2 log u) cos(2πv) is doubled; the 2 belongs under the root alone") {
        2 * radius($0()) * cosine($0())
      },
      NoiseSource(message: "the angle is v in place of 2πv, so it does not go round the circle") {
        radius($0()) * .cos($0())
      },
      NoiseSource(message: "the angle is v in place of 2πv, so it does not go round the circle") {
        radius($0()) * .sin($0())
      },
      NoiseSource(message: "the angle is 2v in place of 2πv, so it does not go round the circle") {
        radius($0()) * .cos(2 * $0())
      },
      NoiseSource(message: "one uniform number gives both the radius and the angle; draw two") {
        let u = $0()
        return radius(u) * cosine(u)
      },
      NoiseSource(message: "one uniform number gives both the radius and the angle; draw two") {
        let u = $0()
        return radius(u) * .sin(2 * .pi * u)
      },
    ]
  }
}
