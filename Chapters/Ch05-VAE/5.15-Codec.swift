import Autodiff
import Notebook
import Probability
import VariationalAutoencoders

/// A stack of bits, onto which symbols go and from which they come off in reverse order: asymmetric
/// numeral systems (Duda, 2013), with all but the top of the stack in words of 32 bits.
struct BitStack: Equatable {
  /// The top of the stack, at least 2³².
  var head: UInt64
  /// What lies below, 32 bits each, the last on top.
  var words: [UInt32]

  // cell: stack
  /// Puts a symbol of probability width/2²⁴ on the stack, which grows by log₂(2²⁴/width) bits. Of
  /// the numbers below 2²⁴ it owns `width`, from `start` on.
  mutating func push(_ start: UInt64, _ width: UInt64) {
    if head >> 40 >= width {
      words.append(UInt32(truncatingIfNeeded: head))
      head >>= 32
    }
    head = (head / width) << 24 + start + head % width
  }

  /// A number below 2²⁴. The symbol that owns it is the one on top of the stack.
  var top: UInt64 { head & (1 << 24 - 1) }

  /// Takes the symbol off again.
  mutating func pop(_ start: UInt64, _ width: UInt64) {
    head = (head >> 24) * width + top - start
    if head < 1 << 32 { head = head << 32 + UInt64(words.removeLast()) }
  }
  // end

  /// How many bits are on the stack, a fraction included.
  var length: Double { 32 * Double(words.count) + .log(Double(head)) / .log(2) }

  // cell: pixels
  /// Pixels of which each is white with its own probability, white/2²⁴.
  mutating func push(_ pixels: [Float], white: [UInt64]) {
    for (pixel, white) in zip(pixels, white).reversed() {
      if pixel == 1 { push(0, white) } else { push(white, 1 << 24 - white) }
    }
  }

  mutating func popPixels(white: [UInt64]) -> [Float] {
    white.map { white in
      let isWhite = top < white
      if isWhite { pop(0, white) } else { pop(white, 1 << 24 - white) }
      return isWhite ? 1 : 0
    }
  }
  // end
}

/// Bins for a latent variable, each with the same probability 2⁻ᵇ under the prior.
struct LatentBins {
  /// b, the bits that name a bin.
  let bits: Int
  /// Φ⁻¹(i/2ᵇ), from −∞ to ∞.
  let edges: [Double]
  /// Φ⁻¹((i + ½)/2ᵇ), the z that stands for all in bin i.
  let middles: [Float]

  init(bits b: Int) {
    bits = b
    let count = Double(1 << b)
    edges = (0...1 << b).map { .normalQuantile(Double($0) / count) }
    middles = (0..<1 << b).map { Float(.normalQuantile((Double($0) + 0.5) / count)) }
  }

  var count: Int { middles.count }

  /// The middle of the bin in which the prior's probability of a smaller number is `probability`.
  func middle(atProbability probability: Double) -> Float {
    middles[min(Int(probability * Double(count)), count - 1)]
  }

  /// The last bin of which `isBelow` holds for the lower edge, found by halving.
  func last(where isBelow: (_ edge: Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isBelow(edges[middle]) { low = middle } else { high = middle }
    }
    return low
  }
}

extension BitStack {
  // cell: latents
  /// Takes a latent variable off the stack: its bin i, by which the stack shrinks log₂ 1/Q(i) bits.
  mutating func popBin(of bins: LatentBins, _ Q: Normal) -> Int {
    let i = bins.last { edge in Self.share(below: edge, Q) <= top }  // the bin that owns `top`
    let start = Self.share(below: bins.edges[i], Q)
    pop(start, Self.share(below: bins.edges[i + 1], Q) - start)
    return i
  }

  mutating func push(bin i: Int, of bins: LatentBins, _ Q: Normal) {
    let start = Self.share(below: bins.edges[i], Q)
    push(start, Self.share(below: bins.edges[i + 1], Q) - start)
  }

  /// How many of the 2²⁴ numbers the bins below an edge own, under a normal distribution.
  static func share(below edge: Double, _ Q: Normal) -> UInt64 {
    UInt64((Q.cumulativeProbability(upTo: edge) * 0x1p24).rounded())
  }
  // end
}

/// Images as bits, by a variational autoencoder.
struct Codec {
  let model: VariationalAutoencoder<Float>
  let bins: LatentBins
  /// What the sender and the receiver mix the bits of z with.
  let mixer = SeededGenerator(seed: 0)

  /// Numbers of b bits for the latent variables of an image. Codes are not spread exactly as the prior
  /// is; mixed with these, the bits of z are as good as random ones when the next z is drawn from them.
  func masks(_ image: Int) -> [Int] {
    var generator = mixer.stream(UInt64(image))
    return (0..<model.configuration.latentSize).map { _ in generator.integer(below: bins.count) }
  }

  /// Q(zₖ|X) of each latent variable.
  func posterior(of x: Tensor<Float>) -> [Normal] {
    let Q = model.encoder(x)
    return zip(Q.mean.scalars, Q.logVariance.scalars).map {
      Normal(mean: Double($0), logVariance: Double($1))
    }
  }

  /// How many of 2²⁴ make each pixel white: neither none nor all, so that both can be encoded.
  func white(at z: [Int]) -> [UInt64] {
    let z = Tensor(z.map { bins.middles[$0] }, shape: [1, z.count])
    return model.decoder.mean(of: z).scalars.map {
      UInt64(min(max(Double($0) * 0x1p24, 1), 0x1p24 - 1))
    }
  }

  /// What an image did to the stack.
  struct Coded {
    /// The bins of z.
    let z: [Int]
    /// By how many bits the stack grew when z was taken off by Q(z|X), X put on, and z put on.
    let byPosterior: Double
    let byPixels: Double
    let byPrior: Double

    var bits: Double { byPosterior + byPixels + byPrior }
  }

  /// Puts images on a stack.
  func encode(_ images: [Tensor<Float>], onto stack: inout BitStack) -> [Coded] {
    var coded: [Coded] = []
    func record(_ z: [Int], _ lengths: [Double]) {
      coded.append(
        Coded(
          z: z, byPosterior: lengths[1] - lengths[0], byPixels: lengths[2] - lengths[1],
          byPrior: lengths[3] - lengths[2]))
    }
    // cell: encode
    for (n, x) in images.enumerated() {
      var lengths = [stack.length]
      let z = posterior(of: x).map { stack.popBin(of: bins, $0) }  // z ∼ Q(z|X): the bits back
      lengths.append(stack.length)
      stack.push(x.scalars, white: white(at: z))  // X, which costs log₂ 1/P(X|z) bits
      lengths.append(stack.length)
      for (i, mask) in zip(z, masks(n)) {  // z, which costs log₂ 1/P(z) bits
        stack.push(bin: i ^ mask, of: bins, .standard)
      }
      lengths.append(stack.length)
      record(z, lengths)
    }
    // end
    return coded
  }

  /// Takes so many images off a stack, the last first, and leaves it as it was before them.
  func decode(_ count: Int, from stack: inout BitStack) -> [[Float]] {
    var images: [[Float]] = []
    // cell: decode
    for n in (0..<count).reversed() {  // the last image comes off first
      var z: [Int] = []
      for mask in masks(n).reversed() { z.insert(stack.popBin(of: bins, .standard) ^ mask, at: 0) }
      let x = stack.popPixels(white: white(at: z))  // X, now that z is known
      let Q = posterior(of: Tensor(x, shape: [1, x.count]))  // and Q(z|X), now that X is known
      for (i, Q) in zip(z, Q).reversed() { stack.push(bin: i, of: bins, Q) }  // gives bits back
      images.append(x)
    }
    // end
    return images.reversed()
  }
}

// What the section shows of this file.
extension BitStack {
  static func show(on page: Page) {
    page.code("stack")
    page.code("pixels")
  }
}

extension Codec {
  static func show(on page: Page) {
    page.code("latents")
    page.code("encode")
    page.code("decode")
  }
}
