import Foundation

/// An interactive version of the picture before it on the page, for a browser that runs scripts. In
/// print, in the terminal and in the notes there is only the picture. If it follows anything else,
/// it is a figure by itself.
public struct Interactive: Equatable, Sendable {
  /// The name of the script in Sources/Notebook/Resources.
  public var figure: String
  /// What it shows, in a few words.
  public var title: String
  /// What to try.
  public var description: String
  /// What the script needs, as JSON that cannot end the element that contains it.
  public let data: String

  /// Creates an interactive figure. All numbers in `data` must be finite.
  public init(_ figure: String, _ title: String, description: String, data: some Encodable) {
    self.figure = figure
    self.title = title
    self.description = description
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do {
      // In JSON these characters occur only in strings, where they can be written as escapes.
      self.data = String(decoding: try encoder.encode(data), as: UTF8.self)
        .replacing("<", with: #"\u003c"#).replacing(">", with: #"\u003e"#)
        .replacing("&", with: #"\u0026"#)
    } catch {
      fatalError("the data of the figure \(figure): \(error)")
    }
  }
}
