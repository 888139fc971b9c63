import Autodiff
import Claims
import Notebook
import Probability

/// The part of 3.2 that pays for z in bits, gets some of them back, and finds that a letter X costs −ℒ.
///
/// z and X take four values each. P(z) and P(X|z) are powers of ½, which words of whole bits fit.
/// Q(z|X) is the distribution that the words of Huffman's code for P(z|X) fit, so it is near the
/// posterior without being equal to it.
struct BitsBack {
  static let prior = Categorical([1 / 2, 1 / 4, 1 / 8, 1 / 8])
  /// P(X|z) for each z: the most probable X is the one with the same number.
  static let likelihoods = (0..<4).map { z in
    Categorical((0..<4).map { x in prior.probabilities[(x - z + 4) % 4] })
  }

  /// P(X), and for each X the posterior P(z|X).
  let evidence: Categorical
  let posteriors: [Categorical]
  /// Codes for P(z), for P(X|z) of each z, and for Q(z|X) of each X.
  let forPrior: PrefixCode
  let forLikelihoods, forQ: [PrefixCode]
  /// The letters that were sent and that were received.
  let message, received: [Int]
  /// The bits on the line, those of the file that chose z, and what the receiver makes of them.
  let sent, fileBits, fileReceived: [Bool]
  /// The z that stands for each letter.
  let codes: [Int]

  init(messageLength: Int, using generator: inout SeededGenerator) {
    let joint = Self.prior.probabilities.enumerated().map { z, p in
      Self.likelihoods[z].probabilities.map { p * $0 }
    }
    evidence = Categorical((0..<4).map { x in (0..<4).reduce(0) { $0 + joint[$1][x] } })
    posteriors = (0..<4).map { x in Categorical((0..<4).map { z in joint[z][x] }) }
    message = evidence.samples(messageLength, using: &generator)
    let wholeFile = generator.uniform(count: 3 * messageLength).map { $0 < 0.5 }

    forPrior = PrefixCode(huffman: Self.prior)
    forLikelihoods = Self.likelihoods.map { PrefixCode(huffman: $0) }
    forQ = posteriors.map { PrefixCode(huffman: $0) }
    var (file, sent, codes) = (wholeFile[...], [Bool](), [Int]())
    // cell: send
    // The file is a second message, of random bits, for the same receiver.
    for x in message {
      let z = forQ[x].read(&file)!  // the next word of the file, read in the code for Q(z|X)
      sent += forPrior.words[z] + forLikelihoods[z].words[x]  // −log₂ P(z) − log₂ P(X|z) bits
      codes.append(z)
    }
    // end
    var (line, received, fileReceived) = (sent[...], [Int](), [Bool]())
    // cell: receive
    // The receiver has the bits that were sent, and knows P(z), P(X|z) and Q(z|X).
    while let z = forPrior.read(&line) {
      let x = forLikelihoods[z].read(&line)!
      received.append(x)
      fileReceived += forQ[x].words[z]  // −log₂ Q(z|X) bits of the file are back
    }
    // end
    (self.sent, self.codes, self.received) = (sent, codes, received)
    self.fileReceived = fileReceived
    fileBits = Array(wholeFile[..<file.startIndex])
  }

  /// Q(z|X) for each X: a word of ℓ bits fits the probability 2⁻ˡ.
  var q: [Categorical] {
    forQ.map { Categorical($0.lengths.map { 1 / Double(1 << $0) }) }
  }

  /// The mean over X from P(X), in bits, of what is given for each X in nats.
  private func meanBits(_ nats: (Int) -> Double) -> Double {
    (0..<4).reduce(0) { $0 + evidence.probabilities[$1] * nats($1) } / .log(2)
  }

  /// −E[log P(X|z)], D[Q‖P(z)], D[Q‖P(z|X)] and −log P(X), in bits, means over X from P(X).
  var reconstruction: Double {
    meanBits { x in
      (0..<4).reduce(0) {
        $0 - q[x].probabilities[$1] * .log(Self.likelihoods[$1].probabilities[x])
      }
    }
  }
  var divergence: Double { meanBits { q[$0].klDivergence(to: Self.prior) } }
  var gap: Double { meanBits { q[$0].klDivergence(to: posteriors[$0]) } }
  var entropy: Double { meanBits { -.log(evidence.probabilities[$0]) } }

  /// The length of z's word less the bits of the file that come back with it, and what a letter costs in
  /// all.
  var netCodes: MonteCarloEstimate {
    MonteCarloEstimate(
      zip(message, codes).map { Double(forPrior.lengths[$1] - forQ[$0].lengths[$1]) })
  }
  var netBits: MonteCarloEstimate {
    MonteCarloEstimate(
      zip(message, codes).map { x, z in
        Double(forPrior.lengths[z] + forLikelihoods[z].lengths[x] - forQ[x].lengths[z])
      })
  }

  /// The shortest way to send each letter without a file: the z for which the two words are shortest.
  var shortest: Double {
    meanBits { x in
      .log(2)
        * Double((0..<4).map { forPrior.lengths[$0] + forLikelihoods[$0].lengths[x] }.min()!)
    }
  }
}

extension BitsBack {
  func show(on page: Page) {
    page.lead(
      """
      What is D[Q‖P(z)] the price of? The bits of a file choose z, by a code for Q(z|X), and the \
      receiver gets those bits back. See what a letter X costs in the end.
      """)
    page.code("send")
    page.code("receive")
    func average(_ count: Int) -> Double { Double(count) / Double(message.count) }
    let words = zip(message, codes).map { forLikelihoods[$1].lengths[$0] }.reduce(0, +)
    let expectedBack = meanBits { q[$0].entropy }
    page.table(
      [.left("bits per letter"), .right("expected"), .right("counted")],
      rows: [
        ["the word for z"]
          + cells(divergence + expectedBack, average(sent.count - words)),
        ["the word for X, given z"] + cells(reconstruction, average(words)),
        ["bits of the file that come back"] + cells(expectedBack, average(fileReceived.count)),
        ["net, the first two less the third"]
          + cells(reconstruction + divergence, average(sent.count - fileReceived.count)),
        ["the least possible, −log₂ P(X)", formatted(entropy, decimals: 4), ""],
        ["without the file: the cheapest z", formatted(shortest, decimals: 4), ""],
      ],
      caption: "\(formatted(message.count)) letters X sampled from P(X).")
    page.check(
      "The receiver has all \(formatted(message.count)) letters and all \(formatted(fileBits.count)) bits of the file.",
      .equal(
        Quantity("sent", Double(message.count + fileBits.count)),
        Quantity(
          "received",
          Double(
            zip(message, received).count { $0 == $1 }
              + zip(fileBits, fileReceived).count { $0 == $1 })), tolerance: 0))
    page.check(
      "z costs D[Q‖P(z)]: its word, less the bits that come back.",
      .measured("net bits of z", netCodes, expected: divergence, "D[Q‖P(z)]"))
    page.check(
      "A letter costs −ℒ = D[Q‖P(z)] − E[log P(X|z)].",
      .measured("net bits a letter", netBits, expected: divergence + reconstruction, "−ℒ"))
    page.check(
      "That is D[Q‖P(z|X)] more than the least possible, −log₂ P(X).",
      .equal(
        Quantity("−ℒ + log₂ P(X)", divergence + reconstruction - entropy),
        Quantity("D[Q‖P(z|X)]", gap), tolerance: 1e-10))
  }
}
