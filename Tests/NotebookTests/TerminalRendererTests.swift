import Testing

@testable import Notebook

private func render(_ block: Block, width: Int = 80, ascii: Bool = false, color: Bool = false)
  -> String
{
  TerminalRenderer(width: width, isASCII: ascii, hasColor: color).render(block)
}

@Test func widthsAreClamped() {
  #expect(TerminalRenderer(width: 1).width == 20)
  #expect(TerminalRenderer(width: 1000).width == 120)
}

@Test func wrapping() {
  #expect("one two three".wrapped(to: 7) == ["one two", "three"])
  #expect("  one   two\nthree ".wrapped(to: 80) == ["one two three"])
  #expect("".wrapped(to: 10) == [""])
  #expect("abcdefgh ij".wrapped(to: 3) == ["abc", "def", "gh", "ij"])
  #expect("漢字かな".wrapped(to: 5) == ["漢字", "かな"])
  #expect("x\u{302} y z".wrapped(to: 3) == ["x\u{302} y", "z"])
  #expect("20\u{A0}% of".wrapped(to: 4) == ["20\u{A0}%", "of"])
}

@Test func columnsOfCharacters() {
  #expect("abc".columns == 3)
  #expect("μ̂".columns == 1)
  #expect("漢字".columns == 4)
  #expect("✓✗𝔼⠿▀".columns == 5)
  #expect("👍".columns == 2)
  #expect("\u{200B}\u{7}".columns == 0)
}

@Test func headings() {
  #expect(render(.heading(Heading(title: "Title"))) == "Title\n═════\n")
  #expect(render(.heading(Heading(number: "5.1", title: "Loss"))) == "5.1 Loss\n────────\n")
  #expect(
    render(.heading(Heading(number: "5.1", title: "σ")), ascii: true) == "5.1 sigma\n---------\n")
  #expect(render(.heading(Heading(title: "T")), color: true) == "\u{1B}[1mT\u{1B}[0m\n═\n")
}

@Test func anEmptyLineIsBetweenAnyTwoBlocksButChecks() {
  let renderer = TerminalRenderer()
  let (prose, check) = (
    Block.prose(Prose("One.")), Block.check(Check("Two.", .sameText(.init("", ""), .init("", ""))))
  )
  #expect(renderer.render(prose).hasPrefix("One."))
  #expect(renderer.render(prose, after: [prose]).hasPrefix("\nOne."))
  #expect(renderer.render(check, after: [prose]).hasPrefix("\n✓ Two."))
  #expect(renderer.render(check, after: [check]).hasPrefix("✓ Two."))
  #expect(renderer.render(prose, after: [check]).hasPrefix("\nOne."))
}

@Test(arguments: [20, 80, 120]) func proseFillsTheWidthAndNoMore(width: Int) {
  let text = Array(repeating: "word", count: 100).joined(separator: " ")
  let lines = render(.prose(Prose(text)), width: width).split(separator: "\n")
  #expect(lines.allSatisfy { $0.count <= width })
  #expect(lines[0].count > width - 5)
  #expect(lines.joined(separator: " ") == text)
}

@Test func paragraphs() {
  #expect(render(.prose(Prose("One\ntwo.\n \n\nThree."))) == "One two.\n\nThree.\n")
  #expect(render(.lead(Lead("One\ntwo.\n\nThree."))) == "One two.\n\nThree.\n")
}

@Test func notes() {
  #expect(
    render(.note(Note("Beware", "of the sign of KL.\n\nReally.")), width: 20) == """
      │ Beware
      │ of the sign of KL.
      │ 
      │ Really.

      """)
}

@Test func aCheckThatHoldsIsOneSentence() {
  let check = Check(
    "Both sides agree.",
    .equal(Quantity("log P(X)", -3.25), Quantity("ELBO + D", -3.25 + 0x1p-40), tolerance: 1e-10))
  #expect(
    render(.check(check)) == "✓ Both sides agree. (difference 9.1 × 10⁻¹³, at most 10⁻¹⁰)\n")
  #expect(
    render(.check(check), width: 20, ascii: true) == """
      ok Both sides agree.
         (difference 9.1 x
         10^-13, at most
         10^-10)

      """)
}

@Test func aCheckThatFailsShowsBothSides() {
  let measured = Check(
    "Claim.",
    .measured(Quantity("mean", 0.5), expected: Quantity("μ", 0.25), standardError: 0.01))
  #expect(
    render(.check(measured)) == """
      ✗ Claim.
          mean  0.50000000
          μ     0.25000000
          0.500 ± 0.010, expected 0.250: 25 standard errors apart; a correct program
          exceeds 4 once in 16,000 runs

      """)
  let bits = Check("Claim.", .sameBits(Quantity("a", 0.1 + 0.2), Quantity("b", 0.3)))
  #expect(
    render(.check(bits)) == """
      ✗ Claim.
          a  0.30000000000000004
          b  0.3
          not the same bits

      """)
  #expect(
    render(.check(bits), width: 20, ascii: true) == """
      FAILS Claim.
          a
            0.300000000000
            00004
          b
            0.3
          not the same
          bits

      """)
}

@Test func summaries() {
  let good = Check("Good.", .atMost(Quantity("", 0), Quantity("", 1)))
  let bad = Check("Bad.", .atMost(Quantity("", 1), Quantity("", 0)))
  let renderer = TerminalRenderer()
  #expect(renderer.summary(of: []) == "")
  #expect(renderer.summary(of: [good, good]) == "2 checks: all hold\n")
  #expect(renderer.summary(of: [good, bad]) == "1 of 2 checks hold; these do not:\n✗ Bad.\n")
}

private let table = Table(
  [.left("what"), .right("nats"), .left("how")],
  rows: [["reconstruction", "86.12", "summed over pixels"], ["KL", "9.1", "closed form"]],
  caption: "One batch.")

@Test func tables() {
  #expect(
    render(.table(table)) == """
      what             nats  how
      ──────────────  ─────  ──────────────────
      reconstruction  86.12  summed over pixels
      KL               9.1   closed form
      One batch.

      """)
  #expect(render(.table(table), width: 120) == render(.table(table), width: 80))
}

@Test func onlyPlainNumbersLineUpAtThePoint() {
  let table = Table(
    [.right("n"), .right("P"), .left("x")],
    rows: [["1,000", "0.25", "1.5"], ["−2.5", "3 × 10⁻⁹", "2"], ["", "1", "3"]])
  #expect(table.missingDecimals == [[2, 0, 0], [0, 0, 0], [0, 0, 0]])
  #expect(
    render(.table(table)) == """
            n         P  x
      ───────  ────────  ───
      1,000        0.25  1.5
         −2.5  3 × 10⁻⁹  2
                      1  3

      """)
}

@Test func tightTablesWrapBetweenWords() {
  #expect(
    render(.table(table), width: 33, ascii: true) == """
      what             nats  how
      --------------  -----  ----------
      reconstruction  86.12  summed
                             over
                             pixels
      KL               9.1   closed
                             form
      One batch.

      """)
}

@Test func tablesWithoutRoomBecomeLists() {
  #expect(
    render(.table(table), width: 20) == """
      what: reconstruction
      nats: 86.12
      how: summed over
      pixels

      what: KL
      nats: 9.1
      how: closed form
      One batch.

      """)
}

@Test func emptyTables() {
  #expect(render(.table(Table([.left("a"), .right("b")], rows: []))) == "a  b\n─  ─\n")
  #expect(render(.table(Table([.left("")], rows: [[""]]))) == "\n─\n\n")
}

@Test func longEquationsContinueBeforeSigns() throws {
  let equation = Block.equation(try Equation(tex: #"\log P = a + b + c + d - eeeeeeee"#))
  #expect(render(equation) == "    log P = a + b + c + d − eeeeeeee\n")
  #expect(
    render(equation, width: 24) == """
          log P = a + b + c
            + d − eeeeeeee

      """)
}

// MARK: - Pictures

/// Bright at the top left, dark at the bottom right.
private let ramp = GrayImage(
  width: 4, height: 4,
  pixels: [1, 1, 1, 0.5, 1, 1, 0.5, 0, 1, 0.5, 0, 0, 0.5, 0, 0, .nan])

private let white = GrayImage(width: 4, height: 4, pixels: Array(repeating: 1, count: 16))

@Test func picturesInLetters() {
  #expect(
    render(
      .imageGrid(ImageGrid([.init([ramp, white], label: "two")], caption: "Both.")), ascii: true)
        == """
        two
        @@#: @@@@
        #:   @@@@
        Both.

        """)
}

@Test func picturesInDots() {
  #expect(render(.imageGrid(ImageGrid([.init([ramp, white])]))) == "⠟⠁ ⣿⣿\n")
  // An even grey of one half lights half of the dots: those of rank 0 to 3.
  let grey = GrayImage(width: 2, height: 4, pixels: Array(repeating: 0.5, count: 8))
  #expect(render(.imageGrid(ImageGrid([.init([grey])]))) == "⢕\n")
}

@Test func picturesInGreys() {
  let image = GrayImage(width: 2, height: 3, pixels: [0, 0, 1, 1, -1, 7])
  #expect(
    render(.imageGrid(ImageGrid([.init([image])])), color: true) == """
      \u{1B}[38;5;16;48;5;231m▀▀\u{1B}[0m
      \u{1B}[38;5;16;48;5;16m▀\u{1B}[38;5;231;48;5;16m▀\u{1B}[0m

      """)
  // Without colours, and in ASCII with them, no escape codes.
  #expect(!render(.imageGrid(ImageGrid([.init([image])]))).contains("\u{1B}"))
  #expect(
    !render(.imageGrid(ImageGrid([.init([image])])), ascii: true, color: true).contains("\u{1B}"))
}

private func digits(_ count: Int) -> Block {
  let digit = GrayImage(width: 28, height: 28, pixels: Array(repeating: 1, count: 784))
  return .imageGrid(ImageGrid([.init(Array(repeating: digit, count: count), label: "row")]))
}

@Test(arguments: [20, 80, 120]) func gridsKeepWithinTheWidth(width: Int) {
  for count in [1, 2, 5, 10] {
    for line in render(digits(count), width: width).split(separator: "\n") {
      #expect(line.columns <= width)
    }
    for line in render(digits(count), width: width, ascii: true).split(separator: "\n") {
      #expect(line.columns <= width)
    }
  }
}

@Test func rowsThatDoNotFitAreCutIntoPanels() {
  let lines = render(digits(10)).split(separator: "\n", omittingEmptySubsequences: false)
  let row = Array(repeating: String(repeating: "⣿", count: 14), count: 5).joined(separator: " ")
  let panel = ["row"] + Array(repeating: row, count: 7)
  #expect(lines.map(String.init) == panel + [""] + panel + [""])
}

@Test func picturesShrinkByMeans() {
  // 56 pixels fit into 28 letters as means of 2 × 2: every second pixel lit gives one half.
  let stripes = GrayImage(
    width: 56, height: 4, pixels: (0..<224).map { Float($0 % 2) })
  #expect(
    render(.imageGrid(ImageGrid([.init([stripes])])), width: 30, ascii: true)
      == String(repeating: "+", count: 28) + "\n")
}

@Test func emptyGridsShowTheirCaption() {
  #expect(render(.imageGrid(ImageGrid([], caption: "None."))) == "None.\n")
  #expect(render(.imageGrid(ImageGrid([.init([])], caption: "None."))) == "None.\n")
}
