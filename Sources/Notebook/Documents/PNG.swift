import Files
import Foundation

/// A grey picture as a PNG file (W3C, Portable Network Graphics, third edition, 2025).
///
/// - Parameters:
///   - levels: Row by row from the top left; 0 is black, 255 is white.
///   - transparent: The level whose pixels are transparent.
func png(width: Int, height: Int, levels: [UInt8], transparent: UInt8? = nil) -> Data {
  guard width > 0, height > 0, levels.count == width * height else {
    fatalError("png: \(levels.count) levels for \(width) × \(height)")
  }
  // Every row begins with its filter: 0, none.
  let rows = (0..<height).flatMap { [0] + levels[($0 * width)..<(($0 + 1) * width)] }
  // 8 bits a pixel, grey, and the only methods of compression, filtering and interlacing there are.
  let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0]
  return Data(
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + (transparent.map { chunk("tRNS", [0, $0]) } ?? []) + chunk("IDAT", zlibStream(of: rows))
      + chunk("IEND", []))
}

private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
  let body = Array(name.utf8) + content
  return bigEndian(UInt32(content.count)) + body + bigEndian(crc32(body))
}

func bigEndian(_ number: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

extension ImageGrid {
  /// How many pixels lie between two pictures.
  private static let gap = 2

  /// How many pixels the whole grid is wide and high, gaps included.
  var size: (width: Int, height: Int) {
    guard let first = rows.flatMap(\.images).first else { return (0, 0) }
    let columns = rows.map(\.images.count).max()!
    return (
      columns * (first.width + Self.gap) - Self.gap,
      rows.count * (first.height + Self.gap) - Self.gap
    )
  }

  /// The whole grid as a PNG file, with every pixel `scale` pixels wide and high, and gaps that
  /// show what is behind; nil if there is no picture.
  func png(scale: Int) -> Data? {
    let (width, height) = size
    guard width > 0 else { return nil }
    // One level is kept for the gaps; nobody can tell it from the next.
    let transparent: UInt8 = 1
    var levels = Array(repeating: transparent, count: width * height)
    for (row, images) in rows.map(\.images).enumerated() {
      for (column, image) in images.enumerated() {
        for (index, pixel) in image.pixels.enumerated() {
          let y = row * (image.height + Self.gap) + index / image.width
          let x = column * (image.width + Self.gap) + index % image.width
          // A NaN pixel is black, as in the terminal.
          let level = pixel > 0 ? UInt8(min(pixel, 1) * 255 + 0.5) : 0
          levels[y * width + x] = level == transparent ? transparent + 1 : level
        }
      }
    }
    let scaled = (0..<(height * scale)).flatMap { y in
      (0..<(width * scale)).map { x in levels[y / scale * width + x / scale] }
    }
    return Notebook.png(
      width: width * scale, height: height * scale, levels: scaled, transparent: transparent)
  }
}
