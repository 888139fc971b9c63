extension Drawing {
  /// The style of all drawings, in a page or in a file, for light and for dark surroundings.
  static let style =
    """
    .drawing{font:12px system-ui,sans-serif;font-variant-numeric:tabular-nums;\(surface(\.light))}
    \(colors(\.light))
    .drawing text{fill:var(--text)}
    .drawing .heading{font-size:14px;font-weight:600}
    .drawing .axis{font-size:13px}
    .drawing .faint{fill:var(--faint)}
    .drawing .cased{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
    .ground{fill:var(--ground)}
    .grid,.frame,.line,.halo,.dot,.stroke,.error,.arrow{fill:none}
    .grid{stroke:var(--grid)}
    .frame{stroke:var(--axis)}
    .line,.error,.stroke,.hatch,.area,.node{stroke:currentColor}
    .line{stroke-width:2;stroke-linejoin:round}
    .halo{stroke:var(--ground);stroke-width:4.5;stroke-linejoin:round}
    .halo.dot{stroke-width:8}
    .dot{stroke:currentColor;stroke-width:5.5;stroke-linecap:round}
    .dot.halo{stroke:var(--ground)}
    .square{stroke-linecap:square;stroke-width:4.6}
    .dot.small{stroke-width:3.2;opacity:.75}
    .square.small{stroke-width:2.8}
    .mark,.bar{fill:currentColor}
    .bar{fill-opacity:.85}
    .mark.small,.stroke.small{opacity:.75}
    .stroke{stroke-width:1.6}
    .error{stroke-width:1.3}
    .area{fill:currentColor;fill-opacity:.22;stroke-width:1.3}
    .hatch{fill:currentColor;fill-opacity:.1;stroke-width:1.2}
    .cell{shape-rendering:crispEdges}
    .node{fill:var(--ground);stroke-width:1.6}
    .arrow{stroke:var(--axis);stroke-width:1.5}
    .tip{fill:var(--axis)}
    .blocked{stroke:#d1242f;stroke-width:1.8;fill:none}
    .tip.blocked{fill:#d1242f;stroke:none}
    @media (prefers-color-scheme:dark){
    .drawing{\(surface(\.dark))}
    \(colors(\.dark))
    }
    @media print{
    .drawing{\(surface(\.light))}
    \(colors(\.light))
    }
    """

  /// How many hues points may have; they go once around the circle.
  static let hueCount = 12

  /// Hues with one lightness for light backgrounds and one for dark ones.
  private static let hues = (0..<hueCount).map { index in
    let degrees = 360 * index / hueCount
    return Shade(light: "hsl(\(degrees) 75% 40%)", dark: "hsl(\(degrees) 75% 65%)")
  }

  /// A colour for a light background, and one for a dark one.
  private struct Shade {
    let light: String
    let dark: String
  }

  /// Six colours that those who are blind to red or green tell apart too (after Okabe and Ito,
  /// 2008), each at a contrast of at least 3 : 1 with its background.
  private static let palette = [
    Shade(light: "#0072b2", dark: "#62b5ec"), Shade(light: "#c84e00", dark: "#ff9c59"),
    Shade(light: "#00805e", dark: "#35c79c"), Shade(light: "#a4508b", dark: "#e79ac9"),
    Shade(light: "#8a6a00", dark: "#e3c140"), Shade(light: "#4d4d4d", dark: "#c8c8c8"),
  ]

  private static func colors(_ shade: KeyPath<Shade, String>) -> String {
    palette.enumerated().map { ".c\($0){color:\($1[keyPath: shade])}" }.joined()
      + hues.enumerated().map { ".hue\($0){color:\($1[keyPath: shade])}" }.joined()
  }

  private static let surfaces = [
    ("text", Shade(light: "#24292f", dark: "#e2e6ea")),
    ("faint", Shade(light: "#59636e", dark: "#9aa4af")),
    ("ground", Shade(light: "#ffffff", dark: "#14171c")),
    ("grid", Shade(light: "#e4e7ea", dark: "#2b3038")),
    ("axis", Shade(light: "#6b747d", dark: "#8f99a3")),
  ]

  private static func surface(_ shade: KeyPath<Shade, String>) -> String {
    surfaces.map { "--\($0):\($1[keyPath: shade])" }.joined(separator: ";")
  }
}
