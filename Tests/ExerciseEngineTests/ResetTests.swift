import Foundation
import Testing

@testable import Exercises

private var exercises: [Exercise] {
  ["log-mean-exp", "sum"].map { Exercise($0, "Title", minutes: 1, hints: ["A hint."]) }
}

/// A student's file with these bodies, their braces included.
private func file(logMeanExp first: String, sum second: String = "{\n    return 1\n  }") -> String {
  """
  import Foundation

  enum Exercises {
    /// The log of a mean. { is no brace here.
    static func logMeanExp(_ logs: [Double] = { [0] }()) throws -> Double \(first)

    /// The sum of `logMeanExp`, not func logMeanExp.
    static func sum(
      of x: [Double]
    ) throws -> Double \(second)
  }

  """
}

private let stub = "{\n    return try todo()\n  }"

private let attempts = [
  "{\n    return 1\n  }", "{ 1 }", "{\n    return try todo() + 1\n  }",
  "{\n    for l in logs { if l > 0 { return 1 } }\n    return 2\n  }",
  ##"{ print("}", "\"}", "\(logs.map { "}\($0)" })", #"}"\#("}")"#); return 1 }"##,
  "{ /* } /* } */ } */ // }\n return 1 }",
  "{ print(\"\"\"\n  } \"quoted\" }\n  \"\"\"); return 1 }",
  "{ func logMeanExpOf(_ x: Double) -> Double { x }; return 1 }",
]

@Suite struct ResetTests {
  @Test("A function becomes a stub again, and all around it stays", arguments: attempts)
  func reset(attempt: String) throws {
    let before = file(logMeanExp: attempt)
    let change = try #require(try exercises[0].reset(in: before, among: exercises))
    #expect(change.text == file(logMeanExp: stub))
    #expect(
      change.attempt
        == "  static func logMeanExp(_ logs: [Double] = { [0] }()) throws -> Double \(attempt)\n")
    let other = file(logMeanExp: stub, sum: attempt)
    #expect(
      try exercises[1].reset(in: other, among: exercises)?.text
        == file(logMeanExp: stub, sum: stub))
  }

  @Test("A stub is left alone", arguments: [stub, "{ try todo() }"])
  func nothingToReset(body: String) throws {
    #expect(try exercises[0].reset(in: file(logMeanExp: body), among: exercises) == nil)
  }

  @Test(
    "If it is unclear where a function is, nothing is changed",
    arguments: [
      (
        file(logMeanExp: "{ if true { return 1 }"),
        "the braces do not match, so where the function ends is unclear. "
          + "A closing brace } is missing in logMeanExp"
      ),
      (
        file(logMeanExp: "{ return 1 } }"),
        "the braces do not match, so where the function ends is unclear. "
          + "There is a closing brace } too many in logMeanExp"
      ),
      (
        file(logMeanExp: stub, sum: "{ return 1 } }"),
        "the braces do not match, so where the function ends is unclear. "
          + "There is a closing brace } too many in sum"
      ),
      (
        file(logMeanExp: "{ if true { return 1 }", sum: "{ return 1 } }"),
        "another exercise stands between the braces of logMeanExp"
      ),
      ("enum Exercises {}", "the function logMeanExp cannot be found"),
      (
        file(logMeanExp: stub) + "func logMeanExp() {}\n",
        "there are 2 functions called logMeanExp"
      ),
    ])
  func refusal(text: String, reason: String) {
    #expect(throws: ResetError(description: reason)) {
      try exercises[0].reset(in: text, among: exercises)
    }
  }

  @Test("Attempts are kept, each in a file of its own")
  func attemptsAreKept() throws {
    let root = NSTemporaryDirectory() + "reset-tests-" + UUID().uuidString
    let folder = root + "/Chapters/Ch00-Test"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let place = ChapterPlace(chapter: "Ch00-Test", root: root)
    for number in 1...2 {
      try Data(file(logMeanExp: "{ \(number) }").utf8)
        .write(to: URL(filePath: place.absolute(place.file)))
      let attempt = try #require(try place.reset(exercises[0], among: exercises))
      #expect(attempt == "Chapters/Ch00-Test/.attempts/log-mean-exp-\(number).swift")
      let kept = try String(contentsOfFile: place.absolute(attempt), encoding: .utf8)
      #expect(kept.hasSuffix("throws -> Double { \(number) }\n"))
      #expect(try place.studentText() == file(logMeanExp: stub))
    }
    #expect(try place.reset(exercises[0], among: exercises) == nil)
  }
}
