import Foundation
import Probability
import StatisticalChecks
import Testing

@testable import Ch03_KLIdentity

@Suite struct Ch03PrefixCodeTests {
  static func random(_ count: Int, seed: UInt64) -> Categorical {
    var generator = SeededGenerator(seed: seed)
    return Categorical(generator.uniform(count: count).map { $0 * $0 + 1e-3 })
  }

  @Test("The words of a canonical code count up in binary")
  func canonicalWordsCountUp() {
    let words = PrefixCode(lengths: [2, 1, 3, 3]).words.map { $0.map { $0 ? 1 : 0 } }
    #expect(words == [[1, 0], [0], [1, 1, 0], [1, 1, 1]])
  }

  @Test(arguments: [2, 3, 7, 50, 300]) func noWordBeginsAnother(count: Int) {
    let p = Self.random(count, seed: 61)
    for code in [PrefixCode(huffman: p), BlockCodes.shannonCode(for: p)] {
      let words = code.words.map { $0.map { $0 ? "1" : "0" }.joined() }.sorted()
      // In alphabetical order a word stands right before one that it begins.
      for (word, next) in zip(words, words.dropFirst()) { #expect(!next.hasPrefix(word)) }
    }
  }

  /// A word longer than −log₂ p by a bit or more could be cut; all words together fill the tree.
  @Test("A Huffman code leaves no word unused", arguments: [2, 3, 7, 50, 300])
  func huffmanUsesTheWholeTree(count: Int) {
    let lengths = PrefixCode(huffman: Self.random(count, seed: 62)).lengths
    #expect(lengths.reduce(0) { $0 + pow(0.5, Double($1)) } == 1)
  }

  /// All sets of lengths that Kraft's inequality allows, tried one by one.
  @Test("No prefix code is shorter on average than Huffman's", arguments: 0..<20)
  func huffmanIsTheShortest(seed: UInt64) {
    let p = Self.random(4, seed: seed)
    var shortest = Double.infinity
    for index in 0..<256 {
      let lengths = [index & 3, index >> 2 & 3, index >> 4 & 3, index >> 6].map { $0 + 1 }
      guard lengths.reduce(0, { $0 + pow(0.5, Double($1)) }) <= 1 else { continue }
      let mean = zip(p.probabilities, lengths).reduce(0) { $0 + $1.0 * Double($1.1) }
      shortest = min(shortest, mean)
    }
    #expect(isClose(PrefixCode(huffman: p).expectedLength(under: p), shortest, 8 * .ulpOfOne))
  }

  @Test("Probabilities that are powers of two get words of exactly −log₂ p bits")
  func powersOfTwoGetTheirExactLengths() {
    let p = Categorical([1 / 16, 1 / 2, 1 / 8, 1 / 4, 1 / 16])
    #expect(PrefixCode(huffman: p).lengths == [4, 1, 3, 2, 4])
    #expect(BlockCodes.shannonCode(for: p).lengths == [4, 1, 3, 2, 4])
  }

  @Test("Shannon's code rounds −log₂ p up to whole bits")
  func shannonRoundsUp() {
    let p = Self.random(100, seed: 63)
    #expect(BlockCodes.shannonCode(for: p).lengths == p.probabilities.map { Int(ceil(-log2($0))) })
  }

  @Test("A decoded message is the one that was encoded", arguments: [2, 3, 7, 50, 300])
  func messagesComeBack(count: Int) {
    let p = Self.random(count, seed: 64)
    var generator = SeededGenerator(seed: 65)
    let message = p.samples(2000, using: &generator)
    for code in [PrefixCode(huffman: p), BlockCodes.shannonCode(for: p)] {
      let bits = code.encode(message)
      #expect(bits.count == message.reduce(0) { $0 + code.lengths[$1] })
      #expect(code.decode(bits) == message)
    }
  }

  /// Where each weight is above the sum of all smaller ones the tree is a comb.
  @Test func longWordsWork() {
    let weights = (0..<90).map { pow(2, Double($0)) }
    let code = PrefixCode(huffman: Categorical(weights))
    #expect(code.lengths.max() == 89)
    #expect(code.decode(code.encode(Array(0..<90))) == Array(0..<90))
  }

  @Test("Reading takes one word off the bits, and nothing if no whole word is there")
  func readingTakesOneWord() {
    let code = PrefixCode(lengths: [1, 3])
    var bits = [true, false, false, false, true][...]
    #expect(code.read(&bits) == 1 && bits == [false, true])
    #expect(code.read(&bits) == 0 && bits == [true])
    #expect(code.read(&bits) == nil && bits == [true])
  }

  @Test func bitsThatEncodeNothingAreRefused() {
    let code = PrefixCode(lengths: [1, 3])
    #expect(code.decode([]) == [])
    #expect(code.decode([false, true, false, false]) == [0, 1])
    // The last word is cut off, and 11 begins none.
    #expect(code.decode([false, true, false]) == nil)
    #expect(code.decode([true, true]) == nil)
  }

  @Test("Word lengths and distributions that no prefix code can have stop the program")
  func impossibleCodesStop() async {
    await #expect(processExitsWith: .failure) { _ = PrefixCode(lengths: [1, 1, 1]) }
    await #expect(processExitsWith: .failure) { _ = PrefixCode(lengths: [0, 1]) }
    await #expect(processExitsWith: .failure) { _ = PrefixCode(huffman: Categorical([1])) }
    await #expect(processExitsWith: .failure) {
      _ = BlockCodes.shannonCode(for: Categorical([1, 0]))
    }
  }
}
