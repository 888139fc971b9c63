import Foundation
import Testing

@testable import Notebook

private let renderer = MarkdownRenderer(
  chapter: "Ch00-Test", command: "swift run Ch00-Test", figures: "../my figures")

/// What blocks become, without the last line.
private func markdown(_ blocks: Block...) -> String {
  let lines = renderer.render(blocks).split(separator: "\n", omittingEmptySubsequences: false)
  return lines.dropLast(3).joined(separator: "\n")
}

private func prose(_ text: String) -> String { markdown(.prose(Prose(text))) }

@Test func everyBlockAsMarkdown() throws {
  let page = markdown(
    .heading(Heading(title: "Title")), .prose(Prose("One\nline.\n\nTwo.")),
    .heading(Heading(number: "2.2", title: "Second")),
    .equation(try Equation(tex: "a < b\n| c")),
    .table(Table([.left("a|b"), .right("n")], rows: [["x | y", "-1"]], caption: "C_1")),
    .figure(Figure("F [1]", description: "D*", panels: [])),
    .imageGrid(ImageGrid([.init([Specimen.image], label: "X"), .init([Specimen.image])])),
    .graph(Graph("G", description: "", nodes: [], edges: [])),
    .note(Note("Beware", "Of this.\n\nAnd that.")),
    .check(Check("Less.", .atMost(Quantity("a", 2), Quantity("b", 1)))))
  #expect(
    page == #"""
      # Title

      One line.

      Two.

      ## 2.2 Second

      ```math
      a \lt  b | c
      ```

      | a\|b | n |
      | :--- | ---: |
      | x \| y | -1 |

      *C\_1*

      ![F \[1\]](../my%20figures/ch00-2.2.svg)

      *D\**

      ![Pictures, X](../my%20figures/ch00-2.2-2.png)

      *From the top: X.*

      ![G](../my%20figures/ch00-2.2-3.svg)

      > **Beware**
      >
      > Of this.
      >
      > And that.

      ✗ Less. *(a 2.000 is greater than b 1.000)*

      **0 of 1 check hold; these do not:**

      - ✗ Less.
      """#)
}

@Test func whatMarkdownWouldReadIsEscaped() {
  #expect(
    prose("a*b* _c_ `d` [e](f) <g> ~h~ $i$ &amp; \\")
      == #"a\*b\* \_c\_ \`d\` \[e\](f) \<g\> \~h\~ \$i\$ \&amp; \\"#)
  #expect(prose("1. one") == #"1\. one"#)
  #expect(prose("12) one") == #"12\) one"#)
  #expect(prose("- one") == #"\- one"#)
  #expect(prose("# one") == ##"\# one"##)
  #expect(prose("--- one") == #"\--- one"#)
  #expect(prose("1.5 and -2") == "1.5 and -2")
  #expect(prose("-2 and 3-4") == "-2 and 3-4")
  #expect(prose("a\u{0}b\u{1B}c\u{202E}") == "abc")
}

@Test func aPageOfEverythingHasNoTags() {
  let page = renderer.render(Specimen.blocks)
  #expect(!page.contains("<script") || page.contains(#"\<script"#))
  for tag in page.ranges(of: "<") {
    #expect(page[..<tag.lowerBound].last == "\\", "\(page[tag.lowerBound...].prefix(20))")
  }
  #expect(page == renderer.render(Specimen.blocks))
}

@Test func picturesAreNamedAfterTheirSections() {
  let names = renderer.pictures(Specimen.blocks).map(\.name)
  #expect(
    names == [
      "ch00-0.1.svg", "ch00-0.1-2.svg", "ch00-0._2_.svg", "ch00-0._2_-2.svg", "ch00-0._2_-3.png",
    ])
  #expect(renderer.pictures([.figure(Specimen.figure)]).map(\.name) == ["ch00-0.svg"])
}

@Test func theLastLineSaysHowThePageWasMade() {
  #expect(
    renderer.render([]) == "*Ch00-Test \(Chapter.version), printed by* `swift run Ch00-Test`\n")
}
