import Foundation
import Testing

@testable import Notebook

/// The elements within the outermost row, or within the table.
private func elements(of tex: String) throws -> String {
  let math = try Equation(tex: tex).mathML
  let start = try #require(math.range(of: "<semantics>"))
  let end = try #require(math.range(of: "<annotation"))
  let content = math[start.upperBound..<end.lowerBound]
  guard content.hasPrefix("<mrow>") else { return String(content) }
  return String(content.dropFirst("<mrow>".count).dropLast("</mrow>".count))
}

struct MathMLCase: CustomTestStringConvertible {
  let tex: String
  let elements: String

  init(_ tex: String, _ elements: String) {
    self.tex = tex
    self.elements = elements
  }

  var testDescription: String { tex }

  static let open = #"<mo form="prefix" stretchy="false">(</mo>"#
  static let close = #"<mo form="postfix" stretchy="false">)</mo>"#
  static let bar = #"<mo form="infix" lspace="0" rspace="0" stretchy="false">|</mo>"#
  static let thin = #"<mspace width="0.167em"/>"#

  static let all = [
    // Letters, numbers, symbols.
    MathMLCase("x2.5", "<mi>x</mi><mn>2.5</mn>"),
    MathMLCase(
      #"\mu\Sigma\infty"#,
      #"<mi>μ</mi><mi mathvariant="normal">Σ</mi><mi mathvariant="normal">∞</mi>"#),
    MathMLCase(
      #"\mathbb{E}\mathcal{L}\mathbf{x}"#,
      #"<mi mathvariant="normal">𝔼</mi><mi mathvariant="normal">ℒ</mi>"#
        + #"<mi mathvariant="normal">𝐱</mi>"#),
    MathMLCase(#"x \text{ if } y"#, "<mi>x</mi><mtext>\u{A0}if\u{A0}</mtext><mi>y</mi>"),
    MathMLCase(
      "a<b, c>d",
      "<mi>a</mi><mo>&lt;</mo><mi>b</mi><mo>,</mo><mi>c</mi><mo>&gt;</mo><mi>d</mi>"),
    // An operator between two things, and a sign before one.
    MathMLCase("x-y", #"<mi>x</mi><mo form="infix">−</mo><mi>y</mi>"#),
    MathMLCase("=-y", #"<mo>=</mo><mo form="prefix">−</mo><mi>y</mi>"#),
    MathMLCase("(-y)", #"<mrow>\#(open)<mo form="prefix">−</mo><mi>y</mi>\#(close)</mrow>"#),
    // Bars: part of a name, or a relation.
    MathMLCase(
      "P(X|z)", "<mi>P</mi><mrow>\(open)<mi>X</mi>\(bar)<mi>z</mi>\(close)</mrow>"),
    MathMLCase(
      #"z \mid X"#,
      #"<mi>z</mi><mo form="infix" lspace="0.278em" rspace="0.278em" stretchy="false">|</mo>"#
        + "<mi>X</mi>"),
    // Functions keep a thin space from letters, none from brackets.
    MathMLCase(#"2\log x"#, "<mn>2</mn>\(thin)<mi>log</mi>\(thin)<mi>x</mi>"),
    MathMLCase(#"\log\det x"#, "<mi>log</mi>\(thin)<mi>det</mi>\(thin)<mi>x</mi>"),
    MathMLCase(#"\exp(x)"#, "<mi>exp</mi><mrow>\(open)<mi>x</mi>\(close)</mrow>"),
    MathMLCase(#"\operatorname{tr} A"#, "<mi>tr</mi>\(thin)<mi>A</mi>"),
    // Fractions, roots, accents, groups, spaces.
    MathMLCase(
      #"\frac{1}{2}"#, "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>"),
    MathMLCase(#"\sqrt{2\pi}"#, "<msqrt><mn>2</mn><mi>π</mi></msqrt>"),
    MathMLCase(
      #"\hat x"#,
      #"<mover accent="true"><mrow><mi>x</mi></mrow><mo stretchy="false">^</mo></mover>"#),
    MathMLCase(
      #"\bar{ab}"#,
      #"<mover accent="true"><mrow><mi>a</mi><mi>b</mi></mrow><mo stretchy="true">¯</mo></mover>"#),
    MathMLCase(
      #"\tilde z"#,
      #"<mover accent="true"><mrow><mi>z</mi></mrow><mo stretchy="false">~</mo></mover>"#),
    MathMLCase("{ab}c", "<mrow><mi>a</mi><mi>b</mi></mrow><mi>c</mi>"),
    MathMLCase(
      #"a\,b\!c\quad d"#,
      #"<mi>a</mi><mspace width="0.25em"/><mi>b</mi><mi>c</mi><mspace width="1.0em"/><mi>d</mi>"#),
    // Scripts, in which signs stand close, and limits.
    MathMLCase("x_i", "<msub><mi>x</mi><mrow><mi>i</mi></mrow></msub>"),
    MathMLCase("x^2", "<msup><mi>x</mi><mrow><mn>2</mn></mrow></msup>"),
    MathMLCase(
      "x_i^2", "<msubsup><mi>x</mi><mrow><mi>i</mi></mrow><mrow><mn>2</mn></mrow></msubsup>"),
    MathMLCase(
      #"\mathbb{E}_{z\sim Q}"#,
      #"<msub><mi mathvariant="normal">𝔼</mi><mrow><mi>z</mi><mo lspace="0" rspace="0">∼</mo>"#
        + "<mi>Q</mi></mrow></msub>"),
    MathMLCase(
      #"\sum_{i=1}^n"#,
      #"<munderover><mo>∑</mo><mrow><mi>i</mi><mo lspace="0" rspace="0">=</mo><mn>1</mn></mrow>"#
        + "<mrow><mi>n</mi></mrow></munderover>"),
    MathMLCase(#"\prod^n"#, "<mover><mo>∏</mo><mrow><mi>n</mi></mrow></mover>"),
    MathMLCase(#"\max_x"#, "<munder><mi>max</mi><mrow><mi>x</mi></mrow></munder>"),
    MathMLCase(
      #"\int_0^1"#, "<msubsup><mo>∫</mo><mrow><mn>0</mn></mrow><mrow><mn>1</mn></mrow></msubsup>"),
    // A prime is raised, beside other scripts too.
    MathMLCase("f'", "<msup><mi>f</mi><mrow>\(prime)</mrow></msup>"),
    MathMLCase("f'_i", "<msubsup><mi>f</mi><mrow><mi>i</mi></mrow><mrow>\(prime)</mrow></msubsup>"),
    MathMLCase(
      "f_i''", "<msubsup><mi>f</mi><mrow><mi>i</mi></mrow><mrow>\(prime)\(prime)</mrow></msubsup>"),
    // Brackets grow with a fraction within, and carry the scripts of the whole.
    MathMLCase(
      "(x)^2",
      "<msup><mrow>\(open)<mi>x</mi>\(close)</mrow><mrow><mn>2</mn></mrow></msup>"),
    MathMLCase(
      #"\left[\frac{a}{b}\right]"#,
      #"<mrow><mo form="prefix" stretchy="true">[</mo>"#
        + "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"
        + #"<mo form="postfix" stretchy="true">]</mo></mrow>"#),
    // What has no partner stays as it is.
    MathMLCase(
      "[0, 1)",
      #"<mrow><mo form="prefix" stretchy="false">[</mo><mn>0</mn><mo>,</mo><mn>1</mn>\#(close)</mrow>"#
    ),
    MathMLCase("x)", "<mi>x</mi>\(close)"),
    MathMLCase("(x", "\(open)<mi>x</mi>"),
    // Rows of cells.
    MathMLCase(
      #"\begin{aligned} x &= 1 \\ & - y \\ \end{aligned}"#,
      #"<mtable class="aligned" displaystyle="true">"#
        + "<mtr><mtd><mrow><mi>x</mi></mrow></mtd>"
        + "<mtd><mrow><mo>=</mo><mn>1</mn></mrow></mtd></mtr>"
        + "<mtr><mtd><mrow></mrow></mtd>"
        + #"<mtd><mrow><mo form="infix">−</mo><mi>y</mi></mrow></mtd></mtr></mtable>"#),
  ]

  private static let prime = #"<mo form="infix" lspace="0" rspace="0" stretchy="false">′</mo>"#
}

@Test(arguments: MathMLCase.all) func equationsAsMathML(_ example: MathMLCase) throws {
  #expect(try elements(of: example.tex) == example.elements)
}

@Test func theSourceOfAnEquationIsKept() throws {
  let math = try Equation(tex: #"a < \text{"b" & <c>}"#).mathML
  #expect(
    math.hasPrefix(
      #"<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><semantics>"#))
  #expect(
    math.hasSuffix(
      #"<annotation encoding="application/x-tex">a &lt; \text{&quot;b&quot; &amp; &lt;c&gt;}"#
        + "</annotation></semantics></math>"))
}

@Test(arguments: EquationCase.all) func everyEquationIsWellFormed(_ example: EquationCase) throws {
  #expect(isWellFormed(try Equation(tex: example.tex).mathML))
}

@Test func everySymbolIsInItsMathML() throws {
  for symbol in MathSymbol.all {
    let math = try Equation(tex: #"\"# + symbol.macro).mathML
    #expect(math.contains(">" + escaped(String(symbol.unicode)) + "</m"), "\\\(symbol.macro)")
    #expect(isWellFormed(math))
  }
}
