import Files
import Testing

@testable import Notebook

private func read(_ text: String) throws -> [Markdown.Block] {
  try Markdown(text, of: "note.md").blocks
}

/// The parts of the one paragraph that a text is.
private func inlines(_ text: String) throws -> [Markdown.Inline] {
  let blocks = try read(text)
  guard blocks.count == 1, case .paragraph(let inlines) = blocks[0] else {
    Issue.record("\(text) is no paragraph but \(blocks)")
    return []
  }
  return inlines
}

@Suite struct MarkdownTests {
  // MARK: Blocks

  @Test func headingsHaveALevelAndAnAnchor() throws {
    let blocks = try read("# One\n## 2.2 The *estimator*, P(X|z)\n###### Six\n#no heading")
    #expect(blocks[0] == .heading(level: 1, [.text("One")]))
    #expect(blocks[2] == .heading(level: 6, [.text("Six")]))
    #expect(blocks[3] == .paragraph([.text("#no heading")]))
    guard case .heading(2, let inlines) = blocks[1] else {
      Issue.record("\(blocks[1])")
      return
    }
    #expect(inlines.anchor == "22-the-estimator-pxz")
  }

  @Test func emptyLinesDivideParagraphs() throws {
    #expect(
      try read("one\n  two\n\n\nthree")
        == [.paragraph([.text("one\ntwo")]), .paragraph([.text("three")])])
    #expect(try read("").isEmpty && read("\n \n").isEmpty)
  }

  @Test func fencesKeepWhatStandsInThem() throws {
    #expect(
      try read("a\n```swift\nlet a = 1\n\n  # no heading\n```\nb") == [
        .paragraph([.text("a")]), .code(language: "swift", "let a = 1\n\n  # no heading"),
        .paragraph([.text("b")]),
      ])
    #expect(try read("````\n```\n````") == [.code(language: "", "```")])
    #expect(try read("```math\na \\le b\n```") == [.math(try Equation(tex: "a \\le b"))])
  }

  @Test func listsHoldParagraphsAndLists() throws {
    let tight = try read("Before\n- one\n  more\n- two\n  1. deep\n     er\n  2. deeper\n\nafter")
    #expect(
      tight == [
        .paragraph([.text("Before")]),
        .list(
          MarkdownList(
            start: nil, isLoose: false,
            items: [
              [.paragraph([.text("one\nmore")])],
              [
                .paragraph([.text("two")]),
                .list(
                  MarkdownList(
                    start: 1, isLoose: false,
                    items: [
                      [.paragraph([.text("deep\ner")])], [.paragraph([.text("deeper")])],
                    ])),
              ],
            ])),
        .paragraph([.text("after")]),
      ])
    let loose = try read("3. one\n\n   ```\n   code\n   ```\n\n4. two")
    #expect(
      loose == [
        .list(
          MarkdownList(
            start: 3, isLoose: true,
            items: [
              [.paragraph([.text("one")]), .code(language: "", "code")],
              [.paragraph([.text("two")])],
            ]))
      ])
    // In a paragraph a number may begin a line.
    #expect(try inlines("in\n1996. It") == [.text("in\n1996. It")])
  }

  @Test func tablesHaveAlignmentsAndEscapedBars() throws {
    let blocks = try read("| | P(X\\|z) |\n| --- | ---: |\n| `a\\|b` | *1* |\n\nafter")
    #expect(
      blocks == [
        .table(
          MarkdownTable(
            alignments: [nil, .right], titles: [[], [.text("P(X|z)")]],
            rows: [[[.code("a|b")], [.emphasis([.text("1")])]]])),
        .paragraph([.text("after")]),
      ])
    guard case .table(let table) = try read("| a | b |\n|:-|:-:|")[0] else {
      Issue.record("this is a table")
      return
    }
    #expect(table.alignments == [.left, .center] && table.rows.isEmpty)
  }

  @Test func quotationsHoldBlocksAndDashesAreARule() throws {
    #expect(
      try read("> # One\n>\n> - two\n\n---") == [
        .quote([
          .heading(level: 1, [.text("One")]),
          .list(
            MarkdownList(start: nil, isLoose: false, items: [[.paragraph([.text("two")])]])),
        ]), .rule,
      ])
  }

  // MARK: Within a line

  @Test func emphasisMayBeNested() throws {
    #expect(
      try inlines("a *b* **c** ***d*** *e **f***") == [
        .text("a "), .emphasis([.text("b")]), .text(" "), .strong([.text("c")]), .text(" "),
        .strong([.emphasis([.text("d")])]), .text(" "),
        .emphasis([.text("e "), .strong([.text("f")])]),
      ])
    // What has spaces around it is a sign, and an underscore belongs to a name.
    #expect(try inlines("2 * 3, x_d and Σ_{i}") == [.text("2 * 3, x_d and Σ_{i}")])
  }

  @Test func codeAndMathematicsAreAsTheyStand() throws {
    #expect(
      try inlines("`*a*\nb` `` `$` `` $`x_1 \\le 2`$") == [
        .code("*a* b"), .text(" "), .code("`$`"), .text(" "),
        .math(try Equation(tex: "x_1 \\le 2")),
      ])
  }

  @Test func linksHaveWordsAndATarget() throws {
    #expect(
      try inlines("E[w²] [0, 1) [a *b* `]`](x.md#y) ![c](d.svg) [e][f]!") == [
        .text("E[w²] [0, 1) "),
        .link([.text("a "), .emphasis([.text("b")]), .text(" "), .code("]")], target: "x.md#y"),
        .text(" "), .image(description: "c", source: "d.svg"), .text(" [e][f]!"),
      ])
  }

  @Test func aBackslashMakesAMarkACharacter() throws {
    #expect(
      try inlines(#"\*a\* \_b\_ \[c](d) \`e\` \$ \< \& \\ \x t < 1 & x~y"#)
        == [.text(#"*a* _b_ [c](d) `e` $ < & \ \x t < 1 & x~y"#)])
  }

  // MARK: Errors

  @Test(
    "What is not in the subset is an error with the number of its line",
    arguments: [
      ("a\n\nTitle\n=====", 4, "a heading must begin with \"#\""),
      ("# ", 1, "the heading is empty"),
      ("a\n\n    code", 3, "spaces before a paragraph"), ("a\n\n\tcode", 3, "a tab"),
      ("```\ncode", 1, "the fence is not closed"), ("``` a b\n```", 1, "one word"),
      ("~~~\n~~~", 1, "backticks"), ("* one", 1, "a list must use"),
      ("1) one", 1, "a list must use"), ("***", 1, "a rule must use dashes"),
      ("- one\ntwo", 2, "indented by 2"), ("10. one\n  two", 2, "indented by 4"),
      ("-  \n", 1, "the item is empty"), ("> one\ntwo", 2, "must begin with \">\""),
      ("| a |\n| b |", 1, "needs a line of dashes"), ("| a |\n| --- |\n| 1 | 2 |", 3, "2 cells"),
      ("| a |\n| --- |\n| 1", 3, "must end with \"|\""), ("| a |\n| --- |\nb", 3, "empty line"),
      ("[a]: b", 1, "must contain its target"), ("a\nb *c", 2, "* before it is not closed"),
      ("a **b", 1, "** before it is not closed"), ("a _b_", 1, "must be written with *"),
      ("a\n`b", 2, "the code is not closed"), ("a $b$", 1, "between $` and `$"),
      ("a\n$`\\foo`$", 2, "the macro \\foo is unknown"),
      ("a\n\n```math\n\\foo\n```", 3, "the macro \\foo is unknown"),
      ("a <b>c</b>", 1, "HTML tags are not"), ("a\n<!-- b -->", 2, "HTML tags are not"),
      ("a &amp; b", 1, "entities are not"), ("~~a~~", 1, "strikethrough is not"),
      ("a[^1]", 1, "footnotes are not"),
      ("see https://x.y", 1, "the target of a link"), ("[a](b", 1, "not closed"),
      ("[a]( b)", 1, "not a path"), ("[a](javascript:b)", 1, "a file or to https://"),
      ("a  \nb", 1, "hard line breaks"), ("a\\\nb", 1, "hard line breaks"),
    ])
  func outside(text: String, line: Int, reason: String) throws {
    let error = try #require(throws: FileError.self) { try read(text) }
    #expect(error.path == "note.md" && error.operation == .read)
    #expect(error.reason.hasPrefix("line \(line): "), "\(error)")
    #expect(error.reason.contains(reason), "\(error)")
  }

  @Test func notesHaveTextAndPlacesForOutput() throws {
    let text = """
      # One
      <!-- output: Ch00-Test 0.1 -->
      ```
      old
      ```
      <!-- end -->
      Two
      <!-- output: Ch00-Test 0.1 -->
      <!-- end -->
      """
    let note = try NoteDocument(text.replacing("\n", with: "\r\n"), of: "n.md")
    #expect(
      note.parts == [
        .text([.heading(level: 1, [.text("One")])]),
        .output(
          chapter: "Ch00-Test", section: "0.1", place: 0,
          recorded: [.code(language: "", "old")]),
        .text([.paragraph([.text("Two")])]),
        .output(chapter: "Ch00-Test", section: "0.1", place: 1, recorded: []), .text([]),
      ])
    #expect(note.count(of: "0.1", in: "Ch00-Test") == 2)
    let error = try #require(throws: FileError.self) {
      try NoteDocument(text + "\n<br>", of: "n.md")
    }
    #expect(error.reason.hasPrefix("line 10: "))
  }
}

@Test func swiftIsColouredByItsWords() {
  func html(_ code: String) -> String { SwiftHighlighter.html(code) }
  #expect(html("for i in 0..<10 { }").contains("in</span> <span class=\"n\">0</span>..&lt;<span"))
  #expect(html("let σ = 1e-3") == "<span class=\"k\">let</span> σ = <span class=\"n\">1e-3</span>")
  #expect(html("x.init, .default") == "x.init, .default")
  #expect(
    html("Tensor<Double>")
      == "<span class=\"t\">Tensor</span>&lt;<span class=\"t\">Double</span>&gt;")
  // A single capital is a symbol of the text.
  #expect(html("P(X)") == "P(X)")
  #expect(
    html(#"a("\"b" // c"#)
      == #"a(<span class="s">&quot;\&quot;b&quot;</span> <span class="c">// c</span>"#)
  #expect(html("\"open") == "<span class=\"s\">&quot;open</span>")
  #expect(
    html("/* a */ #if @x")
      == "<span class=\"c\">/* a */</span> <span class=\"k\">#if</span> <span class=\"k\">@x</span>"
  )
  #expect(html("\"\"\"\na\n\"\"\" b").hasSuffix("</span> b"))
}
