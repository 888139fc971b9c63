/// One of the eight dots of a braille character, two columns of four.
struct BrailleDot {
  /// The column, 0 or 1.
  let x: Int
  /// The row, from 0 at the top.
  let y: Int
  /// Its place from 0 to 7 in Bayer's ordered dither of 1973: the dots with the lowest ranks, lit
  /// alone, are spread evenly.
  let rank: Int

  private init(_ x: Int, _ y: Int, rank: Int) {
    self.x = x
    self.y = y
    self.rank = rank
  }

  /// In the order of the bits of a braille character's code.
  private static let all = [
    BrailleDot(0, 0, rank: 0), BrailleDot(0, 1, rank: 6), BrailleDot(0, 2, rank: 1),
    BrailleDot(1, 0, rank: 4), BrailleDot(1, 1, rank: 2), BrailleDot(1, 2, rank: 5),
    BrailleDot(0, 3, rank: 7), BrailleDot(1, 3, rank: 3),
  ]

  /// The character with some dots lit.
  static func character(where isLit: (BrailleDot) -> Bool) -> Character {
    let pattern = all.enumerated().reduce(UInt32(0)) {
      $0 | (isLit($1.element) ? 1 << $1.offset : 0)
    }
    return Character(Unicode.Scalar(0x2800 + pattern)!)
  }
}
