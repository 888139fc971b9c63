import Autodiff
import Claims
import Notebook
import Probability

/// 3.1 What a divergence costs: the extra bits of a message whose code was made for the wrong distribution.
struct CodeLengths: SectionContent {
  let exact: ExactCodes
  let blocks: BlockCodes

  init(messageLength: Int, using generator: SeededGenerator) {
    var generator = generator
    // A multiple of every block size that is tried.
    let length = messageLength / 24 * 24
    exact = ExactCodes(messageLength: length, using: &generator)
    blocks = BlockCodes(messageLength: length, using: &generator)
  }

  func show(on page: Page) {
    page.lead(
      """
      The letters of a message have the probabilities Q, but the code was made for P. Compare the \
      bits that are wasted with D[Q‖P].
      """)
    exact.show(on: page)
    page.lead(
      """
      Most probabilities call for a fractional number of bits, which Shannon's code rounds up. Watch the \
      cost per letter as one word stands for a longer and longer block of letters.
      """)
    blocks.show(on: page)
  }
}

/// Bits for what is given in nats.
private func bits(_ nats: Double) -> Double { nats / .log(2) }

/// Probabilities that are powers of ½: words of whole bits fit them exactly.
struct ExactCodes {
  let q = Categorical([1 / 8, 1 / 8, 1 / 4, 1 / 2])
  let p = Categorical([1 / 2, 1 / 4, 1 / 8, 1 / 8])
  let forQ, forP: PrefixCode
  let message: [Int]
  /// The message in the code for Q and in that for P.
  let bitsForQ, bitsForP: [Bool]
  /// The message that comes back from the code for P.
  let decoded: [Int]
  /// ∑ q ℓ − H(Q), for the words of P's code, and D[Q‖P]: both in bits.
  let meanExtraBits, divergence: Double

  init(messageLength: Int, using generator: inout SeededGenerator) {
    // cell: exact
    forQ = PrefixCode(huffman: q)
    forP = PrefixCode(huffman: p)
    message = q.samples(messageLength, using: &generator)  // letters from Q …
    bitsForP = forP.encode(message)  // … in the words for P
    bitsForQ = forQ.encode(message)
    meanExtraBits = forP.expectedLength(under: q) - bits(q.entropy)  // ∑ q ℓ − H(Q)
    divergence = bits(q.klDivergence(to: p))  // ∑ q (log₂ q − log₂ p)
    // end
    decoded = forP.decode(bitsForP) ?? []
  }

  /// How many more bits each letter has in the code for P.
  var extraBits: MonteCarloEstimate {
    let extra = zip(forP.lengths, forQ.lengths).map { Double($0 - $1) }
    return MonteCarloEstimate(message.map { extra[$0] })
  }

  func show(on page: Page) {
    page.code("exact")
    page.table(
      [.left("letter"), .right("Q"), .right("P"), .left("word for Q"), .left("word for P")],
      rows: zip(["a", "b", "c", "d"], 0..<4).map { name, letter in
        [name] + cells(q.probabilities[letter], p.probabilities[letter], decimals: 3)
          + [forQ, forP].map { $0.words[letter].map { $0 ? "1" : "0" }.joined() }
      })
    page.check(
      "Decoding the \(formatted(bitsForP.count)) bits gives the message back.",
      .equal(
        Quantity("letters sent", Double(message.count)),
        Quantity("letters got back", Double(zip(message, decoded).count { $0 == $1 })),
        tolerance: 0))
    page.check(
      "On average, a word of the code for P is D[Q‖P] bits longer than the entropy H(Q).",
      .equal(
        Quantity("mean word − H(Q)", meanExtraBits), Quantity("D[Q‖P] in bits", divergence),
        tolerance: 1e-10))
    page.check(
      """
      This message of \(formatted(message.count)) letters takes \(formatted(bitsForP.count)) bits \
      instead of \(formatted(bitsForQ.count)): D[Q‖P] more per letter.
      """,
      .measured(
        Quantity(
          "extra bits a letter",
          Double(bitsForP.count - bitsForQ.count) / Double(message.count)),
        expected: Quantity("D[Q‖P] in bits", divergence),
        standardError: extraBits.standardError))
  }
}

/// Probabilities that are not powers of ½, in words for blocks of letters.
struct BlockCodes {
  /// The cost per letter if each block of n letters has a word.
  struct Row {
    let n, wordCount: Int
    /// The bits beyond H(Q), expected; and those beyond −log₂ Q, as counted in this message.
    let extraBits, counted: Double
  }

  let q = Categorical([0.7, 0.2, 0.1])
  let p = Categorical([0.1, 0.3, 0.6])
  /// D[Q‖P] in bits.
  let divergence: Double
  let rows: [Row]
  /// The extra bits of each letter if words had exactly −log₂ p bits, instead of −log₂ q.
  let unrounded: MonteCarloEstimate
  /// Huffman's code for P, its extra bits per letter under Q, and D[Q‖P′] for the P′ that its words fit.
  let huffman: PrefixCode
  let huffmanExtraBits, impliedDivergence: Double

  // cell: shannon
  /// Shannon's code for P: a word of ℓ = ⌈−log₂ p⌉ bits for each letter.
  static func shannonCode(for p: Categorical) -> PrefixCode {
    // Write p as s · 2ᵉ with 1 ≤ s < 2: then ℓ = −e.
    PrefixCode(lengths: p.probabilities.map { -Int($0.exponent) })
  }

  /// The extra bits per letter if each block of n letters has one word: 1/n ∑ q ℓ − H(Q).
  static func extraBits(_ n: Int, _ q: Categorical, code: PrefixCode) -> Double {
    code.expectedLength(under: q.blocks(of: n)) / Double(n) - bits(q.entropy)
  }
  // end

  init(messageLength: Int, using generator: inout SeededGenerator) {
    let (q, p) = (q, p)
    let message = q.samples(messageLength, using: &generator)
    let costs = [q, p].map { $0.probabilities.map { -bits(.log($0)) } }
    let ideal = message.reduce(0) { $0 + costs[0][$1] }
    divergence = bits(q.klDivergence(to: p))
    rows = [1, 2, 3, 4, 6, 8].map { n in
      let code = Self.shannonCode(for: p.blocks(of: n))
      let sent = Double(code.encode(q.blocks(of: n, in: message)).count)
      return Row(
        n: n, wordCount: code.words.count, extraBits: Self.extraBits(n, q, code: code),
        counted: (sent - ideal) / Double(messageLength))
    }
    unrounded = MonteCarloEstimate(message.map { costs[1][$0] - costs[0][$0] })

    // cell: implied
    huffman = PrefixCode(huffman: p)
    huffmanExtraBits = huffman.expectedLength(under: q) - bits(q.entropy)  // ∑ q ℓ − H(Q)
    let implied = Categorical(huffman.lengths.map { 1 / Double(1 << $0) })  // P′
    impliedDivergence = bits(q.klDivergence(to: implied))
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
        Expected: bits per letter beyond H(Q). Counted: in one message, beyond its −log₂ Q. \
        D[Q‖P] = \(formatted(divergence, decimals: 4)) bits.
        """)
    let n = rows.map { Double($0.n) }
    page.figure(
      "Extra bits per letter in blocks of n letters",
      description: "The extra cost of Shannon's code stays between D[Q‖P] and D[Q‖P] + 1/n.",
      Plot(
        x: Axis("n"), y: Axis("extra bits"),
        layers: [
          .line(.init("Shannon's code", x: n, y: rows.map(\.extraBits))),
          .line(.init("D[Q‖P]", x: n, y: n.map { _ in divergence })),
          .line(.init("D[Q‖P] + 1/n", x: n, y: n.map { divergence + 1 / $0 })),
        ]))
    page.check(
      "For every block size, Shannon's code costs at least D[Q‖P] extra bits per letter.",
      .atMost(
        Quantity("D[Q‖P]", divergence),
        Quantity("the smallest cost", rows.map(\.extraBits).min()!)))
    page.check(
      "For blocks of n letters it costs at most 1/n bit per letter more than that.",
      .atMost(
        Quantity(
          "the largest n · (cost − D)",
          rows.map { Double($0.n) * ($0.extraBits - divergence) }.max()!),
        Quantity("one bit", 1)))
    page.check(
      "With −log₂ P bits per letter, unrounded, the message costs D[Q‖P] extra bits per letter.",
      .measured("extra bits a letter", unrounded, expected: divergence, "D[Q‖P]"))
    page.code("implied")
    page.check(
      """
      Huffman's code for P costs D[Q‖P′] = \(formatted(impliedDivergence, decimals: 4)) extra bits per \
      letter, where P′ is the distribution that its words fit.
      """,
      .equal(
        Quantity("mean word − H(Q)", huffmanExtraBits), Quantity("D[Q‖P′]", impliedDivergence),
        tolerance: 1e-10))
  }
}
