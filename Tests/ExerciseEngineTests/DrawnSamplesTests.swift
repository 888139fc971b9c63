import Autodiff
import Testing

@testable import Exercises

private let mean = [0.5, -2, 0]
private let logVariance = [-3, 1.2, 0]

/// A generator whose numbers are the same in every run: SplitMix64 by Steele, Lea and Flood.
private struct Numbers: RandomNumberGenerator {
  var state: UInt64 = 12
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
  mutating func uniform() -> Double { .random(in: 0..<1, using: &self) }
  /// By inversion, as no exercise asks for it.
  mutating func normal() -> Double { .normalQuantile(uniform() + 0x1p-54) }
}

/// What is said about 20,000 samples.
private func complaint(_ draw: (inout Numbers) -> [Double]) -> String? {
  var numbers = Numbers()
  return complaint(about: (0..<20_000).map { _ in draw(&numbers) })
}

private func complaint(about samples: [[Double]]) -> String? {
  DrawnSamples(of: samples.answer, mean: mean, logVariance: logVariance).complaint
}

/// What is said about z = μ + σε with this noise, drawn for each component.
private func complaint(aboutNoise noise: (inout Numbers) -> Double) -> String? {
  complaint { numbers in
    mean.indices.map { mean[$0] + Double.exp(logVariance[$0] / 2) * noise(&numbers) }
  }
}

@Test("Right samples are never rejected in 100 runs")
func rightSamplesPass() {
  var numbers = Numbers()
  for _ in 0..<100 {
    let samples = (0..<1_000).map { _ in
      mean.indices.map { mean[$0] + Double.exp(logVariance[$0] / 2) * numbers.normal() }
    }
    #expect(complaint(about: samples) == nil)
  }
}

@Test("Noise from another distribution is named")
func otherNoiseIsNamed() {
  func expect(
    _ message: String, from noise: (inout Numbers) -> Double,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let complaint = complaint(aboutNoise: noise)
    #expect(complaint?.contains(message) == true, "\(complaint ?? "nil")", sourceLocation: location)
  }
  expect("uniform on (0, 1)") { $0.uniform() }
  expect("uniform on (−1, 1)") { .random(in: -1...1, using: &$0) }
  expect("uniform. It has the variance 1") { .random(in: -1.7320508...1.7320508, using: &$0) }
  expect("never negative") { abs($0.normal()) }
  expect("only two values") { Bool.random(using: &$0) ? 1 : -1 }
  expect("sum of uniform numbers whose mean, 6") { numbers in
    (0..<12).map { _ in numbers.uniform() }.reduce(0, +)
  }
  expect("√(−2 log u) alone") { (-2 * Double.log($0.uniform())).squareRoot() }
  expect("the variance is ½") {
    (-Double.log($0.uniform())).squareRoot() * .cos(2 * .pi * $0.uniform())
  }
  expect("the angle is v") {
    (-2 * Double.log($0.uniform())).squareRoot() * .cos($0.uniform())
  }
  expect("both the radius and the angle") {
    let u = $0.uniform()
    return (-2 * Double.log(u)).squareRoot() * .cos(2 * .pi * u)
  }
  expect("exponential with a sign") {
    (Bool.random(using: &$0) ? -1 : 1) * Double.log($0.uniform())
  }
  expect("sum of two uniform numbers") { $0.uniform() + $0.uniform() - 1 }
  expect("multiplied by u once more") {
    let u = $0.uniform()
    return u * (-2 * Double.log(u)).squareRoot() * .cos(2 * .pi * $0.uniform())
  }
  // A distribution that is in no table is described.
  expect("the mean 3.0") { $0.normal() + 3 }
  expect("lies within ±1, and 68 % should") {
    Bool.random(using: &$0) ? 0.6 * $0.normal() : 1.28 * $0.normal()
  }
}

@Test("Numbers that are not finite are explained by how many they are")
func notFinite() {
  func message(_ number: @escaping (Double, Double) -> Double) -> String {
    Exercise("noise", "Noise", minutes: 1, hints: ["Draw."]).drawingNoise { count in
      var numbers = Numbers()
      return (0..<count).map { _ in number(numbers.uniform(), numbers.uniform()) }
    }.verdict().message
  }
  let minus = message { u, v in (2 * Double.log(u)).squareRoot() * .cos(2 * .pi * v) }
  #expect(minus.hasSuffix("Is the minus sign of −2 log u missing?"))
  let root = message { u, v in (-2 * Double.log(u) * .cos(2 * .pi * v)).squareRoot() }
  #expect(root.contains("Half of the numbers are NaN; does the cosine stand under the root"))
  let polar = message { u, v in
    let (a, b) = (2 * u - 1, 2 * v - 1)
    let s: Double = a * a + b * b
    return a * (-2 * Double.log(s) / s).squareRoot()
  }
  #expect(polar.contains("is a point outside of the circle drawn again?"))
}

@Test("A wrong formula for z is named by its distribution")
func wrongFormulasAreNamed() {
  func expect(
    _ message: String, _ component: (Double, Double, Double) -> Double,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let complaint = complaint { numbers in
      mean.indices.map { component(mean[$0], logVariance[$0], numbers.normal()) }
    }
    #expect(complaint?.contains(message) == true, "\(complaint ?? "nil")", sourceLocation: location)
  }
  expect("σ² was used in place of its root") { $0 + .exp($1) * $2 }
  expect("log σ² itself was used") { $0 + $1 * $2 }
  expect("the mean μ is missing") { .exp($1 / 2) * $2 }
  expect("scales the mean as well") { ($0 + $2) * .exp($1 / 2) }
  expect("softplus") { $0 + Double.softplus($1).squareRoot() * $2 }
  expect("1 was used in place of σ") { mean, _, noise in mean + noise }
}

@Test("Noise that is used more than once is named")
func repeatedNoiseIsNamed() {
  func sample(_ noise: [Double]) -> [Double] {
    mean.indices.map { mean[$0] + Double.exp(logVariance[$0] / 2) * noise[$0] }
  }
  var numbers = Numbers()
  let fixed = [numbers.normal(), numbers.normal(), numbers.normal()]
  #expect(complaint { _ in mean } == "every sample is μ; there is no noise in it")
  #expect(complaint { _ in sample(fixed) }?.hasPrefix("all samples are the same") == true)
  #expect(complaint { _ in sample([1, 1, 1]) }?.hasPrefix("one number of noise") == true)
  let shared = complaint { numbers in
    let noise = numbers.normal()
    return sample([noise, noise, noise])
  }
  #expect(shared?.hasPrefix("the components of a sample share") == true)
  // A list of noise, of which each sample uses the numbers from its own index on.
  let list = (0..<20_003).map { _ in numbers.normal() }
  let shifted = complaint(about: (0..<20_000).map { sample(Array(list[$0..<$0 + 3])) })
  #expect(shifted?.hasPrefix("the same number of noise occurs more than once") == true)
  // Every other sample mirrors the one before.
  let pairs = (0..<30_000).map { _ in numbers.normal() }
  let mirrored = complaint(
    about: (0..<20_000).map { index in
      let noise = Array(pairs[index / 2 * 3..<index / 2 * 3 + 3])
      return sample(index.isMultiple(of: 2) ? noise : noise.map { -$0 })
    })
  #expect(mirrored?.contains("depends on the number before (their correlation is −1.0") == true)
  let correlated = complaint { numbers in
    let (first, second) = (numbers.normal(), numbers.normal())
    return sample([first, 0.6 * first + 0.8 * second, numbers.normal()])
  }
  #expect(correlated?.contains("components 0 and 1 of a sample are correlated (0.6") == true)
}

@Test("A sum of twelve uniform numbers, which is nearly normal, shows in many samples")
func sumsOfUniformNumbersAreNamed() {
  var numbers = Numbers()
  let sums = (0..<400_000).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + numbers.uniform() } }
  let complaint = DrawnSamples(noise: sums.answer).complaint
  #expect(complaint?.contains("is it a sum of uniform numbers?") == true)
  let normals = (0..<400_000).map { _ in numbers.normal() }
  #expect(DrawnSamples(noise: normals.answer).complaint == nil)
}

@Test("A function that draws the same samples at every call is recognised")
func samplesAreNewAtEachCall() {
  func verdict(_ isNew: Bool) -> Verdict {
    var numbers = Numbers()
    return Exercise("noise", "Noise", minutes: 1, hints: [])
      .drawingNoise(count: 1_000, greatCount: 2_000) { count in
        if !isNew { numbers = Numbers() }
        return (0..<count).map { _ in numbers.normal() }
      }.verdict()
  }
  #expect(verdict(true) == .passed)
  #expect(verdict(false).message.contains("returned the same samples"))
}
