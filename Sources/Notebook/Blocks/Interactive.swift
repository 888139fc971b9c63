import Foundation

/// Lets the picture before it on the page answer when it is touched, in a browser that runs scripts. In print, in
/// the terminal and in the notes that picture stands alone. Behind anything but a picture it stands for itself.
public struct Interactive: Equatable, Sendable {
  /// The name of the script in Sources/Notebook/Resources.
  public var figure: String
  /// What it shows, in a few words.
  public var title: String
  /// What to try.
  public var description: String
  /// What the script needs, as JSON that cannot end the element it stands in.
  public let data: String

  /// Creates an interactive figure. `data` must have no number that is not finite.
  public init(_ figure: String, _ title: String, description: String, data: some Encodable) {
    self.figure = figure
    self.title = title
    self.description = description
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do {
      // JSON has these characters in its strings alone, where they may be written as numbers.
      self.data = String(decoding: try encoder.encode(data), as: UTF8.self)
        .replacing("<", with: #"\u003c"#).replacing(">", with: #"\u003e"#)
        .replacing("&", with: #"\u0026"#)
    } catch {
      fatalError("the data of the figure \(figure): \(error)")
    }
  }
}
