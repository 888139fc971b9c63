/// The page that a chapter writes. Every block is shown as soon as it is emitted.
///
/// The blocks are kept, so that a test can look at them and other renderers can show them.
public final class Page {
  /// Everything emitted so far, in order.
  public private(set) var blocks: [Block] = []

  private let renderer: TerminalRenderer
  private let write: (String) -> Void
  private let progressDisplay: ProgressDisplay

  /// Creates a page that hands the text of each block to `write`.
  ///
  /// Without arguments the page is silent and only keeps its blocks, as tests want it.
  public init(
    renderer: TerminalRenderer = TerminalRenderer(),
    progress: ProgressDisplay = ProgressDisplay(on: .silent),
    write: @escaping (String) -> Void = { _ in }
  ) {
    self.renderer = renderer
    self.progressDisplay = progress
    self.write = write
  }

  /// Begins a section under its number in the notes.
  public func section(_ number: String, _ title: String) {
    emit(.heading(Heading(number: number, title: title)))
  }

  /// Says what to look for, where the note is not at hand.
  public func lead(_ text: String) { emit(.lead(Lead(text))) }

  /// Shows a cell: the lines in the caller's source between `// cell: name` and `// end`.
  public func code(_ name: String, file: String = #filePath) {
    emit(.code(Code(name, sourceFile: file)))
  }

  /// Shows a declaration of a library, such as "func matmul", from a file that `path` names from the root
  /// of the package: "Sources/Autodiff/Shapes.swift".
  public func code(declaring beginning: String, in path: String, file: String = #filePath) {
    emit(.code(Code(declaring: beginning, sourceFile: packageRoot(of: file) + "/" + path)))
  }

  /// Writes sentences that say what was computed; an empty line ends a paragraph.
  public func prose(_ text: String) { emit(.prose(Prose(text))) }

  /// Shows an equation written in the TeX subset of ``Equation``.
  ///
  /// The source is part of the program, so one that cannot be parsed stops the program with the
  /// reason.
  public func equation(_ tex: String) {
    do {
      emit(.equation(try Equation(tex: tex)))
    } catch {
      fatalError("\(error)")
    }
  }

  /// Shows rows of cells under column titles.
  public func table(_ columns: [Table.Column], rows: [[String]], caption: String? = nil) {
    emit(.table(Table(columns, rows: rows, caption: caption)))
  }

  /// Shows rows of small grey pictures, in a page under the titles of their columns.
  public func images(
    _ rows: [ImageGrid.Row], columns: [String] = [], caption: String? = nil
  ) {
    emit(.imageGrid(ImageGrid(rows, columns: columns, caption: caption)))
  }

  /// Shows a plot, or several side by side.
  public func figure(_ title: String, description: String, _ panels: Plot...) {
    emit(.figure(Figure(title, description: description, panels: panels)))
  }

  /// Shows boxes and arrows.
  public func graph(_ graph: Graph) { emit(.graph(graph)) }

  /// Checks a claim, shows both sides, and makes the run fail if it does not hold.
  public func check(_ claim: String, _ evidence: Check.Evidence) {
    emit(.check(Check(claim, evidence)))
  }

  /// Sets a remark apart from the text.
  public func note(_ label: String, _ text: String) { emit(.note(Note(label, text))) }

  /// Makes the picture before it, if there is one, interactive on a page in a browser that runs
  /// scripts.
  ///
  /// - Parameters:
  ///   - figure: The name of the script in Sources/Notebook/Resources.
  ///   - title: What it shows, in a few words.
  ///   - description: What to try.
  ///   - data: What the script needs, including numbers that it checks its own against.
  public func interactive(
    _ figure: String, _ title: String, description: String, data: some Encodable
  ) {
    emit(.interactive(Interactive(figure, title, description: description, data: data)))
  }

  /// Begins a long task of `total` steps, shown on standard error and never on the page.
  public func progress(_ label: String, total: Int) -> ProgressLine {
    progressDisplay.begin(label, total: total)
  }

  /// The checks so far, in order.
  public var checks: [Check] {
    blocks.compactMap { if case .check(let check) = $0 { check } else { nil } }
  }

  func emit(_ block: Block) {
    // A bar drawn in the terminal's current line must not run into the block.
    progressDisplay.clear()
    write(renderer.render(block, after: blocks))
    blocks.append(block)
  }

  /// Ends the page with a line on how many checks hold, and which do not.
  func finish() {
    progressDisplay.finish()
    let summary = renderer.summary(of: checks)
    if !summary.isEmpty { write("\n" + summary) }
  }
}
