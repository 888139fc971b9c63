import Files
import Foundation

/// Shows a chapter as one HTML file that needs no other file and no network, and that uses scripts
/// only for its interactive figures.
///
/// The file is well-formed XML too. Everything that comes from outside goes through `escaped`.
struct HTMLRenderer: Sendable {
  private let chapter: String
  private let command: String
  /// Whether the command runs the chapter with its defaults.
  private let isDefault: Bool
  private let links: PageLinks?

  /// Creates a renderer for the page that a command prints.
  init(chapter: String, command: String, isDefault: Bool = true, links: PageLinks? = nil) {
    self.chapter = chapter
    self.command = command
    self.isDefault = isDefault
    self.links = links
  }

  /// The note, with the blocks of a run in their places.
  func render(_ blocks: [Block], in note: NoteDocument) -> String {
    let parts = PageParts(chapter: chapter, blocks)
    var writer = HTMLWriter(links: links, sources: sources(of: blocks))
    for part in note.parts {
      switch part {
      case .text(let text): writer.write(text)
      case .output(chapter, let section, let place, _):
        let parts = parts.parts(of: section)
        // With other knobs a section may have other parts than the note expects; then they are all
        // in one place.
        if parts?.count == note.count(of: section, in: chapter) {
          writer.write(parts![place])
        } else if let parts, place == 0 {
          writer.write(Array(parts.joined()))
        } else if parts == nil {
          writer.write(.note(Note("Left out", "This run has no section \(section).")))
        }
      case .output(_, _, _, let recorded): writer.write(recorded)
      }
    }
    let remark =
      isDefault
      ? ""
      : """
      <p class="remark">This page shows a run of <code>\(escaped(command))</code>. Its numbers, figures and checks \
      are of that run; the text speaks of the run with the defaults.</p>

      """
    return page(writer, remark: remark, blocks)
  }

  /// What the chapter prints, without a note.
  ///
  /// - Parameter missingNote: The path of the note, if there should be one.
  func render(_ blocks: [Block], missingNote: String? = nil) -> String {
    var writer = HTMLWriter(links: links, sources: [:])
    writer.write(namedBlocks(chapter: chapter, blocks))
    let remark =
      missingNote.map {
        """
        <p class="remark">The text of this chapter is not where it was when the program was built, in \
        <code>\(escaped($0))</code>. So the page has only what the program prints.</p>

        """
      } ?? ""
    return page(writer, remark: remark, blocks)
  }

  private func page(_ writer: HTMLWriter, remark: String, _ blocks: [Block]) -> String {
    var writer = writer
    writer.writeSummary(
      of: namedBlocks(chapter: chapter, blocks).compactMap { named in
        if case .check(let check) = named.block { (named.name, check) } else { nil }
      })
    return HTMLPage(
      title: writer.title ?? chapter, navigation: navigation,
      main: writer.html(remark: remark), scripts: writer.scripts,
      footer: "\(escaped(chapter)), version \(Chapter.version), printed by "
        + "<code>\(escaped(command))</code>"
    ).html
  }

  private var navigation: HTMLNavigation? {
    links.map { links in
      let (previous, next) = links.contents.neighbours(of: chapter)
      return HTMLNavigation(previous: previous, next: next)
    }
  }

  /// The source files of each section that shows code.
  private func sources(of blocks: [Block]) -> [String: [String]] {
    var sources: [String: [String]] = [:]
    var section = ""
    for block in blocks {
      switch block {
      case .heading(let heading): section = heading.number ?? ""
      case .code(let code) where !sources[section, default: []].contains(code.file):
        sources[section, default: []].append(code.file)
      default: break
      }
    }
    sources["Exercises"] = ["Chapters/\(chapter)/Exercises.swift"]
    return sources
  }
}

/// The links to the pages around one.
struct HTMLNavigation {
  var previous: TableOfContents.Entry?
  var next: TableOfContents.Entry?

  /// The links, in a row; there is one row above and one below the text.
  func html(label: String) -> String {
    let link = { (page: String, text: String, kind: String) in
      #"<a class="\#(kind)" href="\#(escaped(page))">\#(text)</a>"#
    }
    let links = [
      previous.map { link($0.page, "← \(escaped($0.title))", "previous") },
      link("index.html", "All chapters", "index"),
      next.map { link($0.page, "\(escaped($0.title)) →", "next") },
    ]
    return "<nav class=\"pages\" aria-label=\"\(label)\">\n"
      + links.compactMap(\.self).joined(separator: "\n") + "\n</nav>"
  }
}

/// The frame of a page.
struct HTMLPage {
  /// What a browser may do with the page: show its own styles and pictures, run its own script, and
  /// load nothing.
  private var policy: String {
    let script = script.map { "script-src '\($0.integrity)'; " } ?? ""
    return "default-src 'none'; \(script)style-src 'unsafe-inline'; img-src data:; "
      + "base-uri 'none'; form-action 'none'"
  }

  let title: String
  let navigation: HTMLNavigation?
  /// Elements.
  let main: String
  /// The scripts of the figures in it.
  var scripts: [Script] = []
  /// The text of the last paragraph.
  let footer: String

  /// All scripts in one, after those that they share; nil if there are none.
  private var script: Script? {
    scripts.isEmpty ? nil : Script(joining: Script.shared + scripts)
  }

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="\(policy)"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <title>\(escaped(title))</title>
    <style>
    \(Drawing.style)
    \(Self.style)
    </style>
    </head>
    <body>
    \(navigation.map { "<header>\($0.html(label: "Chapters"))</header>\n" } ?? "")<main>
    \(main)
    </main>
    <footer>\(navigation.map { $0.html(label: "Previous and next chapter") + "\n" } ?? "")<p>\(footer)</p></footer>
    \(script.map { "<script>\($0.text)</script>\n" } ?? "")</body>
    </html>

    """
  }
}

extension TableOfContents {
  /// The page of a note that belongs to no chapter, such as the first.
  ///
  /// - Parameters:
  ///   - note: The note's name in `notes/`.
  ///   - folder: The folder that the page is written to.
  /// - Throws: `FileError` if the note cannot be read or has Markdown that the notes do not use.
  public func html(of note: String, in folder: String) throws(FileError) -> String {
    let path = root + "/notes/" + note
    guard let document = try NoteDocument(contentsOf: path) else {
      throw FileError(.read, path, "there is no such file")
    }
    var writer = HTMLWriter(links: PageLinks(contents: self, folder: folder), sources: [:])
    for case .text(let blocks) in document.parts { writer.write(blocks) }
    return HTMLPage(
      title: writer.title ?? note,
      navigation: note == "README.md" ? nil : HTMLNavigation(previous: nil, next: nil),
      main: writer.html(),
      footer: "VAE Chapters, version \(Chapter.version), written by <code>swift run Book</code>"
    ).html
  }
}
