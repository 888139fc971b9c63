/// A page on its way to HTML: what was written so far, and which names are taken.
struct HTMLWriter {
  let links: PageLinks?
  /// The source files to be named under a heading, by the number of its section or by its title.
  let sources: [String: [String]]
  /// The text of the first heading.
  private(set) var title: String?
  private var parts: [String] = []
  private var contents: [String] = []
  /// Where in `parts` the table of contents belongs: before the first section.
  private var firstSection: Int?
  private var takenNames: [String: Int] = [:]
  private(set) var equationCount = 0
  /// The scripts of the figures written so far, each once.
  var scripts: [Script] = []

  init(links: PageLinks?, sources: [String: [String]]) {
    self.links = links
    self.sources = sources
  }

  /// All of it, with the table of contents in its place.
  func html(remark: String = "") -> String {
    var parts = parts
    let items = contents.joined(separator: "\n")
    if !contents.isEmpty {
      parts.insert(
        "<nav class=\"contents\" aria-label=\"Contents\">\n<ol>\n\(items)\n</ol>\n</nav>",
        at: firstSection!)
    }
    let start = title == nil ? 0 : 1
    return (parts[..<start] + [remark] + parts[start...]).filter { !$0.isEmpty }
      .joined(separator: "\n")
  }

  mutating func append(_ html: String) { if !html.isEmpty { parts.append(html) } }

  /// The name itself, or with a number if it is already taken: no two regions of a page may have
  /// the same name, and no two elements the same id.
  mutating func distinct(_ name: String, separator: String = " ") -> String {
    let count = takenNames[name, default: 0]
    takenNames[name] = count + 1
    return count == 0 ? name : name + separator + "\(count + (separator == " " ? 1 : 0))"
  }

  /// A heading with an anchor made from its words. The number, if there is one, is set apart.
  mutating func writeHeading(level: Int, text: String, html: String, number: String?) {
    guard level > 1 || title != nil else {
      title = text
      append("<h1>\(html)</h1>")
      return
    }
    let anchor = distinct([Markdown.Inline.text(text)].anchor, separator: "-")
    let number = number.map { "<span class=\"section\">\($0)</span> " } ?? ""
    if level == 2 {
      if firstSection == nil { firstSection = parts.count }
      contents.append("<li><a href=\"#\(anchor)\">\(number)<span>\(html)</span></a></li>")
    }
    append("<h\(level) id=\"\(anchor)\"><a href=\"#\(anchor)\">\(number)\(html)</a></h\(level)>")
    writeSources(of: text)
  }

  private mutating func writeSources(of heading: String) {
    let number = String(heading.prefix { $0 != " " })
    guard let links, let files = sources[number] ?? sources[heading] else { return }
    let anchors = files.map { file in
      let name = file.split(separator: "/").last!
      return "<a href=\"\(escaped(links.file(file)))\">\(escaped(String(name)))</a>"
    }
    append("<p class=\"source\">Source: \(anchors.joined(separator: ", "))</p>")
  }

  /// Content that may be wider than a phone. It then scrolls on its own, by touch and by keyboard.
  mutating func scrolling(_ content: String, label: String, kind: String = "") -> String {
    let kind = kind.isEmpty ? "scroll" : "scroll \(kind)"
    return
      #"<div class="\#(kind)" role="group" tabindex="0" aria-label="\#(escaped(distinct(label)))">"#
      + content + "</div>"
  }

  mutating func equation(_ equation: Equation) -> String {
    equationCount += 1
    let text = equation.unicode.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return scrolling(
      equation.mathML, label: "Equation \(equationCount): \(text)", kind: "equation")
  }

  /// Code, coloured if it is Swift.
  mutating func code(_ text: String, language: String, label: String) -> String {
    let html = language == "swift" ? SwiftHighlighter.html(text) : escaped(text)
    return
      #"<pre class="scroll" role="group" tabindex="0" aria-label="\#(escaped(distinct(label)))">"#
      + "<code>\(html)</code></pre>"
  }

  func paragraphs(_ text: String) -> String {
    text.paragraphs.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
  }
}
