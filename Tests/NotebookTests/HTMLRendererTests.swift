import Foundation
import Testing

@testable import Notebook

private let renderer = HTMLRenderer(chapter: "Ch00-Test", command: "swift run Ch00-Test")

/// What a block becomes, without the page around it.
private func html(_ blocks: Block...) throws -> String {
  let page = renderer.render(blocks)
  let start = try #require(page.range(of: "<main>\n")).upperBound
  let end = try #require(page.range(of: "\n</main>")).lowerBound
  return page[start..<end].trimmingCharacters(in: .newlines)
}

@Test func escapingLeavesNothingToRead() {
  #expect(
    escaped(#"<a href="x">'&'</a> ]]>"#)
      == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt; ]]&gt;")
  #expect(escaped("a\u{0}\u{1B}b\u{7F}\u{85}\u{FFFE}\u{202E}\u{2066}c\td\ne") == "abc\td\ne")
  #expect(escaped("עברית 𝔼 \u{1F3B2}") == "עברית 𝔼 \u{1F3B2}")
}

@Test("A page with every kind of block is well-formed")
func aPageOfEverythingIsWellFormed() {
  let page = renderer.render(Specimen.blocks)
  #expect(isWellFormed(page))
  #expect(!page.contains("<script"))
  #expect(!page.contains("\u{0}") && !page.contains("\u{202E}"))
  #expect(page == renderer.render(Specimen.blocks))
}

@Test("A page refers to no other file")
func aPageNeedsNothingElse() {
  let page = renderer.render(Specimen.blocks)
  for attribute in ["src=\"", "href=\"", "url("] {
    for reference in page.ranges(of: attribute) {
      let target = page[reference.upperBound...].prefix { $0 != "\"" }
      #expect(target.hasPrefix("data:image/png;base64,") || target.hasPrefix("#"), "\(target)")
    }
  }
  #expect(!page.contains("@import") && !page.contains("<link"))
}

@Test func aPageForbidsTheBrowserToLoadOrRunAnything() throws {
  let page = renderer.render(Specimen.blocks)
  let policy = try #require(
    page.firstMatch(of: /<meta http-equiv="Content-Security-Policy" content="([^"]*)"\/>/)?.output.1
  )
  let rules = policy.split(separator: "; ").map(String.init)
  #expect(rules.contains("default-src 'none'") && !policy.contains("http"))
  // Before anything that it is about.
  let style = try #require(page.range(of: "<style"))
  #expect(policy.endIndex < style.lowerBound)
  // What the page has, the policy allows: styles and pictures of its own.
  #expect(page.contains(" style=\"") && rules.contains("style-src 'unsafe-inline'"))
  #expect(page.contains("src=\"data:") && rules.contains("img-src data:"))
}

@Test func everyNameIsThereOnceAndEveryReferenceLeadsSomewhere() {
  let page = renderer.render(Specimen.blocks)
  func values(_ attribute: String) -> [String] {
    page.ranges(of: attribute).map { String(page[$0.upperBound...].prefix { $0 != "\"" }) }
  }
  let names = values(" id=\"")
  #expect(Set(names).count == names.count)
  let targets =
    values("href=\"#")
    + values("aria-labelledby=\"").flatMap { $0.split(separator: " ").map(String.init) }
  for target in targets { #expect(names.contains(target), "\(target)") }
}

@Test func headingsHaveAnchorsAndContents() throws {
  let page = try html(
    .heading(Heading(title: "Title")), .prose(Prose("Abstract.")),
    .heading(Heading(number: "2.2", title: "Second")))
  #expect(
    page == """
      <h1>Title</h1>
      <p>Abstract.</p>
      <nav class="contents" aria-label="Contents">
      <ol>
      <li><a href="#22-second"><span class="section">2.2</span> <span>Second</span></a></li>
      </ol>
      </nav>
      <h2 id="22-second"><a href="#22-second"><span class="section">2.2</span> Second</a></h2>
      """)
  #expect(renderer.render([.heading(Heading(title: "A < B"))]).contains("<title>A &lt; B</title>"))
}

@Test func tablesKeepTheirSides() throws {
  #expect(
    try html(.table(Table([.left("a"), .right("b")], rows: [["x", "1"]], caption: "C"))) == """
      <div class="scroll" role="group" tabindex="0" aria-label="C"><table>
      <caption><span>C</span></caption>
      <thead><tr><th scope="col">a</th><th scope="col" class="number">b</th></tr></thead>
      <tbody>
      <tr><td>x</td><td class="number">1</td></tr>
      </tbody>
      </table></div>
      """)
}

@Test func numbersStandWithTheirPointsUnderEachOther() throws {
  let page = try html(
    .table(
      Table(
        [.right(""), .right("n")], rows: [["1.5", "1"], ["1,000", "−2.25"], ["", "word"]])))
  #expect(page.contains("<table class=\"numbers\">"))
  #expect(page.contains("<td></td><th scope=\"col\">n</th>"))
  #expect(page.contains("aria-label=\"Table: n\""))
  #expect(page.contains(">1.5<") && page.contains(">1,000\u{2008}\u{2007}<"))
  // A word has no point to go by.
  #expect(page.contains(">1<") && page.contains(">−2.25<"))
}

@Test func codeIsColouredAndRegionsSoundDifferent() throws {
  let code = Code("sum", file: "Chapters/Ch00-Test/0.1-Sum.swift", text: "let a = \"b\" // c")
  let equation = try Equation(tex: "a = b")
  let page = try html(.code(code), .code(code), .equation(equation), .equation(equation))
  #expect(
    page.contains(
      """
      <pre class="scroll" role="group" tabindex="0" aria-label="Code: sum"><code>\
      <span class="k">let</span> a = <span class="s">&quot;b&quot;</span> <span class="c">// c</span>\
      </code></pre>
      """))
  #expect(page.contains("aria-label=\"Code: sum 2\""))
  #expect(page.contains("aria-label=\"Equation 1: a = b\""))
  #expect(page.contains("aria-label=\"Equation 2: a = b\""))
}

@Test func notesAndProse() throws {
  #expect(
    try html(.prose(Prose("One\nline.\n\nTwo.")), .note(Note("Beware", "Of this."))) == """
      <p>One line.</p>
      <p>Two.</p>
      <aside>
      <p><strong>Beware</strong></p>
      <p>Of this.</p>
      </aside>
      """)
}

@Test func checksSayWhetherTheyHold() throws {
  let page = try html(
    .check(Check("Less.", .atMost(Quantity("a", 2), Quantity("b", 1)))),
    .check(Check("Same.", .sameText(NamedText("a", "x"), NamedText("b", "x")))))
  #expect(
    page == """
      <div class="checks">
      <details class="check fails" id="check-1" open="open">
      <summary><strong class="mark">✗ Fails:</strong> Less.</summary>
      <p>a 2.000 is greater than b 1.000</p>
      <dl><div><dt>a</dt> <dd>2.0000000</dd></div><div><dt>b</dt> <dd>1.0000000</dd></div></dl>
      </details>
      <details class="check holds" id="check-2">
      <summary><span class="mark" role="img" aria-label="Holds:">✓</span> Same.</summary>
      <p>the same to the last byte</p>
      <dl><div><dt>a</dt> <dd>x</dd></div><div><dt>b</dt> <dd>x</dd></div></dl>
      </details>
      </div>
      <nav class="contents" aria-label="Contents">
      <ol>
      <li><a href="#checks"><span>Checks</span></a></li>
      </ol>
      </nav>
      <h2 id="checks"><a href="#checks">Checks</a></h2>
      <p>1 of 2 checks hold.</p>
      <ul class="failed">
      <li class="fails"><strong class="mark">✗ Fails:</strong> <a href="#check-1">Less.</a> \
      a 2.000 is greater than b 1.000</li>
      </ul>
      <details><summary>All checks in detail</summary>
      <div class="scroll all-checks" role="group" tabindex="0" aria-label="All checks in detail">\
      <table>
      <thead><tr><th scope="col">Claim</th><th scope="col">Evidence</th>\
      <th scope="col">In full</th></tr></thead>
      <tbody>
      <tr class="fails"><td><strong class="mark">✗ Fails:</strong> <a href="#check-1">Less.</a></td>\
      <td>a 2.000 is greater than b 1.000</td><td><dl><div><dt>a</dt> <dd>2.0000000</dd></div>\
      <div><dt>b</dt> <dd>1.0000000</dd></div></dl></td></tr>
      <tr class="holds"><td><span class="mark" role="img" aria-label="Holds:">✓</span> \
      <a href="#check-2">Same.</a></td><td>the same to the last byte</td>\
      <td><dl><div><dt>a</dt> <dd>x</dd></div><div><dt>b</dt> <dd>x</dd></div></dl></td></tr>
      </tbody>
      </table></div>
      </details>
      """)
}

@Test("A map of pictures has the places of its columns above and of its rows beside")
func mapOfPictures() throws {
  let row = { ImageGrid.Row([Specimen.image, Specimen.image], label: $0) }
  let page = try html(
    .imageGrid(ImageGrid([row("y = 1"), row("y = 0")], columns: ["x = 0", "1"])))
  #expect(
    page.contains(
      """
      <div class="pictures map">
      <p class="columns"><span>x = 0</span><span>1</span></p>
      <p>y = 1</p>
      <img alt="y = 1"
      """))
}

@Test func picturesSayWhatTheyShow() throws {
  let page = try html(
    .heading(Heading(number: "1.2", title: "T")),
    .imageGrid(
      ImageGrid([.init([Specimen.image], label: "X"), .init([Specimen.image])], caption: "C")),
    .figure(
      Figure(
        "Ring", description: "Round.",
        panels: [
          Plot("left", x: Axis("x"), y: Axis("y"), layers: [.points(.init("p", x: [1], y: [2]))])
        ])))
  #expect(
    page.contains("<p>X</p>\n<img alt=\"X\" style=\"width:12px\" src=\"data:image/png;base64,"))
  #expect(page.contains("<figcaption>C</figcaption>"))
  #expect(page.contains(##"<figure id="ch00-1.2-2">"##))
  #expect(
    page.contains(##"role="img" aria-labelledby="ch00-1.2-2-panel1-title ch00-1.2-2-panel1-desc""##)
  )
  #expect(page.contains(##"<title id="ch00-1.2-2-panel1-title">Ring: left</title>"##))
  #expect(page.contains("<figcaption><strong>Ring</strong> Round.</figcaption>"))
  #expect(page.contains("<details><summary>Data</summary>"))
  #expect(page.contains("<caption><span>left, p</span></caption>"))
  #expect(page.contains("<td>1.00000</td><td>2.00000</td>"))
}

@Test func dataTablesSayWhatTheyLeaveOut() {
  let numbers = (0..<500).map(Double.init)
  let plot = Plot(
    x: Axis("x"), y: Axis("y"),
    layers: [
      .line(.init("many", x: numbers, y: numbers, errors: numbers)),
      .histogram(.init(edges: [0, 1, 2], heights: [3, 4])),
      .heatMap(.init("h", x: 0...2, y: 0...2, rows: [[1, 2], [3, 4]])),
    ])
  let tables = plot.dataTables
  #expect(tables[0].rows.count == 100)
  #expect(tables[0].caption == "many, the first 100 of 500 rows")
  #expect(tables[0].columns.map(\.title) == ["x", "y", "±"])
  #expect(
    tables[1].rows == [["0", "1.00000", "3.00000"], ["1.00000", "2.00000", "4.00000"]])
  // From the top down.
  #expect(tables[2].rows == [["1.500", "3.000", "4.000"], ["0.5000", "1.000", "2.000"]])
  #expect(tables[2].columns.map(\.title) == [#"y \ x"#, "0.5000", "1.500"])
  // Of a fine field one in a few rows and columns.
  let fine = (0..<100).map { y in (0..<90).map { x in Double(100 * y + x) } }
  let field = Plot(
    x: Axis("x"), y: Axis("y"), layers: [.heatMap(.init("h", x: 0...90, y: 0...100, rows: fine))])
  let table = field.dataTables[0]
  #expect(table.caption == "h, one in 3 rows and columns")
  #expect(table.rows.count == 33 && table.columns.count == 31)
  #expect(table.rows.last?.prefix(2) == ["1.500", "101.0"])
}

@Test func theFooterSaysHowThePageWasMade() {
  let page = HTMLRenderer(chapter: "Ch00-Test", command: "swift run Ch00-Test --data '<a>'")
    .render([])
  #expect(
    page.contains(
      "<footer><p>Ch00-Test, version \(Chapter.version), printed by "
        + "<code>swift run Ch00-Test --data &#39;&lt;a&gt;&#39;</code></p></footer>"))
}
