import Foundation
import Testing

@testable import Exercises

/// A function in place of the student's, and the verdict that it must get.
struct Attempt {
  /// What the function does.
  let name: String
  /// The exercise with the function in it.
  let exercise: Exercise
  let status: Verdict.Status
  /// What the message must contain.
  let message: String

  /// A right answer.
  static func solution(_ exercise: Exercise) -> Attempt {
    Attempt(name: "solution", exercise: exercise, status: .passed, message: "")
  }

  /// What students begin with.
  static func stub(_ exercise: Exercise) -> Attempt {
    Attempt(name: "stub", exercise: exercise, status: .notStarted, message: "")
  }

  /// A wrong answer, with a part of the message that is meant for it.
  static func mistake(_ name: String, _ exercise: Exercise, says message: String) -> Attempt {
    Attempt(name: name, exercise: exercise, status: .wrong, message: message)
  }
}

/// Every attempt gets its verdict.
func expectVerdicts(_ attempts: [Attempt]) {
  for attempt in attempts {
    let verdict = attempt.exercise.verdict()
    #expect(verdict.status == attempt.status, "\(attempt.exercise.id): \(attempt.name)")
    #expect(
      attempt.message.isEmpty || verdict.message.contains(attempt.message),
      "\(attempt.exercise.id), \(attempt.name): \(verdict.message)")
  }
}

/// Every exercise has a function in the students' file, a hint, a solution, a stub and two mistakes
/// with messages of their own.
///
/// - Parameter path: The file with the attempts, whose name begins with the chapter's number.
func expectCompleteness(
  of exercises: [Exercise], _ attempts: [Attempt], path: String = #filePath
) throws {
  let file = URL(filePath: path)
  let chapters = URL(filePath: "../../Chapters", relativeTo: file.deletingLastPathComponent())
  let chapter = try #require(
    FileManager.default.contentsOfDirectory(atPath: chapters.path)
      .first { $0.hasPrefix(file.lastPathComponent.prefix(4)) })
  let source = SourceText(
    try String(contentsOf: chapters.appending(path: chapter + "/Exercises.swift"), encoding: .utf8))
  for exercise in exercises {
    #expect(source.function(named: exercise.function) != nil, "\(exercise.function)")
  }
  #expect((5...10).contains(exercises.count))
  #expect(Exercise.defects(of: exercises) == [])
  #expect(Set(exercises.map(\.id)) == Set(attempts.map(\.exercise.id)))
  for exercise in exercises {
    let own = attempts.filter { $0.exercise.id == exercise.id }
    #expect((1...3).contains(exercise.hints.count), "\(exercise.id)")
    #expect(own.contains { $0.status == .passed }, "\(exercise.id) has no solution")
    #expect(own.contains { $0.status == .notStarted }, "\(exercise.id) has no stub")
    let messages = Set(own.filter { $0.status == .wrong }.map(\.message))
    #expect(messages.count >= 2 && !messages.contains(""), "\(exercise.id) lacks mistakes")
  }
}

/// The same numbers in every run, for functions that draw their own noise: a test must not fail by
/// chance.
struct FixedGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64 = 7) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// Noise that goes on from call to call.
final class FixedNoise {
  private var generator: FixedGenerator

  init(seed: UInt64 = 7) { generator = FixedGenerator(seed: seed) }

  func uniform(_ range: Range<Double> = 0..<1) -> Double {
    Double.random(in: range, using: &generator)
  }

  /// A number from N(0, 1), by Box and Muller's method.
  func normal() -> Double {
    sqrt(-2 * log(1 - uniform())) * cos(2 * .pi * uniform())
  }
}
