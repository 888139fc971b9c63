/// Words of bits for the symbols 0, 1, 2, …, none of which begins another: a message needs no marks
/// between its words.
struct PrefixCode: Equatable, Sendable {
  /// The word of each symbol.
  let words: [[Bool]]

  /// The tree of all words. Entry 2i + b is where the bit b leads from node i: to the next node, or to
  /// ~symbol at the end of a word, or to 0 if no word goes on like this.
  private let tree: [Int]

  /// The number of bits in each word.
  var lengths: [Int] { words.map(\.count) }

  /// The canonical code whose words have the given lengths, at least 1: words of the same length count up
  /// in binary.
  ///
  /// There is one if and only if ½ to the power of each length adds up to at most 1 (Kraft's
  /// inequality; Cover and Thomas, "Elements of Information Theory", theorem 5.2.1).
  init(lengths: [Int]) {
    var words = [[Bool]](repeating: [], count: lengths.count)
    var word: [Bool]?
    for symbol in lengths.indices.sorted(by: { (lengths[$0], $0) < (lengths[$1], $1) }) {
      // The word before, plus one as a binary number: the last 0 becomes 1, and the ones behind it 0.
      if var last = word {
        while last.last == true { last.removeLast() }
        if last.isEmpty { fatalError("PrefixCode: no code has words of lengths \(lengths)") }
        last[last.count - 1] = true
        word = last
      }
      let begun = word ?? []
      if lengths[symbol] < 1 { fatalError("PrefixCode: a word of \(lengths[symbol]) bits") }
      words[symbol] = begun + Array(repeating: false, count: lengths[symbol] - begun.count)
      word = words[symbol]
    }
    self.words = words
    tree = Self.tree(of: words)
  }

  /// The code with the fewest bits a symbol for a distribution of at least two symbols.
  ///
  /// Source: Huffman, "A method for the construction of minimum-redundancy codes", Proc. IRE 40
  /// (1952). Complexity: n log n, apart from the lengths of the words.
  init(huffman distribution: Categorical) {
    var weights = distribution.probabilities
    let count = weights.count
    if count < 2 { fatalError("PrefixCode: a code for \(count) symbol") }
    // One queue holds the symbols in ascending order, another the joined pairs, which arise in ascending
    // order: the lightest is always the first of one of the two.
    var leaves = weights.indices.sorted { (weights[$0], $0) < (weights[$1], $1) }[...]
    var parents = [Int](repeating: 0, count: 2 * count - 1)
    var joined = count
    func removeLightest() -> Int {
      guard let leaf = leaves.first, joined == weights.count || weights[leaf] <= weights[joined]
      else {
        joined += 1
        return joined - 1
      }
      return leaves.removeFirst()
    }
    while weights.count < 2 * count - 1 {
      let (first, second) = (removeLightest(), removeLightest())
      parents[first] = weights.count
      parents[second] = weights.count
      weights.append(weights[first] + weights[second])
    }
    var depths = [Int](repeating: 0, count: weights.count)
    for node in (0..<weights.count - 1).reversed() { depths[node] = depths[parents[node]] + 1 }
    self.init(lengths: Array(depths.prefix(count)))
  }

  /// The expected number of bits a symbol, for symbols drawn from `distribution`.
  func expectedLength(under distribution: Categorical) -> Double {
    zip(distribution.probabilities, words).reduce(0) { $0 + $1.0 * Double($1.1.count) }
  }

  /// The words of a message's symbols, one after another.
  func encode(_ message: [Int]) -> [Bool] {
    var bits: [Bool] = []
    for symbol in message { bits += words[symbol] }
    return bits
  }

  /// The symbol whose word the bits begin with, which is taken off them; nil if they do not begin with
  /// a whole word.
  func read(_ bits: inout ArraySlice<Bool>) -> Int? {
    var (rest, node) = (bits, 0)
    while let bit = rest.popFirst() {
      node = tree[2 * node + (bit ? 1 : 0)]
      if node == 0 { return nil }
      if node < 0 {
        bits = rest
        return ~node
      }
    }
    return nil
  }

  /// The message that the bits encode; nil if they encode none.
  func decode(_ bits: [Bool]) -> [Int]? {
    var (message, rest) = ([Int](), bits[...])
    while !rest.isEmpty {
      guard let symbol = read(&rest) else { return nil }
      message.append(symbol)
    }
    return message
  }

  private static func tree(of words: [[Bool]]) -> [Int] {
    var tree = [0, 0]
    for (symbol, word) in words.enumerated() {
      var node = 0
      for (depth, bit) in word.enumerated() {
        let place = 2 * node + (bit ? 1 : 0)
        if depth == word.count - 1 {
          tree[place] = ~symbol
        } else if tree[place] == 0 {
          tree[place] = tree.count / 2
          tree += [0, 0]
        }
        node = tree[place]
      }
    }
    return tree
  }
}
