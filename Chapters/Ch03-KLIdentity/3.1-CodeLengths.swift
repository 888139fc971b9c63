import Autodiff
import Claims
import Notebook
import Probability

/// 3.1 What a divergence costs: the extra bits of a message whose code was made for another distribution.
struct CodeLengths: SectionContent {
  let exact: ExactCodes
  let blocks: BlockCodes

  init(messageLength: Int, using generator: SeededGenerator) {
    var generator = generator
    // Whole blocks of every size that is tried.
    let length = messageLength / 24 * 24
    exact = ExactCodes(messageLength: length, using: &generator)
    blocks = BlockCodes(messageLength: length, using: &generator)
  }

  func show(on page: Page) {
    page.lead(
      """
      The letters of a message have probabilities P, but its code was made for Q. Compare the bits \
      that it wastes with D[P‖Q].
      """)
    exact.show(on: page)
    page.lead(
      """
      Other probabilities ask for a fractional number of bits, and Shannon's code rounds up. Look at \
      the cost a letter as the words stand for longer and longer blocks.
      """)
    blocks.show(on: page)
  }
}

/// Bits for what is given in nats.
private func bits(_ nats: Double) -> Double { nats / .log(2) }

/// Probabilities that are powers of ½: words of whole bits fit them exactly.
struct ExactCodes {
  let p = Categorical([1 / 8, 1 / 8, 1 / 4, 1 / 2])
  let q = Categorical([1 / 2, 1 / 4, 1 / 8, 1 / 8])
  let forP, forQ: PrefixCode
  let message: [Int]
  /// The message in the code for P and in that for Q.
  let bitsForP, bitsForQ: [Bool]
  /// The message that comes back from the code for Q.
  let decoded: [Int]
  /// ∑ p ℓ − H(P), for the words of Q's code, and D[P‖Q]: both in bits.
  let meanExtraBits, divergence: Double

  init(messageLength: Int, using generator: inout SeededGenerator) {
    // cell: exact
    forP = PrefixCode(huffman: p)
    forQ = PrefixCode(huffman: q)
    message = p.samples(messageLength, using: &generator)  // letters from P …
    bitsForQ = forQ.encode(message)  // … in the words for Q
    bitsForP = forP.encode(message)
    meanExtraBits = forQ.expectedLength(under: p) - bits(p.entropy)  // ∑ p ℓ − H(P)
    divergence = bits(p.klDivergence(to: q))  // ∑ p (log₂ p − log₂ q)
    // end
    decoded = forQ.decode(bitsForQ) ?? []
  }

  /// How many bits more each letter has in the code for Q.
  var extraBits: MonteCarloEstimate {
    let extra = zip(forQ.lengths, forP.lengths).map { Double($0 - $1) }
    return MonteCarloEstimate(message.map { extra[$0] })
  }

  func show(on page: Page) {
    page.code("exact")
    page.table(
      [.left("letter"), .right("P"), .right("Q"), .left("word for P"), .left("word for Q")],
      rows: zip(["a", "b", "c", "d"], 0..<4).map { name, letter in
        [name] + cells(p.probabilities[letter], q.probabilities[letter], decimals: 3)
          + [forP, forQ].map { $0.words[letter].map { $0 ? "1" : "0" }.joined() }
      })
    page.check(
      "The message comes back from its \(formatted(bitsForQ.count)) bits.",
      .equal(
        Quantity("letters sent", Double(message.count)),
        Quantity("letters got back", Double(zip(message, decoded).count { $0 == $1 })),
        tolerance: 0))
    page.check(
      "A word of the code for Q is D[P‖Q] bits longer on average than the entropy H(P).",
      .equal(
        Quantity("mean word − H(P)", meanExtraBits), Quantity("D[P‖Q] in bits", divergence),
        tolerance: 1e-10))
    page.check(
      """
      This message of \(formatted(message.count)) letters takes \(formatted(bitsForQ.count)) bits \
      instead of \(formatted(bitsForP.count)): D[P‖Q] more a letter.
      """,
      .measured(
        Quantity(
          "extra bits a letter",
          Double(bitsForQ.count - bitsForP.count) / Double(message.count)),
        expected: Quantity("D[P‖Q] in bits", divergence),
        standardError: extraBits.standardError))
  }
}

/// Probabilities that are not powers of ½, in words for blocks of letters.
struct BlockCodes {
  /// What a letter costs if each block of n has a word.
  struct Row {
    let n, wordCount: Int
    /// The bits beyond H(P): expected, and of this message.
    let extraBits, counted: Double
  }

  let p = Categorical([0.7, 0.2, 0.1])
  let q = Categorical([0.1, 0.3, 0.6])
  /// D[P‖Q] in bits.
  let divergence: Double
  let rows: [Row]
  /// The extra bits of each letter if its word could have −log₂ q bits, in place of −log₂ p.
  let unrounded: MonteCarloEstimate
  /// Huffman's code for Q, its extra bits a letter under P, and D[P‖Q′] for the Q′ that it fits.
  let huffman: PrefixCode
  let huffmanExtraBits, impliedDivergence: Double

  // cell: shannon
  /// Shannon's code for Q: a word of ℓ = ⌈−log₂ q⌉ bits for each letter.
  static func shannonCode(for q: Categorical) -> PrefixCode {
    // Write q as s · 2ᵉ with 1 ≤ s < 2: then ℓ = −e.
    PrefixCode(lengths: q.probabilities.map { -Int($0.exponent) })
  }

  /// The extra bits a letter if each block of n has a word: 1/n ∑ p ℓ − H(P).
  static func extraBits(_ n: Int, _ p: Categorical, code: PrefixCode) -> Double {
    code.expectedLength(under: p.blocks(of: n)) / Double(n) - bits(p.entropy)
  }
  // end

  init(messageLength: Int, using generator: inout SeededGenerator) {
    let (p, q) = (p, q)
    let message = p.samples(messageLength, using: &generator)
    let costs = [p, q].map { $0.probabilities.map { -bits(.log($0)) } }
    let ideal = message.reduce(0) { $0 + costs[0][$1] }
    divergence = bits(p.klDivergence(to: q))
    rows = [1, 2, 3, 4, 6, 8].map { n in
      let code = Self.shannonCode(for: q.blocks(of: n))
      let sent = Double(code.encode(p.blocks(of: n, in: message)).count)
      return Row(
        n: n, wordCount: code.words.count, extraBits: Self.extraBits(n, p, code: code),
        counted: (sent - ideal) / Double(messageLength))
    }
    unrounded = MonteCarloEstimate(message.map { costs[1][$0] - costs[0][$0] })

    // cell: implied
    huffman = PrefixCode(huffman: q)
    huffmanExtraBits = huffman.expectedLength(under: p) - bits(p.entropy)  // ∑ p ℓ − H(P)
    let implied = Categorical(huffman.lengths.map { 1 / Double(1 << $0) })  // Q′
    impliedDivergence = bits(p.klDivergence(to: implied))
    // end
  }

  func show(on page: Page) {
    page.code("shannon")
    page.table(
      [.right("n"), .right("words"), .right("extra bits"), .right("counted"), .right("D + 1/n")],
      rows: rows.map {
        [formatted($0.n), formatted($0.wordCount)]
          + cells($0.extraBits, $0.counted, divergence + 1 / Double($0.n))
      },
      caption: """
        Bits a letter beyond H(P): expected, and counted in this message. \
        D[P‖Q] = \(formatted(divergence, decimals: 4)) bits.
        """)
    let n = rows.map { Double($0.n) }
    page.figure(
      "Extra bits a letter in blocks of n letters",
      description: "The cost of Shannon's code stays between D[P‖Q] and D[P‖Q] + 1/n.",
      Plot(
        x: Axis("n"), y: Axis("extra bits"),
        layers: [
          .line(.init("Shannon's code", x: n, y: rows.map(\.extraBits))),
          .line(.init("D[P‖Q]", x: n, y: n.map { _ in divergence })),
          .line(.init("D[P‖Q] + 1/n", x: n, y: n.map { divergence + 1 / $0 })),
        ]))
    page.check(
      "In blocks of every size, Shannon's code costs at least D[P‖Q] extra bits a letter.",
      .atMost(
        Quantity("D[P‖Q]", divergence),
        Quantity("the smallest cost", rows.map(\.extraBits).min()!)))
    page.check(
      "In blocks of n letters it costs at most 1/n bit a letter more than that.",
      .atMost(
        Quantity(
          "the largest n · (cost − D)",
          rows.map { Double($0.n) * ($0.extraBits - divergence) }.max()!),
        Quantity("one bit", 1)))
    page.check(
      "With −log₂ Q bits a letter, unrounded, the message costs D[P‖Q] more.",
      .measured("extra bits a letter", unrounded, expected: divergence, "D[P‖Q]"))
    page.code("implied")
    page.check(
      "Huffman's code for Q costs D[P‖Q′] extra bits, where Q′ is the distribution that its words fit.",
      .equal(
        Quantity("mean word − H(P)", huffmanExtraBits), Quantity("D[P‖Q′]", impliedDivergence),
        tolerance: 1e-10))
  }
}
