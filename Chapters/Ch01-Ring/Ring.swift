import Notebook

@main
struct Ring {
  static let chapter = Chapter("Ch01-Ring", title: "Any distribution from a normal one") {
    page, options in
  }

  static func main() { chapter.run() }
}
