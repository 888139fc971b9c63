import Foundation
import Testing

@testable import Notebook

private let source = """
  struct Estimator {
    init() {
      // cell: samples
      let z = normal()  // z ∼ P(z)

      for x in z {
        print(x)
      }
      // end
      hidden()
      // cell: estimate
      let estimate = mean(z)
      // end
    }
  // cell: unclosed
  let x = 1
  """

@Suite struct CodeCellTests {
  @Test func aCellIsWhatStandsBetweenItsMarksAtTheLeftMargin() {
    #expect(
      CodeCell.cells(in: source) == [
        CodeCell(
          name: "samples",
          text: "let z = normal()  // z ∼ P(z)\n\nfor x in z {\n  print(x)\n}"),
        CodeCell(name: "estimate", text: "let estimate = mean(z)"),
      ])
  }

  @Test func aCellThatDoesNotEndIsNone() {
    #expect(CodeCell.cells(in: "// cell: a\nx").isEmpty)
    // A cell that begins before the end of another takes its place.
    #expect(
      CodeCell.cells(in: "// cell: a\nx\n// cell: b\ny\n// end") == [CodeCell(name: "b", text: "y")]
    )
    #expect(CodeCell.cells(in: "x\n// end\ny").isEmpty)
  }

  @Test func anEmptyLineHasNoMarginToKeep() {
    #expect(CodeCell.cells(in: "  // cell: a\n    x\n\n      y\n  // end")[0].text == "x\n\n  y")
    #expect(CodeCell.cells(in: "// cell: a\n// end")[0].text == "")
  }

  @Test func aPageReadsItsCellsFromTheSource() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("Chapters/Ch00-Test")
    try folder.write(source, to: "Chapters/Ch00-Test/0.1-Mean.swift")
    let page = Page()
    page.code("estimate", file: folder.path + "/Chapters/Ch00-Test/0.1-Mean.swift")
    page.code("unclosed", file: folder.path + "/Chapters/Ch00-Test/0.1-Mean.swift")
    page.code("estimate", file: folder.path + "/Chapters/Ch00-Test/gone.swift")
    let path = "Chapters/Ch00-Test/0.1-Mean.swift"
    #expect(
      page.blocks == [
        .code(Code("estimate", file: path, text: "let estimate = mean(z)")),
        .code(Code("unclosed", file: path, text: nil)),
        .code(Code("estimate", file: "Chapters/Ch00-Test/gone.swift", text: nil)),
      ])
  }

  @Test func aDeclarationGoesFromItsCommentToItsBrace() {
    let source = """
      extension Tensor {
        /// The first.
        func first() {}

        /// The sum.
        /// It is long.
        @inlinable
        func sum(
          of x: Int
        ) -> Int {
          if x > 0 {
            return x
          }
          return 0
        }
      }
      """
    let sum = """
      /// The sum.
      /// It is long.
      @inlinable
      func sum(
        of x: Int
      ) -> Int {
        if x > 0 {
          return x
        }
        return 0
      }
      """
    #expect(CodeCell.declaration("func sum(", in: source) == sum)
    #expect(CodeCell.declaration("func product(", in: source) == nil)
    #expect(CodeCell.declaration("func sum(", in: "func sum() {\n  x") == nil)
    #expect(CodeCell.declaration("func f", in: "func f() {\n  x\n}\n") == "func f() {\n  x\n}")
  }

  @Test func aPageReadsDeclarationsOfALibrary() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("Sources/Test")
    try folder.write("/// One.\nfunc one() -> Int {\n  1\n}\n", to: "Sources/Test/One.swift")
    let page = Page()
    let section = folder.path + "/Chapters/Ch00-Test/0.1-Mean.swift"
    page.code(declaring: "func one", in: "Sources/Test/One.swift", file: section)
    let text = "/// One.\nfunc one() -> Int {\n  1\n}"
    #expect(
      page.blocks == [.code(Code("func one", file: "Sources/Test/One.swift", text: text))])
  }

  // MARK: In the terminal

  private let code = Block.code(
    Code("a", file: "Chapters/Ch00-Test/0.1-Mean.swift", text: "let σ = 1  // of P(z)\n\nf(σ)"))

  private func render(_ block: Block, after earlier: [Block] = [], color: Bool = false) -> String {
    TerminalRenderer(showsCode: true, hasColor: color).render(block, after: earlier)
  }

  @Test func codeStandsBelowTheNameOfItsFile() {
    #expect(render(code) == "0.1-Mean.swift:\n  let σ = 1  // of P(z)\n\n  f(σ)\n")
    #expect(
      TerminalRenderer(isASCII: true, showsCode: true).render(code)
        == "0.1-Mean.swift:\n  let sigma = 1  // of P(z)\n\n  f(sigma)\n")
  }

  @Test func theNameOfAFileIsThereOnce() {
    let prose = Block.prose(Prose("Text."))
    #expect(render(code, after: [code, prose]) == "\n  let σ = 1  // of P(z)\n\n  f(σ)\n")
    let other = Block.code(Code("b", file: "Chapters/Ch00-Test/0.2-Sum.swift", text: "sum"))
    #expect(render(other, after: [code]) == "\n0.2-Sum.swift:\n  sum\n")
  }

  @Test func withColoursTheCommentsAreDim() {
    #expect(
      render(code, after: [code], color: true)
        == "\n  let σ = 1  \u{1B}[2m// of P(z)\u{1B}[0m\n\n  f(σ)\n")
  }

  @Test func codeThatIsNotThereIsNamed() {
    let gone = Block.code(Code("a", file: "Chapters/Ch00-Test/0.1-Mean.swift", text: nil))
    #expect(render(gone).contains("Chapters/Ch00-Test/0.1-Mean.swift is not here"))
  }

  @Test func codeIsNotShownUnlessAskedFor() {
    let (renderer, check) = (TerminalRenderer(), Specimen.checks.map { Block.check($0) })
    #expect(renderer.render(code).isEmpty)
    // Two checks stay together, as if there were nothing between them.
    #expect(renderer.render(check[2], after: [check[2], code]).hasPrefix("✓"))
  }
}
