import Exercises

extension Checks {
  static func standardNormals(_ answer: @escaping (Int) throws -> [Double]) -> Exercise {
    Exercise(
      "standard-normals", "Numbers from N(0, 1), from uniform ones", minutes: 10,
      hints: [
        "Print ten numbers first. Are some negative? Are about two thirds within ±1?",
        "Draw a new u and a new v for every number, inside the loop.",
      ]
    ).drawingNoise(answer: answer).judged("3 numbers", shape: [3]) {
      try answer(3)
    } complaint: { _ in
      nil
    }
  }
}
