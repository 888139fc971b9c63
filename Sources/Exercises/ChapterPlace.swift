import Files
import Foundation
import Notebook

/// A chapter, and where its files are.
struct ChapterPlace {
  /// The chapter's name, such as "Ch01-Ring".
  let chapter: String
  var title = ""
  /// The name of the chapter after it, if there is one.
  var next: String?
  /// The package's folder, where it was when the chapter was compiled.
  var root: String?

  init(_ chapter: Chapter) {
    self.init(
      chapter: chapter.name, title: chapter.title, next: chapter.next, root: chapter.root)
  }

  init(chapter: String, title: String = "", next: String? = nil, root: String? = nil) {
    self.chapter = chapter
    self.title = title
    self.next = next
    self.root = root
  }

  /// What students edit, from the package's folder.
  var file: String { "Chapters/\(chapter)/Exercises.swift" }

  /// The solutions, from the package's folder, unless a teacher has withheld them.
  var solutions: String? {
    let path = "Tests/ExerciseTests/\(chapter.prefix(4))Exercises.swift"
    return root != nil && FileManager.default.fileExists(atPath: absolute(path)) ? path : nil
  }

  /// The full path of something in the package's folder.
  func absolute(_ path: String) -> String { (root.map { $0 + "/" } ?? "") + path }

  /// What the student's file holds now.
  func studentText() throws -> String {
    String(decoding: try readFile(absolute(file)), as: UTF8.self)
  }
}

// MARK: - Starting again

/// Why a function cannot be reset, as a sentence without its full stop.
struct ResetError: Error, Equatable, CustomStringConvertible { let description: String }

extension Exercise {
  /// The name of the student's function: "logMeanExp" for "log-mean-exp".
  public var function: String {
    let words = id.split(separator: "-")
    return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
  }

  /// The student's file with the function as it was at first, and the attempt that stood there; nil
  /// if there is none.
  func reset(in text: String, among exercises: [Exercise]) throws(ResetError) -> (
    text: String, attempt: String
  )? {
    let source = SourceText(text)
    if let fault = source.braceFault(amongFunctions: exercises.map(\.function)) {
      throw ResetError(
        description: "the braces do not match, so where the function ends is unclear. "
          + fault.dropLast())
    }
    let count = source.declarations(of: function).count
    guard count == 1, let found = source.function(named: function) else {
      throw ResetError(
        description: count > 1
          ? "there are \(count) functions called \(function)"
          : "the function \(function) cannot be found")
    }
    let others = exercises.map(\.function).filter { $0 != function }
    let body = source[found.body]
    let inner = SourceText(body)
    guard !others.contains(where: { !inner.declarations(of: $0).isEmpty }) else {
      throw ResetError(description: "another exercise stands between the braces of \(function)")
    }
    let stub = "return try todo()"
    let content = body.dropFirst().dropLast().trimmingCharacters(in: .whitespacesAndNewlines)
    guard content != stub, content != "try todo()" else { return nil }
    let indent = source[found.whole].prefix { $0 == " " || $0 == "\t" }
    return (
      source[0..<found.body.lowerBound] + "{\n\(indent)  \(stub)\n\(indent)}"
        + source[found.body.upperBound..<source.bytes.count],
      source[found.whole] + "\n"
    )
  }
}

extension ChapterPlace {
  /// Brings the stub of a function back, and keeps the attempt in a folder that the compiler does
  /// not look into.
  ///
  /// - Returns: Where the attempt is, from the package's folder; nil if there was none.
  func reset(_ exercise: Exercise, among exercises: [Exercise]) throws -> String? {
    guard let change = try exercise.reset(in: studentText(), among: exercises) else { return nil }
    let folder = "Chapters/\(chapter)/.attempts"
    try makeFolder(absolute(folder))
    let attempts = (1...).lazy.map { "\(folder)/\(exercise.id)-\($0).swift" }
    let attempt = attempts.first { !FileManager.default.fileExists(atPath: absolute($0)) }!
    try replaceFile(absolute(attempt), with: Data(change.attempt.utf8))
    try replaceFile(absolute(file), with: Data(change.text.utf8))
    return attempt
  }
}
