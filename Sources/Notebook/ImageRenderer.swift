extension TerminalRenderer {
  func lines(of grid: ImageGrid) -> [String] { lines(ofCaption: grid.caption) }
}
