import Notebook

@main
struct Reparameterization {
  static let chapter = Chapter(
    "Ch04-Reparameterization", title: "Moving the sampling out of the way"
  ) { page, options in
  }

  static func main() { chapter.run() }
}
