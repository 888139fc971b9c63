/// The text as XML and HTML have it, within elements and within attributes.
///
/// What neither allows is left out: control characters, and those that turn the direction of
/// whatever follows them.
func escaped(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
    default: break
    }
  }
  return result
}

/// The text without the characters that `escaped` leaves out.
func printable(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.filter(isPrintable)))
}

private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09, 0x0A: true
  case 0x202A...0x202E, 0x2066...0x2069: false
  default:
    scalar.properties.generalCategory != .control && !scalar.properties.isNoncharacterCodePoint
  }
}
