import Notebook

@main
struct NaiveMonteCarlo {
  static let chapter = Chapter("Ch02-NaiveMonteCarlo", title: "Why P(X) needs so many samples") {
    page, options in
  }

  static func main() { chapter.run() }
}
