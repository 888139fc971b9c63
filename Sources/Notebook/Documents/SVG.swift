import Foundation

/// Shapes in the plane, in pixels from the top left; colours come from `Drawing.style`.
struct Drawing {
  /// How wide the drawing is.
  var width: Double
  /// How high the drawing is.
  var height: Double
  /// Elements of SVG.
  var content: String

  /// The drawing as an element of a page that has `Drawing.style`.
  ///
  /// - Parameters:
  ///   - id: What the ids within begin with.
  ///   - canShrink: Whether it may become as narrow as the page; otherwise it stays legible.
  func inline(
    title: String, description: String, id: String, canShrink: Bool = true
  ) -> String {
    let described =
      description.isEmpty ? "" : #"<desc id="\#(id)-desc">\#(escaped(description))</desc>"#
    let least = canShrink ? "" : ";min-width:\(pixels(0.9 * width))px"
    return #"<svg xmlns="http://www.w3.org/2000/svg" class="drawing" "#
      + #"viewBox="0 0 \#(pixels(width)) \#(pixels(height))" "#
      + #"style="max-width:\#(pixels(Self.scale * width))px\#(least)" role="img" "#
      + #"aria-labelledby="\#(id)-title\#(description.isEmpty ? "" : " \(id)-desc")">"#
      + #"<title id="\#(id)-title">\#(escaped(title))</title>\#(described)\#(content)</svg>"#
  }

  /// The scale at which a drawing is shown where there is room.
  private static let scale = 1.3

  /// Drawings as a file of its own, in rows under one title.
  static func file(_ drawings: [Drawing], title: String, description: String) -> String {
    let margin = 14.0
    let top = 34.0
    // Four drawings are clearer in two rows than in one.
    let columns = drawings.count == 4 ? 2 : 3
    var content = ""
    var (width, y) = (0.0, top)
    for start in stride(from: 0, to: drawings.count, by: columns) {
      var x = margin
      let row = drawings[start..<min(start + columns, drawings.count)]
      for drawing in row {
        content += #"<g transform="translate(\#(pixels(x)) \#(pixels(y)))">\#(drawing.content)</g>"#
        x += drawing.width + margin
      }
      width = max(width, x)
      y += row.map(\.height).max()! + margin
    }
    width = max(width, textWidth(title, size: 15) + 2 * margin)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="drawing" \
      width="\(pixels(scale * width))" height="\(pixels(scale * y))" \
      viewBox="0 0 \(pixels(width)) \(pixels(y))" role="img" aria-labelledby="title desc">
      <title id="title">\(escaped(title))</title>
      <desc id="desc">\(escaped(description))</desc>
      <style>\(style)</style>
      <rect class="ground" width="100%" height="100%"/>
      <text class="heading" x="\(pixels(margin))" y="23">\(escaped(title))</text>
      \(content)
      </svg>

      """
  }
}

extension Figure {
  /// The figure as a file.
  var svg: String {
    Drawing.file(
      panels.map { $0.drawing(panels: panels.count) }, title: title, description: description)
  }
}

extension Graph {
  /// The graph as a file.
  var svg: String { Drawing.file([drawing], title: title, description: description) }
}

/// A length with at most one decimal: "12.5".
func pixels(_ length: Double) -> String {
  let tenths = Int((10 * length).rounded())
  let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
  return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
}

/// About how wide a text is; no font is at hand to measure it.
func textWidth(_ text: String, size: Double) -> Double { Double(text.columns) * size * 0.57 }

/// A text element.
func svgText(
  _ text: String, _ x: Double, _ y: Double, kind: String = "", anchor: String = "middle",
  degrees: Int = 0
) -> String {
  let kind = kind.isEmpty ? "" : #" class="\#(kind)""#
  let anchor = anchor == "start" ? "" : #" text-anchor="\#(anchor)""#
  let turn =
    degrees == 0 ? "" : #" transform="rotate(\#(degrees) \#(pixels(x)) \#(pixels(y)))""#
  return
    #"<text\#(kind) x="\#(pixels(x))" y="\#(pixels(y))"\#(anchor)\#(turn)>\#(escaped(text))</text>"#
}

/// A path element; nothing if there is nothing to draw.
func svgPath(_ commands: String, _ kind: String, dash: String = "", fill: String = "") -> String {
  guard !commands.isEmpty else { return "" }
  let dash = dash.isEmpty ? "" : #" stroke-dasharray="\#(dash)""#
  let fill = fill.isEmpty ? "" : #" fill="\#(fill)""#
  return #"<path class="\#(kind)"\#(dash)\#(fill) d="\#(commands)"/>"#
}
