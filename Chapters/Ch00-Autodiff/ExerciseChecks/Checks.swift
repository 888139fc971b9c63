import Notebook

/// What the exercises of this chapter ask, and the mistakes that they know.
enum Checks {
  static var all: [Exercise] {
    [
      logCosh(Exercises.logCosh)
    ]
  }
}
