import Notebook

@main
struct KLIdentity {
  static let chapter = Chapter("Ch03-KLIdentity", title: "The identity, checked") { page, options in
  }

  static func main() { chapter.run() }
}
