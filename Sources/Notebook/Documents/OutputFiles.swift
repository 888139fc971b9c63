import Files
import Foundation

/// The files that a run is asked for, checked before it computes anything and written at its end.
struct OutputFiles {
  private let html: String?
  private let markdown: String?
  private let figures: String?
  private let chapter: String
  private let command: String

  /// - Throws: `UsageError` if two files are one, or a folder for pictures has none to take;
  ///   `FileError` if a file could not be written, be it one that the chapter writes by itself.
  init(_ options: Options, _ commandLine: CommandLineInterface) throws {
    html = options[.html]
    markdown = options[.markdown]
    chapter = commandLine.name
    command = commandLine.command(options)
    guard markdown != nil || options[.figures] == nil else {
      throw UsageError("--figures is the folder for the pictures of --markdown, which is not there")
    }
    figures = options[.figures] ?? markdown.map { folder(of: $0) + "figures" }
    let files = options.given.filter(\.option.isOutputFile)
    for file in files { try requireWritableFile(file.text!) }
    if let figures { try requireWritableFolder(figures) }
    try requireDifferent(files)
  }

  private func requireDifferent(
    _ files: [(option: OptionDeclaration, text: String?)]
  ) throws(UsageError) {
    var options: [FilePlace: String] = [:]
    for (option, path) in files {
      guard let path, let place = FilePlace(of: path) else { continue }
      if let other = options.updateValue(option.name, forKey: place) {
        throw UsageError("--\(other) and --\(option.name) are the same file")
      }
      if let figures, place.isIn(folder: figures),
        place.name.lowercased().hasPrefix(picturePrefix(chapter: chapter))
      {
        throw UsageError(
          "--\(option.name) has the name of a picture of --markdown, in the folder of its pictures")
      }
    }
  }

  /// Writes the files, the pictures before the page that shows them.
  func write(_ blocks: [Block]) throws(FileError) {
    if let html {
      let page = HTMLRenderer(chapter: chapter, command: command).render(blocks)
      try replaceFile(html, with: Data(page.utf8))
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

/// Writes pictures into a folder, which is made if there are any.
func writePictures(_ pictures: [OutputFile], to folder: String) throws(FileError) {
  guard !pictures.isEmpty else { return }
  try makeFolder(folder)
  for picture in pictures { try replaceFile(folder + "/" + picture.name, with: picture.bytes) }
}

/// How to go from one folder to another: "../pictures".
private func relativePath(of path: String, from start: String) -> String {
  func components(_ path: String) -> [Substring] {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path.split(
      separator: "/")
  }
  let (path, start) = (components(path), components(start))
  let shared = zip(path, start).prefix { $0 == $1 }.count
  return (start.dropFirst(shared).map { _ in ".." } + path.dropFirst(shared))
    .joined(separator: "/")
}
