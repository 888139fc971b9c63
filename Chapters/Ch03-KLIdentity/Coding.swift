import Kernels
import Notebook
import Probability

extension KLIdentity {
  private static func bits(_ nats: Double) -> Double { nats / .log(2) }

  /// The extra bits that a message takes in a code that was made for another distribution.
  static func payForTheWrongCode(
    length: Int, using generator: SeededGenerator, on page: Page
  ) {
    page.section("3.1", "What a divergence costs")
    var generator = generator
    let p = Categorical([1 / 8, 1 / 8, 1 / 4, 1 / 2])
    let q = Categorical([1 / 2, 1 / 4, 1 / 8, 1 / 8])
    let (right, wrong) = (PrefixCode(huffman: p), PrefixCode(huffman: q))
    page.prose(
      """
      Letters come with probabilities P, but the code was made for Q. All probabilities are powers of \
      ½, so that words of whole bits fit them exactly. A message of \(length) letters is encoded in \
      both codes and decoded again, and the bits are counted.
      """)
    page.table(
      [.left("letter"), .right("P"), .right("Q"), .left("word for P"), .left("word for Q")],
      rows: zip(["a", "b", "c", "d"], 0..<4).map { name, letter in
        [name] + [p, q].map { formatted($0.probabilities[letter], decimals: 3) }
          + [right, wrong].map { $0.words[letter].map { $0 ? "1" : "0" }.joined() }
      })
    let message = p.samples(length, using: &generator)
    let (few, many) = (right.encode(message), wrong.encode(message))
    let decoded = wrong.decode(many) ?? []
    page.check(
      "The message comes back from its \(many.count) bits.",
      .equal(
        Quantity("letters sent", Double(length)),
        Quantity("letters got back", Double(zip(message, decoded).count { $0 == $1 })),
        tolerance: 0))
    let divergence = Quantity("D[P‖Q] in bits", bits(p.klDivergence(to: q)))
    page.check(
      "The mean word of the wrong code is D[P‖Q] bits longer than the entropy H(P).",
      .equal(
        Quantity("mean word − H(P)", wrong.expectedLength(under: p) - bits(p.entropy)),
        divergence, tolerance: 1e-10))
    let extra = zip(wrong.lengths, right.lengths).map { Double($0 - $1) }
    page.check(
      "This message costs as much, counted: \(many.count) − \(few.count) bits.",
      .measured(
        Quantity("extra bits a letter", Double(many.count - few.count) / Double(length)),
        expected: divergence,
        standardError: MonteCarloEstimate(message.map { extra[$0] }).standardError))
    payInWholeBits(length: length, using: generator, on: page)
  }

  /// The same where words of whole bits do not fit, with blocks of letters as the way out.
  private static func payInWholeBits(
    length: Int, using generator: SeededGenerator, on page: Page
  ) {
    var generator = generator
    let p = Categorical([0.7, 0.2, 0.1])
    let q = Categorical([0.1, 0.3, 0.6])
    let divergence = bits(p.klDivergence(to: q))
    let message = p.samples(length, using: &generator)
    let costs = [p, q].map { $0.probabilities.map { -bits(.log($0)) } }
    let ideal = message.reduce(0) { $0 + costs[0][$1] }
    page.prose(
      """
      Now P = (0.7, 0.2, 0.1) and Q = (0.1, 0.3, 0.6), D[P‖Q] = \(formatted(divergence, decimals: 4)) \
      bits. A letter should have −log₂ Q bits, which is no whole number. Shannon's code rounds up; \
      with a word for each block of n letters, that is at most 1/n bit a letter.
      """)
    let sizes = [1, 2, 3, 4, 6, 8]
    let codes = sizes.map { PrefixCode(shannon: q.blocks(of: $0)) }
    let means = zip(sizes, codes).map { size, code in
      code.expectedLength(under: p.blocks(of: size)) / Double(size) - bits(p.entropy)
    }
    page.table(
      [.right("n"), .right("words"), .right("extra bits"), .right("counted"), .right("D + 1/n")],
      rows: sizes.indices.map { row in
        let counted = Double(codes[row].encode(p.blocks(of: sizes[row], in: message)).count) - ideal
        return ["\(sizes[row])", "\(codes[row].words.count)"]
          + [means[row], counted / Double(length), divergence + 1 / Double(sizes[row])].map {
            formatted($0, decimals: 4)
          }
      }, caption: "Bits a letter: the mean, and those of this message.")
    let n = sizes.map(Double.init)
    page.figure(
      "Extra bits a letter in blocks of n letters",
      description: "The cost of Shannon's code stays between D[P‖Q] and D[P‖Q] + 1/n.",
      Plot(
        x: Axis("n"), y: Axis("extra bits"),
        layers: [
          line("Shannon's code", n, means), line("D[P‖Q]", n, n.map { _ in divergence }),
          line("D[P‖Q] + 1/n", n, n.map { divergence + 1 / $0 }),
        ]))
    page.check(
      "In blocks of any size Shannon's code costs at least D[P‖Q] …",
      .atMost(Quantity("D[P‖Q]", divergence), Quantity("least cost", means.min()!)))
    page.check(
      "… and at most 1/n more.",
      .atMost(
        Quantity("largest n · (cost − D)", zip(n, means).map { $0 * ($1 - divergence) }.max()!),
        Quantity("one bit", 1)))
    let huffman = PrefixCode(huffman: q)
    let implied = Categorical(huffman.lengths.map { 1 / Double(1 << $0) })
    page.check(
      "Huffman's code for Q is one for Q′ = 2^−length, and costs D[P‖Q′].",
      .equal(
        Quantity("mean word − H(P)", huffman.expectedLength(under: p) - bits(p.entropy)),
        Quantity("D[P‖Q′]", bits(p.klDivergence(to: implied))), tolerance: 1e-10))
    let exact = MonteCarloEstimate(message.map { costs[1][$0] - costs[0][$0] })
    page.check(
      "With −log₂ Q bits a letter, unrounded, the message costs D[P‖Q] more.",
      .measured(
        Quantity("extra bits a letter", exact.mean), expected: Quantity("D[P‖Q]", divergence),
        standardError: exact.standardError))
  }
}
