/// One piece of a page, independent of how it is shown.
public enum Block: Equatable, Sendable {
  case heading(Heading)
  case lead(Lead)
  case code(Code)
  case prose(Prose)
  case equation(Equation)
  case table(Table)
  case imageGrid(ImageGrid)
  case figure(Figure)
  case graph(Graph)
  case check(Check)
  case note(Note)
  case interactive(Interactive)
}

/// The title of a section with its number in the notes, or of the whole page when it has none.
public struct Heading: Equatable, Sendable {
  /// The section in the notes, such as "5.1".
  public var number: String?
  /// What the section is about.
  public var title: String

  /// Creates a heading.
  public init(number: String? = nil, title: String) {
    self.number = number
    self.title = title
  }
}

/// What to look for in what follows, in one or two sentences: for the terminal, where the note is not at
/// hand. A section may have several, each of which begins a new part of it; where the note shows a section
/// in parts, these are the parts.
public struct Lead: Equatable, Sendable {
  /// The sentences.
  public var text: String

  /// Creates a lead.
  public init(_ text: String) { self.text = text }
}

/// A cell: the lines of a section's source that compute what is shown beside them.
public struct Code: Equatable, Sendable {
  /// The cell's name in the source.
  public var name: String
  /// The source file, from the root of the package: "Chapters/Ch01-Ring/1.1-Ring.swift".
  public var file: String
  /// The lines between the cell's marks; nil if the source is not where it was compiled.
  public var text: String?

  /// Creates a cell from its lines.
  public init(_ name: String, file: String, text: String?) {
    self.name = name
    self.file = file
    self.text = text
  }
}

/// Computed sentences: an empty line ends a paragraph, any other line break is a space.
public struct Prose: Equatable, Sendable {
  /// The text of all paragraphs.
  public var text: String

  /// Creates running text.
  public init(_ text: String) { self.text = text }
}

/// A remark set apart from the text, such as "What people get wrong".
public struct Note: Equatable, Sendable {
  /// What kind of remark it is.
  public var label: String
  /// The remark.
  public var text: String

  /// Creates a remark.
  public init(_ label: String, _ text: String) {
    self.label = label
    self.text = text
  }
}

/// Rows of cells under column titles.
public struct Table: Equatable, Sendable {
  /// A column's title and the side to which its cells are aligned.
  public struct Column: Equatable, Sendable {
    /// The side to which a column's cells are aligned.
    public enum Alignment: Sendable { case left, right }

    /// The text above the cells.
    public var title: String
    /// The side to which the cells are aligned.
    public var alignment: Alignment

    /// A column of words.
    public static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }
    /// A column of numbers.
    public static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
  }

  /// The columns, from left to right.
  public var columns: [Column]
  /// The rows from top to bottom, each with one cell a column.
  public var rows: [[String]]
  /// What the table shows.
  public var caption: String?

  /// Creates a table; every row must have one cell a column.
  public init(_ columns: [Column], rows: [[String]], caption: String? = nil) {
    for row in rows where row.count != columns.count {
      fatalError("Table: a row of \(row.count) cells under \(columns.count) columns")
    }
    self.columns = columns
    self.rows = rows
    self.caption = caption
  }
}

/// A small grey picture.
public struct GrayImage: Equatable, Sendable {
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// Row by row from the top left; 0 is black, 1 is white, and what lies outside is cut off.
  public let pixels: [Float]

  /// Creates a picture from `width` × `height` pixels.
  public init(width: Int, height: Int, pixels: [Float]) {
    guard width > 0, height > 0, pixels.count == width * height else {
      fatalError("GrayImage: \(pixels.count) pixels for \(width) × \(height)")
    }
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}

/// Rows of pictures of one size, side by side.
public struct ImageGrid: Equatable, Sendable {
  /// A row of pictures and what it shows.
  public struct Row: Equatable, Sendable {
    /// The text above the pictures.
    public var label: String?
    /// The pictures from left to right.
    public var images: [GrayImage]

    /// Creates a row.
    public init(_ images: [GrayImage], label: String? = nil) {
      self.label = label
      self.images = images
    }
  }

  /// The rows from top to bottom.
  public var rows: [Row]
  /// The texts above the columns, if the grid is a map; only in a page.
  public var columns: [String]
  /// What the pictures show.
  public var caption: String?

  /// Creates a grid; all pictures must have the same size.
  public init(_ rows: [Row], columns: [String] = [], caption: String? = nil) {
    let images = rows.flatMap(\.images)
    for image in images where (image.width, image.height) != (images[0].width, images[0].height) {
      fatalError(
        "ImageGrid: a picture of \(image.width) × \(image.height) pixels beside one of "
          + "\(images[0].width) × \(images[0].height)")
    }
    self.rows = rows
    self.columns = columns
    self.caption = caption
  }
}
