/// One plot, or several side by side, with what there is to see in them.
public struct Figure: Equatable, Sendable {
  /// What the figure shows, in a few words.
  public var title: String
  /// What to look for: the caption, and what a screen reader says.
  public var description: String
  /// The plots from left to right.
  public var panels: [Plot]

  /// Creates a figure.
  public init(_ title: String, description: String, panels: [Plot]) {
    self.title = title
    self.description = description
    self.panels = panels
  }
}

/// Layers of marks over a pair of axes.
public struct Plot: Equatable, Sendable {
  /// The text above this plot, if it is one of several.
  public var title: String?
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, from the bottom up.
  public var layers: [Layer]
  /// Whether units are equally long on both axes, so that a circle looks round.
  public var hasEqualAspect: Bool

  /// Creates a plot.
  public init(
    _ title: String? = nil, x: Axis, y: Axis, hasEqualAspect: Bool = false, layers: [Layer]
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.layers = layers
    self.hasEqualAspect = hasEqualAspect
  }
}

/// What an axis measures.
public struct Axis: Equatable, Sendable {
  /// How numbers become distances.
  public enum Scale: Sendable { case linear, logarithmic }

  /// What is measured, with its unit.
  public var label: String
  /// How numbers become distances.
  public var scale: Scale
  /// The range of the axis; nil to cover the data. Whatever lies outside is cut off.
  public var range: ClosedRange<Double>?

  /// Creates an axis. A logarithmic one shows positive numbers only.
  public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
    self.label = label
    self.scale = scale
    self.range = range
  }
}

extension Plot {
  /// Marks of one kind.
  public enum Layer: Equatable, Sendable {
    /// Points joined in their order.
    case line(Series)
    /// Points by themselves.
    case points(Series)
    /// A bar for each category; several layers of bars are side by side in each.
    case bars(Bars)
    /// Bars without gaps over the intervals between edges.
    case histogram(Histogram)
    /// A field of numbers as shades.
    case heatMap(HeatMap)
  }

  /// What a layer shows. Each meaning has one colour in all figures of all chapters.
  public enum Meaning: Equatable, Sendable {
    /// P(z), the distribution that z has before X is seen.
    case prior
    /// Q(z|X), or whatever z is drawn from in place of the prior.
    case q
    /// P(z|X).
    case posterior
    /// The evidence lower bound.
    case bound
    /// log P(X).
    case evidence
    /// One of several series that are none of these; layers with the same index share its colour,
    /// such as the points and the line of one series.
    case series(Int)

    var color: Int {
      switch self {
      case .prior: 0
      case .q: 1
      case .posterior: 2
      case .bound: 3
      case .evidence: 4
      case .series(let index): index
      }
    }
  }

  /// Points in the plane. A number that is not finite leaves a gap.
  public struct Series: Equatable, Sendable {
    /// The name in the legend; nil for none.
    public var label: String?
    /// What it shows, which determines its colour; nil for the next free colour.
    public var meaning: Meaning?
    /// Horizontal positions.
    public var x: [Double]
    /// Vertical positions, one for each horizontal one.
    public var y: [Double]
    /// Half the length of a vertical bar through each point, such as a standard error.
    public var errors: [Double]?
    /// The hue of each point on the circle of hues, from 0 to 1, instead of one colour for all. It
    /// shows a map: points and their images have the same hues.
    public var hues: [Double]?

    /// Creates points from as many positions on one axis as on the other.
    public init(
      _ label: String? = nil, meaning: Meaning? = nil, x: [Double], y: [Double],
      errors: [Double]? = nil, hues: [Double]? = nil
    ) {
      guard x.count == y.count, [errors, hues].allSatisfy({ $0 == nil || $0!.count == x.count })
      else {
        fatalError(
          "Series: \(x.count) x, \(y.count) y" + (errors.map { ", \($0.count) errors" } ?? "")
            + (hues.map { ", \($0.count) hues" } ?? ""))
      }
      self.label = label
      self.meaning = meaning
      self.x = x
      self.y = y
      self.errors = errors
      self.hues = hues
    }
  }

  /// A height for each of a few categories.
  public struct Bars: Equatable, Sendable {
    /// The name in the legend; nil for none.
    public var label: String?
    /// What it shows, which determines its colour; nil for the next free colour.
    public var meaning: Meaning?
    /// The names below the bars.
    public var categories: [String]
    /// The heights, one a category.
    public var heights: [Double]
    /// Half the length of a line through the end of each bar, such as a standard error.
    public var errors: [Double]?

    /// Creates bars, one a category.
    public init(
      _ label: String? = nil, meaning: Meaning? = nil, categories: [String], heights: [Double],
      errors: [Double]? = nil
    ) {
      guard categories.count == heights.count, errors.map({ $0.count == heights.count }) ?? true
      else { fatalError("Bars: \(heights.count) heights for \(categories.count) categories") }
      self.label = label
      self.meaning = meaning
      self.categories = categories
      self.heights = heights
      self.errors = errors
    }
  }

  /// Heights over neighbouring intervals.
  public struct Histogram: Equatable, Sendable {
    /// The name in the legend; nil for none.
    public var label: String?
    /// What it shows, which determines its colour; nil for the next free colour.
    public var meaning: Meaning?
    /// Where the intervals meet, ascending; one more than there are heights.
    public var edges: [Double]
    /// Counts or densities.
    public var heights: [Double]

    /// Creates a histogram.
    public init(_ label: String? = nil, meaning: Meaning? = nil, edges: [Double], heights: [Double])
    {
      guard edges.count == heights.count + 1 else {
        fatalError("Histogram: \(heights.count) heights between \(edges.count) edges")
      }
      self.label = label
      self.meaning = meaning
      self.edges = edges
      self.heights = heights
    }
  }

  /// Numbers on a regular grid of cells.
  public struct HeatMap: Equatable, Sendable {
    /// What the numbers are, for the scale beside the plot.
    public var label: String
    /// From the left edge of the first cell to the right edge of the last.
    public var x: ClosedRange<Double>
    /// From the lower edge of the first row to the upper edge of the last.
    public var y: ClosedRange<Double>
    /// The rows from the bottom up, all of one length.
    public var rows: [[Double]]

    /// Creates a field of cells.
    public init(
      _ label: String, x: ClosedRange<Double>, y: ClosedRange<Double>, rows: [[Double]]
    ) {
      guard let first = rows.first, !first.isEmpty, rows.allSatisfy({ $0.count == first.count })
      else { fatalError("HeatMap: rows of \(rows.map(\.count)) cells") }
      self.label = label
      self.x = x
      self.y = y
      self.rows = rows
    }
  }
}

/// Boxes and arrows, laid out from left to right so that arrows point onwards.
public struct Graph: Equatable, Sendable {
  /// What a node does, which determines its shape.
  public enum Kind: Sendable {
    /// A number that is given.
    case input
    /// A number that is learnt.
    case parameter
    /// A step that computes one value from others.
    case operation
    /// A step that draws a random number.
    case sample
    /// The final result.
    case result
  }

  /// A box.
  public struct Node: Equatable, Sendable {
    /// The name that arrows use for it.
    public var name: String
    /// What is written in it.
    public var label: String
    /// A second line, such as a value or a derivative.
    public var detail: String?
    /// What it does.
    public var kind: Kind

    /// Creates a box.
    public init(_ name: String, _ label: String, detail: String? = nil, kind: Kind = .operation) {
      self.name = name
      self.label = label
      self.detail = detail
      self.kind = kind
    }
  }

  /// An arrow.
  public struct Edge: Equatable, Sendable {
    /// The name of the node that the arrow leaves.
    public var source: String
    /// The name of the node that the arrow enters.
    public var target: String
    /// The text beside it, such as a derivative.
    public var label: String?
    /// Whether no gradient comes back along it, which is drawn as a dashed line.
    public var isBlocked: Bool

    /// Creates an arrow.
    public init(
      from source: String, to target: String, label: String? = nil, isBlocked: Bool = false
    ) {
      self.source = source
      self.target = target
      self.label = label
      self.isBlocked = isBlocked
    }
  }

  /// A frame around boxes that stand for many alike, as in the plate notation of graphical models.
  public struct Plate: Equatable, Sendable {
    /// How many there are of each: "N".
    public var label: String
    /// The names of the nodes inside.
    public var nodes: [String]

    /// Creates a frame.
    public init(_ label: String, around nodes: [String]) {
      self.label = label
      self.nodes = nodes
    }
  }

  /// What the graph shows, in a few words.
  public var title: String
  /// What to look for: the caption, and what a screen reader says.
  public var description: String
  /// The boxes.
  public var nodes: [Node]
  /// The arrows.
  public var edges: [Edge]
  /// A frame around some of the boxes, if there is one.
  public var plate: Plate?

  /// Creates a graph. Arrows join existing nodes and never form a cycle, and none leads out of
  /// the plate.
  public init(
    _ title: String, description: String, nodes: [Node], edges: [Edge], plate: Plate? = nil
  ) {
    let names = Set(nodes.map(\.name))
    guard names.count == nodes.count else { fatalError("Graph: two nodes of one name") }
    let inside = Set(plate?.nodes ?? [])
    guard inside.isSubset(of: names),
      edges.allSatisfy({ !inside.contains($0.source) || inside.contains($0.target) })
    else { fatalError("Graph: a plate around a node that is not there, or an arrow out of it") }
    for edge in edges where !names.contains(edge.source) || !names.contains(edge.target) {
      fatalError("Graph: an arrow from \(edge.source) to \(edge.target), which are not both there")
    }
    self.title = title
    self.description = description
    self.nodes = nodes
    self.edges = edges
    self.plate = plate
  }
}
