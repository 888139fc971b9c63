/// How characters show pictures.
private enum Medium {
  /// Two pixels a character, whose ink is about their mean.
  case letters
  /// Two pixels a character: the block "▀" in one grey on another.
  case greys
  /// Eight pixels a character: the dots of braille, lit or not.
  case dots

  /// How many pixels a character shows side by side.
  var columns: Int { self == .dots ? 2 : 1 }
  /// How many pixels a character shows one above the other.
  var rows: Int { self == .dots ? 4 : 2 }
  /// How many pixels across a digit needs at least to be recognised.
  var legibleSide: Int { self == .greys ? 14 : 28 }
}

extension TerminalRenderer {
  private var medium: Medium { isASCII ? .letters : hasColor ? .greys : .dots }

  /// The rows of pictures under their labels. Pictures shrink until a row fits, but not beyond
  /// legibility: then the grid is cut into panels of as many columns as fit.
  func lines(of grid: ImageGrid) -> [String] {
    guard let first = grid.rows.flatMap(\.images).first else {
      return lines(ofCaption: grid.caption)
    }
    let columns = grid.rows.map(\.images.count).max()!
    let scale = self.scale(of: first, columns: columns)
    let columnsAPanel = max(1, (width + 1) / (characters(across: first, scale: scale) + 1))
    let panels = stride(from: 0, to: columns, by: columnsAPanel).map { start in
      grid.rows.flatMap { row -> [String] in
        let images = row.images.dropFirst(start).prefix(columnsAPanel)
        guard !images.isEmpty else { return [] }
        return lines(ofCaption: row.label) + beside(images.map { $0.shrunk(by: scale) })
      }
    }
    return panels.joined(separator: [""]) + lines(ofCaption: grid.caption)
  }

  /// How many pixels of a picture in each direction become one.
  private func scale(of image: GrayImage, columns: Int) -> Int {
    let smallest = { (room: Int) -> Int in
      (1...image.width).first { characters(across: image, scale: $0) <= room } ?? image.width
    }
    let legible = max(1, max(image.width, image.height) / medium.legibleSide)
    return max(smallest(width), min(smallest((width + 1) / columns - 1), legible))
  }

  private func characters(across image: GrayImage, scale: Int) -> Int {
    let pixels = (image.width + scale - 1) / scale
    return (pixels + medium.columns - 1) / medium.columns
  }

  private func beside(_ images: [GrayImage]) -> [String] {
    stride(from: 0, to: images[0].height, by: medium.rows).map { top in
      images.map { image in
        switch medium {
        case .letters: letters(of: image, top)
        case .greys: greys(of: image, top)
        case .dots: dots(of: image, top)
        }
      }.joined(separator: " ").withoutTrailingSpaces
    }
  }

  private func letters(of image: GrayImage, _ top: Int) -> String {
    let ramp = Array(" .:-=+*#%@")
    return String(
      (0..<image.width).map { x in
        let mean = (image[x, top] + image[x, top + 1]) / 2
        return ramp[min(Int(mean * Float(ramp.count)), ramp.count - 1)]
      })
  }

  private func greys(of image: GrayImage, _ top: Int) -> String {
    var line = ""
    var last = ""
    for x in 0..<image.width {
      let colors = "\u{1B}[38;5;\(grey(image[x, top]));48;5;\(grey(image[x, top + 1]))m"
      line += (colors == last ? "" : colors) + "▀"
      last = colors
    }
    return line + "\u{1B}[0m"
  }

  /// The nearest of the 26 greys from black, 0, to white, 1, in the palette of 256 colours: 24 of
  /// them are at 232 and above, black is at 16 and white at 231.
  func grey(_ brightness: Float) -> Int {
    let level = Int(brightness * 25 + 0.5)
    return level == 0 ? 16 : level == 25 ? 231 : 231 + level
  }

  private func dots(of image: GrayImage, _ top: Int) -> String {
    String(
      stride(from: 0, to: image.width, by: 2).map { left in
        // Thresholds between 1/4 and 3/4, each in its place, leave edges sharp and show an even grey
        // as the share of dots that it lights.
        BrailleDot.character { dot in
          image[left + dot.x, top + dot.y] > 0.25 + (Float(dot.rank) + 0.5) / 16
        }
      })
  }
}

extension GrayImage {
  /// A pixel between 0 and 1; NaN, and what lies beyond the edges, is black.
  fileprivate subscript(x: Int, y: Int) -> Float {
    guard x < width, y < height else { return 0 }
    let pixel = pixels[y * width + x]
    return pixel > 0 ? min(pixel, 1) : 0
  }

  /// The picture with every `scale` × `scale` pixels replaced by their mean.
  fileprivate func shrunk(by scale: Int) -> GrayImage {
    guard scale > 1 else { return self }
    let size = (width: (width + scale - 1) / scale, height: (height + scale - 1) / scale)
    let pixels = (0..<size.height * size.width).map { index in
      var sum: Float = 0
      for y in 0..<scale {
        for x in 0..<scale {
          sum += self[index % size.width * scale + x, index / size.width * scale + y]
        }
      }
      return sum / Float(scale * scale)
    }
    return GrayImage(width: size.width, height: size.height, pixels: pixels)
  }
}
