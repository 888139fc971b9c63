import Testing

@testable import Notebook

struct EquationCase: CustomTestStringConvertible {
  let tex: String
  let unicode: String
  let ascii: String

  init(_ tex: String, _ unicode: String, _ ascii: String) {
    self.tex = tex
    self.unicode = unicode
    self.ascii = ascii
  }

  var testDescription: String { tex }

  static let all = [
    EquationCase(#"x + y = -z"#, "x + y = −z", "x + y = -z"),
    EquationCase(#"P(X|z)"#, "P(X|z)", "P(X|z)"),
    EquationCase(#"Q(z \mid X)"#, "Q(z | X)", "Q(z | X)"),
    EquationCase(#"\mathcal{D}[Q\|P]"#, "𝒟[Q‖P]", "D[Q||P]"),
    EquationCase(#"\mathbb{E}_{z\sim Q}[f]"#, "𝔼_(z∼Q)[f]", "E_(z~Q)[f]"),
    EquationCase(#"\mathcal{N}(\mu, \sigma^2)"#, "𝒩(μ, σ²)", "N(mu, sigma^2)"),
    EquationCase(#"\mathcal{L}, \mathbb{R}^d"#, "ℒ, ℝᵈ", "L, R^d"),
    EquationCase(#"\mathbf{x}\mathbf{A}\mathbf{0}"#, "𝐱𝐀𝟎", "xA0"),
    EquationCase(#"\mathbf{\mu}"#, "μ", "mu"),
    EquationCase(#"\log P(X)"#, "log P(X)", "log P(X)"),
    EquationCase(#"2\log x"#, "2 log x", "2 log x"),
    EquationCase(#"\log\det\Sigma"#, "log det Σ", "log det Sigma"),
    EquationCase(#"\exp(-x)"#, "exp(−x)", "exp(-x)"),
    EquationCase(#"\max_\theta \min_i x_i"#, "max_θ minᵢ xᵢ", "max_theta min_i x_i"),
    EquationCase(#"\operatorname{tr}(A)"#, "tr(A)", "tr(A)"),
    EquationCase(#"D_{\mathrm{KL}}"#, "D_KL", "D_KL"),
    EquationCase(#"x \text{ if } y"#, "x if y", "x if y"),
    EquationCase(#"\frac{a}{b}"#, "a/b", "a/b"),
    EquationCase(#"\frac{1}{2}\sigma^2"#, "1/2 σ²", "1/2 sigma^2"),
    EquationCase(#"\frac{a+b}{2\sigma^2}"#, "(a + b)/(2σ²)", "(a + b)/(2 sigma^2)"),
    EquationCase(#"\frac{P(z)}{Q(z|X)}"#, "P(z)/Q(z|X)", "P(z)/Q(z|X)"),
    EquationCase(#"\frac{1}{(a)(b)}"#, "1/((a)(b))", "1/((a)(b))"),
    EquationCase(#"\frac{\frac{a}{b}}{c}"#, "(a/b)/c", "(a/b)/c"),
    EquationCase(#"\frac{z}{\|z\|^3}"#, "z/‖z‖³", "z/||z||^3"),
    EquationCase(#"\frac{(r-1)^2}{\left|\det J\right|}"#, "(r − 1)²/|det J|", "(r - 1)^2/|det J|"),
    EquationCase(#"\frac{|a|}{|b||c|}"#, "|a|/(|b||c|)", "|a|/(|b||c|)"),
    EquationCase(#"\frac12"#, "1/2", "1/2"),
    EquationCase(#"\left(\frac{a}{b}\right)^2"#, "(a/b)²", "(a/b)^2"),
    EquationCase(#"{\frac{a}{b}}^2"#, "(a/b)²", "(a/b)^2"),
    EquationCase(#"\frac{\partial f}{\partial\theta}"#, "∂f/∂θ", "df/dtheta"),
    EquationCase(#"\sum_{i=1}^n x_i"#, "∑ᵢ₌₁ⁿ xᵢ", "sum_(i=1)^n x_i"),
    EquationCase(#"\prod_j p_j"#, "∏ⱼ pⱼ", "prod_j p_j"),
    EquationCase(#"\int p(z)\,dz"#, "∫ p(z) dz", "int p(z) dz"),
    EquationCase(#"\sqrt{x}\sqrt{2\pi}"#, "√x√(2π)", "sqrt(x) sqrt(2 pi)"),
    EquationCase(#"x^{-1} x^12"#, "x⁻¹x¹ 2", "x^(-1) x^1 2"),
    EquationCase(#"\Sigma^{\frac{1}{2}}"#, "Σ^(1/2)", "Sigma^(1/2)"),
    EquationCase(#"\sigma_\theta^2"#, "σ²_θ", "sigma_theta^2"),
    EquationCase(#"q_\phi p_\theta(x)"#, "qᵩ p_θ(x)", "q_phi p_theta(x)"),
    EquationCase(#"p_\theta x"#, "p_θ x", "p_theta x"),
    EquationCase(#"A^\top z'"#, "Aᵀz′", "A^T z'"),
    EquationCase(
      #"\hat{x} \bar{\mu} \tilde z"#, "x\u{302}μ\u{304}z\u{303}", "hat(x) bar(mu) tilde(z)"),
    EquationCase(#"\hat{ab}"#, "hat(ab)", "hat(ab)"),
    EquationCase(
      #"\mu\sigma\Sigma\theta\phi\varphi\epsilon\varepsilon\beta\alpha\lambda\pi"#,
      "μσΣθφφεεβαλπ",
      "mu sigma Sigma theta phi phi epsilon epsilon beta alpha lambda pi"),
    EquationCase(
      #"a \odot b \cdot c \times d"#, "a ⊙ b · c × d", "a (*) b * c x d"),
    EquationCase(
      #"a \le b \ge c \approx d \neq e \propto f"#, "a ≤ b ≥ c ≈ d ≠ e ∝ f",
      "a <= b >= c ~= d != e prop. to f"),
    EquationCase(#"x \in A \to \infty"#, "x ∈ A → ∞", "x in A -> inf"),
    EquationCase(#"\nabla_\theta f"#, "∇_θ f", "grad_theta f"),
    EquationCase(#"x_1, \ldots, x_n"#, "x₁, …, xₙ", "x_1, ..., x_n"),
    EquationCase(#"a\quad b \; c \! d"#, "a  b cd", "a  b cd"),
    EquationCase(#"\bigl[ x \bigr] \Bigl\{ y \Bigr\}"#, "[x]{y}", "[x]{y}"),
    EquationCase(#"\left\| x \right\|^2 \left. y \right|"#, "‖x‖²y|", "||x||^2 y|"),
    EquationCase(#"|x| \big| y"#, "|x||y", "|x||y"),
    EquationCase(
      #"\begin{aligned} f(x) &= a + b \\ &\le c \\ \end{aligned}"#,
      "f(x) = a + b\n     ≤ c", "f(x) = a + b\n     <= c"),
    EquationCase(
      #"\begin{aligned} x &= a & y &= b \\ & + c \end{aligned}"#, "x = a    y = b\n  + c",
      "x = a    y = b\n  + c"),
  ]

  static let broken = [
    EquationCase(#"a \foo b"#, #"the macro \foo is unknown"#, ""),
    EquationCase(#"{a"#, "a brace is not closed", ""),
    EquationCase(#"a}"#, "} is unexpected", ""),
    EquationCase(#"\frac{a}"#, #"\frac has nothing after it"#, ""),
    EquationCase(#"x^"#, "^ has nothing after it", ""),
    EquationCase(#"^2"#, "^ has nothing before it", ""),
    EquationCase(#"x^2^3"#, "^ appears twice", ""),
    EquationCase(#"a & b"#, "& b is unexpected", ""),
    EquationCase(#"\left"#, #"\left has no bracket after it"#, ""),
    EquationCase(#"\text x"#, #"\text has no text in braces after it"#, ""),
    EquationCase(#"\begin{aligned} x"#, #"\begin{aligned} has no \end{aligned}"#, ""),
    EquationCase(#"\begin{matrix} x"#, #"the macro \begin is unknown"#, ""),
    EquationCase(#"x \"#, #"the macro \ is unknown"#, ""),
  ]
}

@Test(arguments: EquationCase.all) func equationsAsText(_ example: EquationCase) throws {
  let equation = try Equation(tex: example.tex)
  #expect(equation.unicode == example.unicode)
  #expect(equation.ascii == example.ascii)
  #expect(equation.ascii.utf8.allSatisfy { $0 < 128 })
}

@Test(arguments: EquationCase.broken) func brokenEquationsAreExplained(_ example: EquationCase) {
  #expect(throws: EquationError(tex: example.tex, reason: example.unicode)) {
    try Equation(tex: example.tex)
  }
}

@Test func everySymbolHasItsForms() throws {
  for symbol in MathSymbol.all {
    let equation = try Equation(tex: #"\"# + symbol.macro)
    #expect(equation.rows == [[[.symbol(symbol.unicode, symbol.kind)]]])
    #expect(equation.unicode == String(symbol.unicode))
    #expect(equation.ascii == inASCII(String(symbol.unicode)))
    #expect(symbol.ascii.utf8.allSatisfy { $0 < 128 })
  }
}

@Test func theTreeIsWhatARendererNeeds() throws {
  let equation = try Equation(tex: #"\frac{1}{2} \hat\mu_i \log \mathbb{E}"#)
  #expect(
    equation.rows == [
      [
        [
          .fraction([.number("1")], [.number("2")]),
          .scripts(
            .accent(.hat, [.symbol("μ", .ordinary)]), lower: [.symbol("i", .ordinary)], upper: nil),
          .function("log"), .letter("E", .blackboard),
        ]
      ]
    ])
}

@Test func textInASCII() {
  #expect(inASCII("plain ~ text") == "plain ~ text")
  #expect(inASCII("μ ± 1e⁻¹², x₁₂ — “naïve” ½") == "mu +/- 1e^-12, x_12 -- \"naive\" 1/2")
  #expect(inASCII("x̄ = ȳ + é") == "xbar = ybar + e")
  #expect(inASCII("漢") == "?")
}
