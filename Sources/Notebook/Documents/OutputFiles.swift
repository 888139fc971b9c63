import Files
import Foundation

/// The files that a run is asked for, checked before it computes anything and written at its end.
struct OutputFiles {
  private let html: PageFile?
  private let markdown: String?
  private let figures: String?
  private let chapter: String
  private let command: String
  /// Whether the run is one with the defaults.
  private let isDefault: Bool
  /// The path of the chapter's note, and its contents if the HTML shows it.
  private let notePath: String?
  private let note: NoteDocument?

  /// - Throws: `UsageError` if two options name the same file, or if there is a folder for pictures
  ///   but no page with pictures; `FileError` if a file could not be written, including one that
  ///   the chapter writes by itself, or if the note cannot be shown.
  init(_ options: Options, _ commandLine: CommandLineInterface, note notePath: String?) throws {
    let page = try options[.html].map { try PageFile($0, chapter: commandLine.name) }
    html = page
    markdown = options[.markdown]
    chapter = commandLine.name
    command = commandLine.command(options)
    isDefault = commandLine.changes(among: options).isEmpty
    guard markdown != nil || options[.figures] == nil else {
      throw UsageError("--figures is the folder for the pictures of --markdown, which is not given")
    }
    figures = options[.figures] ?? markdown.map { folder(of: $0) + "figures" }
    self.notePath = notePath
    note = try page == nil ? nil : notePath.flatMap { try NoteDocument(contentsOf: $0) }
    let files = options.given.filter(\.option.isOutputFile).map { option, text in
      (option: option.name, path: option.name == Knob.html.name ? page!.path : text!)
    }
    for file in files where file.path != page?.path || page?.newFolder == nil {
      try requireWritableFile(file.path)
    }
    if let figures { try requireWritableFolder(figures) }
    try requireDifferent(files)
  }

  private func requireDifferent(_ files: [(option: String, path: String)]) throws(UsageError) {
    var options: [FilePlace: String] = [:]
    for (option, path) in files {
      guard let place = FilePlace(of: path) else { continue }
      if let other = options.updateValue(option, forKey: place) {
        throw UsageError("--\(other) and --\(option) are the same file")
      }
      if let figures, place.isIn(folder: figures),
        place.name.lowercased().hasPrefix(picturePrefix(chapter: chapter))
      {
        throw UsageError(
          "--\(option) has the name of a picture of --markdown, in the folder of its pictures")
      }
    }
  }

  /// Writes the files, the pictures before the page that shows them.
  func write(_ blocks: [Block]) throws(FileError) {
    if let html {
      let renderer = HTMLRenderer(
        chapter: chapter, command: command, isDefault: isDefault, links: links(from: html.path))
      let page =
        note.map { renderer.render(blocks, in: $0) }
        ?? renderer.render(blocks, missingNote: notePath)
      if let folder = html.newFolder { try makeFolder(folder) }
      try replaceFile(html.path, with: Data(page.utf8))
    }
    if let markdown, let figures {
      let renderer = MarkdownRenderer(
        chapter: chapter, command: command,
        figures: relativePath(of: figures, from: folder(of: markdown)))
      try writePictures(renderer.pictures(blocks), to: figures)
      try replaceFile(markdown, with: Data(renderer.render(blocks).utf8))
    }
  }
}

extension OutputFiles {
  /// Where the links of the page lead; nil if there is no package around the note.
  private func links(from page: String) -> PageLinks? {
    guard note != nil, let notePath else { return nil }
    let notes = folder(of: notePath).dropLast()
    return PageLinks(
      contents: TableOfContents(root: String(folder(of: String(notes)).dropLast())),
      folder: folder(of: page))
  }
}

/// The file that `--html` means: in a folder the page has the chapter's name.
private struct PageFile {
  let path: String
  /// The folder of the file, if it has still to be made.
  let newFolder: String?

  /// - Throws: `FileError` if the path is meant as a folder, and nothing can be written there.
  init(_ path: String, chapter: String) throws(FileError) {
    // Only a folder contains ".".
    let isFolder = FileManager.default.fileExists(atPath: path + "/.")
    guard path.hasSuffix("/") || isFolder else {
      (self.path, newFolder) = (path, nil)
      return
    }
    var folder = path
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    try requireWritableFolder(folder)
    self.path = (folder == "/" ? "" : folder) + "/" + chapter + ".html"
    newFolder = isFolder ? nil : folder
  }
}

/// Writes pictures into a folder, which is made if there are any.
func writePictures(_ pictures: [OutputFile], to folder: String) throws(FileError) {
  guard !pictures.isEmpty else { return }
  try makeFolder(folder)
  for picture in pictures { try replaceFile(folder + "/" + picture.name, with: picture.bytes) }
}
