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
  ///   `FileError` if a file could not be written.
  init(_ options: Options, _ commandLine: CommandLineInterface) throws {
    html = options[.html]
    markdown = options[.markdown]
    chapter = commandLine.name
    command = commandLine.command(options)
    guard markdown != nil || options[.figures] == nil else {
      throw UsageError("--figures is the folder for the pictures of --markdown, which is not there")
    }
    figures = options[.figures] ?? markdown.map { folder(of: $0) + "/figures" }
    try Self.requireDifferent(options.given)
    for file in [html, markdown].compactMap(\.self) { try requireWritable(file) }
    if let figures { try requireWritable(figures, isFolder: true) }
  }

  /// Includes the files that a chapter writes by itself.
  private static func requireDifferent(
    _ given: [(option: OptionDeclaration, text: String?)]
  ) throws(UsageError) {
    var options: [String: String] = [:]
    for (option, path) in given where option.placeholder == "FILE" {
      guard let path else { continue }
      if let other = options.updateValue(option.name, forKey: canonical(path)) {
        throw UsageError("--\(other) and --\(option.name) are the same file")
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
  do {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  } catch {
    throw FileError(.write, folder, "the folder cannot be made")
  }
  for picture in pictures { try replaceFile(folder + "/" + picture.name, with: picture.bytes) }
}

/// Finds out before the work whether a file, or a folder's files, could be written after it.
func requireWritable(_ path: String, isFolder: Bool = false) throws(FileError) {
  let files = FileManager.default
  let failure = { (reason: String) in FileError(.write, path, reason) }
  let target = canonical(path)
  if let type = try? files.attributesOfItem(atPath: target)[.type] as? FileAttributeType {
    if isFolder, type != .typeDirectory { throw failure("it is not a folder") }
    if !isFolder, type == .typeDirectory { throw failure("it is a folder") }
    if !isFolder, type != .typeRegular { throw failure("it is not a regular file") }
    guard files.isWritableFile(atPath: target) else { throw failure("permission denied") }
    if isFolder { return }
  } else if !isFolder, path.hasSuffix("/") {
    throw failure("it is a folder")
  }
  let parent = folder(of: target)
  var parentIsFolder: ObjCBool = false
  guard files.fileExists(atPath: parent, isDirectory: &parentIsFolder), parentIsFolder.boolValue
  else { throw failure("there is no folder \(folder(of: path))") }
  guard files.isWritableFile(atPath: parent) else {
    throw failure("the folder \(folder(of: path)) may not be written to")
  }
}

/// The absolute path of a file or folder, without symbolic links as far as it exists.
private func canonical(_ path: String) -> String {
  URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
}

private func folder(of path: String) -> String {
  let folder = (path as NSString).deletingLastPathComponent
  return folder.isEmpty ? "." : folder
}

/// How to go from one folder to another: "../pictures".
private func relativePath(of path: String, from start: String) -> String {
  let path = canonical(path).split(separator: "/")
  let start = canonical(start).split(separator: "/")
  let shared = zip(path, start).prefix { $0 == $1 }.count
  return (start.dropFirst(shared).map { _ in ".." } + path.dropFirst(shared))
    .joined(separator: "/")
}
